#!/bin/sh
# SPDX-License-Identifier: MIT
# client-revoke.t - who is revoked, what is printed for the gateway, and what openssl ocsp says then.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3
tokens hsm alice
root vpn hsm
card alice@contoso.com alice
for i in bob carol dora; do request "$WORK/$i.csr" "/CN=$i"; issue "$WORK/$i.csr" --cn "$i" --device phone >/dev/null 2>&1; done
request "$WORK/bob2.csr" /CN=x
issue "$WORK/bob2.csr" --cn bob >/dev/null 2>&1
show() { "$p11ca" --json client list --all | jq -r ".clients[] | select(.name == \"$1\" and .device == $2) | .$3"; }
bob=$(show bob null serial) phone=$(show bob '"phone"' serial) carol=$(show carol '"phone"' serial)
thumb=$(show bob null thumbprint)
revoke() { "$p11ca" --json client revoke "$@"; }

before=$(snapshot)
check "a revocation is shown by a dry run" 0 revoke "$bob" --reason superseded --dry-run
check_json "the dry run shows the one certificate, still as issued" ".certificates | length == 1 and .[0].serial == \"$bob\" and .[0].state == \"issued\""
[ "$before" = "$(snapshot)" ]; ok "the dry run changes nothing"
check "a revocation without a reason is refused" 2 revoke "$bob"
check "removeFromCRL is no reason for a revocation" 2 revoke "$bob" --reason removeFromCRL
check "a revocation of no certificate is refused" 2 revoke --reason superseded
check "a serial number together with --all is refused" 2 revoke "$bob" --all bob --reason superseded
check "an unknown client is not found" 4 revoke nosuch --reason superseded
check "a name of two certificates is ambiguous" 4 revoke bob --reason superseded
check "a device of several clients is ambiguous" 4 revoke --device phone --reason superseded
check_json "the message names the clients" '.error.cause | contains("bob")'
[ "$before" = "$(snapshot)" ]; ok "the refused revocations change nothing"

check "a certificate is revoked by its serial number" 0 revoke "$bob" --reason superseded
check_json "the certificate is revoked with the reason and the time" '.certificates[0] | .state == "revoked" and .reason == "superseded" and .revoked_at != null'
check_json "the result has the thumbprint" ".certificates[0].thumbprint == \"$thumb\""
check_json "the result has a name for the gateway's list" ".certificates[0].azure_name == \"p11ca-$(printf %.16s "$bob")\""
check_json "there is one command of az, which ends in the thumbprint" "[.commands[] | select(.tool == \"az\").command] | length == 1 and (.[0] | endswith(\"--thumbprint $thumb\"))"
check_json "there are three commands of PowerShell, one for sessions" '[.commands[] | select(.tool == "PowerShell").command] | length == 3 and any(startswith("Disconnect-"))'
check_json "the last command writes the CRL" '.commands[-1].command == "p11ca root crl vpn --out vpn.crl --force"'
check_json "the revocation is not yet enforced" '.enforcement.state == "NOT YET ENFORCED"'
"$p11ca" client export "$bob" --format der | openssl x509 -inform DER -noout -fingerprint -sha1 | tr -d : | tr A-F a-f >"$WORK/out"
check_has "openssl computes the same thumbprint" out "$thumb"
check "the same revocation again is no error" 0 revoke "$bob" --reason superseded
check_json "it prints the same result" '.certificates[0].state == "revoked" and (.commands | length) > 0'
check "a revocation for another reason fails" 7 revoke "$bob" --reason affiliationChanged
check_json "the refusal has the code of a revoked certificate" '.error.code == "revoked-before"'
check "client show prints the revoked certificate" 0 "$p11ca" --json client show "$bob"
check_json "client show has reason and time of the revocation" '.client.reason == "superseded" and .client.revoked_at != null'

