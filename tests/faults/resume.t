#!/bin/sh
# SPDX-License-Identifier: MIT
# resume.t - what a run makes of what earlier ones left, and what it must not.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs openssl sqlite3 pkcs11-tool strace
tokens rootA cardA cardB
use_proxy # before the root, which remembers its module
root contoso rootA
db() { sqlite3 "$WORK/home/ledger.db" "$1"; }
# enrol OPTION... : client enroll, the root's token remembered
enrol() { "$p11ca" -q client enroll --shared-card "$@" $pins; }

# killed_made NAME : client enroll, killed when the key was made and before that was recorded.  How many attributes are
# read before the key is made depends on the card: a run whose key is refused tells.
killed_made() {
	rm -f "$WORK/calls"
	with_fault C_GenerateKeyPair@1=0x31 enrol "probe-$1" -t cardA 2>/dev/null
	with_fault "C_GetAttributeValue@$(($(calls C_GetAttributeValue) + 1))=kill" enrol "$1" -t cardA
}
states() { db "SELECT group_concat(state) FROM (SELECT state FROM keys WHERE name = '$1' ORDER BY id)"; }

# Interrupted between generating and recording: the key is taken over, with its id.
check "killed when the key was made" 137 killed_made alice
[ "$(states alice)" = planned ]; ok "which is not recorded"
check "the same command finishes" 0 enrol alice -t cardA --out "$WORK/alice"
[ "$(db "SELECT count(*) FROM keys WHERE name = 'alice' AND state = 'proved' AND length(cka_id) = 40")" = 1 ]
ok "with the id that was planned"
[ "$(states alice)" = proved ]; ok "and no other key"

# Killed while it was generated, a token may hold a key that looks whole and does not sign: another one is made.
check "killed when another key was made" 137 killed_made half
half=$(db "SELECT cka_id FROM keys WHERE name = 'half'")
check "which does not sign: the same command finishes" 0 with_fault C_Sign@1=0x05 enrol half -t cardA --out "$WORK/half"
[ "$(states half)" = orphan,proved ]; ok "with a key of its own; the other is an orphan"
[ "$(db "SELECT count(*) FROM keys WHERE name = 'half' AND state = 'proved' AND cka_id <> '$half'")" = 1 ]; ok "and has an id of its own"
check "killed once more" 137 killed_made gone
check "a token that fails is no reason to give a key up" 6 with_fault C_Sign@1=0x30 enrol gone -t cardA
case $(states gone) in planned | made) true ;; *) false ;; esac
ok "it is kept"
check "and the same command finishes" 0 enrol gone -t cardA
[ "$(states gone)" = proved ]; ok "with that key"

