# Samples and plain-text data.
