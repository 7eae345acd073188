#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep-enroll.t - each Cryptoki call of `client enroll` fails once, under the usual RSA root.
. "$srcdir/tests/faults/lib.sh"
. "$srcdir/tests/faults/sweep.sh"
tokens_up root alice
check "a root" 0 root_create_rsa
save
sweep enroll client alice
plan
