#!/bin/sh
# SPDX-License-Identifier: MIT
# package-check.t - what will fail with a package, found before a client has it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
package_root gateway.pem "/CN=Test Gateway Root"
package_root others.pem "/CN=Another Root"
findings() { "$p11ca" --json package check "$@"; }
# finds CODE..., lacks CODE... : of the last check
finds() { for code; do check_json "finds $code" "[.findings[].code] | index(\"package-$code\") != null"; done; }
lacks() { for code; do check_json "no $code" "[.findings[].code] | index(\"package-$code\") == null"; done; }
# changed NAME SED : the package with another VpnSettings.xml
changed() {
	cp -r new "$1" && sed "$2" new/Generic/VpnSettings.xml >"$1/Generic/VpnSettings.xml" || bail "no package $1"
	! cmp -s new/Generic/VpnSettings.xml "$1/Generic/VpnSettings.xml" || bail "$1 is not changed"
	check "$1" 10 findings "$1"
}

package_folder new gateway.pem others.pem
check "without a ledger" 10 findings new
finds gateway-root-unknown
lacks root-unknown-to-gateway
[ ! -e "$P11CA_HOME" ]; ok "none is made"

tokens hsm
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
check "a package made before the root" 10 findings new
finds root-unknown-to-gateway
check_has "names the error that Windows shows" out 798
check_has "the remedy is to download the package again" out "download the package again"
rm -r new
package_folder new gateway.pem ours.pem
package_zip new.zip new
check "one made after it" 10 findings new.zip --root vpn
lacks root-unknown-to-gateway no-ikev2 no-openvpn server-not-azure dns-outside-routes routes-overlap pool-mask \
    gateway-root-expired
check_json "has nothing worse than a root that Azure does not use" '[.findings[] | select(.severity == "fail")] == []'
check "as text" 10 "$p11ca" package check new.zip
check_has "with the code" out package-gateway-root-unknown
check "no such root" 4 findings new --root nosuch
check "no package" 9 findings nosuch
check "nothing" 2 findings
check "no package at all" 3 findings ours.pem

cp -r new tls && rm -r tls/Generic
check "no Generic folder" 10 findings tls
finds no-ikev2
changed no-openvpn 's/IkeV2,OpenVPN/IkeV2/'
changed aad 's/>EAPTLS</>AAD</'
finds auth-not-certificate
# altered NAME FILE SED CODE... : the package with that file changed has these findings
altered() {
	cp -r new "$1" && sed -i "$3" "$1/$2" || bail "no package $1"
	! cmp -s "new/$2" "$1/$2" || bail "$1 is not changed"
	check "the package '$1' has a finding" 10 findings "$1"
	shift 3
	finds "$@"
}
azurevpn=AzureVPN/azurevpnconfig.xml ovpn=OpenVPN/vpnconfig.ovpn
altered other-remote $ovpn 's/^remote azuregateway-7e57/remote azuregateway-8e57/' server-mismatch
altered other-name $ovpn 's/^verify-x509-name 7e57/verify-x509-name 8e57/' server-name-mismatch
altered other-fqdn $azurevpn 's/azuregateway-7e57/azuregateway-8e57/' server-mismatch
altered other-settings Generic/VpnSettings.xml 's/7e570000/8e570000/' server-mismatch server-name-mismatch
altered other-key $ovpn 's/^0011/1100/' secret-mismatch
altered program $ovpn 's/^nobind/up \/bin\/sh/' ovpn-option
package_root stranger.pem "/CN=Another Gateway Root"
cp -r new other-root && package_file vpnconfig.ovpn other-root/$ovpn stranger.pem ours.pem
check "the .ovpn has another root than VpnSettings.xml" 10 findings other-root
finds root-mismatch
cp -r new halves && sed -i 's|<Routes>[^<]*|<Routes>0.0.0.0/1,128.0.0.0/1,::/1,8000::/1|' halves/Generic/VpnSettings.xml
check "all traffic goes to the gateway, by halves" 10 findings halves
finds routes-default
lacks pool-overlaps-route routes-overlap
# Entra ID alone: no OpenVPN folder, no IKEv2, and azurevpnconfig.xml says aad.  VpnSettings.xml says EAPTLS even so.
cp -r new entra && rm -r entra/OpenVPN && sed -i 's/IkeV2,OpenVPN/OpenVPN/' entra/Generic/VpnSettings.xml &&
	sed -i 's|<type>cert</type>\(.*\)|<type>aad</type>\1|' entra/$azurevpn
check "a gateway for Entra ID alone" 10 findings entra
finds auth-not-certificate
lacks no-ikev2 openvpn-missing
check_json "it is a failure" '[.findings[] | select(.code == "package-auth-not-certificate") | .severity] == ["fail"]'
for format in windows azurevpn openvpn swanctl mobileconfig networkmanager windows-device ipsec; do
	check "no $format profile is written from it" 7 "$p11ca" profile write entra --cert ours.pem --root-cert ours.pem -t hsm --for $format \
	    --out profiles
	check_has "$format: with its code" err package-auth-not-certificate
done
changed server 's/\.vpn\.azure\.com/.example.com/'
finds server-not-azure
changed no-routes 's|<Routes>[^<]*|<Routes>|'
finds routes-none
changed default 's|<Routes>|<Routes>0.0.0.0/0,|'
finds routes-default
changed overlap 's|<Routes>|<Routes>10.21.5.0/24,|'
finds routes-overlap
changed host-bits 's|<Routes>|<Routes>10.30.0.1/16,|'
finds routes-host-bits
changed pool 's|172.16.201.0/24|10.21.9.0/24|'
finds pool-overlaps-route
changed small-pool 's|172.16.201.0/24|172.16.201.0/30|'
finds pool-mask
changed dns 's|10.21.0.4|192.168.9.9|'
finds dns-outside-routes
changed two-roots 's|<CaCerts>|<CaCerts><string>'"$(openssl x509 -in ours.pem -outform DER | openssl base64 -A)"'</string>|'
check_json "both are named" '[.findings[] | select(.code == "package-gateway-root-unknown")] | length == 2'
cp -r new mixed && package_file azurevpnconfig.xml mixed/AzureVPN/azurevpnconfig.xml others.pem ours.pem
for file in OpenVPN/vpnconfig.ovpn Generic/VpnSettings.xml; do
	rm -rf wide && cp -r new wide && iconv -t UTF-16 "new/$file" >"wide/$file"
	check "a file in UTF-16 is refused: $file" 3 findings wide
	check_has "the message names the encoding: $file" err "UTF-16"
done
check "files that do not belong together" 10 findings mixed
finds server-hash-mismatch
package_old sstp gateway.pem ours.pem
sed -i 's/IkeV2,SSTP/SSTP/' sstp/Generic/VpnSettings.xml
check "SSTP alone" 10 findings sstp
finds sstp-only client-roots-not-stated
if command -v faketime >/dev/null; then
	check "in 20 years" 10 at '+20 years' "$p11ca" --json package check new
	finds gateway-root-expired
	check "a month before its root ends" 10 at '+2970 days' "$p11ca" --json package check new
	finds gateway-root-expiring
fi
for code in $("$p11ca" --json package check sstp | jq -r '.findings[].code' | sort -u); do
	check "$code is explained" 0 "$p11ca" explain "$code"
done
# A ledger with two roots: the package can belong to either.
root second hsm
check "none is named" 10 findings new
lacks root-unknown-to-gateway
check_json "which is said, not passed over" '[.warnings[].code] == ["package-root-not-named"]'
check "one is" 10 findings new --root second
finds root-unknown-to-gateway
check_json "without a word" '.warnings == []'
plan
