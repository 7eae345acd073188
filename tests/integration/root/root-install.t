#!/bin/sh
# SPDX-License-Identifier: MIT
# root-install.t - what a two-tier CA of openssl's signs for a root's key: judged, kept with its chain, used, renewed.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool pkcs11-tool sqlite3
cd "$WORK" || bail "no folder"
tokens hsm alice bob
inst() { "$p11ca" --json root install "$@" --pin-source env:PIN; }

# ca NAME SUBJECT EXTENSIONS ISSUER : an EC key and its certificate, by ISSUER or by itself
ca() {
	printf '[x]\nsubjectKeyIdentifier = hash\n%s\n' "$3" >"$1.cnf"
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
	openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
	if [ "$4" = "$1" ]; then set -- "$@" -signkey "$1.key"; else set -- "$@" -CA "$4.pem" -CAkey "$4.key" -CAcreateserial; fi
	ca_name=$1
	shift 4
	openssl x509 -req -in "$ca_name.csr" "$@" -days 3000 -extfile "$ca_name.cnf" -extensions x -out "$ca_name.pem" 2>detail || bail "$(cat detail)"
}
# answer NAME ISSUER EXTENSIONS [OPTION...] : what ISSUER signs for the request
answer() {
	printf '[x]\nsubjectKeyIdentifier = hash\n%s\n' "$3" >answer.cnf
	answer_name=$1 answer_by=$2
	shift 3
	openssl x509 -req -in sub.csr -CA "$answer_by.pem" -CAkey "$answer_by.key" -CAcreateserial -days 2000 -extfile answer.cnf -extensions x \
	    -out "$answer_name.pem" "$@" 2>detail || bail "$(cat detail)"
}
sub_ext='basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
authorityKeyIdentifier = keyid'
ca_ext='basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign'
ca top "/CN=Contoso Root" "$ca_ext" top
ca mid "/CN=Contoso Policy" "$ca_ext" top
ca short "/CN=Contoso Short" "basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign" top
"$p11ca" -q root request sub -t hsm --out sub.csr $pin >/dev/null || bail "no request"
answer sub mid "$sub_ext"
answer leaf mid "basicConstraints = critical, CA:FALSE"
answer unable mid "basicConstraints = critical, CA:TRUE
keyUsage = critical, cRLSign"
answer below short "$sub_ext"
cat top.pem mid.pem >chain.pem

# refused WHAT CODE FILE [OPTION...]
refused() {
	what=$1 code=$2
	shift 2
	check "$what" 7 inst sub --cert "$@"
	check_json "$what: $code" ".error.code == \"$code\""
}
snapshot >before
refused "without its chain" issuers-incomplete sub.pem
refused "with half of it" issuers-incomplete sub.pem --chain mid.pem
# As AD CS hands out chains: PKCS#7, in DER, in PEM, and in PEM that says certificate.
openssl crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b && openssl crl2pkcs7 -nocrl -certfile mid.pem -outform DER -out half.p7b &&
    openssl crl2pkcs7 -nocrl -certfile sub.pem -certfile chain.pem -out whole.p7c || bail "no PKCS#7"
sed 's/PKCS7/CERTIFICATE/' whole.p7c >certsrv.p7b
openssl base64 -in chain.p7b -out plain.p7b
openssl crl2pkcs7 -in /dev/null -nocrl -outform DER -out empty.p7b 2>/dev/null || openssl crl2pkcs7 -nocrl -outform DER -out empty.p7b
certtool --p7-info --inder --infile chain.p7b >detail 2>&1; ok "GnuTLS reads the chain, too" detail
for p7 in "sub.pem --chain chain.p7b" "sub.pem --chain plain.p7b" "whole.p7c" "certsrv.p7b"; do
	# shellcheck disable=SC2086 # to be split
	check "PKCS#7: $p7" 0 inst sub --cert $p7 --dry-run
