#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-check.t - every rule of a gateway: a state that breaks it and no other, found and explained.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl base64 faketime
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
"$p11ca" -q gateway add test-gw --resource-group test --pool 172.16.9.0/24 >/dev/null || bail "no gateway"
"$p11ca" -q gateway add test-config --resource-group test --type vpn-server-config >/dev/null || bail "no configuration"
rsa_key key.pem
# foreign NAME DAYS : a root of somebody else, as one line
foreign() { openssl req -x509 -key key.pem -subj "/CN=$1" -days "$2" -outform DER | base64 -w0; }
sed -e "s|@CLIENT_ROOT_DATA@|$(foreign one 400)|" -e "s|@OTHER_ROOT_DATA@|$(foreign two 400)|" \
    "$srcdir/tests/data/gateway/vnet-gateway.json" >good.json
expired=$(at '-9 days' openssl req -x509 -key key.pem -subj /CN=old -days 2 -outform DER | base64 -w0)

check "what the ledger has" 0 "$p11ca" --json gateway check test-gw
check_json "is good" '.findings == []'
check "what the gateway has" 0 "$p11ca" --json gateway check test-gw --state good.json
check_json "is good, too" '.findings == []'
jq '{ name: "test-config", type: "Microsoft.Network/vpnServerConfigurations" } + (.vpnClientConfiguration |
	{ vpnClientRootCertificates, vpnProtocols: .vpnClientProtocols, vpnAuthenticationTypes })' good.json >wan.json
check "Virtual WAN" 0 "$p11ca" --json gateway check test-config --state wan.json
check_json "is good" '.findings == []'
check "of another gateway" 7 "$p11ca" --json gateway check test-gw --state wan.json
check "no such gateway" 4 "$p11ca" gateway check other --state good.json
check "an invalid network is refused" 2 "$p11ca" gateway check test-gw --local-net 10.0.0.1

# broken CODE STATUS JQ [OPTION...] : the good state but for JQ has this finding, and no other
broken() {
	broken_code=$1 broken_status=$2
	jq --arg expired "$expired" --arg d20 "$(foreign d20 20)" --arg d45 "$(foreign d45 45)" --arg d80 "$(foreign d80 80)" \
	    ".vpnClientConfiguration |= ($3)" good.json >broken.json || bail "no state: $3"
	shift 3
	found "$@"
}
# found [OPTION...] : the rest of broken(), about broken.json
found() {
	check "$broken_code" "$broken_status" "$p11ca" --json gateway check test-gw --state broken.json "$@"
	check_json "alone, with what to do" "[.findings[].code] - ([\"gateway-client-without-tunnel\", \"gateway-pool-split\"] - [\"$broken_code\"]) | unique == [\"$broken_code\"]"
	check "explained" 0 "$p11ca" --json explain "$broken_code"
	check_json "with problem, consequence and solution" '.explanation | [.problem, .consequence, .solution] | all(length > 20)'
}
# top CODE STATUS JQ [OPTION...] : the same of the gateway as a whole
top() {
	broken_code=$1 broken_status=$2
	jq "$3" good.json >broken.json || bail "no state: $3"
	shift 3
	found "$@"
}
broken gateway-root-expired 10 '.vpnClientRootCertificates[0].publicCertData = $expired'
broken gateway-root-expires-30 10 '.vpnClientRootCertificates[0].publicCertData = $d20'
check "a root of another owner" 10 "$p11ca" --json gateway check test-gw --state broken.json
check_json "cannot be renewed here" '[.findings[] | select(.code == "gateway-root-expires-30").remedy | (contains("ask its owner") and (contains("p11ca root") | not))] == [true]'
broken gateway-root-expires-60 10 '.vpnClientRootCertificates[0].publicCertData = $d45'
broken gateway-root-expires-90 0 '.vpnClientRootCertificates[0].publicCertData = $d80'
public=$(openssl req -x509 -key "$srcdir/softhsm-fixtures/keys/test-kinds-p256.pem" -subj /CN=public -days 400 -outform DER | base64 -w0)
broken gateway-root-test-key 10 ".vpnClientRootCertificates[0].publicCertData = \"$public\""
broken gateway-root-duplicate 10 '.vpnClientRootCertificates[1].publicCertData = .vpnClientRootCertificates[0].publicCertData'
broken gateway-name 10 '.vpnClientRootCertificates[0].name = "P2S Root"'
broken gateway-name 10 '.vpnClientRevokedCertificates[0].name = "alice lost"'
broken gateway-name-duplicate 10 '.vpnClientRootCertificates[1].name = "testroot.CER"'
broken gateway-no-root 10 '.vpnClientRootCertificates = []'
broken gateway-no-certificate 10 '.vpnAuthenticationTypes = ["AAD"]'
broken gateway-aad-tunnel 10 '.vpnAuthenticationTypes += ["AAD"] | .vpnClientProtocols = ["IkeV2"]'
broken gateway-pool-small 10 '.vpnClientAddressPool.addressPrefixes = ["172.16.201.0/30"]'
top gateway-pool-small 10 '.activeActive = true | .vpnClientConfiguration.vpnClientAddressPool.addressPrefixes = ["172.16.201.0/29"]'
broken gateway-pool-bits 10 '.vpnClientAddressPool.addressPrefixes = ["172.16.201.1/24"]'
broken gateway-pool-public 10 '.vpnClientAddressPool.addressPrefixes = ["203.0.113.0/24"]'
broken gateway-no-pool 10 '.vpnClientAddressPool = null'
broken gateway-client-without-tunnel 0 '.vpnClientProtocols = ["OpenVPN"]'
top gateway-policy-based 10 '.vpnType = "PolicyBased"'
top gateway-no-config 10 '.vpnClientConfiguration = null'
top gateway-sku-basic 10 '.sku.name = "Basic" | .vpnClientConfiguration.vpnClientProtocols = ["OpenVPN"]'
top gateway-sku-basic-ikev2 0 '.sku.name = "Basic" | .vpnClientConfiguration.vpnClientProtocols = ["IkeV2"]'
top gateway-sku-retired 10 '.sku.name = "VpnGw1"'
jq '.vpnClientConfiguration.vpnClientRootCertificates |= [range(64) as $i | .[0] | .name = "r \($i % 9)"] |
	.vpnClientConfiguration.vpnClientRevokedCertificates |= [range(500) as $i | .[0] | .name = "r \($i)"]' good.json >broken.json
