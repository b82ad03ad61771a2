# Unit tests of src/net/.
