#!/bin/sh
# SPDX-License-Identifier: MIT
# softhsm-poor.t - the matrix on a token that knows RSA keys and CKM_RSA_PKCS, and nothing else.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl
kind=softhsm
tokens matrix
echo 'slots.mechanisms = CKM_RSA_PKCS_KEY_PAIR_GEN,CKM_RSA_PKCS' >>"$SOFTHSM2_CONF"
matrix
plan