# A certificate that the ledger could not record is handed to nobody.
request "$WORK/dave.csr" /CN=dave
lost() {
	strace -qq -f -o /dev/null -P "$WORK/home/ledger.db-wal" -e inject=pwrite64:error=ENOSPC:when="$1"+ \
	    "$p11ca" client issue "$WORK/dave.csr" --cn dave $pin --out "$WORK/lost"
}
for at in $(seq 1 40); do
	rm -rf "$WORK/lost"
	lost "$at" >"$WORK/out" 2>"$WORK/err" && break
	ls "$WORK"/lost/*.pem >/dev/null 2>&1 && break
done
[ "$at" -gt 2 ] && [ "$(ls "$WORK"/lost/*.pem | wc -l)" = 1 ] && serial=$(openssl x509 -in "$WORK"/lost/*.pem -noout -serial)
ok "the disk was full at each write of the ledger ($at)" "$WORK/err"
[ "$(db "SELECT state FROM certificates WHERE name = 'dave' AND state != 'void' AND serial = lower('${serial#serial=}')")" = issued ]
ok "and what was handed out is recorded as issued"
check "and the ledger verifies" 0 "$p11ca" ledger verify

# Three signed and one not, all unrecorded: a second run that fails before its turn must not call them void.
for n in 1 2 3 4; do request "$WORK/r$n.csr" "/CN=r$n"; done
four() { "$p11ca" client issue "$WORK"/r1.csr "$WORK"/r2.csr "$WORK"/r3.csr "$WORK"/r4.csr --trust-names $pin --out "$WORK/four"; }
check "killed at the fourth signature" 137 with_fault C_Sign@4=kill four
before=$(db "SELECT group_concat(serial) FROM certificates WHERE name LIKE 'r_' AND state = 'signing'")
check "the next run fails at its first" 6 with_fault C_Sign@1=0x30 four
[ "$(db "SELECT count(*) FROM certificates WHERE name LIKE 'r_' AND state = 'void'")" = 0 ]; ok "nothing that may be signed is void"
check "the one after it finishes" 0 four
[ "$(db "SELECT group_concat(serial) FROM certificates WHERE name LIKE 'r_' AND state = 'issued'")" = "$before" ]
ok "with the serials that were begun"

# A root whose certificate was issued when the run died, but not yet named by the root's row.
check "a root, killed while it is installed" 137 with_fault C_CreateObject@1=kill "$p11ca" -q root create second -t cardB $pin
check "run again, it is whole" 0 "$p11ca" -q root create second -t cardB $pin
check "and exports" 0 "$p11ca" root export second

# Asking for something else than what is there.
check "another root for the same client" 7 enrol alice -t cardA --root second --same-token
check_has "is refused by name" err "rule: client-has-certificate"
check "another template" 7 enrol alice -t cardA --root contoso --template azure-client-smartcard
check "another subject for a root that is there" 7 "$p11ca" -q root create second -t cardB --subject CN=Other $pin
check "a mistyped token makes no ledger" 4 "$p11ca" --home "$WORK/new" -q root create x -t nosuch --test $pin
[ ! -e "$WORK/new/ledger.db" ]; ok "and leaves none behind"

# The root's PIN is for the root's token: a card that only has its certificate is not asked.
rm -f "$WORK/calls"
mkdir "$WORK/away" && for folder in "$WORK"/tokens/*; do
	grep -qa rootA "$folder/token.object" && mv "$folder" "$WORK/away"
done
check "without the root's token" 4 "$p11ca" client issue "$WORK/r1.csr" --cn new1 --root contoso $pin --out "$WORK/four"
[ "$(calls C_Login)" = 0 ]; ok "nobody logs in" "$WORK/calls"
mv "$WORK"/away/* "$WORK/tokens"

# One token by two names is one token.
ln -s "$(readlink -f "$P11FAULT_MODULE")" "$WORK/alias.so"
check "the root's own token, through another path" 7 env PKCS11_MODULE_PATH="$WORK/alias.so" \
    "$p11ca" client enroll --shared-card mallory -t rootA --root contoso --allow-untrusted-module $pins
check_has "is the same token" err "rule: same-token"

# Somebody else's things.
pkcs11-tool --module "$P11FAULT_MODULE" --token-label cardA --login --pin "$USER_PIN" --keypairgen --key-type rsa:2048 \
    --id a1 --label mine >/dev/null 2>&1 || bail "no key"
pkcs11-tool --module "$P11FAULT_MODULE" --token-label cardA --login --pin "$USER_PIN" --delete-object --type pubkey --id a1 \
    >/dev/null 2>&1 || bail "no public half to delete"
check "a private key without its public half" 7 "$p11ca" token clean cardA --orphan a1 --confirm a1 $pin
check_has "is no orphan" err "rule: key-not-orphan"
pkcs11-tool --module "$P11FAULT_MODULE" --token-label cardA --login --pin "$USER_PIN" --keypairgen --key-type EC:prime256v1 \
    --id b2 --label theirs >/dev/null 2>&1 || bail "no key"
check "a request with a key that was there" 0 "$p11ca" client request --shared-card eve -t cardA --id b2 --out "$WORK/eve.csr" $pin
openssl req -in "$WORK/eve.csr" -noout -verify 2>"$WORK/detail"; ok "is signed by it" "$WORK/detail"
[ "$(db "SELECT count(*) FROM keys WHERE cka_id = 'b2'")" = 0 ]; ok "and the ledger does not call it its own"

check "a request by a card" 0 "$p11ca" -q client request --shared-card frank -t cardB --out "$WORK/frank.csr" $pin
check "issued" 0 issue "$WORK/frank.csr" --cn frank --root contoso
check "and asked for again after it was issued" 0 "$p11ca" -q client request --shared-card frank -t cardB --out - $pin
check "a token with a live certificate" 7 "$p11ca" token init cardB --label x --erase --confirm cardB --so-pin-source env:SOPIN \
    --new-pin-source env:PIN
check_has "is never erased" err "rule: token-has-live-key"

mkdir "$WORK/shared" && echo mine >"$WORK/shared/receipt.json"
check "somebody's receipt.json" 9 enrol alice -t cardA --root contoso --out "$WORK/shared"
[ "$(cat "$WORK/shared/receipt.json")" = mine ]; ok "is not overwritten"
check "another root's root.cer" 9 "$p11ca" client issue "$WORK/r2.csr" --trust-names --root second $pin --out "$WORK/four"
check "folders are made" 0 enrol alice -t cardA --root contoso --out "$WORK/x/y/z"

# A dry run judges.
request "$WORK/weak.csr" /CN=weak -newkey rsa:1024
check "a dry run refuses what the real one would" 7 "$p11ca" client issue "$WORK/weak.csr" --cn weak --root contoso --dry-run \
    --out "$WORK/dry"
check "a name, too" 7 "$p11ca" client issue "$WORK/r1.csr" --cn 'DOM\x' --root contoso --dry-run --out "$WORK/dry"
plan
