#!/bin/sh
# Some thousand random keys, bytes and sizes: nothing crashes, nothing is written that was not confirmed.
. "$top_srcdir/tests/screen/random_lib.sh"
random_world
random_steps=1200 random_seed=1
random_read_only
random_steps=1200 random_seed=2
random_unconfirmed
random_steps=1200 random_seed=3
random_writing
