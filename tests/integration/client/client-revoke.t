#!/bin/sh
# SPDX-License-Identifier: MIT
# client-revoke.t - who is revoked, what is printed for the gateway, and what openssl ocsp says then.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
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
check "a dry run" 0 revoke "$bob" --reason superseded --dry-run
check_json "shows whom" ".certificates | length == 1 and .[0].serial == \"$bob\" and .[0].state == \"issued\""
[ "$before" = "$(snapshot)" ]; ok "and changes nothing"
check "without a reason" 2 revoke "$bob"
check "for a reason that is none" 2 revoke "$bob" --reason removeFromCRL
check "nobody" 2 revoke --reason superseded
check "one and all" 2 revoke "$bob" --all bob --reason superseded
check "no such one" 4 revoke nosuch --reason superseded
check "a name of two" 4 revoke bob --reason superseded
check "a device of many" 4 revoke --device phone --reason superseded
check_json "names them" '.error.cause | contains("bob")'
[ "$before" = "$(snapshot)" ]; ok "nothing has happened"

check "by serial" 0 revoke "$bob" --reason superseded
check_json "revoked" '.certificates[0] | .state == "revoked" and .reason == "superseded" and .revoked != null'
check_json "with the thumbprint" ".certificates[0].thumbprint == \"$thumb\""
check_json "and a name to paste" ".certificates[0].azure_name == \"p11ca-$(printf %.16s "$bob")\""
check_json "az" "[.commands[] | select(.with == \"az\").command] | length == 1 and (.[0] | endswith(\"--thumbprint $thumb\"))"
check_json "PowerShell, sessions too" '[.commands[] | select(.with == "PowerShell").command] | length == 3 and any(startswith("Disconnect-"))'
check_json "the CRL" '.commands[-1].command == "p11ca root crl vpn --out vpn.crl --force"'
check_json "not yet enforced" '.enforcement.status == "NOT YET ENFORCED"'
"$p11ca" client export "$bob" --format der | openssl x509 -inform DER -noout -fingerprint -sha1 | tr -d : | tr A-F a-f >"$WORK/out"
check_has "openssl knows that thumbprint" out "$thumb"
check "again" 0 revoke "$bob" --reason superseded
check_json "says the same" '.certificates[0].state == "revoked" and (.commands | length) > 0'
check "for another reason" 7 revoke "$bob" --reason affiliationChanged
check_json "is refused" '.error.code == "revoked-before"'
check "client show says why" 0 "$p11ca" --json client show "$bob"
check_json "and when" '.client.reason == "superseded" and .client.revoked != null'

check "one client's device" 0 revoke --all carol --device phone --reason affiliationChanged
check_json "alone" "[.certificates[].serial] == [\"$carol\"]"
check "a card" 0 revoke --card "$("$p11ca" --json token show alice | jq -r .token.serial)" --reason keyCompromise
check_json "whoever is on it" '[.certificates[].name] == ["alice@contoso.com"]'
check "no such card" 4 revoke --card 0000 --reason keyCompromise
check "all of bob" 0 revoke --all bob --reason privilegeWithdrawn
check_json "the first as it was" "[.certificates[] | [.serial, .reason]] | sort == ([[\"$bob\", \"superseded\"], [\"$phone\", \"privilegeWithdrawn\"]] | sort)"
# Gateways that the ledger knows.
"$p11ca" -q gateway add one --resource-group "Gruppe(Süd)" --root vpn --subscription 'Sub "1"' >/dev/null
"$p11ca" -q gateway add wan --resource-group rg --shape vwan >/dev/null
check "with gateways" 0 revoke "$bob" --reason superseded
check_json "each command is one gateway's" '[.commands[] | select(.with == "az" or .with == "PowerShell") | .gateway] | unique == ["one", "wan"]'
check_json "nothing is left to be replaced but the session" '[.commands[].command | select(contains("GROUP") or contains("GATEWAY"))] == []'
check_json "Virtual WAN is rendered" '[.commands[] | select(.gateway == "wan") | .command] | .[0] | startswith("p11ca gateway render wan")'
check_json "and its sessions, too" '[.commands[] | select(.gateway == "wan") | .command] | any(startswith("Disconnect-AzP2sVpnGateway"))'
check_json "not yet enforced, and where" '([.pending[] | [.gateway, .status]] == [["one", "NOT YET ENFORCED"], ["wan", "NOT YET ENFORCED"]]) and .enforcement.status == "NOT YET ENFORCED"'
jq -r '.commands[] | select(.with == "az").command' "$WORK/out" >"$WORK/run.sh"
mkdir "$WORK/bin" && printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$WORK/bin/az" && chmod 755 "$WORK/bin/az"
PATH="$WORK/bin:$PATH" sh "$WORK/run.sh" >"$WORK/argv"
printf '%s\n' network vnet-gateway revoked-cert create -g "Gruppe(Süd)" --gateway-name one -n "p11ca-$(printf %.16s "$bob")" \
    --thumbprint "$thumb" --subscription 'Sub "1"' | cmp -s - "$WORK/argv"
