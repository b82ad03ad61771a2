# Unit tests of src/marketo/.
