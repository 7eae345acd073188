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
kind=opensc unblocks=5
audit_says=10 # 0.23 does not state what a key on the card is
matrix

# A card that another program fills is understood.
init() { timeout 60 pkcs15-init --auth-id ff --pin "$PIN" --so-pin "$PIN" --id f1 "$@"; }
check "pkcs15-init makes a key" 0 init --generate-key rsa/2048 --label theirs
request "$WORK/theirs.csr" "/CN=theirs"
openssl req -x509 -key "$WORK/theirs.csr.key" -in "$WORK/theirs.csr" -days 2 -out "$WORK/theirs.pem" 2>"$WORK/detail"
check "and writes a certificate" 0 init --store-certificate "$WORK/theirs.pem"
check "it is shown" 0 p --json token show "$token" --login $pin
check_json "key, public key and certificate, paired" \
    '[.objects[] | select(.cka_id == "f1" and .has_certificate) | .class] | sort == ["cert", "private", "public"]'
check "and its key asks for a certificate" 0 p -q client request --shared-card theirs --token "$token" --id f1 --out "$WORK/f1.csr" $pin
check "that openssl verifies" 0 openssl req -in "$WORK/f1.csr" -noout -verify

(softhsm_up "$WORK/soft" hsm) && SOFTHSM2_CONF=$WORK/soft/softhsm2.conf && export SOFTHSM2_CONF || bail "no SoftHSM"
held "the token is shown" p token show "$token"

# The PIN: one try is not spent by itself, and a blocked one is said.
echo "tries 1" >"$WORK/faults"
check "a wrong PIN when one try is left" 5 p token show "$token" --login --last-try --pin-source env:WRONG
check "is blocked then" 5 p token show "$token" --login --last-try $pin
check_has "which is said" err "CKR_PIN_LOCKED"
check_has "and what unblocks it" err "pkcs15-tool --unblock-pin"
check "it does" 0 timeout 60 pkcs15-tool --unblock-pin --auth-id ff --puk 0123456789abcdef --new-pin "$PIN"
check "the PIN works" 0 p token show "$token" --login $pin


# A card that is full.
printf 'tries 3\nfull e0\n' >"$WORK/faults" # CREATE FILE
check "a card that is full" 6 p root create --shared-card full --token "$token" $pin
check_has "is told as such" err "CKR_DEVICE_MEMORY"
check_has "in words, too" err "the token is full"
echo "tries 3" >"$WORK/faults"
check "the same again, when there is room" 0 p -q root create --shared-card full --token "$token" $pin
p root export full --format pem >"$WORK/full.pem"
check "ends with a root" 0 openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/full.pem" "$WORK/full.pem"

# A card that fails, and one that is pulled out: told as such, and nothing is taken for done.
for fault in fail pull; do
	printf 'tries 3\n%s 46\n' "$fault" >"$WORK/faults" # GENERATE ASYMMETRIC KEY PAIR
	check "$fault while a key is made" 6 p root create --shared-card "$fault" --token "$token" $pin
	check_has "$fault: said by what" err "CKR_"
	check "$fault: no root of it" 0 p --json root list
	check_json "$fault: is there" "all(.roots[]; .name != \"$fault\" or .state != \"issued\")"
done
check "the ledger is whole" 0 p ledger verify
plan
