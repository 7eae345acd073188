#!/bin/sh
# SPDX-License-Identifier: MIT
# client-request.t - a key and a request on the client's own machine, without a ledger.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm card
ask() { "$p11ca" --json client request "$@" -t card $pin; }

check "makes key and request" 0 ask alice@contoso.com --out "$WORK/a.csr"
check_json "on the card" '.result | .made_on_token == "yes" and .extractable == "no"'
id=$(field .result.cka_id)
[ ! -e "$P11CA_HOME" ]; ok "and no ledger"
check "openssl takes it" 0 openssl req -in "$WORK/a.csr" -noout -verify -subject
check_has "for that name" out "alice@contoso.com"
check "a file that is there" 9 ask bob --out "$WORK/a.csr"
check "with the key that is there" 0 ask alice2 --id "$id" --out "$WORK/b.csr"
public() { openssl req -in "$1" -noout -pubkey | sha256sum; }
[ "$(public "$WORK/a.csr")" = "$(public "$WORK/b.csr")" ]; ok "the same key"
check "with one that is not" 4 ask x --id abcd --out "$WORK/c.csr"
check "to standard output" 0 "$p11ca" client request bob -t card $pin --out -
openssl req -in "$WORK/out" -noout -verify >/dev/null 2>&1; ok "a request and nothing else" "$WORK/out"
check "an EC key" 0 ask carol --key ec:p384 --out "$WORK/e.csr"
check "openssl takes it" 0 openssl req -in "$WORK/e.csr" -noout -verify
check "no --out" 2 ask x
check "nowhere to write" 9 ask x --out "$WORK/no/such/file"
check "a wrong PIN" 5 "$p11ca" client request x -t card --pin-source env:WRONG --out "$WORK/w.csr"
[ ! -e "$WORK/w.csr" ]; ok "leaves no file"

root vpn hsm
check "the root issues for it" 0 issue "$WORK/a.csr" --cn alice@contoso.com
check "in the ledger's home the key is recorded" 0 ask erin --out "$WORK/f.csr"
check "as an event" 0 "$p11ca" ledger log
check_has "of erin" out "client key erin"
plan
