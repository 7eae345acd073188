#!/bin/sh
# SPDX-License-Identifier: MIT
# softhsm.t - the matrix on SoftHSM: all that it can, initialised by us.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl
kind=softhsm
module_leaks # SoftHSM 2.6.1: the point of each Ed25519 key, see tests/lsan.supp
tokens # none: matrix makes it
matrix
plan