done
refused "half of it in PKCS#7" issuers-incomplete sub.pem --chain half.p7b
check "PKCS#7 without certificates" 3 inst sub --cert sub.pem --chain empty.p7b
head -c 200 chain.p7b >cut.p7b
check "a piece of one" 3 inst sub --cert sub.pem --chain cut.p7b
refused "another's certificate" root-key-differs mid.pem --chain chain.pem
refused "one that is no CA's" root-not-ca leaf.pem --chain chain.pem
refused "one without keyCertSign" root-not-ca unable.pem --chain chain.pem
refused "below a CA that has none below it" issuers-path-length below.pem --chain short.pem
check "what is no certificate" 3 inst sub --cert sub.csr
check "an unknown root is refused" 4 inst nosuch --cert sub.pem --chain chain.pem
check "a dry run" 0 inst sub --cert sub.pem --chain chain.pem --dry-run
snapshot >after
cmp before after >detail; ok "none of them changed anything" detail
check "a wrong PIN" 5 "$p11ca" root install sub --cert sub.pem --chain chain.pem --pin-source env:WRONG --batch
rm -rf "$XDG_STATE_HOME" # where the failed PIN is remembered

# A run that is killed when the ledger has it and the token does not; the next one finishes.
real=$PKCS11_MODULE_PATH
use_proxy
with_fault C_CreateObject@1=kill inst sub -t hsm --cert sub.pem --chain chain.pem >detail 2>&1
[ $? -gt 128 ]; ok "killed in the middle" detail
PKCS11_MODULE_PATH=$real
[ "$("$p11ca" --json root show sub | jq -r .root.state)" = issued ]; ok "the ledger has it"
check "with who is above it" 0 "$p11ca" --json root show sub
check_json "the nearest first" '[.issuers[].subject] == ["CN=Contoso Policy", "CN=Contoso Root"]'
check "root install" 0 inst sub --cert sub.pem --chain chain.pem
check_json "it is written to the token" '.result.installed and .result.template_name == "subordinate"'
serial=$(openssl x509 -in sub.pem -noout -serial | cut -d= -f2)
check "again" 0 inst sub --cert sub.pem --chain chain.pem
check_json "nothing is left to do" .result.existing
id=$("$p11ca" --json root show sub | jq -r .root.cka_id)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o card.der >detail 2>&1
openssl x509 -in sub.pem -outform DER | cmp - card.der >detail 2>&1; ok "it lies beside the key" detail
[ "$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT length(issuers) > 500 FROM certificates WHERE is_root")" = 1 ]; ok "its chain is in the ledger"

# What goes to the gateway: the root first, one to a line.
"$p11ca" root export sub >lines || bail "no export"
n=0
for which in top mid sub; do
	n=$((n + 1))
	sed -n ${n}p lines | base64 -d >line.der 2>/dev/null
	openssl x509 -in $which.pem -outform DER | cmp - line.der >detail 2>&1; ok "line $n is $which" detail
done
"$p11ca" root export sub --format pem >exported.pem
cat top.pem mid.pem sub.pem | grep -v '^Cert' | cmp - exported.pem >detail 2>&1; ok "PEM in the same order" detail
"$p11ca" root export sub --format der | cmp - card.der >detail 2>&1; ok "DER is its own alone" detail

card alice alice --out alice
cat mid.pem sub.pem >between.pem
check "openssl verifies a client through the chain" 0 openssl verify -x509_strict -CAfile top.pem -untrusted between.pem alice/alice.pem
[ "$(grep -c BEGIN alice/alice-chain.pem)" = 4 ]; ok "the chain file has all of it"
check "openssl verifies with what is in it" 0 openssl verify -x509_strict -CAfile alice/root.cer -untrusted alice/alice-chain.pem alice/alice.pem
check "certtool verifies it" 0 certtool --verify --load-ca-certificate top.pem --infile alice/alice-chain.pem
"$p11ca" client export alice --chain --format pem >alice.pem; cmp alice.pem alice/alice-chain.pem >detail 2>&1; ok "client export has the same" detail
check "the card" 0 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --list-objects --type cert
[ "$(grep -c 'Certificate Object' "$WORK/out")" = 4 ]; ok "has all of it"
"$p11ca" -q client request --shared-card bob -t bob --out bob.csr $pin >/dev/null || bail "no request"
check "client issue" 0 "$p11ca" client issue bob.csr --cn bob --out issued $pin
check "openssl verifies with its files" 0 openssl verify -CAfile issued/root.cer -untrusted issued/issuers.pem issued/bob-*.pem
cat issued/bob-*.pem issued/issuers.pem >bob-chain.pem
check "client install with a chain" 0 "$p11ca" client install --shared-card bob-chain.pem -t bob $pin
check "the other card" 0 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label bob --list-objects --type cert
[ "$(grep -c 'Certificate Object' "$WORK/out")" = 4 ]; ok "has all of it, too"
check "its CRL" 0 "$p11ca" root crl sub --out sub.crl --force $pin
check "openssl takes it" 0 openssl crl -in sub.crl -CAfile sub.pem -noout
check "the ledger verifies" 0 "$p11ca" ledger verify

