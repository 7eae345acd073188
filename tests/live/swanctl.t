#!/bin/sh
# SPDX-License-Identifier: MIT
# swanctl.t - a gateway that behaves as Azure's, and a client started with nothing but the files of --for swanctl.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" /usr/lib/ipsec/charon swanctl openssl pkcs11-tool softhsm2-util ip ping setsid
live_pki

# client_start FOLDER : charon with the written settings; the PIN is typed, as no file holds it
client_start() {
	live_conf "$1/charon.conf" "$1/vici" vici "include $1/strongswan.d/*.conf"
	STRONGSWAN_CONF=$1/charon.conf live_spawn client client /usr/lib/ipsec/charon
	wait_for 15 swanctl --stats --uri "unix://$1/vici" || return 1
	echo "$USER_PIN" | SWANCTL_DIR=$1 setsid -w swanctl --load-creds --uri "unix://$1/vici" >"$1/load" 2>&1 &&
		SWANCTL_DIR=$1 swanctl --load-conns --uri "unix://$1/vici" >>"$1/load" 2>&1
}
# connects CLIENT
connects() {
	timeout 30 swanctl --initiate --child "VNet1-$1" --uri "unix://$WORK/$folder/vici" --timeout 20 \
	    >"$WORK/$folder/init" 2>&1
}
# session NAME CLIENT ID EXPECT [NAME=VALUE...] : a whole session; EXPECT is up, or why the gateway refuses
session() {
	session_name=$1 session_client=$2 session_id=$3 session_expect=$4 session_why=$4
	[ "$4" = up ] || session_expect=refused
	shift 4
	folder=c-$session_client-$session_expect-$#
	write_profile "$session_client" "$session_id" swanctl "$WORK/$folder" "$@"; ok "$session_name: files are written"
	client_start "$WORK/$folder"; ok "$session_name: strongSwan takes them" "$WORK/$folder/load"
	if [ "$session_expect" = up ]; then
		connects "$session_client"
		ok "$session_name: connects" "$gw/gw.log"
		address=$(pool_address)
		[ -n "$address" ]; ok "$session_name: has an address of the pool" "$WORK/$folder/charon.log"
		pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "$session_name: a packet goes there and back" "$WORK/ping"
	else
		! connects "$session_client"; ok "$session_name: does not connect" "$WORK/$folder/init"
		grep -q "$session_why" "$gw/gw.log"; ok "$session_name: because $session_why" "$gw/gw.log"
	fi
	live_stop client
}

mkdir -p "$WORK/a \"strange\" {place} # = \\ ü"
live_module="$WORK/a \"strange\" {place} # = \\ ü/module.so"
cp "$PKCS11_MODULE_PATH" "$live_module" || bail "cannot copy the module"

gateway_start eap-tls; ok "the gateway stands (EAP-TLS)" "$WORK/gw.out"
session "EAP-TLS" alice a1 up
! grep -rqE "$USER_PIN|slot *=" "$WORK/c-alice-up-0" --include='*.conf' --include='*.md'; ok "no PIN and no slot in any file"
session "EAP-TLS, revoked" revoked a2 "certificate was revoked"
session "EAP-TLS, another root" stranger a3 "no issuer certificate found"
live_stop gw
gateway_start pubkey; ok "the gateway stands (certificate)" "$WORK/gw.out"
session "pubkey" alice a1 up pubkey=1
session "pubkey, revoked" revoked a2 "certificate was revoked" pubkey=1
session "pubkey, another root" stranger a3 "no issuer certificate found" pubkey=1
live_stop gw
plan
