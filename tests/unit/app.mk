# Unit tests of src/app/.
