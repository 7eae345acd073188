#!/bin/sh
# SPDX-License-Identifier: MIT
# softhsm-ec.t - the matrix on a token without RSA, on which a foreign Ed25519 key lies already.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl
kind=softhsm audit_says=10 # the foreign key may do more than sign
module_leaks # SoftHSM 2.6.1: the point of each Ed25519 key, see tests/lsan.supp
tokens matrix
tool --login --pin "$PIN" --keypairgen --key-type EC:edwards25519 --id f0 --label foreign >"$WORK/detail" 2>&1 ||
	bail "no Ed25519 key: $(cat "$WORK/detail")"
echo 'slots.mechanisms = CKM_EC_KEY_PAIR_GEN,CKM_ECDSA,CKM_EDDSA' >>"$SOFTHSM2_CONF"
matrix
plan
