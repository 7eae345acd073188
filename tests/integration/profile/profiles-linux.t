#!/bin/sh
# SPDX-License-Identifier: MIT
# profiles-linux.t - written profiles before the parsers of other programs: NetworkManager, jq, openssl.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs openssl jq nmcli
package_root "$WORK/root.pem" "/CN=Test Root"
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectAltName=DNS:alice\n' >"$WORK/ext"
openssl req -new -newkey rsa:2048 -nodes -keyout "$WORK/key.pem" -subj "/CN=alice" -out "$WORK/alice.csr" 2>/dev/null &&
	openssl x509 -req -in "$WORK/alice.csr" -CA "$WORK/root.pem" -CAkey "$WORK/root.key" -days 300 \
	    -extfile "$WORK/ext" -out "$WORK/cert.pem" 2>/dev/null || bail "no certificate"
openssl pkcs12 -export -in "$WORK/cert.pem" -inkey "$WORK/key.pem" -passout pass:secret -out "$WORK/alice.pfx" ||
	bail "no PKCS#12"
tokens alice
softhsm_key alice 00ff "$WORK/key.pem"
package_old "$WORK/package" "$WORK/root.pem" "$WORK/root.pem"

# writes FORMAT FOLDER [OPTION...] : the files in $WORK/FOLDER/FORMAT
writes() {
	format=$1 out=$2
	shift 2
	case " $* " in
	*" --pfx "*) ;;
	*" --client-module "*) set -- -t alice "$@" ;;
	*) set -- -t alice --client-module "/opt/a b/mod.so" "$@" ;;
	esac
	"$p11ca" profile write "$WORK/package" --cert "$WORK/cert.pem" --root-cert "$WORK/root.pem" --for "$format" \
	    --out "$WORK/$out" "$@"
}
check "networkmanager is written" 0 writes networkmanager nm
keyfile=$WORK/nm/networkmanager/Test-old-vnet-alice.nmconnection
[ "$(stat -c %a "$keyfile")" = 600 ]; ok "with the mode that NetworkManager demands"
# Offline, nmcli reads a keyfile, checks it as the daemon does and prints it again.
nmcli --offline connection modify connection.zone home <"$keyfile" >"$WORK/again" 2>"$WORK/detail"
ok "NetworkManager reads it" "$WORK/detail"
grep -vx '' "$keyfile" | grep -vx 'autoconnect=false' | while read -r line; do
	grep -qxF -e "$line" "$WORK/again" || echo "$line"
done >"$WORK/bad"
[ ! -s "$WORK/bad" ]; ok "and keeps every line" "$WORK/bad"
check_file() { grep -qxF -e "$2" "$3"; ok "$1" "$3"; }
check_file "EAP-TLS by default" method=eap-tls "$keyfile"
check_file "in smart-card mode" cert-source=smartcard "$keyfile"
check "networkmanager with the certificate itself" 0 writes networkmanager nm2 --auth pubkey
check_file "is method=cert" method=cert "$WORK/nm2/networkmanager/Test-old-vnet-alice.nmconnection"
package_root "$WORK/second.pem" "/CN=Second"
mv "$WORK/package" "$WORK/one" && package_folder "$WORK/package" "$WORK/root.pem" "$WORK/root.pem"
openssl x509 -in "$WORK/second.pem" -outform DER -out "$WORK/package/Generic/VpnServerRoot.cer_1"
sed -i "s|</CaCerts>|<string>$(openssl base64 -A -in "$WORK/package/Generic/VpnServerRoot.cer_1")</string>&|" \
    "$WORK/package/Generic/VpnSettings.xml"
check "with two roots" 0 writes networkmanager nm3
! grep -q ^certificate= "$WORK/nm3/networkmanager/Test-vnet-alice.nmconnection"; ok "none is named, the plugin takes one only"
rm -r "$WORK/package" && mv "$WORK/one" "$WORK/package"

check "sswan is written" 0 writes sswan a --pfx "$WORK/alice.pfx"
sswan=$WORK/a/sswan/Test-old-vnet-alice.sswan
[ "$(stat -c %a "$sswan")" = 600 ]; ok "private, as it holds the key"
jq -e '.type == "ikev2-eap-tls" and .remote.addr == .remote.id and .local.id == "alice" and
    ."split-tunneling".subnets == ["10.31.0.0/16"]' "$sswan" >"$WORK/detail" 2>&1
ok "JSON with the client's values" "$WORK/detail"
jq -r .local.p12 "$sswan" | base64 -d | cmp - "$WORK/alice.pfx"; ok "the PKCS#12 is in it"
jq -r .remote.cert "$sswan" | base64 -d | openssl x509 -inform DER -noout; ok "so is the gateway's root"
check "and is refused for a key on a token" 7 writes sswan b
check_has "because the app cannot" err "PKCS#12"
check "written again" 0 writes sswan a2 --pfx "$WORK/alice.pfx"
cmp "$sswan" "$WORK/a2/sswan/Test-old-vnet-alice.sswan"; ok "it has the same bytes"
for f in swanctl ipsec networkmanager; do
	check "$f is refused for a PKCS#12" 7 writes $f refused-$f --pfx "$WORK/alice.pfx"
	check "$f is refused with a control character in the module's path" 3 writes $f bad-$f --client-module "$(printf '/a\nb')"
done
check "openvpn is refused where the gateway has none" 7 writes openvpn c
plan
