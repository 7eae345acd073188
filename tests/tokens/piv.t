#!/bin/sh
# SPDX-License-Identifier: MIT
# piv.t - ykcs11 on a simulated PIV card: ids are slots, the SO makes keys, one key wants the PIN at every signature.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq pkcs11-tool openssl opensc-tool
inside "$0"
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libykcs11.so.2 /usr/lib64/libykcs11.so.2) || skip_all "no ykcs11"
export PKCS11_MODULE_PATH
kind=piv WRONG=654321
reader "Yubico YubiKey CCID"
insert piv_card.py
token=$("$p11ca" --json token list | jq -r '.tokens[0].label')
management=010203040506070801020304050607080102030405060708
# made SLOT-ID TYPE : by the SO, as p11ca does not
made() {
	tool --login --login-type so --so-pin "$management" --keypairgen --id "$1" --key-type "$2" \
	    >"$WORK/detail" 2>&1 || bail "no key $1: $(cat "$WORK/detail")"
}
made 01 rsa:2048
made 02 rsa:2048

appears
check "a key that only the SO can make" 6 p root create x --token "$token" $pin
check_has "is not tried" err "hint: make the key with the token's own program"
check "no ledger is made for it" 4 p root list
for id in 01 02; do
	check "key $id asks for a certificate" 0 p -q --json client request "key-$id" --token "$token" --id "$id" \
	    --out "$WORK/$id.csr" $pin
	check_json "by its slot" ".result.cka_id == \"$id\""
	check "that openssl verifies" 0 openssl req -in "$WORK/$id.csr" -noout -verify
done
check "each is proved, with the PIN again where it is wanted" 10 p --json token audit "$token" $pin
check_json "both; it does not say that it made them" '[.keys[] | select(.proof == "proved") | .id] | sort == ["01", "02"]'
plan
