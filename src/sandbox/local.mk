# Files of src/sandbox/, part of libpenstock.a.
