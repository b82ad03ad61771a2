# Files of src/marketo/, part of libpenstock.a.
