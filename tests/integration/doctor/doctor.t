#!/bin/sh
# SPDX-License-Identifier: MIT
# doctor.t - silent where all is well; on each broken set-up it names just what is broken, and what to do.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl sqlite3 faketime
cd "$WORK" || bail "no folder"
tokens hsm alice
root vpn hsm --test # a root on SoftHSM is a finding elsewhere
card alice@contoso.com alice --out alice
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
azure_root gateway.pem
package_root others.pem "/CN=Another Root"
package_folder good gateway.pem ours.pem
sed -i 's|<IssuerHash>00 11[^<]*</IssuerHash>||' good/WindowsPowershell/VpnProfileSetup.ps1 # no second root
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
sed -e "s|@CLIENT_ROOT_DATA@|$(line ours.pem)|" -e "s|@OTHER_ROOT_DATA@|$(line others.pem)|" \
    "$srcdir/tests/data/gateway/vnet-gateway.json" |
	jq 'del(.vpnClientConfiguration.vpnClientRootCertificates[1]) | .customRoutes.addressPrefixes = []' >good.json
alice=$("$p11ca" --json client show alice@contoso.com | jq -r .client.serial)
thumbprint=$("$p11ca" --json client show alice@contoso.com | jq -r .client.thumbprint)
tar cf saved.tar home tokens
doctor() { "$p11ca" --json doctor "$@"; }
# names CODE... : of the last check, and nothing else
names() {
	printf '%s\n' "$@" | sort >want
	jq -r '.findings[].code' out | sort -u | diff want - >detail
	ok "names $*" detail
	jq -e 'all(.findings[]; .remedy | length > 5)' out >detail; ok "and what to do" out
}
check "it logs in nowhere: no PIN is taken" 2 doctor --root-pin-source env:PIN
# broken NAME CODE... [-- OPTION...] : after something was broken
broken() {
	broken_name=$1 broken_codes=
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		broken_codes="$broken_codes $1"
		shift
	done
	[ $# -eq 0 ] || shift
	check "$broken_name" 10 doctor "$@"
	# shellcheck disable=SC2086
	names $broken_codes
	rm -rf home tokens && tar xf saved.tar
}
# gateway NAME JQ CODE... : another state of the gateway
gateway() {
	gateway_name=$1
	jq --arg other "$(line others.pem)" --arg ours "$thumbprint" "$2" good.json >other.json || bail "no state"
	shift 2
	broken "$gateway_name" "$@" -- --client alice@contoso.com --package good --state other.json
}
# package NAME SED CODE... : another VpnSettings.xml
package() {
	package_name=$1
	rm -rf other && cp -r good other && sed -i "$2" other/Generic/VpnSettings.xml
	! cmp -s other/Generic/VpnSettings.xml good/Generic/VpnSettings.xml || bail "$1 is not changed"
	shift 2
	broken "$package_name" "$@" -- --client alice@contoso.com --package other
}

check "a healthy installation" 0 doctor
check_json "is silent" '.findings == []'
check "as text" 0 "$p11ca" doctor
[ ! -s out ]; ok "too" out
check "with client" 0 doctor --client alice@contoso.com
check_json "is silent" '.findings == []'
snapshot >before
check "with package and state" 0 doctor --client alice@contoso.com --package good --state good.json
check_json "is silent" '.findings == []'
check "as text" 0 "$p11ca" doctor --client alice@contoso.com --package good --state good.json
[ ! -s out ]; ok "too" out
check "without a client" 0 doctor --package good --state good.json
check_json "is silent" '.findings == []'
snapshot >after
cmp before after >detail; ok "and nothing is changed" detail

sqlite3 home/ledger.db "UPDATE certificates SET name = 'mallory' WHERE is_root = 0"
broken "a row that was edited" doctor-ledger-faults
sqlite3 home/ledger.db "UPDATE certificates SET state = 'signing', writer = 'gone' WHERE is_root = 0"
broken "work that nobody finished" doctor-unfinished doctor-ledger-faults
mkdir aside && mv tokens/* aside/ && rm -rf aside tokens/*
broken "no token with the root's key" doctor-root-token
check "eleven months later" 10 at '+340 days' "$p11ca" --json doctor
names doctor-expiring
check "when the root is about to end" 10 at '+3620 days' "$p11ca" --json doctor
check_json "says so" '[.findings[].code] | index("azure-root-expiring") != null'
check "after it ended" 10 at '+3700 days' "$p11ca" --json doctor
check_json "says so" '[.findings[].code] | index("azure-root-expired") != null'
check "an expired client" 10 at '+400 days' "$p11ca" --json doctor --client "$alice"
names rfc5280-expired
"$p11ca" -q client revoke "$alice" --reason keyCompromise >/dev/null
broken "a revoked client" doctor-client-state -- --client "$alice"
"$p11ca" -q client revoke "$alice" --reason keyCompromise >/dev/null
broken "a revoked client that the gateway still takes" doctor-client-state doctor-not-enforced -- --client "$alice" --state good.json
"$p11ca" -q client renew "$alice" $pins >/dev/null
broken "the older of two certificates" doctor-client-replaced -- --client "$alice"
gateway "a good certificate on the gateway's list" \
    '.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: "x", thumbprint: $ours }]' doctor-client-on-gateway-list
gateway "our root is not on the gateway" '.vpnClientConfiguration.vpnClientRootCertificates = [{ name: "second",
	publicCertData: $other }]' package-root-not-on-gateway package-older-than-gateway-root-gone package-older-than-gateway-root-new
gateway "a root that is newer than the package" '.vpnClientConfiguration.vpnClientRootCertificates += [{ name: "second",
	publicCertData: $other }]' package-older-than-gateway-root-new
gateway "IKEv2 was turned off" '.vpnClientConfiguration.vpnClientProtocols = ["OpenVPN"]' package-older-than-gateway-tunnel-gone
gateway "SSTP was turned on" '.vpnClientConfiguration.vpnClientProtocols += ["SSTP"]' package-older-than-gateway-tunnel-new \
    gateway-sstp-ends gateway-sstp-openvpn
gateway "authentication by Entra ID" '.vpnClientConfiguration.vpnAuthenticationTypes = ["AAD"]' package-older-than-gateway-auth gateway-no-certificate
gateway "another pool" '.vpnClientConfiguration.vpnClientAddressPool.addressPrefixes = ["172.16.99.0/24"]' package-older-than-gateway-pool
gateway "another route" '.customRoutes.addressPrefixes = ["198.51.100.0/24"]' package-older-than-gateway-routes
package "no certificate authentication" 's/>EAPTLS</>AAD</' package-auth-not-certificate
package "a server that is not Azure's" 's/\.vpn\.azure\.com/.example.com/' package-server-not-azure package-server-mismatch
package "no routes" 's|<Routes>[^<]*|<Routes>|' package-routes-none package-dns-outside-routes
package "a default route" 's|<Routes>|<Routes>0.0.0.0/0,|' package-routes-default
package "a pool inside a route" 's|172.16.201.0/24|10.21.9.0/24|' package-pool-overlaps-route
package "a pool that is too small" 's|172.16.201.0/24|172.16.201.0/30|' package-pool-mask
package "name servers outside" 's|10.21.0.4|192.168.9.9|' package-dns-outside-routes
rm -rf other && package_folder other gateway.pem others.pem
broken "a package made before the root" package-root-unknown-to-gateway -- --client alice@contoso.com --package other
cp -r good noike && rm -r noike/Generic
broken "no IKEv2 in the package" package-no-ikev2 -- --client alice@contoso.com --package noike
openssl genrsa -out old.key 2048 2>/dev/null
old=$(at '-9 days' openssl req -x509 -key old.key -subj /CN=old -days 2 -outform DER | openssl base64 -A)
gateway "an expired root on the gateway" ".vpnClientConfiguration.vpnClientRootCertificates += [{ name: \"old\",
	publicCertData: \"$old\" }]" gateway-root-expired package-older-than-gateway-root-new

# Without options: all of it.
chmod 770 home
broken "a home that others may change" doctor-home-writable
chmod 666 home/ledger.db
broken "a ledger that others may change" doctor-home-writable
chmod 755 home && chmod 644 home/ledger.db
broken "a ledger that others may read" doctor-home-readable
chmod 644 home/ledger.db
check "a file in a closed home" 0 doctor
check_json "is as closed" '.findings == []'
cp "$PKCS11_MODULE_PATH" module.so && chmod 777 module.so
good_module=$PKCS11_MODULE_PATH PKCS11_MODULE_PATH=$WORK/module.so
broken "a module that others may change" doctor-module
PKCS11_MODULE_PATH=$WORK/nosuch.so
broken "a module that is not there" doctor-module
PKCS11_MODULE_PATH=$good_module
"$p11ca" -q gateway add one --resource-group test >/dev/null && "$p11ca" -q client revoke "$alice" --reason superseded >/dev/null
broken "a revocation that no gateway was seen to follow" doctor-pending
"$p11ca" -q gateway add one --resource-group test >/dev/null
"$p11ca" -q client revoke "$alice" --reason certificateHold >/dev/null
jq --arg ours "$thumbprint" '.name = "one" | .vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: "x", thumbprint: $ours }]' \
    good.json >one.json
"$p11ca" -q gateway diff one --state one.json --record >/dev/null
check "one that it was seen to follow" 0 doctor
check_json "is not said" '.findings == []'
"$p11ca" -q client restore "$alice" >/dev/null
broken "a restored certificate that a gateway still refuses" doctor-pending
"$p11ca" -q gateway add one --resource-group test --pool 203.0.113.0/24 >/dev/null
broken "a gateway with a pool of somebody else's" gateway-pool-public
"$p11ca" -q root crl vpn --out vpn.crl $pin >/dev/null || bail "no CRL"
check "a CRL that is new" 0 doctor
check_json "is no fault" '.findings == []'
check "when it has ended" 10 at '+31 days' "$p11ca" --json doctor
names doctor-crl-expired
sleep 1
"$p11ca" -q client revoke "$alice" --reason superseded >/dev/null
broken "a revocation that the newest CRL lacks" doctor-crl-outdated
# The state of a gateway that the ledger knows, against what is decided.
"$p11ca" -q gateway add test-gw --resource-group test >/dev/null
check "a gateway with all that is decided" 0 doctor --state good.json
check_json "is silent" '.findings == []'
"$p11ca" -q client revoke "$alice" --reason superseded >/dev/null
broken "one that lacks a thumbprint" doctor-gateway-lacks-revoked doctor-pending -- --state good.json
"$p11ca" -q gateway add test-gw --resource-group test >/dev/null
jq --arg other "$(line others.pem)" '.vpnClientConfiguration.vpnClientRootCertificates[0].publicCertData = $other' good.json >other.json
broken "one that lacks the root" doctor-gateway-lacks-root -- --state other.json
"$p11ca" -q profile write good --client "$alice" --for swanctl,openvpn --out profiles >/dev/null || bail "no profiles"
check "profiles of the package" 0 doctor --package good
check_json "are good" '.findings == []'
tar cf saved.tar home tokens # from here on she has profiles
rm -rf other && cp -r good other && find other -type f -exec sed -i "s/azuregateway-7e570000/azuregateway-7e570009/g" {} +
broken "profiles of a gateway that has another name now" doctor-profiles-stale -- --package other
"$p11ca" -q client renew "$alice" $pins >/dev/null 2>&1
broken "profiles that name the key before the last" doctor-profiles-stale
cp "$SOFTHSM2_CONF" saved.conf && echo 'slots.mechanisms = CKM_RSA_PKCS,CKM_RSA_PKCS_KEY_PAIR_GEN' >>"$SOFTHSM2_CONF"
broken "a card without RSA-PSS, for OpenVPN" openvpn-token-rsa-pss -- --client "$alice" --package good
cp saved.conf "$SOFTHSM2_CONF"
"$p11ca" -q ledger backup --out copy.db >/dev/null && mv home old-home
"$p11ca" -q ledger restore copy.db >/dev/null 2>&1 || bail "nothing is restored"
check "a ledger that was restored" 10 doctor
names doctor-issuing-suspended
rm -rf home && mv old-home home
# Another gateway's installation is as healthy.
mv home azure-home
root ec hsm --key ec:p256 --template vpn-root --test
"$p11ca" -q client enroll eve@contoso.com -t alice --shared-card --key ec:p256 --template vpn-client $pins >/dev/null || bail "no eve"
check "EC keys, for other gateways" 0 doctor --client eve@contoso.com
check_json "are no fault" '.findings == []'
check "when their root is about to end" 10 at '+3620 days' "$p11ca" --json doctor
check_json "it is said" '[.findings[] | select(.file == "ec").code] == ["azure-root-expiring"]'
rm -rf home && mv azure-home home
check "nobody" 4 doctor --client nobody
check "no ledger" 4 "$p11ca" --home "$WORK/nosuch" doctor
check "a hostile state" 3 doctor --state ours.pem
check "no package" 9 doctor --package nosuch
plan
