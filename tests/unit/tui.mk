# Unit tests of src/tui/.
