#!/bin/sh
# SPDX-License-Identifier: MIT
# mock.t - the mock of Azure: what it refuses, the real azure-cli reports, and no request is lost.
. "$srcdir/tests/azure/begin.sh"
somebody one.pem "Somebody else"
openssl x509 -in one.pem -outform DER -out one.cer
one=$(base64 -w0 one.cer)
azure_test_state vnet-gateway-arm.json "$one" "$one" >gw.json
azure_test_state vpn-server-config-arm.json "$one" "$one" >wan.json
azure_has gw.json
azure_has wan.json
thumb=$(sha1sum one.cer | cut -c 1-40)
vnet() { az network vnet-gateway "$1" "$2" -g test --gateway-name test-gw -o none --only-show-errors -n "$3" "$4" "$5"; }
resource() {
	resource_what=$1
	shift
	az resource "$resource_what" -g test -n test-config --resource-type Microsoft.Network/vpnServerConfigurations \
	    --api-version 2024-05-01 -o none "$@"
}

check "az is the one of Debian 13" 0 az version
check_json "unchanged" '."azure-cli" == "2.74.0" and .extensions == {}'
check "it is logged in" 0 az account show
check_json "at the mock" ".id == \"$SUBSCRIPTION\""
azure_fail
check "a root is added" 0 vnet root-cert create mine --public-cert-data one.cer
azure_sent -e --arg data "$one" 'map(select(.method == "PUT")) | length == 1 and
	(.[0].body.properties.vpnClientConfiguration.vpnClientRootCertificates | map(.name) == ["TestRoot.cer", "OtherRoot", "mine"]
	and .[2].properties.publicCertData == $data)' >detail
ok "the request is recorded" detail
azure_state virtualNetworkGateways test-gw | jq -e '.properties.vpnClientConfiguration.vpnClientRootCertificates | length == 3' >detail
ok "the gateway has it" detail
azure_sent -e 'map(select(.path | contains("/operations/"))) | length >= 1 and all(.status == 200)' >detail
ok "az waits for the end of the operation" detail

# What Azure refuses.
check "a PEM file is not a certificate in DER" 1 vnet root-cert create pem --public-cert-data one.pem
check_has "as the mock says" err "Data for certificate pem is invalid"
check "a text is not a file" 1 vnet root-cert create text --public-cert-data "$one"
check_has "as az says" err "doesn't exist"
check "a short thumbprint" 1 vnet revoked-cert create short --thumbprint "${thumb%?}"
check "an entry without its members" 1 resource update --add properties.vpnClientRootCertificates \
    "{\"name\":\"x\",\"publicCertData\":\"$one=\"}"
check_has "is refused" err "Could not find member"
check "an unknown member" 1 resource update --set properties.vpnRootCertificates=[]
check "a name that is there" 1 resource update --add properties.vpnClientRootCertificates name=otherroot "publicCertData=$one"
[ "$(azure_state vpnServerConfigurations test-config)" = "$(cat wan.json)" ]; ok "no refused request changes the state"
check "two words each" 0 resource update --add properties.vpnClientRootCertificates name=mine "publicCertData=$one"
azure_state vpnServerConfigurations test-config | jq -e --arg data "$one" '.properties.vpnClientRootCertificates[2] ==
	{ name: "mine", publicCertData: $data }' >detail
ok "are an entry" detail
check "a gateway that is not there" 3 az resource show -g test -n other --resource-type Microsoft.Network/vpnServerConfigurations \
    --api-version 2024-05-01
check_has "is not found" err ResourceNotFound
check "an extension is not installed" 2 az network vpn-server-config show -g test -n test-config
check_has "and not offered" err "misspelled or not recognized"

# Sessions.
azure_sessions "$(jq -r .id gw.json)" OVPN_1 alice IKEv2_2 bob
check "sessions are listed" 0 az network vnet-gateway vpn-client show-health -g test -n test-gw --only-show-errors
check_json "by their names" '.value | map(.vpnUserName) == ["alice", "bob"]'
end() { az resource invoke-action -g test -n test-gw --resource-type Microsoft.Network/virtualNetworkGateways --api-version \
    2024-05-01 --action disconnectVirtualNetworkGatewayVpnConnections -o none --request-body "{\"vpnConnectionIds\":[\"$1\"]}"; }
check "one that is not there does not end" 1 end OVPN_3
check "one ends" 0 end OVPN_1
[ "$(azure_sessions_of "$(jq -r .id gw.json)")" = IKEv2_2 ]; ok "and no other" "$AZURE/sessions.json"
check "az makes another id of it" 1 az network vnet-gateway disconnect-vpn-connections -g test -n test-gw --vpn-connections IKEv2_2
check_has "which Azure does not know" err "VpnConnectionNotFound"

# Failures that are ordered.
azure_fail '{ "match": "PUT", "status": 409, "body": { "error": { "code": "AnotherOperationInProgress", "message": "busy" } } }'
check "a conflict" 1 resource update --set tags.a=b
check_has "az reports" err AnotherOperationInProgress
check "once" 0 resource update --set tags.a=b
azure_fail '{ "match": "PUT", "status": 429, "headers": { "Retry-After": "1" }, "body": { "error": { "code": "TooManyRequests", "message": "slow down" } } }'
check "az tries a throttled request again" 0 resource update --set tags.a=c
azure_sent -e 'map(select(.method == "PUT")) | map(.status) == [429, 200]' >detail; ok "as recorded" detail
azure_fail '{ "match": "GET", "cut": 100 }'
check "half an answer" 1 resource update --set tags.a=d
azure_fail
check "not logged in" 1 env AZURE_CONFIG_DIR="$WORK/nobody" az account show
check_has "az says so" err "az login"
[ ! -s "$AZURE/mock.log" ]; ok "the mock has no complaint" "$AZURE/mock.log"
plan
