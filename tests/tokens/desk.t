#!/bin/sh
# SPDX-License-Identifier: MIT
# desk.t - an enrolment desk: the root on one PIV card, one client's card after another in the second reader.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq openssl opensc-tool script
inside "$0"
tokens erin frank
softhsm=$PKCS11_MODULE_PATH
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libykcs11.so.2 /usr/lib64/libykcs11.so.2) || skip_all "no ykcs11"
export PKCS11_MODULE_PATH
MANAGEMENT=010203040506070801020304050607080102030405060708 ROOTPIN=271828
export MANAGEMENT ROOTPIN
fill="--so-pin-source env:MANAGEMENT"
reader "Yubico YubiKey CCID"
insert piv_card.py
root_card=$card_in
p --json token list >"$WORK/out"
root=$(field '.tokens[0].uri')
check "the root's card has a PIN of its own" 0 p token pin "$root" $pin --new-pin-source env:ROOTPIN
check "the root is in 9c" 0 p -q root create desk --token "$root" --slot 9c --pin-source env:ROOTPIN --allow-pin-replay $fill
p root export desk --format pem >"$WORK/root.pem"

# seat SERIAL : that card is in the second reader, and $card is its URI
seat() {
	[ -z "${client_card:-}" ] || pull "$client_card" 1
	echo "serial $1" >"$WORK/faults-1"
	insert piv_card.py 1
	client_card=$card_in
	opensc-tool -r 1 -s 00A4040005A000000308 >"$WORK/detail" 2>&1 # it reads its file at the first command
	p --json token list >"$WORK/out"
	card=$(field ".tokens[] | select(.serial == \"$1\") | .uri")
}
# enrols NAME [OPTION...] : onto $card
enrols() {
	enrols_name=$1
	shift
	p -q --json client enroll "$enrols_name" --token "$card" --slot 9a $fill --out "$WORK/$enrols_name" "$@"
}
sources="--pin-source env:PIN --root-pin-source env:ROOTPIN"
for who in alice:20000001 bob:20000002; do
	name=${who%:*}
	seat "${who#*:}"
	check "$name: two cards are there" 0 p --json token list
	check_json "$name: told by their serials" '[.tokens[].serial] | unique | length == 2'
	check "$name: the root's PIN is not the card's" 5 enrols "$name" --pin-source env:PIN --root-pin-source env:PIN
	check_has "$name: and it is said whose was wrong" err "logging in for root 'desk'"
	check "$name: enrolled" 0 enrols "$name" $sources
	check_json "$name: the card has it" ".result | .installed and (.token.uri | test(\"serial=${who#*:}\"))"
	openssl verify -x509_strict -CAfile "$WORK/root.pem" "$(field '.files[] | select(.kind == "certificate") | .path')" \
	    >"$WORK/detail" 2>&1
	ok "$name: the certificate is the root's" "$WORK/detail"
	check "$name: again, with nothing left to do" 0 enrols "$name" $sources
done
check "alice's name on bob's card" 7 enrols alice $sources
check_has "is said to have its key elsewhere" err "serial 20000001"
check "the next one, typed" 0 typed "$PIN" \
    "$p11ca -q client request --shared-card carol --token '$card' --slot 82 $fill --out $WORK/carol.csr"
[ "$(grep -o "PIN for token" "$WORK/out" | wc -l)" -eq 1 ]
ok "one PIN for a card whose key wants it once" "$WORK/out"
check "under 9c" 0 typed "$(printf '%s\n' "$ROOTPIN" "$ROOTPIN")" \
    "$p11ca -q client issue $WORK/carol.csr --cn carol --root desk --out $WORK/carol"
[ "$(grep -o "PIN for token" "$WORK/out" | wc -l)" -eq 2 ]
ok "two: the login's, and the signature's" "$WORK/out"

# A list of people under 9c: from a source only where that is allowed, which is asked before the first.
printf 'cn,token\nerin,erin\nfrank,frank\n' >"$WORK/people.csv"
listed() {
	p --json client enroll --from "$WORK/people.csv" --module "$softhsm" --root-module "$PKCS11_MODULE_PATH" $sources \
	    --out "$WORK/people" "$@"
}
check "a list, from a source" 7 listed
check_has "is refused at the first" err "pin-replay"
check_json "with nobody enrolled" '[.clients[]? | select(.outcome == "enrolled")] == []'
check "and nobody else's card touched" 0 p --json --module "$softhsm" token show frank --login $pin
check_json "it is empty" '.objects == []'
check "a list, when that is allowed" 0 listed --allow-pin-replay
check_json "of two" '[.clients[].outcome] == ["enrolled", "enrolled"]'
openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK/people/erin/erin.pem" "$WORK/people/frank/frank.pem" \
    >"$WORK/detail" 2>&1
ok "whose certificates are the root's" "$WORK/detail"
check "again, nobody is left to sign for" 0 listed

# The root's card is pulled out: what needs it says where it was, the clients' card goes on.
pull "$root_card" 0
check "without the root's card" 4 p client issue "$WORK/carol.csr" --cn carol2 --device d --root desk --out "$WORK/carol2" \
    --pin-source env:ROOTPIN
check_has "it is said where the key was last" err "serial 12345678"
check "the client's card is there" 0 p token show "$card" --login $pin
check "the ledger is whole" 0 p ledger verify
plan