# A gateway takes an intermediate only after its root: the whole chain, from the top, and once.
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
"$p11ca" -q gateway add gw1 --resource-group test >/dev/null || bail "no gateway"
gateway() { sed -e "s|@CLIENT_ROOT_DATA@|$1|" -e "s|@OTHER_ROOT_DATA@|$(line alice/alice.pem)|" -e s/test-gw/gw1/g "$srcdir/tests/data/gateway/vnet-gateway.json" >gw1.json; }
# uploads WHAT FILE... : these, in this order, are what is added
uploads() {
	uploads_what=$1
	shift
	check "$uploads_what" 0 "$p11ca" gateway render gw1 --format arm --state gw1.json --out gw.arm --force
	for file; do line "$file" && echo; done >want
	jq -r '[.. | .vpnClientRootCertificates? | arrays][0][].properties.publicCertData' gw.arm | grep -vxF -e "$(line alice/alice.pem)" >have
	cmp want have >detail; ok "$uploads_what: in order" gw.arm
}
gateway "$(line alice/alice.pem)"
sed -i 's/@CLIENT_ROOT_DATA@//' gw1.json
uploads "what a gateway is given" top.pem mid.pem sub.pem
gateway "$(line top.pem)"
uploads "to one that has the topmost" top.pem mid.pem sub.pem
check "without a state" 0 "$p11ca" gateway render gw1 --format az --out add.sh --force
grep -o "$(line top.pem)\|$(line mid.pem)\|$(line sub.pem)" add.sh >have; { line top.pem && echo && line mid.pem && echo && line sub.pem && echo; } | cmp - have >detail
ok "the same by az" add.sh

# Renewal is the other CA's: a request for the same key, and the answer in the old one's place.
check "it does not renew itself" 7 "$p11ca" --json root renew sub $pin
check_json "and says who does" '.error.code == "root-subordinate"'
check "the same key's request" 0 "$p11ca" root request sub -t hsm --out sub.csr --force $pin
answer renewed mid "$sub_ext" -set_serial 0x1234567890abcdef
check "the renewed one" 0 inst sub --cert renewed.pem --chain chain.pem
check_json "names the one before" ".result.renews == \"$(echo "$serial" | tr A-F a-f)\" and .result.installed"
check "openssl verifies the client under it" 0 openssl verify -CAfile top.pem -untrusted mid.pem -untrusted renewed.pem alice/alice.pem
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o card.der >detail 2>&1
openssl x509 -in renewed.pem -outform DER | cmp - card.der >detail 2>&1; ok "it alone lies beside the key" detail
check "and the ledger verifies" 0 "$p11ca" ledger verify
"$p11ca" -q ledger backup --out cut.db >/dev/null
sqlite3 cut.db "UPDATE certificates SET issuers = NULL WHERE serial = '1234567890abcdef'"
check "a chain that was taken away" 10 "$p11ca" --json ledger verify cut.db
check_json "is found" '[.faults[].code] | index("ledger-certificate-invalid") != null and length >= 2'

root own hsm
check "one that signed itself" 7 inst own --cert sub.pem --chain chain.pem
plan
