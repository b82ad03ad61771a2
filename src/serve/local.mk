# Files of src/serve/, part of libpenstock.a.
