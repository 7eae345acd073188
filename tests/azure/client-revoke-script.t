#!/bin/sh
# SPDX-License-Identifier: MIT
# client-revoke-script.t - az runs what `client revoke --script` writes: thumbprints, sessions, and what the ledger learns.
AZURE_SUBSCRIPTION_NAME='Sub "1"' # which a shell would take apart
. "$srcdir/tests/azure/begin.sh"
tokens hsm
root vpn hsm
root other hsm --key rsa:2048
odd="o'brien \$(touch pwned) \"x\""
for name in alice bob "$odd"; do
	request one.csr "/CN=x"
	issue one.csr --root vpn --cn "$name" >out 2>&1 || bail "no certificate for $name: $(cat out)"
done
serial() { "$p11ca" --json client list --all | jq -r --arg name "$1" '.clients[] | select(.name == $name) | .serial'; }
thumb() { "$p11ca" --json client show "$1" | jq -r .client.thumbprint; }
alice=$(serial alice) bob=$(serial bob) ob=$(serial "$odd")
"$p11ca" -q gateway add test-gw --resource-group "$GROUP" --root vpn --subscription 'Sub "1"' >out || bail "no gateway"
"$p11ca" -q gateway add test-config --resource-group "$GROUP" --type vpn-server-config --root vpn >out || bail "no configuration"
"$p11ca" -q gateway add elsewhere --resource-group "$GROUP" --root other >out || bail "no other gateway"
for one in "$alice:alice.sh" "$bob:bob.sh" "$ob:odd.sh"; do
	"$p11ca" -q client revoke "${one%%:*}" --reason superseded --script "${one#*:}" >out 2>&1 || bail "not revoked: $(cat out)"
done
printf '#!/bin/sh\n[ "$1 $2" != "root crl" ] || set -- "$@" %s\nexec "%s" "$@"\n' "$pin" "$p11ca" >bin/p11ca && chmod 755 bin/p11ca
vpn=$("$p11ca" root export vpn --format der | base64 -w0) second=$("$p11ca" root export other --format der | base64 -w0)
gateway_of vnet "$vpn" "$second" >vnet.json
gateway_of wan "$vpn" "$second" >wan.json
gw=$(jq -r .id vnet.json) hub1=$(jq -r '.properties.p2SVpnGateways[0].id' wan.json) hub2=$(jq -r '.properties.p2SVpnGateways[1].id' wan.json)
for hub in hub1 hub2; do
	jq -n --arg id "${hub1%hub1}$hub" --arg name $hub '{ id: $id, name: $name, type: "Microsoft.Network/p2sVpnGateways",
		location: "westeurope", properties: {} }' >$hub.json
	azure_has $hub.json
done
# fresh : both gateways as they were, with their sessions
fresh() {
	azure_has vnet.json
	azure_has wan.json
	azure_sessions "$gw" IKEv2_a1 alice OVPN_B1 bob OVPN_A2 alice IKEv2_o1 "$odd"
	azure_sessions "$hub1" OVPN_H1 alice OVPN_H2 bob
	azure_sessions "$hub2" OVPN_H3 alice
	azure_fail
}
up() { azure_sessions_of "$1" | paste -sd ' ' -; }
close() { TMPDIR=$WORK sh "$@"; }
state() { "$p11ca" --json client show "$1"; }
refuses() { now_is "$1" 'revoked | map(.[1]) | index($t) != null' --arg t "$2"; }

fresh
check "the script for alice runs without SESSIONS and reports that not everything is closed" 1 close alice.sh
check_has "the sessions of Virtual WAN are reported as not determined" err "NOT DETERMINED"
check_has "the message says how to name the sessions" err "SESSIONS="
refuses vnet "$(thumb "$alice")"; ok "the gateway refuses alice" detail
refuses wan "$(thumb "$alice")"; ok "Virtual WAN refuses alice" detail
[ "$(up "$gw")" = "OVPN_B1 IKEv2_o1" ]; ok "the sessions of alice end, and no other session" "$AZURE/sessions.json"
sent 'map(select(.path | endswith("disconnectVirtualNetworkGatewayVpnConnections"))) | map(.body) ==
	[{ vpnConnectionIds: ["IKEv2_a1", "OVPN_A2"] }]'
ok "the request has the bare ids of the sessions" detail
[ "$(up "$hub1")" = "OVPN_H1 OVPN_H2" ]; ok "the sessions of Virtual WAN stay up" "$AZURE/sessions.json"
for type in vnet wan; do
	now_is $type '(roots == ($before[0] | roots)) and (revoked[0:2] == ($before[0] | revoked)) and (rest == ($before[0] | rest))' \
	    --slurpfile before $type.json
	ok "$type: no entry of others is lost, no setting changed" detail
