#!/bin/sh
# SPDX-License-Identifier: MIT
# client-renew.t - successors: with a new key, the same key, a key that is elsewhere, on another card, of another root.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl sqlite3 pkcs11-tool
cd "$WORK" || bail "no folder"
tokens hsm alice spare dora emil
root vpn hsm
card alice@contoso.com alice --out first
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
package_root gateway.pem "/CN=Test Gateway Root"
package_folder gw gateway.pem root.pem
"$p11ca" -q profile write gw --client alice@contoso.com --for swanctl,openvpn --out first || bail "no profiles"
old=$(jq -r .result.serial first/receipt.json) old_id=$(jq -r .result.cka_id first/receipt.json)
renew() { "$p11ca" --json client renew "$@" $pins; }
state() { "$p11ca" --json client show "$1" | jq -r .client.state; }
verifies() { openssl verify -x509_strict -CAfile root.pem "$1" >detail 2>&1; ok "$2" detail; }

snapshot >before
check "a dry run" 0 "$p11ca" --json client renew alice@contoso.com --dry-run
check_json "makes a key and issues" '[.steps[] | select(.state == "todo") | .name] | index("generate the key") and
	index("issue the certificate") and (index("supersede the old certificate") | not)'
snapshot >after
cmp before after >detail; ok "and changes nothing" detail

check "renew" 0 renew alice@contoso.com --out second
check_json "names what it renews" ".result.renews == \"$old\" and .result.serial != \"$old\" and .result.cka_id != \"$old_id\""
check_has "says that the profiles name the old key" err "name the old key"
new=$(jq -r .result.serial second/receipt.json) new_id=$(jq -r .result.cka_id second/receipt.json)
verifies second/alice@contoso.com.pem "openssl verifies the successor"
verifies first/alice@contoso.com.pem "and still the old one"
[ "$(state "$old") $(state "$new")" = "issued issued" ]; ok "both are good"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --login --pin "$PIN" -O >objects 2>/dev/null
for id in "$old_id" "$new_id"; do
	[ "$(grep -c "ID: *$id" objects)" -eq 3 ]; ok "both halves and the certificate of $id are on the card" objects
done
check "the same command again" 0 renew alice@contoso.com --out second
check_json "returns the successor, by name too" ".result.existing and .result.serial == \"$new\" and .result.renews == \"$old\""
check "the same command after its files were lost" 0 renew alice@contoso.com --out lost
cmp -s second/alice@contoso.com.pem lost/alice@contoso.com.pem; ok "the certificate of the successor is written again"
check "the name with a root means two certificates now" 4 renew alice@contoso.com --root vpn --out second
check_json "and neither is renewed again" '.error.code == "client-ambiguous"'
check_has "the command for the older one is shown" err "p11ca client renew $old"
check_has "the command for its successor is shown" err "p11ca client renew $new"
check "profiles by serial" 0 "$p11ca" -q profile write gw --client "$new" --for swanctl --out byserial
find byserial -name '*.pem' -path '*x509/*' -exec openssl x509 -in {} -noout -serial \; | tr A-F a-f | grep -q "$new"; ok "are the successor's"
check "the profiles of all clients after a renewal" 0 "$p11ca" --json profile write gw --all --for swanctl --out both
check_json "only the successor gets profiles" ".clients | map(select(.client_name == \"alice@contoso.com\") | .serial) == [\"$new\"]"
check "the old one again" 0 renew "$old" --out second
check_json "returns its successor" ".result.existing and .result.serial == \"$new\""
check "the old one again, for another time" 7 renew "$old" --days 7
check_json "is refused: its successor is valid for longer" '.error.code == "client-has-certificate" and (.error.message | test("not for 7"))'
check "a client that was renewed sets the exit status of --expiring" 10 "$p11ca" --json client list --expiring 400
check_json "--expiring lists only the successor" "[.clients[].serial] == [\"$new\"]"
check "--all lists the clients that expire and those that were renewed" 10 "$p11ca" --json client list --expiring 400 --all
check_json "--expiring --all lists both certificates" "([.clients[].serial] | sort) == ([\"$old\", \"$new\"] | sort)"
check_json "the list names the successor of the old certificate, and none of the new one" \
    ".clients | map({ key: .serial, value: .renewed_by }) | from_entries == { \"$old\": \"$new\", \"$new\": null }"
