#!/bin/sh
# SPDX-License-Identifier: MIT
# opensc.t - the matrix on OpenSC with a PKCS#15 card, simulated down to the bytes that the reader sees.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq pkcs11-tool openssl pkcs15-init opensc-tool
inside "$0"
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/opensc-pkcs11.so /usr/lib64/opensc-pkcs11.so) || skip_all "no OpenSC"
export PKCS11_MODULE_PATH
reader "Test reader"
insert iso_card.py
pkcs15-init --create-pkcs15 --label matrix --so-pin "$PIN" --so-puk 0123456789abcdef -r 0 >"$WORK/detail" 2>&1 ||
	bail "no PKCS#15: $(cat "$WORK/detail")"
token=$("$p11ca" --json token list | jq -r ".tokens[0].label") # OpenSC adds which PIN it is
kind=opensc
audit_says=10 # 0.23 does not state what a key on the card is
matrix

# A card that fails, and one that is pulled out: told as such, and nothing is taken for done.
for fault in fail pull; do
	echo "$fault 46" >"$WORK/faults" # GENERATE ASYMMETRIC KEY PAIR
	check "$fault while a key is made" 6 p root create "$fault" --token "$token" $pin
	check_has "$fault: said by what" err "CKR_"
	check "$fault: no root of it" 0 p --json root list
	check_json "$fault: is there" "all(.roots[]; .name != \"$fault\" or .state != \"issued\")"
done
check "the ledger is whole" 0 p ledger verify
plan
