#!/bin/sh
# SPDX-License-Identifier: MIT
# fault-every-call-root.t - each Cryptoki call of `root create` fails once.
. "$srcdir/tests/faults/lib.sh"
. "$srcdir/tests/faults/fault-every-call.sh"
tokens_up root
save
sweep root_create root corp
plan
