# Files of src/app/, part of libpenstock.a.