before=$(snapshot)
check "without a terminal, a selection by name is not revoked" 7 revoke --all carol --device phone --reason affiliationChanged --batch
check_json "the refusal has the code not-confirmed" '.error.code == "not-confirmed"'
check_json "it lists the certificate and names the option" ".error | tojson | (contains(\"carol (phone), serial $(printf %.16s "$carol")\") and contains(\"--confirm\"))"
check "another text is no confirmation" 7 revoke --all carol --reason affiliationChanged --confirm bob
check "a confirmation of one certificate is refused" 2 revoke "$carol" --reason affiliationChanged --confirm carol
[ "$before" = "$(snapshot)" ]; ok "nothing is revoked without a confirmation"
check "the certificates of one client's device are revoked" 0 revoke --all carol --device phone --reason affiliationChanged --confirm carol
check_json "only that certificate is revoked" "[.certificates[].serial] == [\"$carol\"]"
# Older ledgers may have two tokens of one label; the ledger is a copy.
mkdir -m 700 "$WORK/same" && cp "$P11CA_HOME/ledger.db" "$WORK/same/" || bail "no copy"
sqlite3 "$WORK/same/ledger.db" "UPDATE keys SET token_label = 'alice'; UPDATE keys SET token_serial = '00' || id WHERE purpose = 'root'"
check "a label that several tokens have is refused" 4 "$p11ca" --home "$WORK/same" --json client revoke --card alice --reason keyCompromise
check_json "the refusal has the code token-ambiguous" '.error.code == "token-ambiguous"'
check "the certificates on a card are suspended by its label" 0 revoke --card alice --reason certificateHold --confirm alice
check_json "only the client on the card is suspended" '[.certificates[].name] == ["alice@contoso.com"]'
card_serial=$("$p11ca" --json token show alice | jq -r .token.serial)
check "the certificates on a card are revoked by its serial number" 0 revoke --card "$card_serial" --confirm "$card_serial" --reason keyCompromise
check_json "only the client on the card is revoked" '[.certificates[].name] == ["alice@contoso.com"]'
check "an unknown card is not found" 4 revoke --card 0000 --reason keyCompromise
check "all certificates of bob are revoked" 0 revoke --all bob --reason privilegeWithdrawn --confirm bob
check_json "the certificate that was revoked before keeps its reason" "[.certificates[] | [.serial, .reason]] | sort == ([[\"$bob\", \"superseded\"], [\"$phone\", \"privilegeWithdrawn\"]] | sort)"
check "a certificate is revoked again with another reason" 7 "$p11ca" --json client revoke "$bob" --reason affiliationChanged
check_json "the message has the serial number and the recorded reason" ".error.message == \"certificate $bob of 'bob' is already revoked (superseded)\""
# Gateways that the ledger knows.
"$p11ca" -q gateway add one --resource-group "Gruppe(Süd)" --root vpn --subscription 'Sub "1"' >/dev/null
"$p11ca" -q gateway add wan --resource-group rg --type vpn-server-config >/dev/null
check "a revoked certificate is revoked again after gateways were added" 0 revoke "$bob" --reason superseded
check_json "each command belongs to one of the gateways" '[.commands[] | select(.tool == "az" or .tool == "PowerShell") | .gateway_name] | unique == ["one", "wan"]'
check_json "no command has a placeholder for group or gateway" '[.commands[].command | select(contains("GROUP") or contains("GATEWAY"))] == []'
check_json "the first command for Virtual WAN renders it" '[.commands[] | select(.gateway_name == "wan") | .command] | .[0] | startswith("p11ca gateway render wan")'
check_json "the commands for Virtual WAN have one that ends sessions" '[.commands[] | select(.gateway_name == "wan") | .command] | any(startswith("Disconnect-AzP2sVpnGateway"))'
check_json "both gateways are pending" '([.pending[] | [.gateway_name, .state]] == [["one", "NOT YET ENFORCED"], ["wan", "NOT YET ENFORCED"]]) and .enforcement.state == "NOT YET ENFORCED"'
jq -r '.commands[] | select(.tool == "az").command' "$WORK/out" >"$WORK/run.sh"
mkdir "$WORK/bin" && printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$WORK/bin/az" && chmod 755 "$WORK/bin/az"
PATH="$WORK/bin:$PATH" sh "$WORK/run.sh" >"$WORK/argv"
printf '%s\n' network vnet-gateway revoked-cert create -g "Gruppe(Süd)" --gateway-name one -n "p11ca-$(printf %.16s "$bob")" \
    --thumbprint "$thumb" --subscription 'Sub "1"' | cmp -s - "$WORK/argv"
ok "az gets the arguments that are meant" "$WORK/argv"
check "client show prints the certificate with pending gateways" 0 "$p11ca" --json client show "$bob"
check_json "client show names both gateways" '[.pending[].gateway_name] == ["one", "wan"]'
for gw in one wan; do
	jq -n --arg gw $gw --arg thumb "$thumb" --arg root "$("$p11ca" root export vpn)" '{ vpnClientRootCertificates: [{ name: "r", publicCertData: $root }],
		vpnClientRevokedCertificates: [{ name: "x", thumbprint: $thumb }], vpnProtocols: ["IkeV2"] } |
		if $gw == "one" then { name: $gw, vpnClientConfiguration: . } else . + { name: $gw } end' >"$WORK/$gw.json"
	"$p11ca" -q gateway diff $gw --state "$WORK/$gw.json" --record >"$WORK/detail" 2>&1
