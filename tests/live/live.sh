# SPDX-License-Identifier: MIT
# live.sh - real peers in namespaces of their own.  Source it after tap.sh, softhsm.sh and package.sh.
#
# live_enter "$0" re-runs the test in new mount, network and PID namespaces: what it starts listens only there and
# ends with it.  The first namespace is the gateway's, "client" the client's; a wire joins them.
SERVER=$AZURE_SERVER
GW=192.0.2.1 CLIENT=192.0.2.2 INNER=10.21.0.1 POOL=172.16.201.0/24
LIVE_IPSEC_D= # a folder to put over /etc/ipsec.d
STRONGSWAN_CONF=
live_list= # of revoked certificates, by p11ca
LIVE_GATEWAY_CONF= # what the gateway's strongswan.conf has besides
LIVE_PLUGINS='random nonce aes sha1 sha2 md5 hmac kdf mgf1 gmp pem pkcs1 pkcs8 pkcs11 x509 pubkey revocation constraints
	curve25519 gcm socket-default kernel-libipsec kernel-netlink eap-identity eap-tls updown'

# live_enter SCRIPT TOOL... : skips where a tool or the right to have namespaces is missing
live_enter() {
	live_script=$1
	shift
	for live_tool; do
		[ -x "$live_tool" ] || command -v "$live_tool" >/dev/null || skip_all "no $live_tool"
	done
	[ -z "${LIVE_INSIDE:-}" ] || { live_wire; return; }
	[ -c /dev/net/tun ] || skip_all "no /dev/net/tun"
	live_flags='-m -n -p --fork --kill-child --mount-proc'
	[ "$(id -u)" -eq 0 ] || live_flags="-r $live_flags"
	# shellcheck disable=SC2086
	timeout 20 unshare $live_flags sh -c 'mount -t tmpfs tmpfs /run && ip netns add x && : <>/dev/net/tun' \
	    >/dev/null 2>&1 || skip_all "namespaces are not permitted here"
	rm -rf "$WORK"
	# shellcheck disable=SC2086
	LIVE_INSIDE=1 exec timeout -k 5 240 unshare $live_flags sh "$live_script"
}

live_wire() {
	mount -t tmpfs tmpfs /run && ip link set lo up && ip addr add $INNER/16 dev lo &&
		ip netns add client && ip link add gw0 type veth peer name cl0 netns client &&
		ip addr add $GW/24 dev gw0 && ip link set gw0 up &&
		ip -n client addr add $CLIENT/24 dev cl0 && ip -n client link set cl0 up &&
		ip -n client link set lo up || bail "cannot join the namespaces"
	printf '127.0.0.1 localhost\n%s %s\n' $GW $SERVER >"$WORK/hosts"
}

# live_spawn WHERE NAME COMMAND... : starts it with a /run and names of its own; WHERE is gateway or client
live_spawn() {
	live_where=$1 live_name=$2
	shift 2
	[ "$live_where" = gateway ] && live_in= || live_in='ip netns exec client'
	export LIVE_IPSEC_D STRONGSWAN_CONF
	# shellcheck disable=SC2086
	$live_in unshare -m sh -c 'mount -t tmpfs tmpfs /run && mount --bind "$0" /etc/hosts &&
		{ [ -z "$LIVE_IPSEC_D" ] || mount --bind "$LIVE_IPSEC_D" /etc/ipsec.d; } && exec "$@"' \
	    "$WORK/hosts" "$@" >"$WORK/$live_name.out" 2>&1 </dev/null &
	echo $! >"$WORK/$live_name.pid"
}

# live_stop NAME : ends what live_spawn started (ip netns exec and unshare become the program itself)
live_stop() {
	live_pid=$(cat "$WORK/$1.pid")
	kill "$live_pid" 2>/dev/null
	wait_for 10 dead "$live_pid" || kill -9 "$live_pid" 2>/dev/null
	wait "$live_pid" 2>/dev/null
}
dead() { ! kill -0 "$1" 2>/dev/null; }

# wait_for SECONDS COMMAND... : until it succeeds
wait_for() {
	live_left=$(($1 * 5))
	shift
	until "$@" >/dev/null 2>&1; do
		live_left=$((live_left - 1))
		[ $live_left -gt 0 ] || return 1
		sleep 0.2
	done
}

