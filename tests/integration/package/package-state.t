#!/bin/sh
# SPDX-License-Identifier: MIT
# package-state.t - package check --state: a package that is older than what the gateway is now.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_root gateway.pem "/CN=Test Gateway Root"
package_root others.pem "/CN=Another Root"
package_folder new gateway.pem ours.pem
sed -i 's|<IssuerHash>00 11[^<]*</IssuerHash>||' new/WindowsPowershell/VpnProfileSetup.ps1 # no second root
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
# The gateway of the package: our root alone, no route or name server beside the network's.
sed -e "s|@CLIENT_ROOT_DATA@|$(line ours.pem)|" -e "s|@OTHER_ROOT_DATA@|$(line others.pem)|" \
    "$srcdir/tests/data/gateway/vnet-gateway.json" |
	jq 'del(.vpnClientConfiguration.vpnClientRootCertificates[1]) | .customRoutes.addressPrefixes = []' >same.json
# older NAME CODE JQ : the same gateway, but for JQ
older() {
	jq --arg other "$(line others.pem)" "$3" same.json >"$1.json" || bail "no state $1"
	! cmp -s same.json "$1.json" || bail "$1 is not changed"
	check "$1" 10 "$p11ca" --json package check new --state "$1.json"
	check_json "is $2" "[.findings[].code] | index(\"package-$2\") != null"
	check_json "the remedy for $2 is to download the package again" ".findings[] | select(.code == \"package-$2\") | .remedy |
		contains(\"download the package again\")"
	check "$2 is explained" 0 "$p11ca" explain "package-$2"
	check_has "explain names the portal for $2" out "Download VPN client"
	check_has "explain names the command of az for $2" out "az network vnet-gateway vpn-client generate"
	check_has "explain names the cmdlet for $2" out "New-AzVpnClientConfiguration"
}

"$p11ca" --json package check new --state same.json >out.json
! grep -E 'package-(older|root-not-on)' out.json >detail; ok "the gateway of the package: nothing is older" detail
older tunnel-gone older-than-gateway-tunnel-gone '.vpnClientConfiguration.vpnClientProtocols = ["IkeV2"]'
older tunnel-new older-than-gateway-tunnel-new '.vpnClientConfiguration.vpnClientProtocols += ["SSTP"]'
older auth older-than-gateway-auth '.vpnClientConfiguration.vpnAuthenticationTypes = ["AAD"]'
older pool older-than-gateway-pool '.vpnClientConfiguration.vpnClientAddressPool.addressPrefixes = ["172.16.99.0/24"]'
older root-new older-than-gateway-root-new '.vpnClientConfiguration.vpnClientRootCertificates +=
	[{ name: "second", publicCertData: $other }]'
older root-gone older-than-gateway-root-gone '.vpnClientConfiguration.vpnClientRootCertificates =
	[{ name: "second", publicCertData: $other }]'
check "ours is not on the gateway" 10 "$p11ca" --json package check new --state root-gone.json
check_json "which is said" '[.findings[].code] | index("package-root-not-on-gateway") != null'
older route older-than-gateway-routes '.customRoutes.addressPrefixes = ["198.51.100.0/24"]'
older wan-dns older-than-gateway-dns '{ type: "Microsoft.Network/p2sVpnGateways", name: "wan",
	customDnsServers: ["10.99.0.4"], p2SConnectionConfigurations: [{ name: "c",
	vpnClientAddressPool: { addressPrefixes: ["172.16.201.0/24"] } }] }'

check "a state from standard input" 10 sh -c '"$0" package check new --state - <auth.json' "$p11ca"
for bad in '' '[]' '{' 'null' '{"name":"a","name":"b"}' '{"name":"a"}'; do
	printf %s "$bad" >bad.json
	check "a state that is '$bad'" 3 "$p11ca" --json package check new --state bad.json
	check_json "is refused by a code" '.error.code | startswith("gateway-")'
done
check "no such file" 9 "$p11ca" package check new --state nosuch.json
plan
