#!/bin/sh
# SPDX-License-Identifier: MIT
# fault-every-call-enroll.t - each Cryptoki call of `client enroll` fails once, under the usual RSA root.
. "$srcdir/tests/faults/lib.sh"
. "$srcdir/tests/faults/fault-every-call.sh"
tokens_up root alice
check "a root" 0 root_create_rsa
save
sweep enroll client alice
plan
