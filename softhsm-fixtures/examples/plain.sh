#!/bin/sh
# plain.sh - a test in plain shell: a fixture in a folder of its own, which is gone at the end, however the test ends.
set -eu
folder=$(mktemp -d)
trap 'softhsm-fixture down "$folder/hsm" || :; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

softhsm-fixture up --set minimal "$folder/hsm"
eval "$(softhsm-fixture env "$folder/hsm")"

# The card signs, openssl verifies with the certificate.
echo "a message" >"$folder/message"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label card --login --pin "$SOFTHSM_FIXTURE_PIN" --id 02 \
    --sign --mechanism SHA256-RSA-PKCS --input-file "$folder/message" --output-file "$folder/signature"
openssl x509 -in "$SOFTHSM_FIXTURE_FILES/minimal-card.pem" -pubkey -noout >"$folder/public.pem"
openssl dgst -sha256 -verify "$folder/public.pem" -signature "$folder/signature" "$folder/message"