check "the calendar is written" 0 "$p11ca" ledger export --format ics
grep -q "Serial $new" "$WORK/out" && ! grep -q "Serial $old" "$WORK/out"; ok "the calendar has the successor only" "$WORK/out"
check "the calendar is written with renewed certificates" 0 "$p11ca" ledger export --format ics --all
grep -q "Serial $new" "$WORK/out" && grep -q "Serial $old" "$WORK/out"; ok "the calendar has both certificates" "$WORK/out"
check "with --supersede" 0 renew "$old" --out second --supersede
[ "$(state "$old") $(state "$new")" = "revoked issued" ]; ok "the old one is revoked"
check_has "which no gateway knows yet" err "NOT YET ENFORCED"
"$p11ca" -q root crl vpn --out crl.pem $pin && openssl crl -in crl.pem -noout -text >crl.txt
grep -qi "Serial Number: $old" crl.txt && grep -q Superseded crl.txt; ok "it is in the CRL" crl.txt
check "a revoked one" 7 renew "$old"
check_json "has no successor any more" '.error.code == "renew-not-issued"'
check "enrolling again" 0 "$p11ca" --json client enroll alice@contoso.com -t alice $pins
check_json "returns the successor" ".result.existing and .result.serial == \"$new\""

check "profiles it breaks" 0 renew alice@contoso.com --out third --package gw --for swanctl
third=$(jq -r .result.cka_id third/receipt.json)
grep -q "handle = $third" third/swanctl/swanctl.conf; ok "are written for the new key"
serial=$(jq -r .result.serial third/receipt.json)
check "a third that is good at the same time" 7 renew "$serial" --out fourth --package gw
check_has "is one too many" err "revoke the older one first"
"$p11ca" -q client revoke "$new" --reason superseded >/dev/null || bail "not revoked"
check "the next time without --for" 0 renew "$serial" --out fourth --package gw
[ -f fourth/swanctl/swanctl.conf ]; ok "the same formats are written"

# Same key
serial=$(jq -r .result.serial fourth/receipt.json) id=$(jq -r .result.cka_id fourth/receipt.json)
"$p11ca" -q client revoke "$(jq -r .result.serial third/receipt.json)" --reason superseded >/dev/null || bail "not revoked"
check "--same-key" 7 renew "$serial" --same-key
check_json "where nobody allowed it" '.error.code == "renew-same-key"'
printf '[root vpn]\nrenew-same-key = yes\n' >"$P11CA_HOME/p11ca.conf"
check "--same-key where it is allowed" 0 renew "$serial" --same-key --out fifth
check_json "keeps the key" ".result.cka_id == \"$id\" and .result.renews == \"$serial\""
verifies fifth/alice@contoso.com.pem "openssl verifies it"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --read-object --type cert --id "$id" -o card.der >detail 2>&1
openssl x509 -in fifth/alice@contoso.com.pem -outform DER | cmp - card.der >detail 2>&1; ok "and it alone lies beside the key" detail
printf '[root vpn]\nrenew-same-key = maybe\n' >"$P11CA_HOME/p11ca.conf"
check "neither yes nor no" 3 renew "$serial" --same-key
rm "$P11CA_HOME/p11ca.conf"

# A key that is elsewhere
request carol.csr /CN=carol
issue carol.csr --cn carol --batch >/dev/null 2>&1 || bail "no carol"
check "without a request" 7 renew carol
check_json "it is said" '.error.code == "renew-key-token-unknown"'
check "with the old request" 7 renew carol --csr carol.csr --out c2
check_json "it is no new key" '.error.code == "renew-same-key"'
request carol2.csr /CN=mallory
printf '[root vpn]\nrenew-same-key = yes\n' >"$P11CA_HOME/p11ca.conf"
check "--same-key with a request for another key is refused" 7 "$p11ca" --json client renew carol --same-key --csr carol2.csr --out c2 $pin
check_json "the refusal has the code renew-other-key" '.error.code == "renew-other-key"'
rm "$P11CA_HOME/p11ca.conf"
check "a new request" 0 "$p11ca" --json client renew carol --csr carol2.csr --out c2 $pin
check_json "gets the name that was certified before" '.result.subject == "CN=carol"'
verifies c2/carol.pem "openssl verifies it"
openssl x509 -in c2/carol.pem -pubkey -noout | cmp - "$(openssl pkey -in carol2.csr.key -pubout >pub && echo pub)" >detail
ok "it is for the new key" detail
serial2=$(jq -r .result.serial c2/receipt.json)
check "the first certificate of carol is renewed with the same request again" 0 \
    "$p11ca" --json client renew "$(openssl x509 -in "$issued"/carol-*.pem -noout -serial | cut -d= -f2)" --csr carol2.csr --out c2 $pin
