# SPDX-License-Identifier: MIT
# states.sh - gateways with settings of every kind, and what a test asks about them.  Source it after azure.sh.
GROUP='Gruppe(Süd)'
# What jq is asked: the lists as [NAME, DATUM], and everything that p11ca does not change.
azure_jq='
def config: .properties | if has("vpnClientConfiguration") then .vpnClientConfiguration else . end;
def roots: config.vpnClientRootCertificates // [] | map([.name, (.publicCertData // .properties.publicCertData)]);
def revoked: config.vpnClientRevokedCertificates // [] | map([.name, (.thumbprint // .properties.thumbprint)]);
def rest: { location, tags, properties: (.properties | del(.provisioningState, .resourceGuid, .p2SVpnGateways,
	.vpnClientRootCertificates, .vpnClientRevokedCertificates, .vpnClientConfiguration.vpnClientRootCertificates,
	.vpnClientConfiguration.vpnClientRevokedCertificates)) };
def puts: map(select(.method == "PUT"));
'
# moved FILTER : a resource of tests/data/gateway in $GROUP, with a tag, changed by FILTER
moved() {
	jq --arg group "$GROUP" "walk(if type == \"string\" then sub(\"resourceGroups/test/\"; \"resourceGroups/\" + \$group + \"/\") else . end) |
		.tags = { owner: \"network team\" } | $1"
}
settings='radiusServerAddress: "192.0.2.9", radiusServerSecret: "test", radiusServers: [{ radiusServerAddress: "192.0.2.10",
	radiusServerScore: 30, radiusServerSecret: "test" }], vpnAuthenticationTypes: ["Certificate", "Radius", "AAD"],
	vpnClientIpsecPolicies: [{ saLifeTimeSeconds: 86472, saDataSizeKilobytes: 429497, ipsecEncryption: "AES256",
	ipsecIntegrity: "SHA256", ikeEncryption: "AES256", ikeIntegrity: "SHA384", dhGroup: "DHGroup24", pfsGroup: "PFS24" }]'
entra='"https://login.microsoftonline.com/t/"'
# gateway_of TYPE DATA DATA : a resource with two roots and two revoked certificates of somebody else
gateway_of() {
	case $1 in
	vnet) azure_test_state vnet-gateway-arm.json "$2" "$3" | moved ".properties.enableDnsForwarding = true |
		.properties.vpnClientConfiguration += { $settings, aadTenant: $entra, aadAudience: \"a\", aadIssuer: $entra }" ;;
	wan) azure_test_state vpn-server-config-arm.json "$2" "$3" | moved ".properties += { $settings, radiusServerRootCertificates:
		[{ name: \"radius\", publicCertData: \"$2\" }], aadAuthenticationParameters: { aadTenant: $entra, aadAudience: \"a\",
		aadIssuer: $entra }, p2SVpnGateways: [\"hub1\", \"hub2\" | { id: \"\(\$group | \"/subscriptions/$SUBSCRIPTION/resourceGroups/\" + .
		+ \"/providers/Microsoft.Network/p2sVpnGateways/\")\(.)\" }] }" ;;
	esac
}
# types : both, or in a sample one
types() { if is_full; then echo vnet wan; elif [ $((${SEED:-0} % 2)) -eq 0 ]; then echo vnet; else echo wan; fi; }
type_of() { case $1 in vnet) echo virtualNetworkGateways ;; wan) echo vpnServerConfigurations ;; esac; }
name_of() { case $1 in vnet) echo test-gw ;; wan) echo test-config ;; esac; }
# now TYPE : the resource as Azure has it
now() { azure_state "$(type_of "$1")" "$(name_of "$1")"; }
# now_is TYPE FILTER [JQ-OPTION...] : jq says yes to it
now_is() {
	now_type=$1 now_filter=$2
	shift 2
	now "$now_type" | jq -e "$@" "$azure_jq $now_filter" >"$WORK/detail" 2>&1
}
# sent FILTER [JQ-OPTION...] : jq says yes to the requests since azure_fail
sent() {
	sent_filter=$1
	shift
	azure_sent -e "$@" "$azure_jq $sent_filter" >"$WORK/detail" 2>&1
}
# is_kept BEFORE : each PUT has all that BEFORE had, besides the two lists
is_kept() { sent 'puts | length > 0 and all(.body | rest == ($before[0] | rest))' --slurpfile before "$1"; }
# run SCRIPT... : as a person would, with its temporary files where az sees them
run() { TMPDIR=$WORK sh "$@"; }
