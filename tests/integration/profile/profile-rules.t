#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-rules.t - what a client would fail on is refused, or said, before its profile is written.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
data=$srcdir/tests/data/package
tokens hsm alice smith
root vpn hsm
ours=$("$p11ca" --json root show vpn | jq -r .root.thumbprint) || bail "no thumbprint"
test_key "$WORK/gw.key"
openssl req -x509 -new -key "$WORK/gw.key" -out "$WORK/gw.pem" -days 400 -subj '/CN=Test Gateway Root' \
    2>/dev/null || bail "no gateway root"
openssl x509 -in "$WORK/gw.pem" -outform DER -out "$WORK/gw.der"
gateway=$(openssl x509 -in "$WORK/gw.pem" -noout -fingerprint -sha1 | sed 's/.*=//;s/://g')

# package FOLDER CLIENT-ROOT : as Azure makes it for gateways with that root
package() {
	mkdir -p "$WORK/$1/Generic" "$WORK/$1/AzureVPN" "$WORK/$1/OpenVPN" "$WORK/$1/WindowsPowershell"
	sed "s|@ROOT@|$(openssl base64 -A -in "$WORK/gw.der")|" "$data/settings-2.xml" >"$WORK/$1/Generic/VpnSettings.xml"
	sed "s/@ROOT_SHA1@/$gateway/;s/@CLIENT_ROOT@/$2/" "$data/azurevpnconfig.xml" >"$WORK/$1/AzureVPN/azurevpnconfig.xml"
	sed "s/@ROOT_SHA1@/$gateway/;s/@CLIENT_ROOT_SPACED@/$(echo "$2" | sed 's/../& /g')/" "$data/VpnProfileSetup.ps1" \
	    >"$WORK/$1/WindowsPowershell/VpnProfileSetup.ps1"
	sed -e "/@ROOT_PEM@/{r $WORK/gw.pem" -e 'd' -e '}' "$data/vpnconfig.ovpn" >"$WORK/$1/OpenVPN/vpnconfig.ovpn"
}
package new "$ours"
package old ffffffffffffffffffffffffffffffffffffffff
enroll() { "$p11ca" --json client enroll --shared-card "$@" $pins; }
write() { "$p11ca" --json profile write "$@"; }

# Before the card is touched.
check "the package is older than the root" 7 enroll alice@contoso.com -t alice --package "$WORK/old" --for windows --out "$WORK/alice"
check_has "Windows would say 798" err package-root-unknown-to-gateway
check "no key was made" 0 "$p11ca" --json token show alice
check_json "nothing is on the card" '.objects == []'
check "a good package" 0 enroll alice@contoso.com -t alice --package "$WORK/new" --for swanctl,windows,openvpn --out "$WORK/alice"
check_silent "a good package causes no warning" err

package altered "$ours"
sed -i 's|<hash>[0-9A-Fa-f]*</hash>|<hash>0000000000000000000000000000000000000000</hash>|' "$WORK/altered/AzureVPN/azurevpnconfig.xml"
for format in openvpn swanctl networkmanager windows azurevpn; do
	check "a package that expects a gateway root which is not in it: $format" 7 \
	    write "$WORK/altered" --client alice@contoso.com --for $format --out "$WORK/altered-$format"
	check_json "its code: $format" '.error.code == "package-server-hash-mismatch"'
done
check "an old package, to Linux" 0 write "$WORK/old" --client alice@contoso.com --for swanctl,openvpn --out "$WORK/linux"
check_has "is said" err package-before-root
check_json "the warning contains its whole remedy" '[.warnings[] | select(.code == "package-before-root") | .message] |
    length == 1 and all(endswith("download the package again"))'
[ "$(grep -c package-before-root "$WORK/err")" -eq 1 ]; ok "and once" "$WORK/err"
check "to Windows" 7 write "$WORK/old" --client alice@contoso.com --for windows --out "$WORK/win"
[ ! -e "$WORK/win/windows" ]; ok "nothing is written"

check "the Azure VPN Client, with a key on a card" 0 write "$WORK/new" --client alice@contoso.com --for azurevpn --out "$WORK/azure"
check_has "does not list its certificate" err azurevpn-smart-card
check_has "Windows' own client does" err "--for windows"

# A name that cannot be in subjectAltName.
check "Alice Smith" 0 enroll 'Alice Smith' -t smith --out "$WORK/smith"
check "for Linux" 0 write "$WORK/new" --client 'Alice Smith' --for swanctl --out "$WORK/smith-linux"
check_has "has no IKE identity" err client-san-missing
check "for Windows" 0 write "$WORK/new" --client 'Alice Smith' --for windows --out "$WORK/smith-windows"
check_silent "Windows does not need an IKE identity: nothing is said" err

# Without a ledger: certificate, root, token.
cert=$WORK/alice/alice@contoso.com.pem
"$p11ca" root export vpn --out "$WORK/root.pem" >/dev/null 2>&1 || cp "$WORK"/alice/*root*.pem "$WORK/root.pem"
check "the token signs RSA-PSS" 0 write "$WORK/new" --cert "$cert" --root-cert "$WORK/root.pem" -t alice --for openvpn --out "$WORK/pss"
check_silent "of a token that signs RSA-PSS nothing is said" err
cp "$SOFTHSM2_CONF" "$WORK/all.conf"
echo 'slots.mechanisms = CKM_RSA_PKCS,CKM_RSA_PKCS_KEY_PAIR_GEN' >>"$SOFTHSM2_CONF"
check "it does not" 0 write "$WORK/new" --cert "$cert" --root-cert "$WORK/root.pem" -t alice --for openvpn,swanctl --out "$WORK/no-pss"
check_has "TLS 1.3 will ask for it" err openvpn-token-rsa-pss
cp "$WORK/all.conf" "$SOFTHSM2_CONF"
if command -v faketime >/dev/null; then
	check "an expired client" 7 at '+380 days' "$p11ca" profile write "$WORK/new" --cert "$cert" --root-cert "$WORK/root.pem" \
	    -t alice --for swanctl --out "$WORK/late"
	check_has "is refused" err rfc5280-expired
fi
check "a root is no client" 7 write "$WORK/new" --cert "$WORK/root.pem" --root-cert "$WORK/root.pem" -t hsm --for swanctl --out "$WORK/ca"
check_has "is refused by its id" err client-is-ca
plan
