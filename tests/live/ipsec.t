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

# install_files FOLDER : the commands of the INSTALL page, with FOLDER/etc for /etc
install_files() {
	sed -n '/^## 2/,/^## 3/s/^    //p' "$1/INSTALL-ipsec.md" | sed -e '/ipsec restart/d' -e "s|/etc/|$1/etc/|g" >"$1/install.sh"
	grep -q 'etc/ipsec.secrets' "$1/install.sh" &&
		(cd "$1" && sudo() { "$@"; } && set -e && . ./install.sh) >"$1/install.out" 2>&1
}
# client_start FOLDER : the starter, with what install_files() put into FOLDER/etc
client_start() {
	c=$1
	mkdir -p "$c/etc/strongswan.d" "$c/etc/ipsec.d" &&
		(cd "$c/etc/ipsec.d" && mkdir certs cacerts private crls aacerts ocspcerts acerts) &&
		echo 'config setup' >"$c/etc/ipsec.conf" && echo '# secrets' >"$c/etc/ipsec.secrets" || return 1
	install_files "$c" && install_files "$c"; ok "$session_name: the commands of the page run twice" "$c/install.out"
	[ "$(grep -c include "$c/etc/ipsec.conf" "$c/etc/ipsec.secrets" | cut -d: -f2 | uniq)" = 1 ] &&
		[ "$(cat "$c"/etc/ipsec.d/*.conf | grep -c "^conn $connection\$")" = 1 ]
	ok "$session_name: the second run of the commands adds no line and no connection" "$c/etc/ipsec.conf"
	[ "$(stat -c %a "$c"/etc/ipsec.d/*.secrets)" = 600 ]; ok "$session_name: the installed file of secrets is private"
	live_conf "$c/charon.conf" unused "stroke" \
	    "charon { plugins { stroke { secrets_file = $c/etc/ipsec.secrets } } }
	include $c/etc/strongswan.d/*.conf"
	LIVE_IPSEC_D=$c/etc/ipsec.d STRONGSWAN_CONF=$c/charon.conf live_spawn client client \
	    /usr/lib/ipsec/starter --nofork --conf "$c/etc/ipsec.conf"
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
