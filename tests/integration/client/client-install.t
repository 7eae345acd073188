#!/bin/sh
# SPDX-License-Identifier: MIT
# client-install.t - a certificate from anywhere onto the token that holds its key.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool softhsm2-util
tokens hsm card other
"$p11ca" client request alice -t card $pin --out "$WORK/a.csr" >/dev/null || bail "no request"
root vpn hsm
issue "$WORK/a.csr" --cn alice >/dev/null 2>&1 || bail "not issued"
cert=$(ls "$WORK"/issued/alice-*.pem)
install() { "$p11ca" --json client install "$@" $pin; }

check "a token without its key" 4 install "$cert" -t other
check "the one with it" 0 install "$cert" -t card
check_json "is installed" '.result.installed'
check "again" 0 install "$cert" -t card
check_json "the same" '.result.installed'
check "on the card" 0 "$p11ca" --json token show card
check_json "once, and the root" '[.objects[] | select(.class == "cert")] | length == 2'
check_json "by one id" '[.objects[] | select(.class == "cert" and .label == "alice")] | length == 1 and .[0].has_public'
check "the ledger knows when" 0 "$p11ca" --json client show alice
check_json "it was installed" '.client.installed_at != null'

# Where there is no ledger, the chain comes from the file.
P11CA_HOME=$WORK/nohome
softhsm2-util --init-token --free --label far --pin "$USER_PIN" --so-pin "$SO_PIN" >/dev/null
"$p11ca" client request bob -t far $pin --out "$WORK/b.csr" >/dev/null || bail "no request"
P11CA_HOME=$WORK/home
issue "$WORK/b.csr" --cn bob >/dev/null 2>&1 || bail "not issued"
"$p11ca" client export bob --chain --out "$WORK/chain.pem" || bail "no chain"
P11CA_HOME=$WORK/nohome
check "a chain" 0 install "$WORK/chain.pem" -t far
check "both of it" 0 "$p11ca" --json token show far
check_json "are on the card" '[.objects[] | select(.class == "cert").label] | length == 2'
[ ! -e "$P11CA_HOME" ]; ok "no ledger was made"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label far -O >"$WORK/out" 2>/dev/null
check_has "another program sees it" out "CN=bob"

# Somebody else's certificate lies under the key's id.
id=$("$p11ca" --json client request carol -t other $pin --out "$WORK/c.csr" | jq -r .result.cka_id)
P11CA_HOME=$WORK/home
issue "$WORK/c.csr" --cn carol >/dev/null 2>&1 || bail "not issued"
openssl x509 -in "$cert" -outform DER -out "$WORK/other.der"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$USER_PIN" --write-object "$WORK/other.der" \
    --type cert --id "$id" >/dev/null 2>&1 || bail "cannot write"
check "an id that is taken" 7 install "$WORK"/issued/carol-*.pem -t other --shared-card
check_json "has a code" '.error.code == "id-taken"'
check "nothing is overwritten" 0 "$p11ca" --json token show other
check_json "the other one is still there" '[.objects[] | select(.class == "cert").subject] == ["CN=alice"]'

check "no file" 9 install "$WORK/nosuch" -t far
echo text >"$WORK/text"
check "no certificate" 3 install "$WORK/text" -t far
check "a wrong PIN" 5 "$p11ca" client install "$cert" -t other --pin-source env:WRONG
plan
