# Files of src/base/, part of libpenstock.a.