check "more than anybody could name" 10 "$p11ca" --json gateway check test-gw --state broken.json
check_json "the names are reported, too" '[.findings[].code] | unique == ["gateway-name", "gateway-name-duplicate", "gateway-root-duplicate", "gateway-root-limit"]'
check_json "and how many there are" '[.findings[].message | select(endswith(" more"))] | length == 2'
check "explained" 0 "$p11ca" explain gateway-root-limit

cp good.json broken.json
broken_code=gateway-pool-overlaps-local broken_status=10
found --local-net 192.168.1.0/24 --local-net 172.16.200.0/22
check "elsewhere" 0 "$p11ca" gateway check test-gw --state good.json --local-net 192.168.1.0/24
broken_code=gateway-pool-overlaps-vnet
echo '{ "name": "VNet1", "addressSpace": { "addressPrefixes": ["10.1.0.0/16", "172.16.0.0/16"] } }' >vnet.json
found --vnet vnet.json
jq '{ name, properties: { addressSpace } }' vnet.json >vnet-arm.json
found --vnet vnet-arm.json
check "the ledger's own pool" 10 "$p11ca" --json gateway check test-gw --vnet vnet.json
echo '{ "name": "x" }' >vnet.json
check "no virtual network" 3 "$p11ca" gateway check test-gw --vnet vnet.json

