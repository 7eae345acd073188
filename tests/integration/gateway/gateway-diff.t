#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-diff.t - a revocation is NOT YET ENFORCED until the gateway's state was seen to have it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
request bob.csr /CN=bob
issue bob.csr --cn bob >/dev/null 2>&1 || bail "no client"
gw() { "$p11ca" --json gateway "$@"; }
gw add gw --resource-group rg >/dev/null || bail "no gateway"
ours=$("$p11ca" root export vpn)
jq -n --arg ours "$ours" '{ name: "gw", vpnClientConfiguration: { vpnClientProtocols: ["IkeV2"], vpnAuthenticationTypes: ["Certificate"],
	vpnClientAddressPool: { addressPrefixes: ["172.16.9.0/24"] }, vpnClientRootCertificates: [{ name: "Ours", publicCertData: $ours }],
	vpnClientRevokedCertificates: [] } }' >before.json
bob=$("$p11ca" client export bob --format der | sha1sum | cut -c 1-40)
jq --arg bob "$bob" '.vpnClientConfiguration.vpnClientRevokedCertificates = [{ name: "x", thumbprint: $bob }]' before.json >after.json
pending() { gw show gw | jq -r '[.pending[] | .name + ": " + .state] | join(", ")'; }

check "no state" 2 gw diff gw
check "our root under another name" 0 gw diff gw --state before.json
check_json "is ours, and stays" '.roots == [{ change: "keep", managed: true, name: "Ours", subject: "CN=vpn", thumbprint: .roots[0].thumbprint, reason: null }]'
"$p11ca" -q client revoke bob --reason certificateHold >/dev/null
check "decided" 10 gw diff gw --state before.json --record
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "not seen"
gw show gw | jq -e '.gateway.observed_at != null and .pending[0].observed_at != null' >/dev/null; ok "though somebody looked"
before=$(snapshot)
check "a dry run" 0 gw diff gw --state after.json --record --dry-run
check "and without --record" 0 gw diff gw --state after.json
[ "$before" = "$(snapshot)" ]; ok "records nothing"
check "seen" 0 gw diff gw --state after.json --record --note "after the change"
[ "$(pending)" = "" ]; ok "enforced"
check "seen again" 0 gw diff gw --state after.json --record
"$p11ca" --json ledger log | jq -e '[.events[].kind | select(. == "gateway-sighting")] | length == 2' >/dev/null
ok "the same thing is not written twice: the root, and bob"
check "somebody removed an entry" 10 gw diff gw --state before.json --record
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "is not enforced any more"
check "and put back" 0 gw diff gw --state after.json --record
"$p11ca" -q client restore bob >/dev/null
[ "$(pending)" = "bob: NOT YET ACCEPTED AGAIN" ]; ok "restored here, refused there"
check "diff removes the entry" 10 gw diff gw --state after.json
check_json "as restored" '.revoked[0] | .change == "remove" and .reason == "restored"'
check "gone" 0 gw diff gw --state before.json --record
[ "$(pending)" = "" ]; ok "accepted again"
"$p11ca" -q client revoke bob --reason keyCompromise >/dev/null
jq '.vpnClientConfiguration.vpnClientRootCertificates = []' before.json >gone.json
check "the root is gone" 10 gw diff gw --state gone.json --record
[ "$(pending)" = "" ]; ok "which refuses bob, too"
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
