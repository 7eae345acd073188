#!/bin/sh
# SPDX-License-Identifier: MIT
# error-cases.t - every error that users meet: a set-up that leads to it, and a finding that names it beforehand.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl base64 faketime
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
"$p11ca" -q gateway add test-gw --resource-group test >/dev/null || bail "no gateway"
"$p11ca" -q gateway add test-config --resource-group test --type vpn-server-config >/dev/null || bail "no configuration"
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_root gateway.pem "/CN=DigiCert Global Root G2"
rsa_key others.key
package_root others.pem "/CN=Another Root"
package_folder good gateway.pem ours.pem
package_folder before gateway.pem others.pem
package_old old gateway.pem ours.pem
line() { openssl x509 -in "$1" -outform DER | base64 -w0; }
openssl genrsa -out key.pem 2048 2>/dev/null
at '-9 days' openssl req -x509 -key key.pem -subj /CN=old -days 2 -addext basicConstraints=critical,CA:TRUE -out old.pem
sed -e "s|@CLIENT_ROOT_DATA@|$(line ours.pem)|" -e "s|@OTHER_ROOT_DATA@|$(line others.pem)|" \
    "$srcdir/tests/data/gateway/vnet-gateway.json" >good.json
jq '{ name: "test-config", type: "Microsoft.Network/vpnServerConfigurations" } + (.vpnClientConfiguration |
	{ vpnClientRootCertificates, vpnProtocols: .vpnClientProtocols, vpnAuthenticationTypes })' good.json >wan.json

# state FILTER : of a gateway, broken by jq.  gateway FILTER : its check
state() { jq --arg old "$(line old.pem)" --arg other "$(line others.pem)" "$1" "${2:-good.json}" >state.json || bail "no state: $1"; }
gateway() { state "$1" && "$p11ca" --json gateway check test-gw --state state.json; }
package() { "$p11ca" --json package check "$@"; }
# leaf EXTENSION... : a client's certificate of a root that is not there
leaf() {
	printf '%s\n' "$@" >leaf.ext
	openssl req -new -key key.pem -subj /CN=alice.contoso.com | openssl x509 -req -CA others.pem -CAkey others.key \
	    -CAcreateserial -days 99 -extfile leaf.ext -out leaf.pem 2>/dev/null || bail "no leaf"
	"$p11ca" --json check leaf.pem
}
# policy ENCRYPTION INTEGRITY GROUP : an IPsec policy of the gateway's own, in ARM's words
policy() {
	gateway ".vpnClientConfiguration.vpnClientIpsecPolicies = [{ saLifeTimeSeconds: 86472, saDataSizeKilobytes: 429497,
		ipsecEncryption: \"AES256\", ipsecIntegrity: \"SHA256\", ikeEncryption: \"$1\", ikeIntegrity: \"$2\", dhGroup: \"$3\",
		pfsGroup: \"PFS14\" }]"
}

