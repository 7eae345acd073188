#!/bin/sh
# SPDX-License-Identifier: MIT
# tokens.t - tokens that hang or mislead other programs: a foreign Ed25519 key, an uninitialised slot, two of one label,
# a session that does not open.
. "$srcdir/tests/faults/lib.sh"
for tool in pkcs11-tool jq; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
tokens_up root alice
whole_stacks # Ed25519 keys, see tests/lsan.supp

# libp11 0.4.12 sees no key at all beside this one.
pkcs11-tool --module "$module" --token-label alice --login --pin "$USER_PIN" --keypairgen --key-type EC:edwards25519 \
    --id ed --label foreign >"$WORK/detail" 2>&1
ok "a foreign Ed25519 key on the card" "$WORK/detail"
check "the tokens are listed" 0 p11ca token list
check "and the card is shown" 0 p11ca token show alice --json
check_has "with the foreign key" out '"foreign"'
check "a root" 0 root_create_rsa
check "the card is enrolled" 0 enroll
must "but not right" is_finished client alice
passed "and openssl verifies the certificate"
pkcs11-tool --module "$module" --token-label alice --login --pin "$USER_PIN" -O >"$WORK/objects" 2>&1
[ "$(grep -c '^Private Key Object' "$WORK/objects")" -eq 2 ]; ok "the foreign key is still there" "$WORK/objects"
check "the card can be audited, and the foreign key is a finding" 10 p11ca token audit alice --pin-source env:PIN
check_has "the audit names the foreign key" out ed

check "an uninitialised slot is listed" 0 p11ca token list --json
[ "$(jq '[.tokens[] | select(.initialised == false)] | length' "$WORK/out")" -eq 1 ]; ok "as what it is" "$WORK/out"
blank=$(jq -r '.tokens[] | select(.initialised == false) | .uri' "$WORK/out")
check "but is no token to work with" 4 p11ca client enroll --shared-card bob --token "$blank" --pin-source env:PIN --root-pin-source env:PIN
check_lacks "and no call fails for it" err CKR_

# Two of one label: no guessing.
softhsm_up "$WORK" twin twin
PKCS11_MODULE_PATH=$proxy
enroll_twin() {
	p11ca client enroll --shared-card bob --token "$1" --key ec:p256 --template vpn-client --pin-source env:PIN --root-pin-source env:PIN
}
p11ca token list --json | jq -r '.tokens[] | select(.label == "twin") | .serial, .uri' >"$WORK/listed"
check "two tokens of one label are ambiguous" 4 enroll_twin twin
for serial in $(sed -n '1p;3p' "$WORK/listed"); do
	check_has "serial $serial is named" err "$serial"
done
check "also to token show" 4 p11ca token show twin
check "a URI with the serial is not" 0 enroll_twin "$(sed -n 4p "$WORK/listed")"
check "the certificate is on that one" 0 p11ca token show "$(sed -n 4p "$WORK/listed")" --json
[ "$(jq '[.objects[] | select(.label == "bob")] | length' "$WORK/out")" -eq 2 ]; ok "certificate and public key" "$WORK/out"
check "and the other one is shown" 0 p11ca token show "$(sed -n 2p "$WORK/listed")" --json
[ "$(jq '.objects | length' "$WORK/out")" -eq 0 ]; ok "as empty" "$WORK/out"

# libp11 0.4.12 waits forever.
show() { p11ca token show alice; }
audit() { p11ca token audit alice --pin-source env:PIN; }
init() { p11ca token init --free --label new --new-pin-source env:PIN --so-pin-source env:PIN; }
carol() {
	p11ca client enroll --shared-card carol --device "$n" --token alice --key ec:p256 --template vpn-client --pin-source env:PIN \
	    --root-pin-source env:PIN
}
# refuses COMMAND N RV STATUS
refuses() {
	with_fault "C_OpenSession@$2=$3" "$1"
	[ "$status" -eq "$4" ] || complain "exit status $status, not $4"
	[ "$(grep -c '^p11ca: error: ' "$WORK/err")" -eq 1 ] || complain "not one error line"
	grep -q "$(printf '(0x%08x)' "$3")" "$WORK/err" || complain "the CKR is not named"
	passed "$1: session $2 does not open ($3): exit status $4"
}
refuses show 1 0x30 6
refuses audit 1 0x30 6
n=1; refuses carol 1 0x30 6
n=2; refuses carol 2 0x30 6
n=3; refuses carol 3 0x30 6
n=4; refuses carol 1 0xb1 6 # CKR_SESSION_COUNT
n=5; refuses carol 1 0xe0 4 # CKR_TOKEN_NOT_PRESENT
refuses init 1 0x30 6
plan
