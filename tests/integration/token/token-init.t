#!/bin/sh
# SPDX-License-Identifier: MIT
# token-init.t - initialising; nothing that is worth something goes by mistake.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq softhsm2-util
tokens hsm alice
NEWPIN=555555 NEWSO=44444444
export NEWPIN NEWSO
new="--so-pin-source env:NEWSO --new-pin-source env:NEWPIN"
root vpn hsm
card alice alice

check "a new token" 0 "$p11ca" --json token init --free --label fresh $new
check_json "has its label" '.token.label == "fresh"'
check "its PIN works" 0 "$p11ca" token show fresh --login --pin-source env:NEWPIN

check "a second token of the same label is refused" 7 "$p11ca" --json token init --free --label fresh $new
check_json "with a code, and a hint" '.error.code == "token-label-taken" and (.error.hint | contains("another --label"))'
check "a token keeps its own label" 0 "$p11ca" --batch token init fresh --label fresh --erase --confirm fresh --so-pin-source env:NEWSO --new-pin-source env:NEWPIN
check "TOKEN or --free" 2 "$p11ca" token init --label x $new
check "not both" 2 "$p11ca" token init alice --free --label x $new
check "33 bytes are no label" 2 "$p11ca" token init --free --label 123456789012345678901234567890123 $new
check "no second SO PIN source" 5 "$p11ca" --batch token init --free --label x --so-pin-source env:NEWSO
check_has "is named" err "hint: name a source: --new-pin-source"

snapshot >"$WORK/before"
check "a root's token is never erased" 7 "$p11ca" token init hsm --erase --confirm hsm --label x --so-pin-source env:SOPIN --new-pin-source env:NEWPIN
check_has "whose key it holds" err "contains the key of 'vpn', which has a valid certificate"
check "nor is a live client's" 7 "$p11ca" token init alice --erase --confirm alice --label x --so-pin-source env:SOPIN --new-pin-source env:NEWPIN
snapshot | diff "$WORK/before" - >"$WORK/detail"; ok "both are as they were" "$WORK/detail"

softhsm2-util --init-token --free --label old --pin "$USER_PIN" --so-pin "$SO_PIN" >/dev/null || bail "no token"
test_key "$WORK/key.pem" && softhsm_key old a1 "$WORK/key.pem" || bail "no key"
old() { "$p11ca" --batch token init old --label newer --so-pin-source env:SOPIN --new-pin-source env:NEWPIN "$@"; }
check "one that holds something" 7 old
check_has "the message asks for --erase" err "--erase"
check "and the typed label" 7 old --erase
check_has "has a code" err "rule: not-confirmed"
check "not another one" 7 old --erase --confirm older
check "a wrong SO PIN" 5 "$p11ca" --batch token init old --erase --confirm old --label newer --so-pin-source env:WRONG --new-pin-source env:NEWPIN
check "still holds it" 0 "$p11ca" --json token show old
check_json "all of it" '.objects | length > 0'
rm -rf "$WORK/state" # the SO PIN that failed in a batch is remembered: see pin.t
check "is erased when all is said" 0 old --erase --confirm old
check "and empty" 0 "$p11ca" --json token show newer
check_json "of objects" '.objects == []'
check "the old one is gone" 4 "$p11ca" token show old
check "the ledger knows" 0 "$p11ca" ledger log
check_has "of it" out "token-initialised"
plan
