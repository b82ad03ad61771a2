# Files of src/model/, part of libpenstock.a.
