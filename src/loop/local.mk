# Files of src/loop/, part of libpenstock.a.
