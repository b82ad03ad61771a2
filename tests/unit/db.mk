# Unit tests of src/db/.
