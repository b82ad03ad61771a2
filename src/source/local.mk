# Files of src/source/, part of libpenstock.a.
