#!/bin/sh
# SPDX-License-Identifier: MIT
# client-enroll.t - a card from blank to enrolled, again, and for a second machine.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool p11tool
tokens hsm alice bob
enroll() { "$p11ca" --json client enroll "$@" $pins; }
on_card() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice "$@" 2>/dev/null; }

check "no place for the key" 2 "$p11ca" client enroll alice@contoso.com
check_has "which may be" err "--token for a card, --software-key for a PFX, --from"
check "no ledger" 4 enroll alice@contoso.com -t alice
root vpn hsm
root_id=$("$p11ca" --json root show vpn | jq -r .root.cka_id)
check "enrolls" 0 enroll alice@contoso.com -t alice --out "$WORK/alice" --note 'desk 3'
check_json "key proved, certificate on the card" '.result | .made_on_token == true and .extractable == false and .secret_read_refused == true and .installed and (.existing | not)'
check_json "files" '[.files[].kind] | sort == ["certificate", "chain", "receipt", "root"]'
id=$(field .result.cka_id) fingerprint=$(field .result.fingerprint)
cp "$WORK/out" "$WORK/first"
jq -r '.files[] | select(.sha256 != null) | .sha256 + "  " + .path' "$WORK/out" >"$WORK/sums"
check "each file has the sum that was printed" 0 sha256sum -c "$WORK/sums"
check "the receipt names what was made" 0 jq -e ".result.fingerprint == \"$fingerprint\" and (.files | length == 3)" "$WORK/alice/receipt.json"

# Other programs see one pair with its certificate, and the root behind it.
on_card -O --login --pin "$USER_PIN" >"$WORK/out"
[ "$(grep -c "ID: *$id" "$WORK/out")" -eq 3 ]; ok "pkcs11-tool: two halves and a certificate of one id" "$WORK/out"
[ "$(grep -c "ID: *$root_id" "$WORK/out")" -eq 1 ]; ok "pkcs11-tool: the root's certificate" "$WORK/out"
check_has "pkcs11-tool: the key may sign" out "sign"
check_lacks "pkcs11-tool: and nothing else" out "decrypt"
check_has "pkcs11-tool: never extractable" out "never extractable"
GNUTLS_PIN=$USER_PIN p11tool --provider "$PKCS11_MODULE_PATH" --login --list-all pkcs11:token=alice >"$WORK/out" 2>/dev/null
colons=$(echo "$id" | sed 's/../&:/g;s/:$//')
[ "$(grep -ci "ID: $colons" "$WORK/out")" -eq 3 ]; ok "p11tool: paired by id" "$WORK/out"

# The card's key is the certificate's.
openssl x509 -in "$WORK/alice/alice@contoso.com.pem" -noout -pubkey >"$WORK/public.pem"
echo message >"$WORK/message"
on_card --login --pin "$USER_PIN" --sign -m SHA256-RSA-PKCS --id "$id" -i "$WORK/message" -o "$WORK/sig" >/dev/null
check "what pkcs11-tool signs with it verifies" 0 openssl dgst -sha256 -verify "$WORK/public.pem" -signature "$WORK/sig" "$WORK/message"
on_card --read-object --type cert --id "$id" -o "$WORK/card.der" >/dev/null
[ "$(sha256sum <"$WORK/card.der" | cut -d ' ' -f 1)" = "$fingerprint" ]; ok "the certificate on the card is the one issued"
openssl x509 -in "$WORK/alice/root.cer" -out "$WORK/root.pem"
check "and valid" 0 openssl verify -x509_strict -purpose sslclient -CAfile "$WORK/root.pem" "$WORK/alice/alice@contoso.com.pem"
check "the chain ends with the root" 0 openssl verify -x509_strict -CAfile "$WORK/root.pem" -untrusted "$WORK/alice/alice@contoso.com-chain.pem" "$WORK/alice/alice@contoso.com.pem"
check "in it" 0 openssl x509 -in "$WORK/alice/alice@contoso.com.pem" -noout -text
for what in 'email:alice@contoso.com' 'Digital Signature' 'TLS Web Client Authentication'; do check_has "$what" out "$what"; done
check_lacks "no CA" out "CA:TRUE"