# error CODE : does what leads to it
error() {
	case $1 in
	798) package before ;;
	0x80090326) state 'del(.vpnClientConfiguration.vpnClientRootCertificates[0])' && package good --state state.json ;;
	0x800B0109) leaf extendedKeyUsage=clientAuth subjectAltName=DNS:alice.contoso.com ;;
	13801) rm -rf named && cp -r good named && sed -i 's/\.vpn\.azure\.com/.example.com/' named/Generic/VpnSettings.xml &&
		package named ;;
	13806) leaf keyUsage=digitalSignature ;;
	812) state '.vpnClientConfiguration.vpnAuthenticationTypes = ["AAD"]' && package good --state state.json ;;
	800) state '.vpnClientConfiguration.vpnClientProtocols = ["OpenVPN"]' && package good --state state.json ;;
	809 | ike-not-responding) package old ;;
	0x80092013)
		jq '.revocation[].reachable = false' "$srcdir/tests/data/report/windows.json" >report.json
		"$p11ca" --json doctor --client-report report.json ;;
	853) rm -rf radius && cp -r good radius && sed -i 's/>EAPTLS</>EAPMSCHAPv2</' radius/Generic/VpnSettings.xml &&
		package radius ;;
	certificate-data-invalid) line ours.pem | fold -w 64 >pasted.txt && "$p11ca" --json check pasted.txt ;;
	resource-name-invalid) gateway '.vpnClientConfiguration.vpnClientRootCertificates[0].name = "P2S Root"' ;;
	VpnClientRootCertificateExpired)
		gateway '.vpnClientConfiguration.vpnClientRootCertificates[1].publicCertData = $old' ;;
	VpnServerConfigurationCertificateExpired)
		state '.vpnClientRootCertificates[1].publicCertData = $old' wan.json
		"$p11ca" --json gateway check test-config --state state.json ;;
	VpnClientConfigurationCertificateAuthParamVpnClientRootCertificatesIsNotSpecified)
		gateway '.vpnClientConfiguration.vpnClientRootCertificates = []' ;;
	no-certificate-listed)
		openssl req -x509 -key key.pem -subj /O=nobody -days 9 -addext basicConstraints=CA:FALSE -out nobody.pem
		"$p11ca" --json check nobody.pem ;;
	macos-no-connection) leaf extendedKeyUsage=clientAuth ;;
	gateway-certificate-changed) at '+2960 days' "$p11ca" --json package check good ;;
	target-uri-not-specified) gateway '.vpnType = "PolicyBased"' ;;
	unknown-ca) package before ;;
	NO_PROPOSAL_CHOSEN) policy AES128 SHA256 DHGroup24 ;;
	INVALID_KE_PAYLOAD) policy AES256 SHA256 ECP256 ;;
	openvpn-reconnects) package good ;;
	*) echo "no case for $1" >&2; return 99 ;;
	esac
}
# By a command that is there to find it: exit status 10, or 0 where it is only worth knowing.
sed -n 's/^SYMPTOM("\([^"]*\)".*/\1/p' "$srcdir/src/pki/error_index.def" >codes
[ "$(wc -l <codes)" -gt 20 ]; ok "there are errors" codes
while read -r code; do
	error "$code" >out 2>err
	echo "exit status $?" >>err
	grep -qE '^exit status (0|10)$' err && jq -e --arg code "$code" \
	    '[.findings[] | select(.errors | index($code))] | length > 0 and all(.remedy | length > 5)' out >/dev/null
	ok "$code is found beforehand" err
done <codes
error nosuch >out 2>err
[ $? -eq 99 ]; ok "an error without a case would be seen" err
# And none of them where all is well.
gateway . >out && jq -e '.findings == []' out >/dev/null
ok "a good gateway has none" out
jq 'del(.vpnClientConfiguration.vpnClientRootCertificates[1])' good.json >one.json
sed -i 's|<IssuerHash>00 11[^<]*</IssuerHash>||' good/WindowsPowershell/VpnProfileSetup.ps1 # no second root
package good --state one.json >out
jq -e '[.findings[] | select(.code | IN("package-gateway-root-unknown", "package-ping-restart") | not) | .errors[]] == []' out >detail
ok "a good package has none" out

# Policies that profiles meet: the words of src/profiles/strongswan.c and of the mobileconfig.
grep -q 'aes256-sha256-modp2048' "$srcdir/src/profiles/strongswan.c" && grep -q '"DiffieHellmanGroup", 14' "$srcdir/src/profiles/mobileconfig.c"
ok "AES256, SHA256, DHGroup14 is in every profile"
policy AES256 SHA256 DHGroup14 >out
jq -e '.findings == []' out >detail; ok "and is no fault" out
policy GCMAES256 SHA384 ECP384 >out
jq -e '[.findings[] | .code + " " + .message] | length == 2 and any(contains("mobileconfig")) and all(contains("swanctl") | not)' out >detail
ok "a policy that only strongSwan meets" out
check "an invalid policy is refused" 3 policy '\u0007' SHA256 DHGroup14
plan
