# Files of src/store/, part of libpenstock.a.