done
check "the revocation is printed after it was observed at both gateways" 0 revoke "$bob" --reason superseded
check_json "the revocation is enforced and no gateway is pending" '.pending == [] and .enforcement.state == "SEEN ENFORCED"'
check "a revocation is printed as text" 0 "$p11ca" client revoke "$phone" --reason privilegeWithdrawn
check_has "the text says that it is not yet enforced" out "NOT YET ENFORCED"
head -n 1 "$WORK/out" | grep -q "^The certificate of bob, serial $phone, is revoked"; ok "the result comes first" "$WORK/out"
[ "$(wc -l <"$WORK/out")" -le 8 ]; ok "the text has at most 8 lines" "$WORK/out"
check_has "the text names the gateways" out "do not enforce the revocation yet: one, wan."
check_has "the text names the next step" out "with --script FILE"
check "a revocation is printed with --verbose" 0 "$p11ca" -v client revoke "$phone" --reason privilegeWithdrawn
check_has "the commands are printed with --verbose" out "az network vnet-gateway revoked-cert create"
# One table of reasons, in the help and in the guide.
sed -n 's/^REVOKE_REASON("\([^"]*\)", [0-9]*, "\([^"]*\)", "\([^"]*\)")$/| \1 | \2 | \3 |/p' "$srcdir/src/model/revoke_reason.def" >"$WORK/reasons"
[ "$(wc -l <"$WORK/reasons")" -eq 8 ]; ok "the source has a table of 8 reasons" "$WORK/reasons"
sed -n '/^| `--reason`/,/^$/p' "$srcdir/docs/guides/operator.md" | sed '1,2d; /^$/d' | cmp - "$WORK/reasons" >"$WORK/detail"; ok "the guide has the same table" "$WORK/detail"
"$p11ca" client revoke --help | tr -s ' \n' ' ' >"$WORK/out"
sed 's/^| //; s/ |$//' "$WORK/reasons" | while IFS= read -r line; do
	line=${line%% | *}" $(echo "${line#* | }" | sed 's/ | \(.*\)/ (\1)/')"
	grep -qF "$line" "$WORK/out" || echo "$line"
done >"$WORK/detail"
[ ! -s "$WORK/detail" ]; ok "the help has the same table" "$WORK/detail"
check "the key of a lost card is not certified again" 7 sh -c "\"$p11ca\" client enroll alice@contoso.com -t alice $pins"
check "the ledger verifies" 0 "$p11ca" ledger verify

# The index, as openssl ocsp answers from it.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/ocsp.key" -out "$WORK/ocsp.pem" -subj /CN=responder -days 2 2>/dev/null
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
check "the index for OpenSSL's OCSP responder is written" 0 "$p11ca" ledger export --format index
cp "$WORK/out" "$WORK/index.txt"
ocsp() {
	openssl ocsp -issuer "$WORK/root.pem" -serial "0x$1" -reqout "$WORK/q.der" &&
		openssl ocsp -index "$WORK/index.txt" -CA "$WORK/root.pem" -rsigner "$WORK/ocsp.pem" -rkey "$WORK/ocsp.key" \
		    -reqin "$WORK/q.der" -respout "$WORK/s.der" &&
		openssl ocsp -respin "$WORK/s.der" -reqin "$WORK/q.der" -issuer "$WORK/root.pem" -serial "0x$1" -noverify
}
check "the responder is asked for dora" 0 ocsp "$(show dora '"phone"' serial)"
check_has "the responder says that dora is good" out ": good"
check "the responder is asked for bob" 0 ocsp "$bob"
check_has "the responder says that bob is revoked" out ": revoked"
check_has "the responder gives the reason of bob's revocation" out "Reason: superseded"
check "the responder is asked for alice" 0 ocsp "$(show alice@contoso.com null serial)"
check_has "the responder gives the reason for which her card was revoked" out "Reason: keyCompromise"
check "the responder is asked for bob's phone" 0 ocsp "$phone"
check_has "the phone is revoked, though OpenSSL has no word for the reason" out ": revoked"
check "the responder is asked for a serial number that is not in the ledger" 0 ocsp 4f00
check_has "the responder does not know it" out ": unknown"
request "$WORK/d2.csr" /CN=x
issue "$WORK/d2.csr" --cn dora >/dev/null 2>&1
"$p11ca" ledger export --format index --root vpn >"$WORK/index.txt"
check "the responder is asked for the second certificate of one name" 0 ocsp "$(show dora null serial)"
check_has "the second certificate of one name is good" out ": good"
check "the index is not written as JSON" 2 "$p11ca" --json ledger export --format index
check "--root is refused for a table" 2 "$p11ca" ledger export --root vpn
check "an unknown root has no index" 4 "$p11ca" ledger export --format index --root nosuch
plan
