# Files of src/net/, part of libpenstock.a.