# SSTP's end, on the day: the roots of the test are younger.
jq '.vpnClientConfiguration.vpnClientProtocols = ["IkeV2", "SSTP"]' good.json >broken.json
codes() { at "$1" "$p11ca" --json gateway check test-gw --state broken.json | jq -r '[.findings[].code] | join(" ")'; }
codes '2027-03-30 12:00:00' >out; grep -q 'gateway-sstp-ends' out; ok "SSTP ends" out
codes '2027-03-31 12:00:00' >out; grep -q 'gateway-sstp-ended' out; ok "SSTP ended" out
jq --arg expired "$expired" '.vpnClientConfiguration.vpnClientRootCertificates[0] = { name: "a b", publicCertData: $expired }' good.json >broken.json
check "several" 10 "$p11ca" --json gateway check test-gw --state broken.json
check_json "expired roots first" '.findings[0].code == "gateway-root-expired" and (.findings | length) == 2'
"$p11ca" --json explain | jq -r '.. | strings | select(startswith("gateway-"))' | sort -u >known
for code in sstp-ends sstp-ended pool-split; do grep -qx "gateway-$code" known; ok "gateway-$code is known to explain" known; done

# What a deployment of a template would remove.
check "the ledger alone" 0 "$p11ca" gateway check test-gw
check_has "is not taken for the gateway" err "only the ledger's record was checked"
sed -e "s|@CLIENT_ROOT_DATA@|$(foreign one 400)|" -e "s|@OTHER_ROOT_DATA@|$(foreign two 400)|" \
    "$srcdir/tests/data/gateway/vnet-gateway-arm.json" | jq '.tags = { owner: "net", cost: "7" }' >arm.json
sed -e "s|@CLIENT_ROOT_DATA@|$(foreign one 400)|" -e "s|@OTHER_ROOT_DATA@|$(foreign two 400)|" \
    "$srcdir/tests/data/gateway/vpn-server-config-arm.json" >config.json
# merged NAME JQ WANT [STATE GATEWAY] : a template with the gateway changed by JQ; WANT are its findings, "CODE TEXT" each
merged() {
	jq "$2 | { \"\$schema\": \"x\", resources: [{ type: \"Microsoft.Network/publicIPAddresses\", name: \"ip\" }, .] }" "${4:-arm.json}" >template.json
	"$p11ca" --json gateway check "${5:-test-gw}" --state "${4:-arm.json}" --template template.json >out 2>err
	jq -r '.findings[] | select(.code | startswith("gateway-template")) | "\(.code) \(.message)"' out | cut -c 18- | xargs >got
	[ "$(cat got)" = "$3" ]; ok "a template with $1" out
}
config=.properties.vpnClientConfiguration
merged "everything" . ""
merged "line breaks in a certificate" "$config.vpnClientRootCertificates[0].properties.publicCertData |= (.[:64] + \"\\n\" + .[64:])" ""
merged "thumbprints in the other case" "$config.vpnClientRevokedCertificates[].properties.thumbprint |= ascii_upcase" ""
merged "one root less" "del($config.vpnClientRootCertificates[0])" "root TestRoot.cer"
merged "no roots" "del($config.vpnClientRootCertificates)" "root TestRoot.cer root OtherRoot"
merged "one revoked certificate less" "del($config.vpnClientRevokedCertificates[1])" "revoked bob 51AB1EDD8DA4CFED77E20061C5EB6D2EF2F77800"
merged "no revoked certificates" "$config.vpnClientRevokedCertificates = []" \
    "revoked alice-lost 51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7 revoked bob 51AB1EDD8DA4CFED77E20061C5EB6D2EF2F77800"
merged "no custom routes" "del(.properties.customRoutes)" "property customRoutes"
merged "other custom routes" '.properties.customRoutes.addressPrefixes = ["192.0.2.8/32"]' "property customRoutes.addressPrefixes 192.0.2.7/32"
merged "one tag less" "del(.tags.cost)" "property tags.cost"
merged "no tunnel type but one" "$config.vpnClientProtocols = [\"IkeV2\"]" "property vpnClientProtocols OpenVPN"
merged "no address pool" "del($config.vpnClientAddressPool)" "property vpnClientAddressPool"
merged "no configuration" "del($config)" "root TestRoot.cer root OtherRoot revoked alice-lost 51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7 revoked bob 51AB1EDD8DA4CFED77E20061C5EB6D2EF2F77800 property vpnAuthenticationTypes property vpnClientAddressPool property vpnClientProtocols"
merged "an expression for the roots" "$config.vpnClientRootCertificates = \"[variables('roots')]\"" "unknown vpnClientRootCertificates"
merged "an expression for one root" "$config.vpnClientRootCertificates[0].properties.publicCertData = \"[parameters('root')]\"" "unknown vpnClientRootCertificates"
merged "an expression for the configuration" "$config = \"[variables('p2s')]\"" "unknown vpnClientConfiguration"
merged "an expression for the name" '.name = "[parameters('"'name'"')]"' ""
merged "everything of Virtual WAN" . "" config.json test-config
merged "less of Virtual WAN" 'del(.properties.vpnProtocols, .properties.vpnClientRevokedCertificates[0])' \
    "revoked alice-lost 51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7 property vpnProtocols" config.json test-config
