# Whole jobs against the sandbox.
