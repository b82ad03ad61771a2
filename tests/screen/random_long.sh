#!/bin/sh
# A hundred thousand random keys, bytes and sizes (or as many as RANDOM_STEPS says): nothing crashes, nothing is written that was not confirmed.
screen_seconds=7200
. "$top_srcdir/tests/screen/random_lib.sh"
random_world
random_steps=$((${RANDOM_STEPS:-100000} / 4)) random_seed=${RANDOM_SEED:-4}
random_read_only
random_steps=$((random_steps * 2)) random_seed=$((random_seed + 1))
random_unconfirmed
random_steps=$((random_steps / 2)) random_seed=$((random_seed + 1))
random_writing
