# Files of src/db/, part of libpenstock.a.
