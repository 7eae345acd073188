#!/bin/sh
# SPDX-License-Identifier: MIT
# ipsec.t - the files of --for ipsec, read by strongSwan's starter; the gateway is swanctl.t's.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" /usr/lib/ipsec/charon /usr/lib/ipsec/starter /usr/lib/ipsec/stroke swanctl openssl pkcs11-tool \
    softhsm2-util ip ping setsid nsenter
[ -d /etc/ipsec.d ] || skip_all "no /etc/ipsec.d to put a folder of our own over"
live_pki

# client_start FOLDER : the starter with the written ipsec.conf; folders are laid out as INSTALL says
client_start() {
	c=$1
	mkdir -p "$c/ipsec.d/private" "$c/ipsec.d/crls" "$c/ipsec.d/aacerts" "$c/ipsec.d/ocspcerts" "$c/ipsec.d/acerts" &&
		mv "$c/certs" "$c/cacerts" "$c/ipsec.d/" || return 1
	live_conf "$c/charon.conf" unused "stroke" \
	    "charon { plugins { stroke { secrets_file = $c/ipsec.secrets } } }
	include $c/strongswan.d/*.conf"
	LIVE_IPSEC_D=$c/ipsec.d STRONGSWAN_CONF=$c/charon.conf live_spawn client client \
	    /usr/lib/ipsec/starter --nofork --conf "$c/ipsec.conf"
	wait_for 15 stroke status
}
# stroke COMMAND... : inside the client's own namespaces
stroke() { nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke "$@"; }
# session NAME [OPTION...]
session() {
	session_name=$1
	shift
	write_profile alice ipsec "$WORK/c$#" -t live "$@"; ok "$session_name: files are written" "$WORK/profile.out"
	c=$profile_folder
	[ "$(stat -c %a "$c/ipsec.secrets")" = 600 ]; ok "$session_name: ipsec.secrets is private"
	! grep -qw "$USER_PIN" "$c/ipsec.secrets" "$c/ipsec.conf"; ok "$session_name: no PIN in them"
	client_start "$c"; ok "$session_name: strongSwan takes them" "$WORK/client.out"
	echo "$USER_PIN" | setsid -w nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke rereadsecrets \
	    >"$c/secrets.out" 2>&1
	wait_for 10 grep -q 'loaded private key from %smartcard' "$c/charon.log"
	ok "$session_name: the key is found by its id, the PIN was asked" "$c/charon.log"
	timeout 30 nsenter -t "$(cat "$WORK/client.pid")" -m -n /usr/lib/ipsec/stroke up "$connection" >"$c/up" 2>&1
	grep -q 'established successfully' "$c/up"; ok "$session_name: connects" "$c/up"
	address=$(pool_address)
	[ -n "$address" ]; ok "$session_name: has an address of the pool" "$c/charon.log"
	pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "$session_name: a packet goes there and back" "$WORK/ping"
	live_stop client
}

gateway_start eap-tls; ok "the gateway stands (EAP-TLS)" "$WORK/gw.out"
session "EAP-TLS"
live_stop gw
gateway_start pubkey; ok "the gateway stands (certificate)" "$WORK/gw.out"
session "pubkey" --auth pubkey
live_stop gw
plan
