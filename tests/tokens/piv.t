#!/bin/sh
# SPDX-License-Identifier: MIT
# piv.t - the matrix on ykcs11 with a simulated PIV card: ids are slots, the SO fills them, 9c wants the PIN each time.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq pkcs11-tool openssl opensc-tool script
inside "$0"
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libykcs11.so.2 /usr/lib64/libykcs11.so.2) || skip_all "no ykcs11"
export PKCS11_MODULE_PATH
opensc=$(first_of /usr/lib/*/opensc-pkcs11.so /usr/lib64/opensc-pkcs11.so) || skip_all "no OpenSC"
kind=piv audit_says=10 unblocks=6 WRONG=654321
reader "Yubico YubiKey CCID"
insert piv_card.py
token=$("$p11ca" --json token list | jq -r '.tokens[0].label')
MANAGEMENT=010203040506070801020304050607080102030405060708 # what every new YubiKey comes with
AES=00112233445566778899aabbccddeeff0011223344556677
export MANAGEMENT AES
fill="--so-pin-source env:MANAGEMENT"
place() {
	case $1-$2 in
	root-rsa:*) echo "--slot 9c" ;; root-ec:*) echo "--slot 9d" ;;
	card-rsa:*) echo "--slot 9a" ;; card-ec:*) echo "--slot 82" ;;
	esac
}

# 9c wants the PIN at every signature; a new root signs twice, and what is no person gives it once.
check "a root in 9c, from a source" 7 p root create root-rsa --token "$token" --template azure-root $pin $fill --slot 9c
check_has "is told so before it signs" err "pin-replay"
check_has "and how it is allowed" err "--allow-pin-replay"
once=$pin pin="$pin --allow-pin-replay" # the matrix takes the key that waits
matrix

# tries_left : as the card says, asked by another program
tries_left() { opensc-tool -r 0 -s 00A4040005A000000308 -s 00200080 | sed -n 's/.*SW1=0x63, SW2=0xC\(.\).*/\1/p'; }
# certified NAME... : those of them that the ledger has a certificate for
certified() {
	"$p11ca" --json client list >"$WORK/out"
	for name; do field ".clients[] | select(.state == \"issued\" and .name == \"$name\") | .name"; done | xargs
}
for n in 1 2 3; do request "$WORK/many-$n.csr" "/CN=many-$n"; done
many() { p -q client issue "$WORK"/many-?.csr --trust-names --root root-rsa --out "$WORK/many" "$@"; }
check "three under 9c, from a source" 7 many $once
check_has "are refused together" err "pin-replay"
[ -z "$(certified many-1 many-2 many-3)" ] && [ ! -e "$WORK"/many/many-1*.pem ]
ok "before one is signed" "$WORK/out"
check "one is not" 0 p -q client issue "$WORK/many-1.csr" --trust-names --root root-rsa --out "$WORK/many" $once
check "nor is it a second time" 0 p -q client issue "$WORK/many-1.csr" --trust-names --root root-rsa --out "$WORK/many" $once
request "$WORK/many-4.csr" /CN=many-4
check "typed, the third time wrong" 5 typed "$(printf '%s\n' "$PIN" "$PIN" "$WRONG" "$PIN")" \
    "$p11ca -q client issue $WORK/many-?.csr --trust-names --root root-rsa --out $WORK/many"
check_has "is told as such" out "CKR_PIN_INCORRECT"
[ "$(grep -o "PIN for token" "$WORK/out" | wc -l)" -eq 3 ]
ok "and is the last that is asked for: login, one signature, another" "$WORK/out"
[ "$(tries_left)" = 2 ]
ok "the card has counted one try"
[ "$(certified many-1 many-2 many-3 many-4)" = "many-1 many-2" ]
ok "what was signed before it is issued, the rest is not" "$WORK/out"
check "a wrong PIN in a source that may give it again" 5 many --pin-source env:WRONG --allow-pin-replay
[ "$(tries_left)" = 1 ]
ok "is given once" "$WORK/detail"
check "the right one finishes all" 0 p -q client issue "$WORK"/many-?.csr --trust-names --root root-rsa --last-try \
    --out "$WORK/many" $pin
[ "$(certified many-1 many-2 many-3 many-4)" = "many-1 many-2 many-3 many-4" ]
ok "each has its certificate" "$WORK/out"

# Slots that are taken: 9c by a root, 9a by a client.
new() { p root create "$@" --token "$token" $pin $fill; }
check "without a slot" 2 new other
check_has "it is said how to name one" err "--slot: 9a"
check "a slot that the card has not" 2 new other --slot 99
check_has "the ones that it has are listed" err "9a 9c 9d 9e 82"
check "a slot that is taken" 7 new other --slot 9c
check_has "is left alone" err "id-taken"
check_has "unless one insists" err "--replace-key"
check "a root's key is not replaced at all" 7 new other --slot 9c --replace-key
check_has "by name" err "root key 'root-rsa'"
check "a wrong management key" 5 p root create other --token "$token" --slot 83 $pin --so-pin-source env:AES
check_has "it is said what it is" err "48 hex digits"
check "nothing came of it" 0 p --json root list
check_json "no root" 'all(.roots[]; .name != "other")'

# A client's key goes when its certificate is revoked; until then it does not.
enrol() { p -q --json client enroll --shared-card "$@" --token "$token" --root root-rsa --same-token $pin $fill; }
check "a card in one go" 0 enrol alice --slot 84
check_json "in its slot" '.result.cka_id == "07"'
serial=$(field .result.serial)
check "again: nothing is left to do" 0 enrol alice --slot 84
check_json "the same" ".result.serial == \"$serial\""
check "another slot for the same key" 7 enrol alice --slot 85
check_has "is said to be elsewhere" err "client-has-key"
check "her key is in use" 7 enrol bob --slot 84 --replace-key
check_has "so it stays" err "client revoke"
check "revoked" 0 p -q client revoke "$serial" --reason superseded
check "now it goes" 0 enrol bob --slot 84 --replace-key
tool --read-object --type cert --id 07 2>"$WORK/detail" | openssl x509 -inform DER -noout -subject >"$WORK/subject"
grep -q "bob" "$WORK/subject"
ok "and his certificate is in its place" "$WORK/subject"
check "renewed with the same key" 7 p client renew "$(field .result.serial)" --same-key $pin $fill
check "renewed in another slot" 0 p -q --json client renew bob --shared-card --slot 86 --same-token $pin $fill
check_json "with a new key" '.result.cka_id == "09"'


# A card that fails: told as such; the same command finishes when it works again.
fault() { echo "$1" >"$WORK/faults"; }
for ins in 47 db; do # GENERATE; PUT DATA, with which the module gives a new key its placeholder
	fault "fail $ins"
	check "a key is made, $ins fails" 6 enrol "carol-$ins" --slot "95" --replace-key
	check_has "$ins: told by what" err "CKR_"
	fault "tries 3"
	check "$ins: the same again, on a card that works" 0 enrol "carol-$ins" --slot "95" --replace-key
	check "$ins: and her certificate is revoked for the next" 0 p -q client revoke "carol-$ins" --reason superseded
done
check "a key waits for its certificate" 0 p -q client request --shared-card dora --token "$token" --slot 83 --out "$WORK/dora.csr" \
    $pin $fill
issues dora rsa:2048 azure-client
fault "fail db"
check "the card does not take it" 6 p client install --shared-card "$issued_cert" --token "$token" $pin $fill
check_has "told by what" err "CKR_"
fault "tries 3"
check "now it does" 0 p -q client install --shared-card "$issued_cert" --token "$token" $pin $fill

# The PIN: counted down, then blocked; nothing tries it by itself.
fault "tries 1"
check "one try is left" 5 p token show "$token" --login --pin-source env:WRONG
check_has "it is not spent without being asked for" err "pin-final-try"
check "it is wrong" 5 p token show "$token" --login --pin-source env:WRONG --last-try
check "it is blocked then" 5 p token show "$token" --login $pin
check_has "which is said" err "CKR_PIN_LOCKED"
check_has "and what unblocks it" err "pkcs15-tool --unblock-pin --auth-id 01"
check "it does" 0 timeout 60 pkcs15-tool --unblock-pin --auth-id 01 --puk 12345678 --new-pin "$PIN"
check "the PIN works" 0 p token show "$token" --login $pin
NEWKEY=080706050403020108070605040302010807060504030201
export NEWKEY
check "the management key is changed" 0 p token pin "$token" --so --so-pin-source env:MANAGEMENT \
    --new-pin-source env:NEWKEY
check "to the new one" 0 p token pin "$token" --so --so-pin-source env:NEWKEY --new-pin-source env:MANAGEMENT
check "the old one is back" 0 p -q client request --shared-card filled --token "$token" --slot 91 --out "$WORK/filled.csr" $pin $fill
# An AES management key, as firmware 5.7 has it: ykcs11 2.2 speaks 3DES only; later ones ask for AES, which this card lacks.
case $(readlink -f "$PKCS11_MODULE_PATH") in *.so.2.[012].*) aes=5 ;; *) aes=6 ;; esac
printf 'tries 3\nis_aes 1\n' >"$WORK/faults"
check "an AES management key" "$aes" enrol erik --slot 90
check_has "is refused in clear words" err "cannot use an AES management key"
fault "is_aes 0"

