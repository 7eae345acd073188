#!/bin/sh
# SPDX-License-Identifier: MIT
# root-attach.t - another token with the same key: a restored card, a member of a cluster.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm spare empty
rsa_key "$WORK/vpn.key"
openssl req -x509 -new -key "$WORK/vpn.key" -subj /CN=vpn -days 100 -out "$WORK/vpn.pem" 2>/dev/null || bail "no root"
softhsm_key hsm 01 "$WORK/vpn.key" || bail "no key"
softhsm_key spare 02 "$WORK/vpn.key" || bail "no second key"
"$p11ca" -q root adopt vpn -t hsm --cert "$WORK/vpn.pem" --accept-imported $pin >/dev/null || bail "not adopted"
attach() { "$p11ca" --json root attach "$@" --pin-source env:PIN; }
check "dry run" 0 attach vpn -t spare --dry-run
check "another token" 0 attach vpn -t spare
check_json "with the proof" '.result | .cka_id == "02" and .extractable == false and .secret_read_refused == true'
check "is where the root is looked for" 0 "$p11ca" --json root show vpn
check_json "first" '.root | .token.label == "spare" and .cka_id == "02" and .origin == "imported or unknown: copies may exist"'
check "the event" 0 "$p11ca" --json ledger log
check_json "is there" '[.events[] | select(.kind == "key-attached")] | length == 1'
request "$WORK/r.csr" /CN=x
check "a client, signed there" 0 "$p11ca" client issue "$WORK/r.csr" --cn alice --out "$issued" $pin
"$p11ca" client export alice --format pem --out "$WORK/alice.pem"
check "openssl accepts it" 0 openssl verify -CAfile "$WORK/vpn.pem" "$WORK/alice.pem"
softhsm2-util --delete-token --token spare >/dev/null 2>&1
request "$WORK/r2.csr" /CN=x
check "the first token still does, once the second is gone" 0 "$p11ca" client issue "$WORK/r2.csr" --cn bob --out "$issued" $pin
check "a token without the key" 4 attach vpn -t empty
check "no such root" 4 attach nothing -t hsm
check "back to the first" 0 attach vpn -t hsm
check "the ledger is clean" 0 "$p11ca" ledger verify
plan
