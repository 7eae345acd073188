#!/bin/sh
# SPDX-License-Identifier: MIT
# subordinate.t - clients of a root that an Enterprise CA signed, at gateways that know that CA alone.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" /usr/lib/ipsec/charon /usr/lib/ipsec/starter /usr/lib/ipsec/stroke swanctl openvpn bash openssl pkcs11-tool \
    softhsm2-util ip ping setsid nsenter jq
live_pki
PIN=$USER_PIN
export PIN
cd "$WORK" || bail "no folder"

# An Enterprise CA of two tiers signs p11ca's root; the gateway knows the topmost alone.
live_ca enterprise "/CN=Contoso Root CA" && openssl genrsa -out policy.key 2048 2>/dev/null && live_cert policy enterprise \
    "/CN=Contoso Policy CA" 3 "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n" ||
    bail "no Enterprise CA"
"$p11ca" -q root request sub -t hsm --out sub.csr --pin-source env:PIN >detail 2>&1; ok "a root asks for its certificate" detail
printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' >sub.ext
openssl x509 -req -in sub.csr -CA policy.pem -CAkey policy.key -set_serial 4 -days 20 -extfile sub.ext -out sub.pem 2>detail || bail "not signed"
openssl crl2pkcs7 -nocrl -certfile policy.pem -certfile enterprise.pem -outform DER -out chain.p7b || bail "no PKCS#7"
"$p11ca" -q root install sub --cert sub.pem --chain chain.p7b --pin-source env:PIN >detail 2>&1; ok "and installs it, with the chain" detail
live_package "$WORK/gw" enterprise.pem && package_zip "$WORK/gw.zip" "$WORK/gw" || bail "no package"
"$p11ca" -q client enroll carol@contoso.com -t pkcs11:token=card --root sub --package gw.zip --out carol --days 10 \
    --for swanctl,ipsec,openvpn,windows,azurevpn --pin-source env:PIN --root-pin-source env:PIN >detail 2>&1
ok "carol's card and files" detail
openssl verify -CAfile enterprise.pem -untrusted carol/carol@contoso.com-chain.pem carol/carol@contoso.com.pem >detail 2>&1
ok "openssl verifies her chain" detail
"$p11ca" -q profile write gw.zip --cert carol/carol@contoso.com-chain.pem -t pkcs11:token=card --for swanctl --out again \
    --pin-source env:PIN >detail 2>&1 && diff -r carol/swanctl again/swanctl >detail; ok "from her chain's file the same" detail

"$p11ca" --json profile write gw.zip --cert carol/carol@contoso.com-chain.pem -t pkcs11:token=card --for networkmanager \
    --out nm --pin-source env:PIN >detail 2>err && jq -e '[.warnings[].code] | index("networkmanager-issuers") != null' detail >out
ok "NetworkManager's plugin cannot send it, which is said" detail
grep -q 'does not send the CA certificates between' nm/networkmanager/INSTALL-networkmanager.md; ok "and in INSTALL"

