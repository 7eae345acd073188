#!/bin/sh
# SPDX-License-Identifier: MIT
# openvpn.t - a server with Azure's settings, and a client with only the written .ovpn, the key on a token.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" openvpn bash openssl pkcs11-tool softhsm2-util ip ping setsid
live_pki
openvpn --genkey tls-auth "$WORK/ta.key" >/dev/null 2>&1 || bail "no tls-auth key"
azure_ovpn "$WORK/vpnconfig.ovpn"

# client_start FOLDER CLIENT : the management port, told on the command line, is where the PIN is typed
client_start() {
	: >"$1/openvpn.log"
	live_spawn client client sh -c 'cd "$0" && exec openvpn --config "$1" --management 127.0.0.1 7505 \
		--management-query-passwords --management-hold' "$1" "$1/VNet1-$2.ovpn"
	ip netns exec client timeout 20 bash "$srcdir/tests/live/type-pin.bash" 7505 "$USER_PIN" >"$1/pin" 2>&1
}
connects() { wait_for 15 grep -q 'Initialization Sequence Completed' "$c/openvpn.log" "$WORK/client.out"; }
# session NAME CLIENT ID WHY [NAME=VALUE...] : WHY is up, or what the server says
session() {
	session_name=$1 session_client=$2 session_id=$3 session_why=$4
	shift 4
	c=$(mktemp -d "$WORK/c.XXXXXX")
	write_profile "$session_client" "$session_id" openvpn "$c" ovpn="$WORK/vpnconfig.ovpn" "$@"
	ok "$session_name: the file is written"
	client_start "$c" "$session_client"
	if [ "$session_why" = up ]; then
		connects; ok "$session_name: connects" "$c/openvpn.log"
		address=$(pool_address)
		[ -n "$address" ]; ok "$session_name: has an address of the pool" "$WORK/client.out"
		pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "$session_name: a packet goes there and back" "$WORK/ping"
	else
		wait_for 15 grep -q "$session_why" "$WORK/gw.out"
		ok "$session_name: the server refuses: $session_why" "$WORK/gw.out"
		! grep -q 'Initialization Sequence Completed' "$c/openvpn.log"; ok "$session_name: does not connect" "$c/openvpn.log"
	fi
	live_stop client
}

for version in 1.2 1.3; do
	openvpn_start $version; ok "the server stands (TLS $version)" "$WORK/gw.out"
	session "TLS $version" alice a1 up
	grep -q "Control Channel: TLSv$version" "$c/openvpn.log"; ok "TLS $version it was" "$c/openvpn.log"
	live_stop gw
done
f=$c/VNet1-alice.ovpn
[ "$(stat -c %a "$f")" = 600 ]; ok "the file is private, as it holds the tls-auth key"
! grep -q "$USER_PIN\|BEGIN PRIVATE" "$f"; ok "no PIN and no private key in it"
! grep -qv "$(printf '\r')\$" "$f"; ok "CRLF is kept to the last line"
sed '/^<cert>/,/^<\/cert>/d; /^<key>/,/^<\/key>/d' "$WORK/vpnconfig.ovpn" >"$WORK/want"
grep -v '^pkcs11-' "$f" >"$WORK/have"
cmp "$WORK/want" "$WORK/have"; ok "all else is Azure's, byte for byte"

openvpn_start 1.3; ok "the server stands" "$WORK/gw.out"
session "revoked" revoked a2 "certificate revoked"
session "another root" stranger a3 "unable to get local issuer certificate\|unable to verify the first\|unable to get issuer"
session "without clientAuth" noeku a4 "unsuitable certificate purpose\|VERIFY EKU ERROR"
openssl pkcs12 -export -in "$WORK/alice.pem" -inkey "$WORK/client-key.pem" -certfile "$WORK/root.pem" \
    -passout "pass:$USER_PIN" -out "$WORK/alice.pfx" || bail "no PFX"
session "PKCS#12 in the file" alice a1 up pfx="$WORK/alice.pfx"
session "OpenVPN 2.6 on Windows' file" alice a1 up windows26=1
tail -n 1 "$c/VNet1-alice.ovpn" | grep -q '^disable-dco'; ok "it has disable-dco"
live_stop gw

# labels : the id in the file is the one that openvpn --show-pkcs11-ids prints, whatever the token is called
labels() {
	softhsm_up "$WORK/hsm$1" "$2" && softhsm2-util --import "$WORK/client-key.pem" --token "$2" --label k --id ab1f \
	    --pin "$USER_PIN" >/dev/null &&
		pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$2" --login --pin "$USER_PIN" \
		    --write-object "$WORK/alice.der" --type cert --id ab1f --label k >/dev/null 2>&1 || return 1
	token_serial=$(pkcs11-tool --module "$PKCS11_MODULE_PATH" -L 2>/dev/null | sed -n 's/^ *serial num *: *//p' |
		head -n 1)
	write_profile alice ab1f openvpn "$WORK/labels$1" ovpn="$WORK/vpnconfig.ovpn" label="$2" || return 1
	openvpn --show-pkcs11-ids "$PKCS11_MODULE_PATH" | sed -n 's/^ *Serialized id: *//p' >"$WORK/want"
	tr -d '\r' <"$WORK/labels$1/VNet1-alice.ovpn" | sed -n 's/^pkcs11-id "\(.*\)"$/\1/p' | sed 's/\\\\/\\/g' >"$WORK/have"
	[ -s "$WORK/want" ] && diff "$WORK/want" "$WORK/have" >"$WORK/detail"
}
labels 1 ' !"#$%&()*+,-./0:;<=>?@A'; ok "punctuation in the label" "$WORK/detail"
labels 2 "[\\]^_\`{|}~' é"; ok "the rest of ASCII, and UTF-8" "$WORK/detail"
labels 3 "$(printf '\001\t\177\377x')"; ok "control characters and what is not UTF-8" "$WORK/detail"
plan
