# Files of src/command/, part of libpenstock.a.
