#!/bin/sh
# SPDX-License-Identifier: MIT
# interop.t - requests that other programs make, and what they say of the certificates.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool pki pkcs11-tool p11tool
tokens hsm card
root vpn hsm
cd "$WORK" || bail "no folder"
"$p11ca" root export vpn --format pem >root.pem
openssl x509 -in root.pem -outform DER -out root.der
# strongSwan's pki tells on stderr which plugins it lacks; "no issue found" is what counts.
strongswan() { pki "$@" 2>pki.err || { cat pki.err >&2; return 1; }; }

# accepted WHO CSR : issued for it, and accepted by all
accepted() {
	check "$1: its request" 0 issue "$2" --cn "$1.example.com" --json
	cert=$(field '.certificates[0].path')
	check "$1: openssl verify" 0 openssl verify -x509_strict -purpose sslclient -CAfile root.pem "$cert"
	check "$1: certtool --verify" 0 certtool --verify --load-ca-certificate root.pem --infile "$cert" --verify-purpose 1.3.6.1.5.5.7.3.2
	check "$1: pki --verify" 0 strongswan --verify --in "$cert" --cacert root.der
	check_has "$1: trusted" out "certificate trusted"
	openssl x509 -in "$cert" -noout -pubkey >have.pub
	openssl req -in "$2" -noout -pubkey >want.pub 2>/dev/null || openssl req -inform DER -in "$2" -noout -pubkey >want.pub
	cmp have.pub want.pub; ok "$1: the key is the one that asked"
}

request openssl.csr /CN=someone
accepted openssl openssl.csr
openssl req -in openssl.csr -outform DER -out openssl.der
check "in DER it is the same request" 0 issue openssl.der --cn openssl.example.com --json
check_json "with the same certificate" '.certificates[0].outcome == "existing"'

certtool --generate-privkey --bits 2048 --outfile gnutls.key >/dev/null 2>&1
printf 'cn = someone\norganization = Contoso\ndns_name = x.example.com\ntls_www_server\nchallenge_password = secret\n' >gnutls.tmpl
certtool --generate-request --load-privkey gnutls.key --template gnutls.tmpl --outfile gnutls.csr >/dev/null 2>&1 || bail "no certtool"
accepted gnutls gnutls.csr

strongswan --gen --type rsa --size 2048 --outform pem >strongswan.key || bail "no pki --gen"
strongswan --req --type rsa --in strongswan.key --dn 'C=DE, O=Contoso, CN=someone' --san x.example.com --outform pem >strongswan.csr || bail "no pki --req"
accepted strongswan strongswan.csr

# A key on a token that p11ca did not make, and a request that openssl had it sign.
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$USER_PIN" --keypairgen --key-type rsa:2048 \
    --id 0a0b --label theirs >/dev/null 2>&1 || bail "no key"
if openssl engine pkcs11 >/dev/null 2>&1; then
	cat >engine.cnf <<EOF
openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $PKCS11_MODULE_PATH
PIN = $USER_PIN
init = 0
[req]
distinguished_name = dn
[dn]
EOF
	OPENSSL_CONF=$WORK/engine.cnf openssl req -new -engine pkcs11 -keyform engine \
	    -key 'pkcs11:token=card;id=%0a%0b;type=private' -subj /CN=someone -out token.csr 2>openssl.err || bail "$(cat openssl.err)"
	accepted token token.csr
	check "onto the token beside that key" 0 "$p11ca" client install --shared-card "$cert" -t card $pin
	pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$USER_PIN" -O >out 2>/dev/null
	[ "$(grep -c 'ID: *0a0b' out)" -eq 3 ]; ok "pkcs11-tool pairs the three by id" out
	GNUTLS_PIN=$USER_PIN p11tool --provider "$PKCS11_MODULE_PATH" --login --list-all 'pkcs11:token=card;id=%0a%0b' >out 2>/dev/null
	[ "$(grep -c 'ID: 0a:0b' out)" -eq 3 ]; ok "so does p11tool" out
	check "openssl cms signs with it" 0 env OPENSSL_CONF="$WORK/engine.cnf" openssl cms -sign -engine pkcs11 -keyform engine \
	    -inkey 'pkcs11:token=card;id=%0a%0b;type=private' -signer "$cert" -in gnutls.tmpl -nodetach -out signed -outform DER
	check "and verifies up to the root" 0 openssl cms -verify -inform DER -in signed -CAfile root.pem -purpose any
fi

# The other way round: what a card says is asked for is what others read.
"$p11ca" client request --shared-card bob -t card $pin --out bob.csr >/dev/null || bail "no request"
check "our request: openssl" 0 openssl req -in bob.csr -noout -verify
check "our request: certtool" 0 certtool --crq-info --infile bob.csr
check_has "is signed by its key" out "Self signature: verified"
strongswan --self --ca --type rsa --in strongswan.key --dn CN=ca >ca.der
check "our request: pki" 0 strongswan --issue --type pkcs10 --in bob.csr --cakey strongswan.key --cacert ca.der
plan
