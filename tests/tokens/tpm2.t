#!/bin/sh
# SPDX-License-Identifier: MIT
# tpm2.t - the matrix on tpm2-pkcs11 over a software TPM, by a socket of its own: no port, no network.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl script tpm2_getcap tpm2_flushcontext
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libtpm2_pkcs11.so.1 /usr/lib/*/pkcs11/libtpm2_pkcs11.so.1 \
    /usr/lib/libtpm2_pkcs11.so.1) || skip_all "no tpm2-pkcs11"
kind=tpm2 audit_says=10 SOPIN=officer
module_leaks # tpm2-pkcs11 1.9: the point of each EC key
export PKCS11_MODULE_PATH
swtpm_up
# A TPM holds three transient objects, and without a resource manager pkcs11-tool leaves some behind.
between() { tpm2_flushcontext -t; }
matrix

# More keys, sessions and threads than it has room for: p11ca leaves no object behind and needs no help.
between() { :; }
tpm2_flushcontext -t
for n in 1 2 3; do
	check "key $n of one more client" 0 p -q client request --shared-card "more-$n" --token "$token" --out "$WORK/more-$n.csr" $pin
	request "$WORK/plain-$n.csr" "/CN=plain-$n"
done
check "sixteen threads sign with one of seven keys" 0 p -q --json client issue "$WORK"/more-?.csr "$WORK"/plain-?.csr \
    --trust-names --root root-rsa --jobs 16 --out "$WORK/many" $pin
check_json "six certificates" '.certificates | length == 6 and all(.outcome == "issued")'
check "a key is made, proved and certified where all are" 0 p -q client enroll --shared-card last --token "$token" --root root-rsa \
    --same-token $pin
check "all keys are proved in one go" "$audit_says" p --json token audit "$token" $pin
check_json "eight of them" '.keys | length == 8 and all(.proof == "proved")'
typed "$PIN" "$p11ca token audit '$token'" >"$WORK/out" 2>&1
[ "$(grep -o "PIN for token" "$WORK/out" | wc -l)" -eq 1 ] && [ "$(grep -c " proved " "$WORK/out")" -eq 8 ]
ok "for which a person types the PIN once" "$WORK/out"
tpm2_getcap handles-transient >"$WORK/detail" && ! grep -q . "$WORK/detail"
ok "nothing is left in the TPM" "$WORK/detail"
plan
