#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-changed.t - the gateway is not what it was when the script was written: changes of others stay, an expired root goes.
. "$srcdir/tests/azure/begin.sh"
vpn_and_bob
root old hsm
somebody one.pem Somebody
somebody late.pem Later one.key
one=$(data one.pem) late=$(data late.pem)
vpn=$("$p11ca" root export vpn) old=$("$p11ca" root export old)
gateway_of vnet "$one" "$old" >before.json
gw render test-gw --state before.json --prune >script.sh 2>err

# Somebody adds a root and a revocation, removes another root, and changes a route, after the state was read.
jq --arg late "$late" '.properties.customRoutes.addressPrefixes += ["198.51.100.0/24"] | .properties.vpnClientConfiguration |= (
	.vpnClientRootCertificates |= (map(select(.name != "TestRoot.cer")) + [{ name: "late", properties: { publicCertData: $late } }]) |
	.vpnClientRevokedCertificates += [{ name: "later", properties: { thumbprint: ("ab" * 20) } }])' before.json >changed.json
azure_has changed.json
azure_fail
check "the gateway was changed since" 0 run script.sh
now_is vnet 'roots | map(.[1]) == [$late, $vpn]' --arg late "$late" --arg vpn "$vpn"
ok "the roots are what others made of them, without ours that goes, and with ours that comes" detail
now_is vnet '(revoked[0:3] == ($before[0] | revoked)) and (revoked[3][1] == $bob)' --slurpfile before changed.json --arg bob "$bob"
ok "the revocation of others stays" detail
is_kept changed.json; ok "the route of others stays" detail

# The root that goes has expired: Azure refuses every change that leaves it there.
azure_has before.json
azure_fail '{ "match": "PUT", "status": 400, "body": { "error": { "code": "VpnClientRootCertificateExpired", "message": "expired" } } }'
check "an expired root blocks the revocation" 0 run script.sh
sent 'puts | map(.status) == [400, 200] and (.[1].body | (roots | map(.[1]) | index($old) == null and index($vpn) != null) and
	(revoked | map(.[1]) | index($bob) != null))' --arg old "$old" --arg vpn "$vpn" --arg bob "$bob"
ok "the next request has the revocation, and no longer the root" detail
azure_has before.json
gw render test-gw --state before.json >keep.sh 2>err
azure_fail '{ "match": "PUT", "status": 400, "body": { "error": { "code": "VpnClientRootCertificateExpired", "message": "expired" } } }'
check "a script that removes no root" 1 run keep.sh
check_has "names the option that does" err "--prune"
now_is vnet '. == $before[0]' --slurpfile before before.json; ok "and changes nothing" detail
azure_fail
check "afterwards" 0 run script.sh
check "the script of before" 0 run keep.sh
sent 'puts | length == 2'; ok "has nothing to do" detail

# Somebody else changes the gateway while the script changes it.  The requests: GET (look), GET (the list), GET, PUT.
# both_are_there : the change of others, and ours
both_are_there() {
	now_is vnet '(revoked[0:3] == ($changed[0] | revoked)) and (revoked[3][1] == $bob) and (rest == ($changed[0] | rest)) and
		(roots | map(.[1]) == [$late, $vpn])' --slurpfile changed changed.json --arg bob "$bob" --arg late "$late" --arg vpn "$vpn"
}
gw render test-gw --state before.json --prune >script.sh 2>err
for at in "PUT 1" "GET.*test-gw\$ 3" "GET.*test-gw\$ 2"; do
	azure_has before.json
	azure_fail
	azure_meanwhile "^${at% *}" "${at#* }" 1 changed.json
	check "somebody else changes the gateway before request $at" 0 run script.sh
	both_are_there; ok "the change of others and ours are both there ($at)" detail
	sent 'puts | length >= 2 and all(.if_match != null) and (map(select(.status == 200)) | length) == 2'
	ok "each change is sent with the etag of what was read ($at)" detail
	sent 'puts | map(select(.status == 412)) | length == (if $at == "PUT 1" then 1 else 0 end)' --arg at "$at"
	ok "a change that was seen in time is not sent ($at)" detail
done
azure_has before.json
azure_fail
azure_meanwhile ^PUT 1 99 changed.json
check "somebody else changes the gateway before every change" 1 run script.sh
check_has "the message says that somebody else changes the gateway" err "somebody else changes"
now_is vnet 'del(.etag) == ($changed[0] | del(.etag))' --slurpfile changed changed.json; ok "the gateway is as others made it" detail
azure_fail
check "the next run completes" 0 run script.sh
both_are_there; ok "everything is there after the next run" detail
plan
