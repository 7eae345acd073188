#!/bin/sh
# SPDX-License-Identifier: MIT
# check.t - findings about certificates and requests that others made.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
# finds CODE : the last check has a finding of that code
finds() { check_json "finds $1" "[.findings[].code] | index(\"$1\") != null"; }
# self FILE [OPTION...] : self-signed
self() {
	self_file=$1
	shift
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$self_file.key" -out "$self_file" -days 30 "$@" 2>/dev/null || bail "no $self_file"
}
self good.pem -days 3000 -subj /CN=root -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
check "a good root" 0 "$p11ca" --json check good.pem
check_json "has no fault" '[.findings[] | select(.severity == "fail" or .severity == "warning")] == []'
openssl x509 -in good.pem -outform DER -out good.der
check "in DER" 0 "$p11ca" --json check -v good.der
check_json "is the same" '[.findings[].code] | index("rfc5280-ca-basic-constraints") == null'
openssl base64 -A -in good.der -out good.line
check "as Azure's one line" 0 "$p11ca" check good.line
self weak.pem -subj /CN=root -sha1 -addext basicConstraints=CA:TRUE
check "an old root" 10 "$p11ca" --json check weak.pem
finds rfc5280-root-signature-weak
finds azure-root-expiring
self ec.pem -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=other -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
check "an EC root" 10 "$p11ca" --json check ec.pem
finds azure-key-rsa

request r.csr /CN=alice -addext 'extendedKeyUsage=serverAuth'
check "a request" 0 "$p11ca" --json check r.csr
finds request-asked
openssl req -in r.csr -outform DER -out r.der
check "in DER" 0 "$p11ca" --json check r.der
finds request-asked
printf 'extendedKeyUsage=serverAuth,clientAuth\n' >ext
openssl x509 -req -in r.csr -CA good.pem -CAkey good.pem.key -days 30 -extfile ext -out leaf.pem 2>/dev/null || bail "no leaf"
check "a client that is a server first" 10 "$p11ca" --json check leaf.pem --root good.pem
finds azure-eku-first
finds azure-san-dns
check "under another root" 10 "$p11ca" --json check leaf.pem --root ec.pem
finds rfc5280-issuer-matches
# What single clients fail on.  leaf FILE EXTENSION... : a client of the good root
leaf() {
	leaf_file=$1
	shift
	printf '%s\n' "$@" >ext
	openssl x509 -req -in "${leaf_csr:-r.csr}" -CA good.pem -CAkey good.pem.key -days 30 -extfile ext -out "$leaf_file" \
	    2>/dev/null || bail "no $leaf_file"
}
ids=$(printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid')
leaf alice.pem "$ids" extendedKeyUsage=clientAuth subjectAltName=DNS:alice keyUsage=critical,digitalSignature
check "a good client" 0 "$p11ca" --json check alice.pem --root good.pem
check_json "has no fault" '[.findings[] | select(.severity != "info")] == []'
check "without its issuer" 0 "$p11ca" --json check alice.pem
finds client-issuer-not-given
leaf agree.pem "$ids" extendedKeyUsage=clientAuth subjectAltName=DNS:alice keyUsage=critical,keyAgreement
check "a client that may not sign" 10 "$p11ca" --json check agree.pem --root good.pem
finds client-key-usage
request smith.csr '/CN=Alice Smith'
leaf_csr=smith.csr leaf smith.pem "$ids" extendedKeyUsage=clientAuth
check "a client without a name for strongSwan and Apple" 10 "$p11ca" --json check smith.pem --root good.pem
finds client-san-missing
if command -v faketime >/dev/null; then
	check "a root that expired" 10 at '+3001 days' "$p11ca" --json check alice.pem --root good.pem
	finds client-root-expired
fi

cat leaf.pem good.pem >chain.pem
check "a chain" 10 "$p11ca" --json check chain.pem
check_json "is judged as one" '[.findings[].code] | index("rfc5280-issuer-matches") == null'
check "what could not be judged" 10 "$p11ca" --json check -v leaf.pem
check_json "is said with -v" '[.findings[].severity] | index("skipped") != null'

request small.csr /CN=x -newkey rsa:1024
check "a key that is too short" 10 "$p11ca" --json check small.csr
finds request-key-size
request ec.csr /CN=x -newkey ec -pkeyopt ec_paramgen_curve:P-256
check "an EC request, for Azure" 10 "$p11ca" --json check ec.csr
finds request-key-type
check "and for others" 0 "$p11ca" check ec.csr --template vpn-client

openssl x509 -in good.pem -outform DER | openssl base64 -A >line.txt
check "one line of base64, as the portal wants it" 0 "$p11ca" --json check line.txt
fold -w 64 line.txt >lines.txt
check "several" 10 "$p11ca" --json check lines.txt
finds azure-data-blanks
openssl x509 -in good.pem -outform DER >good.der
check "DER" 0 "$p11ca" check good.der

check "several files" 10 "$p11ca" check good.pem weak.pem
check "no file" 9 "$p11ca" check nosuch.pem
echo text >text
check "no certificate" 3 "$p11ca" check text
check_has "and what is" err "hint: give the file as its maker wrote it"
check "nothing" 2 "$p11ca" check
check "a pipe" 0 "$p11ca" check - <good.pem
if command -v faketime >/dev/null; then
	check "in 30 years" 10 at '+30 years' "$p11ca" --json check good.pem
	finds rfc5280-expired
fi
plan
