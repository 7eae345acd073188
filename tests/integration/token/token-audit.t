#!/bin/sh
# SPDX-License-Identifier: MIT
# token-audit.t - every key is proved again; what is risky shows.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq pkcs11-tool
tokens hsm card
root vpn hsm
audit() { "$p11ca" --json token audit "$1" $pin; }

check "a root's token" 0 audit hsm
check_json "one key, proved" '[.keys[].proof] == ["proved"]'
check_json "without a risk" '.keys[0] | .risks == [] and .secret_read_refused == true and .extractable == false'
check "an empty token" 0 audit card
check_json "no keys" '.keys == []'

test_key "$WORK/key.pem" && softhsm_key card a1 "$WORK/key.pem" || bail "no key"
check "a key that came from outside" 10 audit card
check_json "is not called local" '.keys[0] | .cka_id == "a1" and .made_on_token == false and (.risks | index("NLO") != null)'
tool() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$USER_PIN" "$@" >/dev/null 2>&1; }
tool --keypairgen --key-type EC:secp256r1 --id b2 --label loose --extractable || bail "no extractable key"
check "a key that may leave" 10 audit card
check_json "is said in capitals" '.keys[] | select(.cka_id == "b2") | .risks | index("XTR") != null'
tool --delete-object --type pubkey --id b2 || bail "cannot delete"
check "half a pair" 10 audit card
check_json "is not proved" '.keys[] | select(.cka_id == "b2") | .proof != "proved" and .reason != null'
check "a wrong PIN" 5 "$p11ca" token audit card --pin-source env:WRONG
check "no such token" 4 audit nosuch

# Clients look for the certificate by the key's id: a second one with that id may be the one they take.
"$p11ca" -q client enroll alice -t card --shared-card $pins --out "$WORK/alice" >"$WORK/detail" 2>&1 || bail "no client: $(cat "$WORK/detail")"
check "a key with one certificate, beside others, is proved" 10 audit card
check_json "no key has a second certificate" '[.keys[] | select(.risks | index("CRT"))] == []'
check "doctor has nothing against the card" 10 "$p11ca" --json doctor --client alice
check_json "doctor finds no second certificate" '[.findings[].code] | index("key-several-certificates") == null'
id=$("$p11ca" --json token audit card $pin | jq -r '.keys[] | select(.recorded_as == "client alice") | .cka_id')
openssl req -x509 -new -key "$WORK/key.pem" -subj /CN=Attestation -days 9 -outform DER -out "$WORK/x.der" 2>/dev/null
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$USER_PIN" --write-object "$WORK/x.der" --type cert \
    --id "$id" --label Attestation >"$WORK/detail" 2>&1 || bail "no second certificate"
check "a second certificate with the id of the client's key is reported by the audit" 10 audit card
check_json "the key with two certificates is still proved, and warned of" \
    "[.keys[] | select(.cka_id == \"$id\") | .proof] == [\"proved\"] and ([.keys[] | select(.risks | index(\"CRT\")) | .cka_id] == [\"$id\"])"
check "doctor looks at the card that is here" 10 "$p11ca" --json doctor --client alice
check_json "doctor reports the second certificate, and how to remove it" \
    '[.findings[] | select(.code == "key-several-certificates") | [.severity, .file]] == [["warning", "alice"]]'
plan
