#!/bin/sh
# SPDX-License-Identifier: MIT
# client-restore.t - a certificate hold and its end, as a program that reads CRLs sees them.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
request "$WORK/b.csr" /CN=x
issue "$WORK/b.csr" --cn bob >/dev/null 2>&1
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
"$p11ca" client export bob --format pem >"$WORK/bob.pem"
serial=$("$p11ca" --json client show bob | jq -r .client.serial)
# judge : after a new CRL
judge() {
	# shellcheck disable=SC2086
	"$p11ca" -q root crl vpn $pin --force --out "$WORK/crl.pem" || return 99
	openssl verify -crl_check -CAfile "$WORK/root.pem" -CRLfile "$WORK/crl.pem" "$WORK/bob.pem"
}
check "before" 0 judge
check "held" 0 "$p11ca" client revoke bob --reason certificateHold
check "is out" 2 judge
openssl crl -in "$WORK/crl.pem" -noout -text >"$WORK/out"
check_has "on hold" out "Certificate Hold"
before=$(snapshot)
check "a dry run" 0 "$p11ca" --json client restore "$serial" --dry-run
check_json "the certificate is shown" ".certificates[0].serial == \"$serial\""
[ "$before" = "$(snapshot)" ]; ok "and changes nothing"
check "restored" 0 "$p11ca" --json client restore "$serial"
check_json "as it was" '.certificates[0] | .state == "issued" and .reason == null and .revoked_at == null'
check_json "with the way off the gateway's list" '[.commands[].command | select(contains("revoked-cert delete"))] | length == 1'
check_json "which is found by its thumbprint, since its name there may be another" \
    '[.commands[] | select(.tool != "p11ca") | .command | select(test("\\[?contains|Thumbprint -eq"))] | length == 2'
check_json "not yet accepted" '.enforcement.state == "NOT YET ACCEPTED AGAIN"'
check "is in" 0 judge
check "again" 0 "$p11ca" --json client restore "$serial"
"$p11ca" -q gateway add wan --resource-group rg --type vpn-server-config >/dev/null
check "at a Virtual WAN" 0 "$p11ca" --json client restore "$serial"
check_json "its list is rendered again" '[.commands[] | select(.gateway_name == "wan") | .command] == ["p11ca gateway render wan --state STATE.json"]'
check_json "a gateway whose state was never recorded was not seen to accept the client" '.enforcement.state == "NOT YET ACCEPTED AGAIN"'
jq -n --arg root "$("$p11ca" root export vpn)" '{ name: "wan", vpnProtocols: ["IkeV2"], vpnClientRevokedCertificates: [],
	vpnClientRootCertificates: [{ name: "r", publicCertData: $root }] }' >"$WORK/wan.json"
check "the gateway's state is recorded after the hold is lifted" 0 "$p11ca" -q gateway diff wan --state "$WORK/wan.json" --record
check "the restored certificate is printed again" 0 "$p11ca" --json client restore "$serial"
check_json "the gateway was seen to accept the client" '.enforcement.state == "SEEN ACCEPTED AGAIN"'
check "the ledger is whole" 0 "$p11ca" ledger verify

check "held again" 0 "$p11ca" client revoke bob --reason certificateHold
request "$WORK/c.csr" /CN=x
issue "$WORK/c.csr" --cn bob >/dev/null 2>&1
check "while he has another one" 7 "$p11ca" --json client restore "$serial"
check_json "it stays out" '.error.code == "client-has-certificate"'
other=$("$p11ca" --json client list | jq -r '.clients[] | select(.state == "issued").serial')
check "the other is revoked" 0 "$p11ca" client revoke "$other" --reason cessationOfOperation
check "another reason cannot be lifted" 7 "$p11ca" --json client restore "$other"
check_json "and says so" '.error.code == "revoked-permanently"'
since=$("$p11ca" --json client show "$serial" | jq -r .client.revoked_at)
check "a hold becomes final" 0 "$p11ca" --json client revoke "$serial" --reason keyCompromise
check_json "as of when it began" ".certificates[0].revoked_at == \"$since\""
check "then it is over" 7 "$p11ca" --json client restore "$serial"
check "no such one" 4 "$p11ca" client restore nosuch
check "the ledger is whole still" 0 "$p11ca" ledger verify
plan
