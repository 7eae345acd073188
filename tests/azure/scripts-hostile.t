#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts-hostile.t - scripts for az where entries are called as ours, programs fail, answers are cut, and shells differ.
. "$srcdir/tests/azure/begin.sh"
vpn_and_bob --script close.sh
gw render test-gw >script.sh
taken=$(sed -n 's/^add \(.*\) '"$bob"'$/\1/p' close.sh | head -n 1)
somebody one.pem Somebody
one=$(data one.pem) vpn=$("$p11ca" root export vpn --format base64)
gateway_of vnet "$one" "$one" >vnet.json
gateway_of wan "$one" "$one" >wan.json
gw=$(jq -r .id vnet.json) hub=$(jq -r '.properties.p2SVpnGateways[0].id' wan.json)
for name in hub1 hub2; do
	jq -n --arg id "${hub%hub1}$name" --arg name $name '{ id: $id, name: $name, type: "Microsoft.Network/p2sVpnGateways",
		location: "westeurope", properties: {} }' >$name.json
	azure_has $name.json
done
# fresh FILTER : both gateways as they were, changed by a filter of jq; a session of bob at each
fresh() {
	for fresh_type in vnet wan; do jq "$1" $fresh_type.json >before-$fresh_type.json && azure_has before-$fresh_type.json; done
	azure_sessions "$gw" OVPN_g bob
	azure_sessions "${hub%hub1}hub1" OVPN_1 bob
	azure_sessions "${hub%hub1}hub2" OVPN_2 bob
	azure_fail
}
at_hubs() { for at in hub1 hub2; do azure_sessions_of "${hub%hub1}$at"; done | paste -sd ' ' -; }
close() { env SESSIONS="$1" TMPDIR="$WORK" sh close.sh; }
refuses_both() { now_is "$1" 'revoked | map(.[1] | ascii_downcase) | contains([$bob, "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7"])' --arg bob "$bob"; }

[ -n "$taken" ]; ok "the name that bob's entry would have is known" close.sh
for as in "$taken" "$(echo "$taken" | tr a-z A-Z)"; do
	fresh "walk(if . == \"alice-lost\" then \"$as\" else . end)"
	check "somebody else is refused under the name $as" 1 close ''
	for type in vnet wan; do refuses_both $type; ok "$type: and still is, besides bob ($as)" detail; done
done
fresh .
check "sessions are named with their point-to-site gateways" 1 close "hub1/OVPN_1 hbu2/OVPN_2"
[ "$(at_hubs)" = OVPN_2 ]; ok "each ends at its own" "$AZURE/sessions.json"
check_has "one of an unknown gateway is no success" err "FAILED: the sessions of hbu2"
check "the other one" 0 close "hub2/OVPN_2"
[ "$(at_hubs)" = "" ]; ok "ends, too" "$AZURE/sessions.json"
sent 'map(select(.path | endswith("disconnectP2sVpnConnections")) | .body.vpnConnectionIds) == [["OVPN_1"], ["OVPN_2"]]'
ok "no gateway is asked for sessions of another" detail

# A program that fails is not an empty list.
mkdir broken && printf '#!/bin/sh\nexit 2\n' >broken/awk && chmod 755 broken/awk
fresh .
check "awk fails in a script of gateway render" 1 env PATH="$WORK/broken:$PATH" TMPDIR="$WORK" sh script.sh
[ -s "$WORK/err" ] && ! grep -F "nothing to do" "$WORK/out" >detail; ok "an error is printed, and not that there is nothing to do" "$WORK/out"
check "awk fails in a closing script" 1 env PATH="$WORK/broken:$PATH" SESSIONS=none TMPDIR="$WORK" sh close.sh
[ -s "$WORK/err" ] && ! grep -E "nothing to do|lists no session" "$WORK/out" >detail
ok "an error is printed, and no list is said to be complete, no session to be absent" "$WORK/out"
sent 'puts == []'; ok "nothing is sent" detail
for length in $(printf 'x %s\n' 0 20 60 400 3000 | sample 3 | cut -d ' ' -f 2); do
	mv bin/az bin/whole && printf '#!/bin/sh\n"%s" "$@" | head -c %s\n' "$WORK/bin/whole" "$length" >bin/az && chmod 755 bin/az
	check "az prints only $length bytes, and says that it has not failed" 1 run script.sh
	check_has "which is stated ($length)" err "not complete"
	sent 'puts == []'; ok "nothing is sent ($length)" detail
	mv bin/whole bin/az
done

for shell in dash bash "busybox sh"; do
	command -v "${shell%% *}" >detail || continue
	fresh .
	# shellcheck disable=SC2086
	check "$shell runs the script" 0 env TMPDIR="$WORK" $shell script.sh
	now_is vnet '(roots[2:] | map(.[1])) == [$vpn]' --arg vpn "$vpn" && refuses_both vnet; ok "$shell: all is done" detail
done
plan
