#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep-root.t - each Cryptoki call of `root create` fails once.
. "$srcdir/tests/faults/lib.sh"
. "$srcdir/tests/faults/sweep.sh"
tokens_up root
save
sweep root_create root corp
plan