done
sent 'map(.path | contains("elsewhere")) | any | not'; ok "no gateway of another root is asked" detail
sent 'map(select(.method != "GET" and (.path | contains("Health") | not))) | .[0].method == "PUT"'
ok "the revocation is sent before anything else" detail
check "the certificate of alice is shown" 0 state "$alice"
check_json "no gateway is pending in the ledger" '.pending == []'
azure_sessions "$hub1" OVPN_H1 alice OVPN_H2 bob
azure_sessions "$hub2" OVPN_H1 alice
azure_fail
check "the script runs again with SESSIONS" 0 env SESSIONS="OVPN_H1" TMPDIR="$WORK" sh alice.sh
check_has "everything is reported as closed" out "Everything is closed"
[ "$(up "$hub1")" = OVPN_H2 ] && [ "$(up "$hub2")" = "" ]; ok "the sessions end at both hubs" "$AZURE/sessions.json"
sent 'map(select(.path | endswith("disconnectP2sVpnConnections")) | .body) | unique == [{ vpnConnectionIds: ["OVPN_H1"] }]'
ok "the requests to the hubs have the bare id" detail
sent 'puts == []'; ok "no list is sent again" detail
fresh
check "a name with quotes and a command substitution" 0 env SESSIONS=none TMPDIR="$WORK" sh odd.sh
[ ! -e pwned ]; ok "the name is not run as a command" out
[ "$(up "$gw")" = "IKEv2_a1 OVPN_B1 OVPN_A2" ]; ok "the session of this name ends, and no other" "$AZURE/sessions.json"
mkdir crls
check "the script runs with CRL_FOLDER" 0 env CRL_FOLDER=crls SESSIONS=none TMPDIR="$WORK" sh odd.sh
openssl crl -in crls/vpn.crl -inform "$(grep -q BEGIN crls/vpn.crl && echo PEM || echo DER)" -noout -text >out 2>err &&
	grep -qi "Serial Number: $alice" out
ok "the new CRL lists alice" out

# Each request fails once: the script says that not everything is closed, tries the rest, and the next run closes.
fresh
check "the script for bob runs" 0 env SESSIONS=none TMPDIR="$WORK" sh bob.sh
cp "$AZURE/log" whole.log
n=$(wc -l <whole.log) reported=0 tried=0
whole() { refuses vnet "$(thumb "$bob")" && refuses wan "$(thumb "$bob")" && [ "$(up "$gw")" = "IKEv2_a1 OVPN_A2 IKEv2_o1" ]; }
whole; ok "the script closes everything by $n requests" whole.log
jq -r '"\(.method) \(.n)"' whole.log | sample 40 >sample
while read -r _ at; do
	what=$(sed -n "${at}p" whole.log | jq -r '"\(.method) \(.path | split("/")[-2:] | join("/"))"')
	fresh
	azure_fail "{ \"at\": $at, \"status\": 409, \"body\": { \"error\": { \"code\": \"AnotherOperationInProgress\", \"message\": \"busy\" } } }"
	SESSIONS=none TMPDIR="$WORK" sh bob.sh >out 2>err
	case $? in # while a change is waited for, az asks again: then nothing is missing in the end
	0) grep -q 'Everything is closed' out && whole ;;
	1) grep -q 'Not everything is closed' err && grep -qE '^(FAILED|NOT DETERMINED): ' err ;;
	*) false ;;
	esac
	ok "request $at ($what) fails: the failure is reported, or everything is closed" err
	grep -q 'Not everything is closed' err && reported=$((reported + 1))
	refuses vnet "$(thumb "$bob")" || refuses wan "$(thumb "$bob")"; ok "the other gateway refuses bob ($at)" detail
	azure_fail
	check "the next run closes ($at)" 0 env SESSIONS=none TMPDIR="$WORK" sh bob.sh
	whole; ok "everything is closed ($at)" detail
	tried=$((tried + 1))
done <sample
echo "$reported of $tried" >detail
[ "$reported" -gt 0 ]; ok "failures are reported ($reported of $tried)" detail

fresh
check "the script runs while az is not logged in" 1 env AZURE_CONFIG_DIR="$WORK/nobody" TMPDIR="$WORK" sh bob.sh
check_has "the message names az login" err "az login"
[ ! -s "$AZURE/log" ]; ok "no request is sent" "$AZURE/log"
azure_fail '{ "match": "Health", "status": 200, "body": {} }'
check "Azure answers with no list of sessions" 1 env SESSIONS=none TMPDIR="$WORK" sh bob.sh
check_has "the sessions are reported as not determined" err "NOT DETERMINED"
fresh
azure_sessions "$gw"
check "no session is up" 0 env SESSIONS=none TMPDIR="$WORK" sh bob.sh
sent 'map(select(.path | endswith("VpnConnections"))) == []'; ok "no session is ended" detail

# The printed way back finds the entry under whatever name the gateway has it.
request held.csr /CN=x
issue held.csr --root vpn --cn held >out 2>&1 || bail "no certificate: $(cat out)"
held=$(serial held)
"$p11ca" -q client revoke "$held" --reason certificateHold >out || bail "not held: $(cat out)"
jq --arg thumb "$(thumb "$held" | tr a-f A-F)" '.properties.vpnClientConfiguration.vpnClientRevokedCertificates +=
	[{ name: "by hand", properties: { thumbprint: $thumb } }]' vnet.json >held.json
azure_has held.json
azure_fail
check "the hold of a client ends" 0 "$p11ca" --json client restore "$held"
jq -r '.commands[] | select(.gateway_name == "test-gw" and .tool == "az") | .command' out >undo.sh
check "az runs the printed command" 0 run undo.sh
now_is vnet 'revoked == ($before[0] | revoked)' --slurpfile before vnet.json
ok "the entry of this client is gone, and no other" detail
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
