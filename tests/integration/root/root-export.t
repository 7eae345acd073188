#!/bin/sh
# SPDX-License-Identifier: MIT
# root-export.t - what the gateway is given is what lies on the token.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool
tokens hsm
root vpn hsm
id=$("$p11ca" --json root show vpn | jq -r .root.cka_id)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o "$WORK/token.der" 2>/dev/null ||
	bail "no certificate on the token"
same() { cmp "$WORK/token.der" "$1" >"$WORK/detail" 2>&1; }

check "base64 is the default" 0 "$p11ca" root export vpn
[ "$(wc -l <"$WORK/out")" -eq 0 ]; ok "one line, without a newline"
LC_ALL=C grep -qxE '[A-Za-z0-9+/]+={0,2}' "$WORK/out"; ok "of base64 alone" "$WORK/out"
openssl base64 -d -A -in "$WORK/out" -out "$WORK/x.der" && same "$WORK/x.der"; ok "it is the certificate on the token" "$WORK/detail"
cp "$WORK/out" "$WORK/line"
check "asked for by name" 0 "$p11ca" root export vpn --format base64
cmp "$WORK/line" "$WORK/out"; ok "the same"
if command -v script >/dev/null; then
	script -qec "$p11ca root export vpn" /dev/null | tr -d '\r' >"$WORK/out"
	[ "$(wc -l <"$WORK/out")" -eq 1 ]; ok "a terminal gets a newline" "$WORK/out"
fi
check "der" 0 "$p11ca" root export vpn --format der
same "$WORK/out"; ok "is the token's, byte for byte" "$WORK/detail"
check "pem" 0 "$p11ca" root export vpn --format pem
openssl x509 -in "$WORK/out" -outform DER -out "$WORK/x.der" && same "$WORK/x.der"; ok "is the same certificate" "$WORK/detail"
check "cer" 0 "$p11ca" root export vpn --format cer
[ "$(grep -c "$(printf '\r')\$" "$WORK/out")" -eq "$(wc -l <"$WORK/out")" ]; ok "every line ends with CR LF"
openssl x509 -in "$WORK/out" -outform DER -out "$WORK/x.der" && same "$WORK/x.der"; ok "is the same certificate" "$WORK/detail"

check "into a file" 0 "$p11ca" root export vpn --out "$WORK/line2"
check_has "the result is one sentence" out "The file '$WORK/line2' is written."
cmp "$WORK/line" "$WORK/line2"; ok "the same line"
check "a file that is there" 9 "$p11ca" root export vpn --format pem --out "$WORK/line2"
check_has "says how" err "--force"
cmp "$WORK/line" "$WORK/line2"; ok "is as it was"
check "--force" 0 "$p11ca" root export vpn --format pem --out "$WORK/line2" --force
check "a folder that is not there" 9 "$p11ca" root export vpn --out "$WORK/no/such/file"
check "a full disk" 9 "$p11ca" root export vpn --out /dev/full --force
check "no such format" 2 "$p11ca" root export vpn --format p12
check "no such root" 4 "$p11ca" root export nosuch
plan
