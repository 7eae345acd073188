#!/bin/sh
# SPDX-License-Identifier: MIT
# profiles-linux.t - written profiles before the parsers of other programs: NetworkManager, jq, openssl.
. "$srcdir/tests/tap.sh"
for tool in openssl jq nmcli; do command -v $tool >/dev/null || skip_all "no $tool"; done
server=azuregateway-11111111-2222-3333-4444-555555555555-aabbccddeeff.vpn.azure.com
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/key.pem" -out "$WORK/cert.pem" -subj "/CN=alice" -days 30 \
    -addext subjectAltName=DNS:alice 2>/dev/null || bail "no certificate"
openssl pkcs12 -export -in "$WORK/cert.pem" -inkey "$WORK/key.pem" -passout pass:secret -out "$WORK/alice.pfx" ||
	bail "no PKCS#12"

# writes FORMAT FOLDER [NAME=VALUE...]
writes() {
	format=$1 out=$2
	shift 2
	"$top_builddir/tests/live/write_profile" "$format" "$WORK/$out" name=VNet1.alice server=$server \
	    route=10.1.0.0/16 route=10.2.0.0/16 pool=172.16.201.0/24 gateway_root="$WORK/cert.pem" \
	    cert="$WORK/cert.pem" root="$WORK/cert.pem" module="/opt/a b/mod.so" cka_id=00ff label=x "$@"
}
check "networkmanager is written" 0 writes networkmanager nm
keyfile=$WORK/nm/VNet1-alice.nmconnection
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
check "networkmanager with the certificate itself" 0 writes networkmanager nm2 pubkey=1
check_file "is method=cert" method=cert "$WORK/nm2/VNet1-alice.nmconnection"
check "with two roots" 0 writes networkmanager nm3 gateway_root="$WORK/cert.pem"
! grep -q ^certificate= "$WORK/nm3/VNet1-alice.nmconnection"; ok "none is named, the plugin takes one only"

check "sswan is written" 0 writes sswan a pfx="$WORK/alice.pfx"
sswan=$WORK/a/VNet1-alice.sswan
[ "$(stat -c %a "$sswan")" = 600 ]; ok "private, as it holds the key"
jq -e '.type == "ikev2-eap-tls" and .remote.addr == .remote.id and .local.id == "alice" and
    ."split-tunneling".subnets == ["10.1.0.0/16", "10.2.0.0/16"]' "$sswan" >"$WORK/detail" 2>&1
ok "JSON with the client's values" "$WORK/detail"
jq -r .local.p12 "$sswan" | base64 -d | cmp - "$WORK/alice.pfx"; ok "the PKCS#12 is in it"
jq -r .remote.cert "$sswan" | base64 -d | openssl x509 -inform DER -noout; ok "so is the gateway's root"
check "and is refused for a key on a token" 7 writes sswan b
check_has "because the app cannot" err "PKCS#12"
check "written again" 0 writes sswan a2 pfx="$WORK/alice.pfx"
cmp "$sswan" "$WORK/a2/VNet1-alice.sswan"; ok "it has the same bytes"
for f in swanctl ipsec networkmanager; do
	check "$f is refused for a PKCS#12" 7 writes $f refused-$f pfx="$WORK/alice.pfx"
	check "$f is refused with a control character in the module's path" 3 writes $f bad-$f module="$(printf '/a\nb')"
done
check "openvpn is refused where the gateway has none" 7 writes openvpn c
plan