check_json "the run returns the successor that exists" ".result.existing and .result.serial == \"$serial2\""
check "a folder that cannot be made" 9 "$p11ca" --json client renew carol --csr carol2.csr --out /proc/c2 $pin
check_json "the error names the certificate that was issued" ".error.context | any(test(\"$serial2, which was issued\"))"
check "the same request again, with the name" 0 "$p11ca" --json client renew carol --csr carol2.csr --out c2again $pin
check_json "a name with the request of its successor returns that successor" ".result.serial == \"$serial2\""
[ -s c2again/carol.pem ]; ok "its files are written"
request carol3.csr /CN=carol
check "another request with the name" 4 "$p11ca" --json client renew carol --csr carol3.csr --out c3 $pin
check_json "a name with another request is ambiguous" '.error.code == "client-ambiguous"'
first=$(openssl x509 -in "$issued"/carol-*.pem -noout -serial | cut -d= -f2)
for key in rsa:2048 rsa:3072; do
	request "other-$key.csr" /CN=carol -newkey "$key"
	check "renewing the same certificate with a request for another $key key is refused" 7 \
	    "$p11ca" --json client renew "$first" --csr "other-$key.csr" --out "other-$key" $pin
	check_json "the refusal has the code client-has-certificate" '.error.code == "client-has-certificate"'
	check_has "the refusal names the successor" err "$serial2"
	[ ! -e "other-$key" ]; ok "no file is written for the request with another $key key"
done
check "a dry run of the same renewal is refused, too" 7 "$p11ca" client renew "$first" --csr carol3.csr --out c4 --dry-run $pin
check "renewing onto a card while there is a successor with another key is refused" 7 \
    "$p11ca" --json client renew "$first" --token spare --out c5 $pins
check_json "that refusal has the same code" '.error.code == "client-has-certificate"'
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label spare --login --pin "$PIN" -O >objects 2>/dev/null
! grep -q "Key Object" objects; ok "no key was made on the card" objects
request broken.csr /CN=x && sed -i '3s/./A/10' broken.csr
carol=$(jq -r .result.serial c2/receipt.json)
check "a broken request" 3 "$p11ca" --json client renew "$carol" --csr broken.csr --out c3 $pin
[ ! -e c3 ]; ok "leaves nothing"

"$p11ca" -q client enroll ec@contoso.com --token emil --key ec:p256 --template vpn-client $pins >detail 2>&1 || bail "$(cat detail)"
check "a client with an EC key is renewed" 0 renew ec@contoso.com
check_json "the new key is of the type of the old one" '.result.key_type == "ec:p256" and .result.template_name == "vpn-client"'

# Another card, another root
"$p11ca" -q client revoke "$serial" --reason superseded >/dev/null || bail "not revoked"
spare=$(jq -r .result.serial fifth/receipt.json)
check "onto a spare card" 0 renew "$spare" --token spare --out sixth
check_json "is made there" '.result.token.uri | contains("token=spare")'
"$p11ca" -q client revoke "$spare" --reason superseded >/dev/null || bail "not revoked"
check "a PIN that is wrong" 5 "$p11ca" --json client renew "$(jq -r .result.serial sixth/receipt.json)" \
    --pin-source env:WRONG --root-pin-source env:PIN --batch
check "nobody" 4 renew nobody
check "--csr and --token" 2 renew carol --csr carol2.csr --token alice --out x
check "the ledger verifies" 0 "$p11ca" ledger verify

