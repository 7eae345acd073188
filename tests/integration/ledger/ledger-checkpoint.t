#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-checkpoint.t - where the ledger stands, signed on a token, and read by programs that are not ours.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3
tokens hsm keeper alice
root vpn hsm
"$p11ca" root export vpn --format pem --out "$WORK/root.pem" || bail "no root"
checkpoint() { "$p11ca" --json ledger checkpoint "$@" --pin-source env:PIN --root-pin-source env:PIN; }
head=$("$p11ca" --json ledger verify | jq -r .ledger.head)

check "a checkpoint" 0 checkpoint -t keeper --out "$WORK/c1.pem"
check_json "says what it covers" '.checkpoint | .seq > 5 and (.head | length == 64) and .root_name == "vpn"'
cp "$WORK/out" "$WORK/made"
[ "$head" != "$(field .checkpoint.head)" ]; ok "which is after the key was made"
check "openssl verifies it" 0 openssl cms -verify -inform PEM -in "$WORK/c1.pem" -CAfile "$WORK/root.pem" -out "$WORK/text"
printf 'p11ca checkpoint v1\nledger: %s\nepoch: 1\nseq: %s\nhead: %s\nat: %s\n' $(jq -r '.checkpoint | .ledger_id, .seq, .head, .signed_at' "$WORK/made") >"$WORK/want"
cmp "$WORK/want" "$WORK/text" >"$WORK/detail"; ok "with the text that LEDGER.md describes" "$WORK/detail"
sqlite3 "$P11CA_HOME/ledger.db" "SELECT hash FROM events WHERE seq = $(jq .checkpoint.seq "$WORK/made")" >"$WORK/out"
check_has "the head is that event's hash" out "$(jq -r .checkpoint.head "$WORK/made")"
check "the signer's certificate" 0 openssl cms -verify -inform PEM -in "$WORK/c1.pem" -CAfile "$WORK/root.pem" -out "$WORK/text" -signer "$WORK/signer.pem"
check "valid by the strict rules" 0 openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK/signer.pem"
check "is for signatures" 0 openssl x509 -in "$WORK/signer.pem" -noout -subject -ext keyUsage,extendedKeyUsage
check_has "alone" out "Digital Signature"
check_lacks "and no other purpose" out Extended
check "the event is there" 0 "$p11ca" --json ledger log
check_json "with the file's hash" ".events[] | select(.kind == \"checkpoint-signed\") | .object == \"checkpoint $(jq .checkpoint.seq "$WORK/made")\""
check "the ledger is clean" 0 "$p11ca" ledger verify
check "the clients that depend on the root are listed" 0 "$p11ca" --json root retire vpn --dry-run
check_json "the ledger's key is no client" '.clients == []'

