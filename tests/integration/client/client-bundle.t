#!/bin/sh
# SPDX-License-Identifier: MIT
# client-bundle.t - a software key, its certificate and the chain in a PFX that other programs open.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool
PASS='test pass phrase' PFXPASS='test PFX password'
export PASS PFXPASS
bundle() { "$p11ca" --json client bundle --key-pin-source env:PASS --pfx-pin-source env:PFXPASS "$@"; }
tokens hsm
root vpn hsm

check "key and request on a machine of its own" 0 env P11CA_HOME="$WORK/none" "$p11ca" client request alice \
    --key-file "$WORK/a.key" --key-pin-source env:PASS --out "$WORK/a.csr"
check "issued" 0 issue "$WORK/a.csr" --cn alice
cp "$issued"/alice*.pem "$WORK/a.pem"
"$p11ca" -q root export vpn --format pem --out "$WORK/root.pem" || bail "no root"

# opens FILE [OPTION...] : openssl finds the key and both certificates
opens() {
	opens_file=$1
	shift
	openssl pkcs12 "$@" -in "$opens_file" -passin env:PFXPASS -nodes -out "$WORK/opened" &&
		[ "$(grep -c 'BEGIN CERTIFICATE' "$WORK/opened")" -eq 2 ] && openssl x509 -in "$WORK/opened" -noout -subject &&
		[ "$(openssl pkey -in "$WORK/opened" -pubout)" = "$(openssl x509 -in "$WORK/a.pem" -noout -pubkey)" ]
}
check "the chain from the ledger" 0 bundle --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/a.pfx"
[ "$(stat -c %a "$WORK/a.pfx")" = 600 ]; ok "for its owner only"
check "openssl opens it, with the whole chain" 0 opens "$WORK/a.pfx"
check_has "the client comes first" out "alice"
check "modern encryption" 0 openssl pkcs12 -info -noout -in "$WORK/a.pfx" -passin env:PFXPASS
check_has "AES-256 and PBKDF2" err "AES-256-CBC, Iteration 100000, PRF hmacWithSHA256"
check_has "MAC with SHA-256" err "MAC: sha256"
certtool_info() { certtool --p12-info --inder --infile "$1" --password "$PFXPASS"; }
check "certtool opens it" 0 certtool_info "$WORK/a.pfx"
[ "$(grep -c 'BEGIN CERTIFICATE' "$WORK/out")" -eq 2 ]; ok "with the whole chain" "$WORK/out"
grep -q 'BEGIN.*PRIVATE KEY' "$WORK/out"; ok "and the key"

legacy() {
	env P11CA_HOME="$WORK/none" "$p11ca" --json client bundle --key-pin-source env:PASS --pfx-pin-source env:PFXPASS \
	    --compat legacy --key-file "$WORK/a.key" --cert "$WORK/a.pem" "$@"
}
check "without a ledger and without issuers" 7 legacy --out "$WORK/l.pfx"
check_has "says what is missing" err "pfx-chain"
[ ! -e "$WORK/l.pfx" ]; ok "and leaves nothing"
check "without a ledger, root from a file" 0 legacy --root-cert "$WORK/root.pem" --out "$WORK/l.pfx"
check "openssl opens it with its legacy provider" 0 opens "$WORK/l.pfx" -legacy
check "and without: 3DES is not among what it took out" 0 opens "$WORK/l.pfx"
check "old encryption" 0 openssl pkcs12 -legacy -info -noout -in "$WORK/l.pfx" -passin env:PFXPASS
check_has "3DES" err "pbeWithSHA1And3-KeyTripleDES-CBC"
check_has "SHA-1" err "MAC: sha1"
check "certtool opens it" 0 certtool_info "$WORK/l.pfx"
[ "$(grep -c 'BEGIN CERTIFICATE' "$WORK/out")" -eq 2 ]; ok "with the whole chain" "$WORK/out"
cat "$WORK/a.pem" "$WORK/root.pem" >"$WORK/all.pem"
check "the chain in the certificate's own file" 0 env P11CA_HOME="$WORK/none" "$p11ca" client bundle --key-pin-source env:PASS \
    --pfx-pin-source env:PFXPASS --key-file "$WORK/a.key" --cert "$WORK/all.pem" --out "$WORK/c.pfx"