# All that expire, in a ledger of its own.
first_home=$P11CA_HOME
mkdir -m 700 list && export P11CA_HOME="$WORK/list"
root list hsm
card dora@contoso.com dora --days 20
card emil@contoso.com emil --days 10
request fred.csr /CN=fred
issued=$WORK/list-issued issue fred.csr --cn fred --batch >fred.out 2>&1 || bail "no fred: $(cat fred.out)"
dora=$("$p11ca" --json client show dora@contoso.com | jq -r .client.serial)
check "an ID and --expiring exclude each other" 2 renew "$dora" --expiring 30
check "neither an ID nor --expiring is refused" 2 renew
check "--wait without --expiring is refused" 2 renew "$dora" --wait
snapshot >before
check "a dry run of all renewals" 0 renew --expiring 30 --dry-run
check_json "it lists the certificates that expire, the first to expire first, with their tokens" \
    '[.clients[] | [.name, .outcome, .token_label]] == [["emil@contoso.com", "todo", "emil"], ["dora@contoso.com", "todo", "dora"]]'
check_json "it has their number" '.renewals == { renewed: 0, no_card: 0, refused: 0, not_tried: 0, todo: 2 }'
snapshot >after
cmp before after >detail; ok "the dry run changes nothing" detail
for folder in tokens/*; do
	grep -qa emil "$folder/token.object" && mv "$folder" away
done
interrupted() (
	use_proxy
	export P11FAULT="C_CreateObject@1=0x30"
	renew --expiring 30
)
check "a renewal fails after the certificate is issued, before it is on the card" 10 interrupted
check_json "the certificate is reported as refused, and the other card as missing" '[.clients[] | [.name, .outcome]] == [["emil@contoso.com", "no card"], ["dora@contoso.com", "refused"]]'
issued_before=$("$p11ca" --json client list | jq '.clients | length')
check "all are renewed while a card is not inserted" 10 renew --expiring 30 --out renewed
check_json "the missing card is reported, and the other certificate is renewed" \
    "[.clients[] | [.name, .outcome, .token_label, .code]] == [[\"emil@contoso.com\", \"no card\", \"emil\", \"token-not-found\"], [\"dora@contoso.com\", \"renewed\", \"dora\", null]]"
check_json "the summary counts both" '.renewals.renewed == 1 and .renewals.no_card == 1 and .renewals.refused == 0'
[ "$("$p11ca" --json client list | jq '.clients | length')" -eq "$issued_before" ]; ok "the interrupted renewal is completed, without another certificate"
[ "$(jq -r .result.renews renewed/dora@contoso.com/receipt.json)" = "$dora" ]; ok "the files of the successor are in the client's folder"
timeout 100 "$p11ca" --json client renew --expiring 30 --wait $pins >waited 2>wait.err &
waiting=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	grep -q "Insert the card for emil" wait.err && break
	sleep 1
done
grep -q "Insert the card for emil@contoso.com" wait.err; ok "the second run waits for the card" wait.err
mv away "tokens/$(basename "$folder")-back"
wait $waiting; ok "it ends without an error when the card is inserted" wait.err
cp waited out
check_json "only the certificate that is left is renewed" '[.clients[] | [.name, .outcome]] == [["emil@contoso.com", "renewed"]]'
check "a third run" 0 "$p11ca" client renew --expiring 30 $pins
check_has "nothing is left" out "No certificate has to be renewed."
check "certificates without a card of the ledger are reported" 10 renew --expiring 400
check_json "the certificate from a request is refused with its reason" '[.clients[] | select(.name == "fred") | [.outcome, .code]] == [["refused", "renew-key-token-unknown"]]'
export P11CA_HOME="$first_home"

# Last, as the ledger does not accept an earlier clock afterwards.
expiring() { at '+340 days' "$p11ca" --json doctor | jq -r '.findings[] | select(.code == "doctor-expiring").message' | grep -oE '^[0-9]+'; }
before=$(expiring) spare=$(jq -r .result.serial sixth/receipt.json)
check "a certificate is renewed 25 days before it expires" 0 at '+340 days' "$p11ca" --json client renew "$spare" $pins --clock-ok
[ "$(expiring)" = $((before - 1)) ]; ok "doctor counts the renewed certificate no longer as expiring (before: $before)"
plan
