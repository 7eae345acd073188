#!/bin/sh
# SPDX-License-Identifier: MIT
# duplicates.t - two PKCS#15 cards with the same label and serial: named by their slots, identified by their keys.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq openssl pkcs15-init opensc-tool
inside "$0"
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/opensc-pkcs11.so /usr/lib64/opensc-pkcs11.so) || skip_all "no OpenSC"
export PKCS11_MODULE_PATH
ROOTPIN=271828
export ROOTPIN
reader "Test reader"
for at in 0 1; do
	insert iso_card.py $at
	[ $at = 0 ] && first=$ROOTPIN || first=$PIN
	pkcs15-init --create-pkcs15 --label twin --so-pin "$first" --so-puk 0123456789abcdef -r $at >"$WORK/detail" 2>&1 ||
		bail "no PKCS#15: $(cat "$WORK/detail")"
done
p --json token list >"$WORK/out"
field '.tokens[].uri' >"$WORK/uris"
[ "$(wc -l <"$WORK/uris")" -eq 2 ] && [ "$(sort -u "$WORK/uris" | wc -l)" -eq 1 ]
ok "nothing that a token says of itself tells them" "$WORK/out"
uri=$(head -n 1 "$WORK/uris")
check "by that they are not told" 4 p token show "$uri"
check_has "so their slots are listed" err "in slot 0, serial 0000 in slot 4"
check_has "to name one by" err "pkcs11:slot-id="
one="$uri;slot-id=0" other="$uri;slot-id=4"
check "a root on one" 0 p -q root create twin --token "$one" --pin-source env:ROOTPIN
p root export twin --format pem >"$WORK/root.pem"
check "a client on the other, and the root is found by its key" 0 p -q --json client enroll alice --token "$other" $pin \
    --root-pin-source env:ROOTPIN --out "$WORK/alice"
openssl verify -x509_strict -CAfile "$WORK/root.pem" "$(field '.files[] | select(.kind == "certificate") | .path')" \
    >"$WORK/detail" 2>&1
ok "whose certificate is the root's" "$WORK/detail"
check "each has its own key" 10 p --json token audit "$one" --pin-source env:ROOTPIN
check_json "the root's" '[.keys[] | select(.proof == "proved").label] == ["twin"]'
check_json "of the other it says that tokens share this label" '[.keys[] | select(.proof == "key-missing").reason | test("several tokens")] == [true]'
check "and the other" 10 p --json token audit "$other" $pin
check_json "the client's" '[.keys[] | select(.proof == "proved").label | test("alice")] == [true]'
check "the client's key is not on the first" 7 p client request alice --token "$one" --pin-source env:ROOTPIN \
    --out "$WORK/alice.csr"
check_has "which is said" err "this token has the same label and serial number, but does not contain that key"
request "$WORK/no.csr" /CN=no
check "the root is not on the other" 4 p client issue "$WORK/no.csr" --cn no --root-token "$other" --out "$WORK/no" $pin
check "the ledger is whole" 0 p ledger verify
plan
