#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-diff.t - a revocation is NOT YET ENFORCED until the gateway's state was seen to have it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
root other hsm
request bob.csr /CN=bob
issue bob.csr --cn bob --root vpn >/dev/null 2>&1 || bail "no client"
gw() { "$p11ca" --json gateway "$@"; }
gw add gw --resource-group rg --root vpn >/dev/null || bail "no gateway"
ours=$("$p11ca" root export vpn)
jq -n --arg ours "$ours" '{ name: "gw", vpnClientConfiguration: { vpnClientProtocols: ["IkeV2"], vpnAuthenticationTypes: ["Certificate"],
	vpnClientAddressPool: { addressPrefixes: ["172.16.9.0/24"] }, vpnClientRootCertificates: [{ name: "Ours", publicCertData: $ours }],
	vpnClientRevokedCertificates: [] } }' >before.json
bob=$("$p11ca" client export bob --format der | sha1sum | cut -c 1-40)
jq --arg bob "$bob" '.vpnClientConfiguration.vpnClientRevokedCertificates = [{ name: "x", thumbprint: $bob }]' before.json >after.json
jq '.vpnClientConfiguration.vpnClientRootCertificates = []' after.json >only-bob.json
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
check "the client is shown after the enforcement" 0 "$p11ca" --json client show bob
check_json "client show names the gateway that refuses the client" '.pending == [] and [.enforced_by[].gateway_name] == ["gw"]'
check "show prints what was seen" 0 gw show gw
check_json "the root, and the client that is refused" '.roots == [{ root_name: "vpn", wanted: true, trusted: true }] and [.enforced[].name] == ["bob"]'
check "seen again" 0 gw diff gw --state after.json --record
"$p11ca" --json ledger log | jq -e '[.events[].kind | select(. == "gateway-sighting")] | length == 3' >/dev/null
ok "no observation is recorded twice: two roots, and bob"
check "somebody removed an entry" 10 gw diff gw --state before.json --record
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "is not enforced any more"
check "and put back" 0 "$p11ca" gateway diff gw --state after.json --record
check_has "diff says what it recorded" out "Recorded since the last record: 1 revocation now enforced, 0 no longer; 0 roots now trusted, 0 not trusted."
check "the same state again" 0 "$p11ca" gateway diff gw --state after.json --record
check_has "diff says that nothing is new" out "Recorded: nothing changed since the last record."
"$p11ca" -q client restore bob >/dev/null
[ "$(pending)" = "bob: NOT YET ACCEPTED AGAIN" ]; ok "restored here, refused there"
check "diff removes the entry" 10 gw diff gw --state after.json
check_json "as restored" '.revoked[0] | .change == "remove" and .reason == "restored"'
check "gone" 0 gw diff gw --state before.json --record
[ "$(pending)" = "" ]; ok "accepted again"
"$p11ca" -q client revoke bob --reason keyCompromise >/dev/null
jq '.vpnClientConfiguration.vpnClientRootCertificates = []' before.json >gone.json
check "the state without the root is recorded" 10 gw diff gw --state gone.json --record
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "the revocation is still pending, because the root may be uploaded later"
gw show gw | jq -e '.pending[0].root_trusted == false' >/dev/null; ok "the entry says that the root is not trusted"
check "show prints it" 0 gw show gw
check_json "the root was not seen" '.roots == [{ root_name: "vpn", wanted: true, trusted: false }]'
check "doctor reports it" 10 "$p11ca" --json doctor
check_json "with the root" '[.findings[] | select(.code == "doctor-pending") | .message | contains("does not trust the root now")] == [true]'
check "revoking again asks for the thumbprint" 0 "$p11ca" --json client revoke bob --reason keyCompromise
check_json "because no gateway was seen to refuse it" '.enforcement.state == "NOT YET ENFORCED" and .pending[0].root_trusted == false'
check "the root is uploaded without the thumbprint" 10 gw diff gw --state before.json --record
gw show gw | jq -e '[.pending[] | [.name, .root_trusted]] == [["bob", true]]' >/dev/null; ok "the revocation is still pending"
check "the thumbprint is seen, and the root is not" 10 gw diff gw --state only-bob.json --record
[ "$(pending)" = "" ]; ok "the revocation is enforced"
check "the ledger says that the gateway is to trust another root" 0 gw add gw --resource-group rg --root other --replace
check "the gateway is seen to trust ours, without the thumbprint" 10 gw diff gw --state before.json --record
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "the revocation is pending there, too"
check "the root is renewed" 0 "$p11ca" -q root renew vpn --days 800 $pin
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "the revocation is pending although the gateway has the root's older certificate"
gw show gw | jq -e '[.roots[] | select(.root_name == "vpn").trusted] == [true]' >/dev/null; ok "the gateway is shown to trust the renewed root"
check "the root is retired" 0 "$p11ca" --json root retire vpn --confirm vpn
[ "$(pending)" = "bob: NOT YET ENFORCED" ]; ok "the revocation is pending while the gateway has the root"
check "the retired root is seen to be removed" 10 gw diff gw --state gone.json --record
[ "$(pending)" = "" ]; ok "nothing is pending: no gateway is to get the root again"
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
