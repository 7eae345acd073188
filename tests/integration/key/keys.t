#!/bin/sh
# SPDX-License-Identifier: MIT
# keys.t - every kind of key, as root and as client; openssl and certtool follow the chains.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool
tokens hsm card
use_proxy # it keeps SoftHSM loaded, so that the leak of its Ed25519 keys can be told from ours
whole_stacks
cd "$WORK" || bail "no folder"
root="root create -t hsm $pin --template vpn-root"

# kind SPEC TEXT : a root and a client of that kind; openssl calls the key TEXT
kind() {
	name=$(echo "$1" | tr : -)
	check "$1: a root" 0 "$p11ca" --json $root "$name" --key "$1"
	check_json "$1: proved" ".result | .key_type == \"$1\" and .made_on_token == true and .extractable == false and .secret_read_refused == true"
	check "$1: a client" 0 "$p11ca" --json client enroll --shared-card "client-$name" -t card $pins --root "$name" --template vpn-client --key "$1" --out "$name"
	check_json "$1: installed" ".result | .key_type == \"$1\" and .installed"
	openssl x509 -in "$name/root.cer" -out "$name/root.pem"
	check "$1: openssl follows the chain" 0 openssl verify -x509_strict -check_ss_sig -purpose sslclient -CAfile "$name/root.pem" "$name/client-$name.pem"
	check "$1: certtool does" 0 certtool --verify --load-ca-certificate "$name/root.pem" --infile "$name/client-$name.pem"
	check "$1: openssl reads the key" 0 openssl x509 -in "$name/client-$name.pem" -noout -text
	check_has "$1: it is $2" out "$2"
	check_lacks "$1: only RSA encrypts, and this does not" out "Key Encipherment"
}
kind rsa:2048 '(2048 bit)'
kind rsa:3072 '(3072 bit)'
kind rsa:4096 '(4096 bit)'
kind ec:p256 'NIST CURVE: P-256'
kind ec:p384 'NIST CURVE: P-384'
kind ec:p521 'NIST CURVE: P-521'
kind ed25519 'ED25519'
check "all keys on the card are proved again" 0 "$p11ca" --json token audit card $pin
check_json "seven" '[.keys[].proof] == ["proved", "proved", "proved", "proved", "proved", "proved", "proved"]'

# Requests of others, of kinds that this root does not have.
i=0
for key in 'ec -pkeyopt ec_paramgen_curve:P-384' ed25519 rsa:3072; do
	i=$((i + 1))
	request $i.csr /CN=x -newkey $key
	check "a request with ${key%% *} under an EC root" 0 issue $i.csr --cn "guest$i" --root ec-p256 --template vpn-client
done
check "openssl follows all" 0 openssl verify -x509_strict -CAfile ec-p256/root.pem issued/guest*.pem

# Azure takes RSA: said before anything is made.
for spec in ec:p256 ec:p384 ec:p521 ed25519; do
	rm -f "$WORK/calls"
	check "Azure: no $spec" 7 "$p11ca" --json client enroll --shared-card azure -t card $pins --root rsa-2048 --key $spec
	check_json "has a code" '.error.code == "template-key-type"'
	check_has "the reason" err "every certificate recipe of Azure VPN Gateway is RSA"
	[ "$(calls C_Login)" -eq 0 ] && [ "$(calls C_GenerateKeyPair)" -eq 0 ]; ok "before any login" "$WORK/calls"
	check "nor a root" 7 "$p11ca" root create azure -t hsm $pin --key $spec
done
plan
