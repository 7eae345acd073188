#!/bin/sh
# SPDX-License-Identifier: MIT
# openvpn.t - a server with Azure's settings, and a client with only the written .ovpn, the key on a token.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" openvpn bash openssl pkcs11-tool softhsm2-util ip ping setsid
live_pki
azure=$WORK/package/OpenVPN/vpnconfig.ovpn

# client_start FOLDER : the management port, told on the command line, is where the PIN is typed
client_start() {
	: >"$1/openvpn.log"
	live_spawn client client sh -c 'cd "$0" && exec openvpn --config "$1" --management 127.0.0.1 7505 \
		--management-query-passwords --management-hold' "$1" "$1/$connection.ovpn"
	ip netns exec client timeout 20 bash "$srcdir/tests/live/type-pin.bash" 7505 "$USER_PIN" >"$1/pin" 2>&1
}
connects() { wait_for 15 grep -q 'Initialization Sequence Completed' "$c/openvpn.log" "$WORK/client.out"; }
# session NAME EXPECT : with the file of $profile_folder; EXPECT is up, or what the server says
session() {
	c=$profile_folder
	client_start "$c"
	if [ "$2" = up ]; then
		connects; ok "$1: connects" "$c/openvpn.log"
		address=$(pool_address)
		[ -n "$address" ]; ok "$1: has an address of the pool" "$WORK/client.out"
		pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "$1: a packet goes there and back" "$WORK/ping"
	else
		wait_for 15 grep -q "$2" "$WORK/gw.out"; ok "$1: the server refuses: $2" "$WORK/gw.out"
		! grep -q 'Initialization Sequence Completed' "$c/openvpn.log"; ok "$1: does not connect" "$c/openvpn.log"
	fi
	live_stop client
}
# written NAME CLIENT EXPECT OPTION... : a session with what profile write makes
written() {
	written_name=$1 written_client=$2 written_expect=$3
	shift 3
	write_profile "$written_client" openvpn "$(mktemp -d "$WORK/c.XXXXXX")" "$@"
	ok "$written_name: the file is written" "$WORK/profile.out"
	session "$written_name" "$written_expect"
}

for version in 1.2 1.3; do
	openvpn_start $version; ok "the server stands (TLS $version)" "$WORK/gw.out"
	written "TLS $version" alice up -t live
	grep -q "Control Channel: TLSv$version" "$c/openvpn.log"; ok "TLS $version it was" "$c/openvpn.log"
	live_stop gw
done
f=$c/$connection.ovpn
[ "$(stat -c %a "$f")" = 600 ]; ok "the file is private, as it holds the tls-auth key"
! grep -q "\b$USER_PIN\b\|BEGIN PRIVATE" "$f"; ok "no PIN and no private key in it"
! grep -qv "$(printf '\r')\$" "$f"; ok "each line ends with CR and LF, as Azure's lines do"
sed '/^<cert>/,/^<\/cert>/d; /^<key>/,/^<\/key>/d; /^#/d; /^.$/d' "$azure" >"$WORK/want"
grep -v '^pkcs11-' "$f" | sed '/^.$/d' >"$WORK/have"
cmp "$WORK/want" "$WORK/have"; ok "the settings are those of Azure's file, line for line"

openvpn_start 1.3; ok "the server stands" "$WORK/gw.out"
written "revoked" revoked "certificate revoked" -t live
written "another root" stranger "unable to get local issuer certificate\|unable to verify the first\|unable to get issuer" -t live
! write_profile noeku openvpn "$WORK/none" -t live; ok "no file is written for a certificate without clientAuth" "$WORK/profile.out"
grep -q azure-eku-client-auth "$WORK/profile.out"; ok "and its rule is named" "$WORK/profile.out"
write_profile alice openvpn "$WORK/noeku" -t live && sed -i '/^pkcs11-id /{s|/A1|/A4|;s|/a1|/a4|}' "$profile_folder/$connection.ovpn" &&
	grep -qi '^pkcs11-id .*/a4' "$profile_folder/$connection.ovpn"; ok "a file is bent to it" "$WORK/profile.out"
session "without clientAuth" "unsuitable certificate purpose\|VERIFY EKU ERROR"
openssl pkcs12 -export -in "$WORK/alice.pem" -inkey "$WORK/alice.key" -certfile "$WORK/root.pem" \
    -passout "pass:$USER_PIN" -out "$WORK/alice.pfx" || bail "no PFX"
written "PKCS#12 in the file" alice up --pfx "$WORK/alice.pfx"
written "OpenVPN 2.6 on Windows' file" alice up -t live --openvpn-windows26
tail -n 1 "$c/$connection.ovpn" | grep -q '^disable-dco'; ok "it has disable-dco"
live_stop gw

live_enrol >"$WORK/enrol" 2>&1; ok "p11ca makes a root, a card and its file" "$WORK/enrol"
openvpn_start 1.3 vpn; ok "the server stands, that root uploaded" "$WORK/gw.out"
use_profile "$WORK/carol" openvpn
session "client enroll --for openvpn" up
live_stop gw
live_revoke carol@contoso.com >"$WORK/revoke" 2>&1; ok "p11ca revokes her" "$WORK/revoke"
openvpn_start 1.2 vpn; ok "the server stands, with p11ca's list" "$WORK/gw.out"
session "revoked by p11ca" "certificate revoked"
live_stop gw

# labels : the id in the file is the one that openvpn --show-pkcs11-ids prints, whatever the token is called
labels() {
	softhsm_up "$WORK/hsm$1" "$2" && softhsm2-util --import "$WORK/alice.key" --token "$2" --label k --id ab1f \
	    --pin "$USER_PIN" >/dev/null &&
		pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$2" --login --pin "$USER_PIN" \
		    --write-object "$WORK/alice.der" --type cert --id ab1f --label k >/dev/null 2>&1 || return 1
	token_serial=$(pkcs11-tool --module "$PKCS11_MODULE_PATH" -L 2>/dev/null | sed -n 's/^ *serial num *: *//p' |
		head -n 1)
	write_profile alice openvpn "$WORK/labels$1" -t "pkcs11:serial=$token_serial" || return 1
	openvpn --show-pkcs11-ids "$PKCS11_MODULE_PATH" | sed -n 's/^ *Serialized id: *//p' >"$WORK/want"
	tr -d '\r' <"$profile_folder/$connection.ovpn" | sed -n 's/^pkcs11-id "\(.*\)"$/\1/p' | sed 's/\\\\/\\/g' >"$WORK/have"
	[ -s "$WORK/want" ] && diff "$WORK/want" "$WORK/have" >"$WORK/detail"
}
labels 1 ' !"#$%&()*+,-./0:;<=>?@A'; ok "punctuation in the label" "$WORK/detail"
labels 2 "[\\]^_\`{|}~' é"; ok "the rest of ASCII, and UTF-8" "$WORK/detail"
labels 3 "$(printf '\001\t\177\377x')"; ok "control characters and what is not UTF-8" "$WORK/detail"
plan
