#!/bin/sh
# SPDX-License-Identifier: MIT
# others.t - a card that p11ca filled is everybody's: programs that we did not write find its key and use it.
# strongSwan and OpenVPN connect with such cards in tests/live/.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool p11tool ssh-keygen openvpn modutil certutil
tokens root card theirs
root azure root
check "a card is filled" 0 "$p11ca" -q --json client enroll --shared-card alice@contoso.com -t card $pins --out "$WORK/alice"
id=$(field .result.cka_id)
pem=$(ls "$WORK"/alice/*.pem | xargs grep -L "CN=azure" | head -n 1)
openssl x509 -in "$pem" -noout -pubkey >"$WORK/public.pem"
head -c 100 /dev/urandom >"$WORK/message"
module=$PKCS11_MODULE_PATH

# verifies NAME : $WORK/sig is this key's signature of the message
verifies() {
	openssl dgst -sha256 -verify "$WORK/public.pem" -signature "$WORK/sig" "$WORK/message" >"$WORK/detail" 2>&1
	ok "$1" "$WORK/detail"
}

check "pkcs11-tool signs" 0 pkcs11-tool --module "$module" --token-label card -l -p "$PIN" --sign -m SHA256-RSA-PKCS \
    --id "$id" -i "$WORK/message" -o "$WORK/sig"
verifies "what openssl verifies"

printf '%s\n' 'openssl_conf = c' '[c]' 'engines = e' '[e]' 'pkcs11 = p' '[p]' 'engine_id = pkcs11' \
    "MODULE_PATH = $module" "PIN = $PIN" 'init = 0' >"$WORK/engine.cnf"
rm -f "$WORK/sig"
key_uri="pkcs11:token=card;id=%$(echo "$id" | sed 's/../&%/g; s/%$//')"
check "openssl signs through its engine" 0 env OPENSSL_CONF="$WORK/engine.cnf" openssl dgst -sha256 -engine pkcs11 \
    -keyform engine -sign "$key_uri" -out "$WORK/sig" "$WORK/message"
verifies "what openssl verifies without it"

# And the other way: a card that others filled is understood.
theirs() { pkcs11-tool --module "$module" --token-label theirs -l -p "$PIN" --id d1 "$@"; }
check "pkcs11-tool makes a key" 0 theirs --keypairgen --key-type rsa:2048 --label theirs --usage-sign
request "$WORK/theirs.csr" /CN=theirs
openssl req -x509 -key "$WORK/theirs.csr.key" -in "$WORK/theirs.csr" -days 2 -outform DER -out "$WORK/theirs.der" \
    2>"$WORK/detail"
check "and writes a certificate" 0 theirs --write-object "$WORK/theirs.der" --type cert --label theirs
check "it is shown" 0 "$p11ca" --json token show theirs --login $pin
check_json "key, public key and certificate, paired" \
    '[.objects[] | select(.cka_id == "d1" and .has_certificate) | .class] | sort == ["cert", "private", "public"]'
check "its key is proved, with the risk that it decrypts" 10 "$p11ca" --json token audit theirs $pin
check_json "as one that was made there" '.keys[0] | .proof == "proved" and .made_on_token == true and (.risks | index("DEC") != null)'
check "and asks for a certificate" 0 "$p11ca" -q client request --shared-card theirs --token theirs --id d1 --out "$WORK/d1.csr" $pin
check "that openssl verifies" 0 openssl req -in "$WORK/d1.csr" -noout -verify

check "p11tool lists the card" 0 env GNUTLS_PIN="$PIN" p11tool --provider "$module" --login --list-all \
    "pkcs11:token=card"
[ "$(grep -c "ID: $(echo "$id" | sed 's/../&:/g; s/:$//')" "$WORK/out")" -eq 3 ]
ok "key, public key and certificate, by one id" "$WORK/out"
check "and tests a signature" 0 env GNUTLS_PIN="$PIN" p11tool --provider "$module" --login --test-sign \
    "$key_uri"

check "ssh-keygen reads its key" 0 ssh-keygen -D "$module"
ssh-keygen -i -m PKCS8 -f "$WORK/public.pem" | cut -d ' ' -f 2 >"$WORK/ssh"
grep -qF "$(cat "$WORK/ssh")" "$WORK/out"
ok "the one of the certificate" "$WORK/out"

check "OpenVPN finds its certificate" 0 openvpn --show-pkcs11-ids "$module"
check_has "by the subject" out "CN=alice@contoso.com"
check_has "with an id for its configuration" out "Serialized id:"

mkdir "$WORK/nss" && echo "card:$PIN" >"$WORK/nss-pins"
check "NSS takes a database" 0 certutil -N -d "sql:$WORK/nss" --empty-password
check "and the module" 0 modutil -force -dbdir "sql:$WORK/nss" -add p11ca-card -libfile "$module"
check "certutil finds the certificate" 0 certutil -L -d "sql:$WORK/nss" -h card -f "$WORK/nss-pins"
check_has "with its key: u" out "u,u,u"
plan
