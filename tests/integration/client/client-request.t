#!/bin/sh
# SPDX-License-Identifier: MIT
# client-request.t - a key and a request on the client's own machine, without a ledger.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm card
ask() { "$p11ca" --json client request "$@" -t card $pin; }

check "makes key and request" 0 ask alice@contoso.com --out "$WORK/a.csr"
check_json "on the card" '.result | .made_on_token == true and .extractable == false'
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

# A software key, for machines without a token.
PASS='test pass phrase' OTHER='another pass phrase'
export PASS OTHER
soft() { env P11CA_HOME="$WORK/none" "$p11ca" --json client request --key-pin-source env:PASS "$@"; }
check "a key file" 0 soft frank --key-file "$WORK/f.key" --out "$WORK/s.csr"
check_json "both files are named" '[.files[].kind] == ["key", "request"] and .result.key_type == "rsa:2048"'
[ "$(stat -c %a "$WORK/f.key")" = 600 ]; ok "for its owner only"
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$WORK/f.key"; ok "encrypted"
check "openssl opens it" 0 openssl pkey -in "$WORK/f.key" -passin env:PASS -noout
check "openssl takes the request" 0 openssl req -in "$WORK/s.csr" -noout -verify -subject
check_has "for that name" out "frank"
[ ! -e "$WORK/none" ]; ok "and no ledger"
check "the root issues for it" 0 issue "$WORK/s.csr" --cn frank
sum=$(sha256sum "$WORK/f.key")
check "again, with the key that is there" 0 soft frank --key-file "$WORK/f.key" --out "$WORK/s2.csr"
[ "$(public "$WORK/s.csr")" = "$(public "$WORK/s2.csr")" ]; ok "the same key"
[ "$(sha256sum "$WORK/f.key")" = "$sum" ]; ok "is not written again"
check "a wrong passphrase" 5 "$p11ca" client request frank --key-file "$WORK/f.key" --key-pin-source env:OTHER \
    --out "$WORK/s3.csr"
check "another kind than asked for" 2 soft frank --key ec:p256 --key-file "$WORK/f.key" --out "$WORK/s3.csr"
check "no passphrase to be had" 5 "$p11ca" --batch client request x --key-file "$WORK/x.key" --out "$WORK/s3.csr"
printf '\n' >"$WORK/empty" && chmod 600 "$WORK/empty"
check "an empty one" 5 "$p11ca" client request x --key-file "$WORK/x.key" --key-pin-source "file:$WORK/empty" \
    --out "$WORK/s3.csr"
check "a request that is there" 9 soft x --key-file "$WORK/x.key" --out "$WORK/s.csr"
check "nowhere to write the key" 9 soft x --key-file "$WORK/no/x.key" --out "$WORK/s3.csr"
ln -s "$WORK/gone" "$WORK/link.key"
check "a dangling link" 9 soft x --key-file "$WORK/link.key" --out "$WORK/s3.csr"
check "a key on a token" 7 soft x --key-file "pkcs11:token=card" --out "$WORK/s3.csr"
check_has "says why not" err "exports no keys from tokens"
echo hello >"$WORK/text.key"
check "a file that is no key" 3 soft x --key-file "$WORK/text.key" --out "$WORK/s3.csr"
check "token and key file" 2 soft x -t card --key-file "$WORK/x.key" --out "$WORK/s3.csr"
check "neither" 2 soft x --out "$WORK/s3.csr"
[ ! -e "$WORK/x.key" ] && [ ! -e "$WORK/s3.csr" ] && [ ! -e "$WORK/gone" ]; ok "nothing was left by any of them"
openssl genrsa -traditional -aes128 -passout env:PASS -out "$WORK/t.key" 2048 2>/dev/null
check "OpenSSL's older form" 0 soft x --key-file "$WORK/t.key" --out "$WORK/t.csr"
openssl pkcs8 -topk8 -in "$WORK/t.key" -passin env:PASS -passout env:PASS -outform DER -out "$WORK/d.key"
check "encrypted DER" 0 soft x --key-file "$WORK/d.key" --out "$WORK/d.csr"
openssl pkey -in "$WORK/t.key" -passin env:PASS -outform DER -out "$WORK/n.key" && chmod 644 "$WORK/n.key"
check "DER as it is, open to others" 0 soft x --key-file "$WORK/n.key" --out "$WORK/n.csr"
check_has "is said" err "key-file-readable"
[ "$(public "$WORK/t.csr")" = "$(public "$WORK/d.csr")" ] && [ "$(public "$WORK/t.csr")" = "$(public "$WORK/n.csr")" ]
ok "all are the same key"
check "a dry run" 0 soft --dry-run x --key-file "$WORK/y.key" --out "$WORK/y.csr"
[ ! -e "$WORK/y.key" ] && [ ! -e "$WORK/y.csr" ]; ok "makes nothing"
plan