# --- certificates: software keys for the gateway, keys on a token for the clients
live_ca() { # live_ca NAME SUBJECT
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/$1.key" -out "$WORK/$1.pem" -subj "$2" -days 30 \
	    -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
live_cert() { # live_cert NAME CA SUBJECT SERIAL EXTENSIONS : for the key in NAME.key
	openssl req -new -key "$WORK/$1.key" -subj "$3" -out "$WORK/$1.csr" &&
		printf '%b' "$5" >"$WORK/$1.ext" &&
		openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/$2.pem" -CAkey "$WORK/$2.key" -set_serial "$4" \
		    -days 20 -extfile "$WORK/$1.ext" -out "$WORK/$1.pem" 2>/dev/null
}
# live_client NAME ID CA SERIAL EKU : a client's key and certificate on the token, under that id
live_client() {
	openssl genpkey -algorithm RSA -out "$WORK/$1.key" 2>/dev/null && cp "$WORK/$3.pem" "$WORK/$1-root.pem" &&
		live_cert "$1" "$3" "/CN=$1@contoso.com" "$4" \
		    "keyUsage=critical,digitalSignature\nextendedKeyUsage=$5\nsubjectAltName=email:$1@contoso.com\n" &&
		softhsm_key live "$2" "$WORK/$1.key" &&
		openssl x509 -in "$WORK/$1.pem" -outform DER -out "$WORK/$1.der" &&
		pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label live --login --pin "$USER_PIN" \
		    --write-object "$WORK/$1.der" --type cert --id "$2" --label "$1" >/dev/null 2>&1
}
live_pki() {
	softhsm_up "$WORK/hsm" live hsm card 2>"$WORK/err" || skip_all "no SoftHSM"
	live_ca gateway-root "/CN=Gateway Root" && live_ca root "/CN=Client Root" && live_ca other "/CN=Other Root" &&
		openssl genrsa -out "$WORK/server.key" 2048 2>/dev/null &&
		live_cert server gateway-root "/CN=7e570000-1111-4222-8333-444455556666.vpn.azure.com" 2 \
		    "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:$SERVER\n" &&
		live_client alice a1 root 11 clientAuth && live_client revoked a2 root 12 clientAuth &&
		live_client stranger a3 other 13 clientAuth && live_client noeku a4 root 14 serverAuth &&
		live_crl || bail "cannot make certificates"
	live_package "$WORK/package" "$WORK/root.pem"
}
# live_package FOLDER ROOT.pem : the gateway's package, with a tls-auth key that OpenVPN takes
live_package() {
	package_folder "$1" "$WORK/gateway-root.pem" "$2"
	[ -s "$WORK/ta.key" ] || {
		echo "-----BEGIN OpenVPN Static key V1-----"
		openssl rand -hex 256 | fold -w 32
		echo "-----END OpenVPN Static key V1-----"
	} >"$WORK/ta.key"
	sed 's/$/\r/' "$WORK/ta.key" >"$WORK/ta.crlf"
	sed -i -e "/^-----BEGIN OpenVPN/,/^-----END OpenVPN/{/^-----END/r $WORK/ta.crlf" -e 'd' -e '}' \
	    "$1/OpenVPN/vpnconfig.ovpn"
	sed -i "s|<serversecret>.*</serversecret>|<serversecret>$(sed '/^-/d' "$WORK/ta.key" | tr -d '\n')</serversecret>|" \
	    "$1/AzureVPN/azurevpnconfig.xml"
}
live_crl() {
	: >"$WORK/index.txt"
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\ndefault_md=sha256\ndefault_crl_days=20\n' "$WORK/index.txt" \
	    >"$WORK/ca.conf"
	echo 01 >"$WORK/crlnumber"
	printf 'crlnumber=%s\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n' "$WORK/crlnumber" >>"$WORK/ca.conf"
	openssl ca -config "$WORK/ca.conf" -cert "$WORK/root.pem" -keyfile "$WORK/root.key" \
	    -revoke "$WORK/revoked.pem" 2>/dev/null &&
		openssl ca -config "$WORK/ca.conf" -cert "$WORK/root.pem" -keyfile "$WORK/root.key" -gencrl \
		    -out "$WORK/root.crl" 2>/dev/null
}

# write_profile CLIENT FORMAT OUT [OPTION...] : the client's files, as a user gets them, in $profile_folder
write_profile() {
	profile_client=$1 profile_format=$2 profile_out=$3
	shift 3
	"$p11ca" -q profile write "$WORK/package" --cert "$WORK/$profile_client.pem" \
	    --root-cert "$WORK/$profile_client-root.pem" --for "$profile_format" --out "$profile_out" \
	    --client-module "${live_module:-$PKCS11_MODULE_PATH}" "$@" >"$WORK/profile.out" 2>&1 || return 1
	use_profile "$profile_out" "$profile_format"
}
# use_profile OUT FORMAT : files that p11ca made: sets profile_folder, and connection, its name in them
use_profile() {
	profile_folder=$1/$2
	connection=$(sed -n '1s/^# \([^:]*\):.*/\1/p' "$profile_folder/INSTALL-$2.md" | tr . -)
	[ -n "$connection" ]
}
# live_enrol : p11ca makes the root vpn on a token and the card of carol, with her files for both tunnels
live_enrol() {
	PIN=$USER_PIN
	export PIN
	"$p11ca" -q root create vpn -t hsm --pin-source env:PIN &&
		"$p11ca" root export vpn --format pem --out "$WORK/vpn.pem" && live_package "$WORK/gw" "$WORK/vpn.pem" &&
		package_zip "$WORK/gw.zip" "$WORK/gw" &&
		"$p11ca" -q client enroll carol@contoso.com -t pkcs11:token=card --package "$WORK/gw.zip" \
		    --for swanctl,openvpn --out "$WORK/carol" --pin-source env:PIN --root-pin-source env:PIN
}

# --- strongSwan
# live_conf FILE SOCKET PLUGIN INCLUDE : an own strongswan.conf, without the machine's plugin configuration
live_conf() {
	cat >"$1" <<-CONF
	charon {
		load_modular = no
		load = $(echo $LIVE_PLUGINS) $3
		plugins { vici { socket = unix://$2 } }
		filelog { log { path = ${1%.conf}.log
			default = 1
			flush_line = yes } }
	}
	$4
	CONF
}
# Debian keeps GCM in libstrongswan-standard-plugins; without it the gateway takes the CBC half of the client's list.
live_proposals() {
	if [ -e /usr/lib/ipsec/plugins/libstrongswan-gcm.so ]; then
		live_ike=aes256gcm16-prfsha384-modp2048 live_esp=aes256gcm16
	else
		live_ike=aes256-sha256-modp2048 live_esp=aes256-sha256
	fi
}
# which clients the gateway trusts; with RADIUS that server knows
live_trust() { [ "$1" = eap-radius ] || printf 'cacerts = %s.pem\nrevocation = %s\n' "$2" "$live_revocation"; }
# live_revoke NAME : p11ca revokes it and signs a list, which peers that start from now on look at
live_revoke() {
	live_list=$WORK/vpn.crl
	"$p11ca" -q client revoke "$1" --reason keyCompromise &&
		"$p11ca" -q root crl vpn --out "$live_list" --pin-source env:PIN
}
# gateway_start AUTH [ROOT] : IKEv2 as Azure's gateway: its name as SAN, EAP-TLS or certificate, MODP-2048, a pool
gateway_start() {
	gw=$WORK/gw-$1-${2:-root} live_revocation=strict
	[ $# -eq 1 ] || [ -n "$live_list" ] || live_revocation=relaxed # only root has a list
	live_proposals
	mkdir -p "$gw/x509" "$gw/x509ca" "$gw/x509crl" "$gw/private"
	cp "$WORK/server.pem" "$gw/x509/" && cp "$WORK/server.key" "$gw/private/server.pem" &&
		cp "$WORK/${2:-root}.pem" "$WORK/gateway-root.pem" "$gw/x509ca/" && cp "${live_list:-$WORK/root.crl}" "$gw/x509crl/"
	live_conf "$gw/gw.conf" "$gw/vici" vici "$LIVE_GATEWAY_CONF"
	cat >"$gw/swanctl.conf" <<-CONF
	connections { p2s {
		version = 2
		proposals = $live_ike
		pools = pool
		local { auth = pubkey
			certs = server.pem
			id = $SERVER }
		remote { auth = $1
			$([ "$1" = pubkey ] || echo eap_id = %any)
			$(live_trust "$1" "${2:-root}") }
		children { net { local_ts = 10.21.0.0/16
			esp_proposals = $live_esp } }
	} }
	pools { pool { addrs = $POOL } }
	CONF
	STRONGSWAN_CONF=$gw/gw.conf live_spawn gateway gw /usr/lib/ipsec/charon
	wait_for 15 swanctl --stats --uri "unix://$gw/vici" || return 1
	SWANCTL_DIR=$gw swanctl --load-all --noprompt --uri "unix://$gw/vici" >"$gw/load" 2>&1
}

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

# pings ADDRESS : the client reaches the VNet from ADDRESS
pings() { ip netns exec client ping -c 2 -W 3 -I "$1" $INNER; }
# pool_address : what the client got from the pool
pool_address() { ip -n client -4 -o addr show | sed -n 's/.* inet \(172\.16\.201\.[0-9]*\).*/\1/p' | head -n 1; }

# --- OpenVPN
# openvpn_start TLS-VERSION [ROOT] : a server with the settings of Azure's
openvpn_start() {
	gw=$WORK/ovpn-$1-${2:-root}
	mkdir -p "$gw"
	cat >"$gw/server.conf" <<-CONF
	dev tun
	proto tcp-server
	port 443
	local $GW
	server 172.16.201.0 255.255.255.0
	push "route 10.21.0.0 255.255.0.0"
	ca $WORK/${2:-root}.pem
	cert $WORK/server.pem
	key $WORK/server.key
	dh none
	tls-auth $WORK/ta.key 0
	auth SHA256
	data-ciphers AES-256-GCM
	tls-version-min $1
	tls-version-max $1
	remote-cert-tls client
	$([ $# -gt 1 ] && [ -z "$live_list" ] || echo crl-verify "${live_list:-$WORK/root.crl}")
	disable-dco
	verb 3
	CONF
	live_spawn gateway gw openvpn --config "$gw/server.conf"
	wait_for 15 grep -q 'Initialization Sequence Completed' "$WORK/gw.out"
}
