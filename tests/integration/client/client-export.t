#!/bin/sh
# SPDX-License-Identifier: MIT
# client-export.t - a client's certificate, with or without its chain.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs openssl
tokens hsm
root vpn hsm
request "$WORK/a.csr" /CN=x
issue "$WORK/a.csr" --cn alice >/dev/null 2>&1
issued=$(ls "$WORK"/issued/alice-*.pem)
openssl x509 -in "$issued" -outform DER -out "$WORK/want.der"
for format in pem cer der; do
	check "$format" 0 "$p11ca" client export alice --format $format
	openssl x509 -in "$WORK/out" -outform DER -out "$WORK/x.der" 2>/dev/null || cp "$WORK/out" "$WORK/x.der"
	cmp "$WORK/want.der" "$WORK/x.der"; ok "is what was issued"
done
check "base64" 0 "$p11ca" client export alice --format base64
[ "$(wc -l <"$WORK/out")" -eq 0 ] && openssl base64 -d -A -in "$WORK/out" | cmp - "$WORK/want.der"; ok "one line"
check "the chain" 0 "$p11ca" client export alice --chain
[ "$(grep -c BEGIN "$WORK/out")" -eq 2 ]; ok "client and root" "$WORK/out"
cp "$WORK/out" "$WORK/chain.pem"
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
check "which openssl follows" 0 openssl verify -x509_strict -CAfile "$WORK/root.pem" -untrusted "$WORK/chain.pem" "$issued"
check "a chain in DER" 2 "$p11ca" client export alice --chain --format der
check "a file" 0 "$p11ca" client export alice --out "$WORK/f"
check "that is there" 9 "$p11ca" client export alice --out "$WORK/f"
check "nobody" 4 "$p11ca" client export nosuch
plan