check "the same command again" 0 enroll alice@contoso.com -t alice --out "$WORK/alice"
check_json "returns what was issued" ".result | .existing and .fingerprint == \"$fingerprint\""
check "and without --out" 0 enroll alice@contoso.com -t alice
check_json "the same" ".result | .existing and .fingerprint == \"$fingerprint\""
rm "$WORK/alice/root.cer"
check "a file that was lost" 0 enroll alice@contoso.com -t alice --out "$WORK/alice"
[ -f "$WORK/alice/root.cer" ]; ok "comes back"

check "the same client on another card" 7 enroll alice@contoso.com -t bob
check_json "is a second certificate" '.error.code == "client-has-key"'
check_has "which a device may have" err "--device"
check_has "the hint names the command for a lost card" err "client revoke --card SERIAL --reason keyCompromise"
check "named as a device" 0 enroll alice@contoso.com -t bob --device laptop --out "$WORK/bob"
check_json "its own" ".result | .device == \"laptop\" and .fingerprint != \"$fingerprint\""
check "the same client for another time" 7 enroll alice@contoso.com -t bob --device laptop --days 9
check_json "is refused" '.error.code == "client-has-certificate" and (.error.message | test("not for 9"))'
printf 'cn,device,token\nalice@contoso.com,laptop,bob\n' >"$WORK/days.csv"
check "and on a list" 10 "$p11ca" --json client enroll --from "$WORK/days.csv" --days 9 $pins
check_json "with the code" '.clients[0] | .outcome == "refused" and .code == "client-has-certificate"'
check "another client on the same card" 0 enroll carol -t bob --shared-card
check_json "with another key" ".result.cka_id != \"$id\" and .result.installed"
check "the root's own token" 7 enroll dora -t hsm
check_json "has a code" '.error.code == "same-token"'
check "unless it is allowed" 0 enroll dora -t hsm --same-token

for name in '' ' x' 'x ' 'a@' 'DOMAIN\user' "$(printf 'a\033[31m')" "$(printf 'evil\342\200\256txt')" "$(printf %065d 0)"; do
	check "no name for a client: '$(printf %s "$name" | tr -d '\033')'" 7 enroll "$name" -t alice
done
check "an invalid device name is refused" 2 enroll x -t alice --device "$(printf 'a\nb')"
check "a template for roots" 2 enroll x -t alice --template azure-root
check "no host name for a device's template" 7 enroll alice@contoso.com -t alice --device d2 --template azure-device
check "longer than the root" 7 enroll x -t alice --days 5000
check_json "has a code" '.error.code == "validity-beyond-issuer"'
check "no such root" 4 enroll x -t alice --root nosuch
check "output in a file's place" 9 enroll x -t alice --shared-card --out "$WORK/message"
mkdir "$WORK/taken" && echo mine >"$WORK/taken/root.cer" || bail "no folder"
check "output that is there" 9 enroll x -t alice --shared-card --out "$WORK/taken"
[ "$(cat "$WORK/taken/root.cer")" = mine ]; ok "stays"
# A lost card: the client gets another card when the certificate on the lost card cannot become valid again.
alice_serial=$("$p11ca" --json token list | jq -r '.tokens[] | select(.label == "alice") | .serial')
check "the certificates on the lost card are suspended" 0 "$p11ca" client revoke --card "$alice_serial" --confirm "$alice_serial" --reason certificateHold
check "a suspended client gets no second card" 7 enroll alice@contoso.com -t bob --shared-card
check_json "the refusal has the code client-has-key" '.error.code == "client-has-key"'
check "the certificates on the lost card are revoked" 0 "$p11ca" client revoke --card "$alice_serial" --confirm "$alice_serial" --reason keyCompromise
check "the client gets another card" 0 enroll alice@contoso.com -t bob --shared-card --out "$WORK/alice-2"
check_json "the new card has a key and a certificate of its own" ".result | .cka_id != \"$id\" and .fingerprint != \"$fingerprint\" and .installed and (.existing | not)"
new_fingerprint=$(field .result.fingerprint)
check "the command is run again" 0 enroll alice@contoso.com -t bob --shared-card
check_json "it returns the certificate on the new card" ".result | .existing and .fingerprint == \"$new_fingerprint\""
check "the lost card is found again" 7 enroll alice@contoso.com -t alice
check_json "it gets no certificate while the new card is valid" '.error.code == "client-has-key"'
check "none of these left a key" 0 "$p11ca" --json ledger recover
check_json "behind" '.unfinished == []'
check "or a client" 0 "$p11ca" --json client list
check_json "in the ledger" '[.clients[].name] | index("x") == null'
check "and it verifies" 0 "$p11ca" ledger verify
plan