radius='radiusServerAddress: "192.0.2.9", radiusServers: [{ radiusServerAddress: "192.0.2.10", radiusServerScore: 30 }],
	vpnAuthenticationTypes: ["Certificate", "Radius"]'
for type in vnet vwan; do
	if [ $type = vnet ]; then at=$config from=arm.json name=test-gw; else at=.properties from=config.json name=test-config; fi
	jq "$at += { $radius }" $from >radius.json
	merged "no secrets of RADIUS servers ($type)" . \
	    "radius 192.0.2.9 (its radiusServerSecret) radius 192.0.2.10 (its radiusServerSecret)" radius.json $name
	merged "their secrets ($type)" "$at |= (.radiusServerSecret = \"[parameters('s')]\" | .radiusServers[0].radiusServerSecret = \"x\")" \
	    "" radius.json $name
	merged "no RADIUS servers ($type)" "$at |= del(.radiusServerAddress, .radiusServers)" \
	    "radius 192.0.2.9 (the server) radius 192.0.2.10 (the server)" radius.json $name
	merged "another RADIUS server ($type)" "$at |= (.radiusServerSecret = \"x\" | .radiusServers[0] = { radiusServerAddress: \"192.0.2.11\", radiusServerSecret: \"x\" })" \
	    "radius 192.0.2.10 (the server)" radius.json $name
	merged "an expression for the servers ($type)" "$at |= (.radiusServerSecret = \"x\" | .radiusServers = \"[variables('servers')]\")" \
	    "unknown radiusServers" radius.json $name
	check_json "the secrets that Azure does not return are named without a template, too ($type)" \
	    '[.findings[] | select(.code == "gateway-radius-secret") | .severity] == ["info"]'
done
jq '.vpnClientConfiguration.aadTenant = "https://login.example" | .vpnClientConfiguration.vpnAuthenticationTypes += ["AAD"]' good.json >aad.json
"$p11ca" gateway render test-gw --state aad.json --format arm >fragment.json
check "what render prints, merged into nothing" 10 "$p11ca" --json gateway check test-gw --state aad.json --template fragment.json
check_json "lacks what it does not set" '[.findings[] | select(.code == "gateway-template-property") | .message] | index("aadTenant") != null and index("customRoutes") != null'
check_json "and no entry" '[.findings[].code] | index("gateway-template-root") == null and index("gateway-template-revoked") == null'
check "a template without its state" 2 "$p11ca" gateway check test-gw --template template.json
check "a state from a pipe" 2 "$p11ca" gateway check test-gw --template template.json --state - <arm.json
jq '{ resources: [., .] }' arm.json | sed 's/"test-gw"/"other"/' >template.json
check "several gateways, none of this name" 3 "$p11ca" --json gateway check test-gw --state arm.json --template template.json
check_json "is refused" '.error.code == "gateway-template-format"'
echo '{ "resources": {} }' >template.json
check "no gateway" 3 "$p11ca" gateway check test-gw --state arm.json --template template.json
head -c 300 arm.json >template.json
check "half a template" 3 "$p11ca" --json gateway check test-gw --state arm.json --template template.json
check_json "is refused" '.error.code == "gateway-template-format"'
for type in ExpressRoute LocalGateway; do
	jq ".gatewayType = \"$type\"" good.json >other-type.json
	for command in "gateway check test-gw" "gateway diff test-gw" "gateway render test-gw" doctor; do
		# shellcheck disable=SC2086
		check "the state of a gateway of type $type is refused by $command" 3 "$p11ca" --json $command --state other-type.json
		check_json "the refusal by $command has the code gateway-not-vpn" '.error.code == "gateway-not-vpn"'
	done
done
plan