ok "az gets what is meant" "$WORK/argv"
check "client show names them" 0 "$p11ca" --json client show "$bob"
check_json "both" '[.pending[].gateway] == ["one", "wan"]'
for gw in one wan; do
	jq -n --arg gw $gw --arg thumb "$thumb" --arg root "$("$p11ca" root export vpn)" '{ vpnClientRootCertificates: [{ name: "r", publicCertData: $root }],
		vpnClientRevokedCertificates: [{ name: "x", thumbprint: $thumb }], vpnProtocols: ["IkeV2"] } |
		if $gw == "one" then { name: $gw, vpnClientConfiguration: . } else . + { name: $gw } end' >"$WORK/$gw.json"
	"$p11ca" -q gateway diff $gw --state "$WORK/$gw.json" --record >"$WORK/detail" 2>&1
done
check "once it was seen at both" 0 revoke "$bob" --reason superseded
check_json "it is enforced" '.pending == [] and .enforcement.status == "SEEN ENFORCED"'
check "in plain words" 0 "$p11ca" client revoke "$phone" --reason privilegeWithdrawn
check_has "the other is not yet enforced" out "NOT YET ENFORCED"
check "the key of a lost card is not certified again" 7 sh -c "\"$p11ca\" client enroll alice@contoso.com -t alice $pins"
check "the ledger is whole" 0 "$p11ca" ledger verify

# The index, as openssl ocsp answers from it.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/ocsp.key" -out "$WORK/ocsp.pem" -subj /CN=responder -days 2 2>/dev/null
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
check "the index" 0 "$p11ca" ledger export --format index
cp "$WORK/out" "$WORK/index.txt"
ocsp() {
	openssl ocsp -issuer "$WORK/root.pem" -serial "0x$1" -reqout "$WORK/q.der" &&
		openssl ocsp -index "$WORK/index.txt" -CA "$WORK/root.pem" -rsigner "$WORK/ocsp.pem" -rkey "$WORK/ocsp.key" \
		    -reqin "$WORK/q.der" -respout "$WORK/s.der" &&
		openssl ocsp -respin "$WORK/s.der" -reqin "$WORK/q.der" -issuer "$WORK/root.pem" -serial "0x$1" -noverify
}
check "asked for dora" 0 ocsp "$(show dora '"phone"' serial)"
check_has "good" out ": good"
check "for bob" 0 ocsp "$bob"
check_has "revoked" out ": revoked"
check_has "with the reason" out "Reason: superseded"
check "for alice" 0 ocsp "$(show alice@contoso.com null serial)"
check_has "as her card was" out "Reason: keyCompromise"
check "for his phone" 0 ocsp "$phone"
check_has "for a reason that OpenSSL has no word for" out ": revoked"
check "for a stranger" 0 ocsp 4f00
check_has "unknown" out ": unknown"
request "$WORK/d2.csr" /CN=x
issue "$WORK/d2.csr" --cn dora >/dev/null 2>&1
"$p11ca" ledger export --format index --root vpn >"$WORK/index.txt"
check "two certificates of one name" 0 ocsp "$(show dora null serial)"
check_has "are good as well" out ": good"
check "no index in JSON" 2 "$p11ca" --json ledger export --format index
check "no root for a table" 2 "$p11ca" ledger export --root vpn
check "nor of no root" 4 "$p11ca" ledger export --format index --root nosuch
plan
