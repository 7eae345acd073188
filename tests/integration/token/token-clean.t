#!/bin/sh
# SPDX-License-Identifier: MIT
# token-clean.t - only what an interrupted run left is destroyed.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq pkcs11-tool
tokens hsm card
root vpn hsm
tool() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$USER_PIN" "$@" 2>/dev/null; }
clean() { "$p11ca" --batch token clean "$1" --orphan "$2" $pin "${3:---confirm=$2}"; }

tool --keypairgen --key-type rsa:2048 --id a1 --label foreign >/dev/null || bail "no key"
check "a stranger's pair" 7 clean card a1
check_has "has a code" err "rule: key-not-orphan"
root=$("$p11ca" --json root show vpn | jq -r .root.cka_id)
check "a root's key" 7 clean hsm "$root"
check "no such key" 4 clean card b2

tool --delete-object --type privkey --id a1 >/dev/null || bail "cannot delete"
check "half a pair is asked for" 7 clean card a1 --note=why
check_has "and not answered in a batch" err "rule: not-confirmed"
check "nor is the wrong answer one" 7 clean card a1 --confirm=a2
check "goes when its id is said" 0 clean card a1
tool -O >"$WORK/out" && ! grep -q foreign "$WORK/out"; ok "and is gone" "$WORK/out"

# The key of a killed run: planned in the ledger, made on the token.
use_proxy
with_fault C_SignInit@1=kill "$p11ca" client enroll carol -t card $pins --root-module "$P11FAULT_MODULE" >/dev/null 2>&1
PKCS11_MODULE_PATH=$P11FAULT_MODULE
check "a killed run leaves a key" 10 "$p11ca" --json ledger recover
id=$(field '.unfinished[] | select(.kind == "key") | .id')
check "that is closed" 0 "$p11ca" ledger recover --close
check "and destroyed" 0 clean card "$id"
tool -O >"$WORK/out" && ! grep -q "$id" "$WORK/out"; ok "on the token" "$WORK/out"
check "the ledger is clean" 0 "$p11ca" ledger verify
plan