# The second time there is a key: no root is needed.
mv "$WORK/tokens" "$WORK/all"
mkdir "$WORK/tokens"
for folder in "$WORK/all"/*; do
	grep -qa keeper "$folder"/token.object && cp -r "$folder" "$WORK/tokens/"
done
check "again, without the root's token" 0 checkpoint -t keeper --out "$WORK/c2.pem"
[ "$(field .checkpoint.serial)" = "$(jq -r .checkpoint.serial "$WORK/made")" ]; ok "by the same key" "$WORK/out"
rm -rf "$WORK/tokens" && mv "$WORK/all" "$WORK/tokens"
check "openssl verifies it, too" 0 openssl cms -verify -inform PEM -in "$WORK/c2.pem" -CAfile "$WORK/root.pem" -out "$WORK/text"
check "the first is not overwritten" 9 checkpoint -t keeper --out "$WORK/c1.pem"
check "unless it is wanted" 0 checkpoint -t keeper --out "$WORK/c2.pem" --force
check "on another token" 7 checkpoint -t alice --out "$WORK/c3.pem"
check_json "has a code" '.error.code == "client-has-key"'
check "a second ledger key, EC, on the root's token" 0 checkpoint -t hsm --device spare --key ec:p256 --out "$WORK/c3.pem"
check "openssl verifies that" 0 openssl cms -verify -inform PEM -in "$WORK/c3.pem" -CAfile "$WORK/root.pem" -out "$WORK/text"
check "no client gets the template" 2 "$p11ca" client enroll --shared-card eve -t alice --template ledger-signer $pins

verify() { "$p11ca" --json ledger verify "$@"; }
for c in c1 c2 c3; do
	check "$c agrees" 0 verify --checkpoint "$WORK/$c.pem" --root "$WORK/root.pem"
	check_json "and says so" '.ledger | .checkpoint_state == "agrees" and .checkpoint_seq > 0'
done
openssl cms -cmsout -inform PEM -in "$WORK/c1.pem" -outform DER -out "$WORK/c1.der"
check "also as DER" 0 verify --checkpoint "$WORK/c1.der" --root "$WORK/root.pem"
check "without its root" 2 verify --checkpoint "$WORK/c1.pem"

# Killed while its key is made, the same command finishes.
module=$PKCS11_MODULE_PATH
use_proxy
for at in C_GenerateKeyPair@1=kill C_Sign@1=kill C_Sign@3=kill C_Sign@4=kill; do
	with_fault "$at" "$p11ca" ledger checkpoint -t alice --device "$at" --out "$WORK/k.pem" $pins --root-module "$PKCS11_MODULE_PATH" >/dev/null 2>&1
	[ ! -e "$WORK/k.pem" ]; ok "$at: nothing is written"
	check "$at: the same command finishes" 0 "$p11ca" ledger checkpoint -t alice --device "$at" --out "$WORK/k.pem" $pins --root-module "$PKCS11_MODULE_PATH"
	check "$at: openssl verifies it" 0 openssl cms -verify -inform PEM -in "$WORK/k.pem" -CAfile "$WORK/root.pem" -out "$WORK/text"
	rm -f "$WORK/k.pem"
done
PKCS11_MODULE_PATH=$module
check "nothing is left over" 0 "$p11ca" ledger recover
check "the ledger has no faults even so" 0 "$p11ca" ledger verify

# What is no checkpoint of this ledger.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/other.key" -subj /CN=vpn -out "$WORK/other.pem" 2>/dev/null
check "with another root" 7 verify --checkpoint "$WORK/c1.pem" --root "$WORK/other.pem"
check_json "has a code" '.error.code | startswith("chain-")'
request "$WORK/r.csr" "/CN=ledger $(jq -r .checkpoint.ledger_id "$WORK/made")"
issue "$WORK/r.csr" --cn "ledger $(jq -r .checkpoint.ledger_id "$WORK/made")" --device forger >"$WORK/issue.out" 2>&1 || bail "$(cat "$WORK/issue.out")"
forged=$(find "$issued" -name '*.pem' ! -name '*chain*' | head -n 1)
sed 's/^seq: .*/seq: 1/' "$WORK/want" >"$WORK/forged"
openssl cms -sign -nodetach -binary -in "$WORK/forged" -signer "$forged" -inkey "$WORK/r.csr.key" -outform PEM -out "$WORK/forged.pem" 2>"$WORK/detail"
ok "a client of the ledger's name signs one" "$WORK/detail"
check "it does not count" 7 verify --checkpoint "$WORK/forged.pem" --root "$WORK/root.pem"
check_json "has a code" '.error.code == "checkpoint-signer"'
base64 -d <<-END >"$WORK/c1.bad" 2>/dev/null
	$(grep -v -- ----- "$WORK/c1.pem")
END
LC_ALL=C sed -i 's/seq: \([0-9]\)/seq: 9/' "$WORK/c1.bad"
check "a changed one" 7 verify --checkpoint "$WORK/c1.bad" --root "$WORK/root.pem"
check_json "has a code" '.error.code == "cms-signature"'
check "no checkpoint" 3 verify --checkpoint "$WORK/root.pem" --root "$WORK/root.pem"
openssl cms -sign -nodetach -in /dev/null -signer "$forged" -inkey "$WORK/r.csr.key" -outform PEM -out "$WORK/empty.pem" 2>/dev/null
check "an empty one" 3 verify --checkpoint "$WORK/empty.pem" --root "$WORK/root.pem"
check "nothing of this did harm" 0 "$p11ca" ledger verify

# A second root: the ledger's key keeps its root until another one is named, and goes on when the first is retired.
"$p11ca" -q root create next -t alice --pin-source env:PIN >"$WORK/detail" 2>&1 || bail "$(cat "$WORK/detail")"
"$p11ca" root export next --format pem --out "$WORK/next.pem" || bail "no root"
check "a checkpoint beside a second root" 0 "$p11ca" --json ledger checkpoint -t keeper --out "$WORK/n1.pem" --pin-source env:PIN
check_json "the root that certified the key is taken" '.checkpoint.root_name == "vpn"'
check "a checkpoint with the second root" 0 checkpoint -t keeper --root next --out "$WORK/n2.pem"
check_json "the second root certifies the key of the ledger" '.checkpoint.root_name == "next"'
check "openssl verifies the checkpoint of the second root" 0 openssl cms -verify -inform PEM -in "$WORK/n2.pem" -CAfile "$WORK/next.pem" -out "$WORK/text"
check "the first root is retired" 0 "$p11ca" root retire vpn --confirm vpn
check "a checkpoint after that" 0 "$p11ca" --json ledger checkpoint -t keeper --out "$WORK/n3.pem" --pin-source env:PIN
check_json "the second root stands for it" '.checkpoint.root_name == "next"'
check "the ledger is compared with it" 0 verify --checkpoint "$WORK/n3.pem" --root "$WORK/next.pem"
check "the ledger verifies after a change of the root" 0 "$p11ca" ledger verify
plan