use_profile "$WORK/carol" swanctl
gateway_start eap-tls enterprise; ok "a gateway that knows the Enterprise CA alone" "$gw/load"
mv "$profile_folder"/x509ca/*-issuer-*.pem "$WORK" # first: a gateway keeps what it was sent
session "without the CAs between" "no issuer certificate found"
mv "$WORK"/*-issuer-*.pem "$profile_folder/x509ca/"
session "EAP-TLS" up
live_stop gw

# ipsec.conf: the CAs between are sent, and do not vouch for the gateway.
stroke() { nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke "$@"; }
# starter_start NAME : with the files of $profile_folder, laid out as INSTALL says
starter_start() {
	c=$profile_folder
	mkdir -p "$c/ipsec.d/private" "$c/ipsec.d/crls" "$c/ipsec.d/aacerts" "$c/ipsec.d/ocspcerts" "$c/ipsec.d/acerts"
	cp -r "$c/certs" "$c/cacerts" "$c/ipsec.d/" && : >"$c/charon.log"
	live_conf "$c/charon.conf" unused stroke "charon { plugins { stroke { secrets_file = $c/ipsec.secrets } } }
	include $c/strongswan.d/*.conf"
	LIVE_IPSEC_D=$c/ipsec.d STRONGSWAN_CONF=$c/charon.conf live_spawn client client \
	    /usr/lib/ipsec/starter --nofork --conf "$c/ipsec.conf"
	wait_for 15 stroke status
	echo "$USER_PIN" | setsid -w nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke rereadsecrets >"$c/secrets.out" 2>&1
	wait_for 10 grep -q 'loaded private key from %smartcard' "$c/charon.log"; ok "$1: strongSwan takes the files" "$c/charon.log"
}
starter_up() { timeout 30 nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke up "$1" >"$c/up" 2>&1; grep -q 'established successfully' "$c/up"; }
use_profile "$WORK/carol" ipsec
gateway_start eap-tls enterprise; ok "the gateway again" "$gw/load"
starter_start "ipsec.conf"
starter_up "$connection"; ok "ipsec.conf: connects" "$c/up"
address=$(pool_address)
pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "ipsec.conf: a packet goes there and back" "$WORK/ping"
! grep -q 'discarding CA constraint' "$c/charon.log"; ok "ipsec.conf: who may vouch for the gateway is known" "$c/charon.log"
live_stop client
live_stop gw
cp server.pem true-server.pem
live_cert server enterprise "/CN=7e570000-1111-4222-8333-444455556666.vpn.azure.com" 9 \
    "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:$SERVER\n" || bail "no certificate"
gateway_start eap-tls enterprise; ok "a gateway that our own CA vouches for" "$gw/load"
starter_start "our CA's gateway"
! starter_up "$connection"; ok "is refused" "$c/up"
grep -q 'constraint check failed: peer not authenticated by CA' "$c/up" "$c/charon.log"; ok "because of who vouches" "$c/charon.log"
live_stop client
sed -i '/rightca=/d' "$c/ipsec.conf"
starter_start "without rightca"
starter_up "$connection"; ok "it would be taken" "$c/up"
live_stop client
live_stop gw
cp true-server.pem server.pem

use_profile "$WORK/carol" openvpn
grep -c 'BEGIN CERTIFICATE' "$profile_folder/$connection.ovpn" >detail; ok "the file holds them"
ovpn() { # FILE
	c=$profile_folder
	: >"$c/openvpn.log"
	live_spawn client client sh -c 'cd "$0" && exec openvpn --config "$1" --management 127.0.0.1 7505 \
		--management-query-passwords --management-hold' "$c" "$1"
	ip netns exec client timeout 20 bash "$srcdir/tests/live/type-pin.bash" 7505 "$USER_PIN" >"$WORK/typed" 2>&1
}
openvpn_start 1.3 enterprise; ok "a server that knows the Enterprise CA alone" "$WORK/gw.out"
ovpn "$connection.ovpn"
wait_for 15 grep -q 'Initialization Sequence Completed' "$c/openvpn.log" "$WORK/client.out"; ok "OpenVPN connects" "$WORK/client.out"
pings "$(pool_address)" >ping 2>&1; ok "a packet goes there and back" ping
live_stop client
sed '/^<extra-certs>/,/^<\/extra-certs>/d' "$c/$connection.ovpn" >"$c/bare.ovpn"
ovpn bare.ovpn
wait_for 15 grep -q 'unable to get local issuer\|unable to verify the first' "$WORK/gw.out"; ok "without them it is refused" "$WORK/gw.out"
live_stop client
live_stop gw

# What Windows is given: the root where roots are trusted, the others beside it, by what they are.
for format in windows azurevpn; do
	openssl x509 -inform DER -in "carol/$format/root.cer" -noout -subject >"$WORK/out" && grep -q 'Contoso Root CA' "$WORK/out"
	ok "$format: root.cer is the topmost" "$WORK/out"
	for pair in 1:sub 2:Policy; do
		openssl x509 -inform DER -in "carol/$format/issuer-${pair%:*}.cer" -noout -subject >"$WORK/out" && grep -q "${pair#*:}" "$WORK/out"
		ok "$format: issuer-${pair%:*}.cer is ${pair#*:}" "$WORK/out"
	done
	grep -q "issuer-1.cer" "carol/$format/INSTALL-$format.md"; ok "$format: INSTALL says where it goes"
done
for format in windows; do
	for n in 1 2; do
		thumb=$(openssl x509 -inform DER -in "carol/$format/issuer-$n.cer" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')
		grep -q "'issuer-$n.cer' = '$thumb'" "carol/$format/install.ps1"; ok "$format: the script imports issuer-$n.cer"
	done
done
plan
