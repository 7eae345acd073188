#!/bin/sh
# SPDX-License-Identifier: MIT
# swanctl.t - a gateway that behaves as Azure's, and a client started with nothing but the files of --for swanctl.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
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
connects() {
	timeout 30 swanctl --initiate --child "$connection" --uri "unix://$c/vici" --timeout 20 >"$c/init" 2>&1
}
# session NAME EXPECT : with the files of $profile_folder; EXPECT is up, or why the gateway refuses
session() {
	c=$profile_folder
	client_start "$c"; ok "$1: strongSwan takes the files" "$c/load"
	if [ "$2" = up ]; then
		connects; ok "$1: connects" "$gw/gw.log"
		address=$(pool_address)
		[ -n "$address" ]; ok "$1: has an address of the pool" "$c/charon.log"
		pings "${address:-127.0.0.1}" >"$WORK/ping" 2>&1; ok "$1: a packet goes there and back" "$WORK/ping"
	else
		! connects; ok "$1: does not connect" "$c/init"
		grep -q "$2" "$gw/gw.log"; ok "$1: because $2" "$gw/gw.log"
	fi
	live_stop client
}
# written NAME CLIENT EXPECT [OPTION...] : a session with what profile write makes
written() {
	written_name=$1 written_client=$2 written_expect=$3
	shift 3
	write_profile "$written_client" swanctl "$WORK/c-$written_client-$#" -t live "$@"
	ok "$written_name: files are written" "$WORK/profile.out"
	session "$written_name" "$written_expect"
}

mkdir -p "$WORK/a \"strange\" {place} # = \\ ü"
live_module="$WORK/a \"strange\" {place} # = \\ ü/module.so"
cp "$PKCS11_MODULE_PATH" "$live_module" || bail "cannot copy the module"

gateway_start eap-tls; ok "the gateway stands (EAP-TLS)" "$WORK/gw.out"
written "EAP-TLS" alice up
! grep -rqE "(^|[^0-9])$USER_PIN([^0-9]|\$)|slot *=" "$WORK/c-alice-0" --include='*.conf' --include='*.md'; ok "no PIN and no slot in any file"
written "EAP-TLS, revoked" revoked "certificate was revoked"
written "EAP-TLS, another root" stranger "no issuer certificate found"
live_stop gw
gateway_start pubkey; ok "the gateway stands (certificate)" "$WORK/gw.out"
written "pubkey" alice up --auth pubkey
written "pubkey, revoked" revoked "certificate was revoked" --auth pubkey
written "pubkey, another root" stranger "no issuer certificate found" --auth pubkey
live_stop gw

live_module=
live_enrol >"$WORK/enrol" 2>&1; ok "p11ca makes a root, a card and its files" "$WORK/enrol"
gateway_start eap-tls vpn; ok "the gateway stands, that root uploaded" "$WORK/gw.out"
use_profile "$WORK/carol" swanctl
session "client enroll --for swanctl" up
live_stop gw
plan