check "a file that is there" 9 bundle --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/a.pfx"
check "no key file" 9 bundle --key-file "$WORK/none.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
[ ! -e "$WORK/none.key" ]; ok "is not made here"
check "a wrong passphrase" 5 env PASS=wrong "$p11ca" client bundle --key-pin-source env:PASS \
    --pfx-pin-source env:PFXPASS --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
check "a key on a token" 7 bundle --key-file "pkcs11:token=hsm;id=%01" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
check_has "says why not" err "exports no keys from tokens"
printf -- '-----BEGIN PKCS#11 PROVIDER URI-----\npkcs11:token=hsm\n-----END PKCS#11 PROVIDER URI-----\n' >"$WORK/uri.pem"
check "a file that points to a token" 7 bundle --key-file "$WORK/uri.pem" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
{ printf 'Bag Attributes\n    friendlyName: pkcs11:token=hsm (PKCS#11, was TSS2 PRIVATE KEY)\n'; cat "$WORK/a.key"; } >"$WORK/named.key"
check "a key in a file whose label speaks of a token is still a key in a file" 0 bundle --key-file "$WORK/named.key" --cert "$WORK/a.pem" --out "$WORK/named.pfx"
for kind in "TSS2 PRIVATE KEY" "TSS KEY BLOB" "PKCS#11 PROVIDER URI"; do
	printf -- "-----BEGIN $kind-----\nAAAA\n-----END $kind-----\n" >"$WORK/points.pem"
	check "a file with the PEM of $kind points to a token" 7 bundle --key-file "$WORK/points.pem" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
	check_json "the file with $kind has the code token-key" '.error.code == "token-key"'
done
printf '\n pkcs11:token=hsm\n' >"$WORK/points.txt"
check "a file with a PKCS#11 URI points to a token" 7 bundle --key-file "$WORK/points.txt" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
check_json "the file with a URI has the code token-key" '.error.code == "token-key"'
openssl genrsa -out "$WORK/other.key" 2048 2>/dev/null
check "another key, one that others may read" 7 bundle --key-file "$WORK/other.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
check_has "is not the certificate's" err "pfx-key"
PFXPASS=
check "an empty password" 7 bundle --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
[ ! -e "$WORK/x.pfx" ]; ok "nothing was left by any of them"
for PFXPASS in a elevenchars; do
	check "the password '$PFXPASS' is too short" 7 bundle --compat legacy --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
	check_json "its code says so" '.error.code == "pfx-password-short"'
done
[ ! -e "$WORK/x.pfx" ]; ok "no file was written with it"
PFXPASS=$(printf '\303\244%.0s' 1 2 3 4 5 6 7 8 9 10 11 12)
check "12 characters of two bytes each are enough" 0 bundle --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/umlaut.pfx"
generate() {
	"$p11ca" --json client bundle --key-pin-source env:PASS --generate-password --key-file "$WORK/a.key" --cert "$WORK/a.pem" "$@"
}
check "a generated password" 0 generate --out "$WORK/g.pfx"
check "and another" 0 generate --out "$WORK/h.pfx"
[ "$(stat -c %a "$WORK/g.pfx.password")" = 600 ]; ok "only its owner can read it"
! cmp -s "$WORK/g.pfx.password" "$WORK/h.pfx.password"; ok "each file has a password of its own"
openssl pkcs12 -in "$WORK/g.pfx" -passin "file:$WORK/g.pfx.password" -noout; ok "it opens the file"
cp "$WORK/g.pfx.password" "$WORK/kept" && rm "$WORK/g.pfx"
check "a password file that is there" 9 generate --out "$WORK/g.pfx"
cmp -s "$WORK/g.pfx.password" "$WORK/kept" && [ ! -e "$WORK/g.pfx" ]; ok "nothing is overwritten"
check "with --force" 0 generate --force --out "$WORK/g.pfx"
openssl pkcs12 -in "$WORK/g.pfx" -passin "file:$WORK/g.pfx.password" -noout; ok "both files are new"
PFXPASS='test PFX password'
check "a dry run" 0 bundle --dry-run --key-file "$WORK/a.key" --cert "$WORK/a.pem" --out "$WORK/x.pfx"
[ ! -e "$WORK/x.pfx" ]; ok "writes nothing"
plan
