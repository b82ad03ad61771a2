# Replays of recorded replies.