# The same card through OpenSC: reads and signs, makes nothing.
PKCS11_MODULE_PATH=$opensc
p --json token list >"$WORK/out"
token=$(field '.tokens[0].label')
check "OpenSC shows it, too" 0 p --json token show "$token"
check_json "as a PIV card" '.token.kind == "opensc-piv"'
request "$WORK/frida.csr" /CN=frida
check "the root signs through OpenSC" 0 p -q --json client issue "$WORK/frida.csr" --cn frida --root root-rsa \
    --out "$WORK/opensc" $pin
check "what openssl verifies" 0 openssl verify -x509_strict -CAfile "$WORK/root-rsa.pem" "$(field '.certificates[0].path')"
check "a key that it cannot make" 6 p client enroll --shared-card greta --token "$token" --root root-rsa --same-token $pin
check_has "is said to want another module" err "libykcs11"

# Gone in the middle of a signature, or before it.
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libykcs11.so.2 /usr/lib64/libykcs11.so.2)
request "$WORK/ida.csr" /CN=ida
held "the root signs" p client issue "$WORK/ida.csr" --cn ida --root root-rsa --out "$WORK/held-back" $pin
request "$WORK/hanna.csr" /CN=hanna
fault "pull 87"
check "the card is pulled while it signs" 6 p client issue "$WORK/hanna.csr" --cn hanna --root root-rsa \
    --out "$WORK/pulled" $pin
check_has "told by what" err "CKR_"
check "the ledger is whole" 0 p ledger verify
plan
