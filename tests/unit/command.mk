# Unit tests of src/command/.
