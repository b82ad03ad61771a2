# Kills and broken stores.
