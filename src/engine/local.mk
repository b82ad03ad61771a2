# Files of src/engine/, part of libpenstock.a.
