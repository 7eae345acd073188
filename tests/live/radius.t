#!/bin/sh
# SPDX-License-Identifier: MIT
# radius.t - EAP-TLS that the gateway hands to a RADIUS server.  FreeRADIUS looks at the purpose of a certificate, which
# charon does not: a client without clientAuth stays outside.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" /usr/lib/ipsec/charon /usr/lib/ipsec/plugins/libstrongswan-eap-radius.so /usr/sbin/freeradius swanctl \
    openssl pkcs11-tool softhsm2-util ip ping setsid
live_pki

radius_start() {
	radius=$WORK/radius
	mkdir -p "$radius"
	cat >"$radius/radiusd.conf" <<-CONF
	raddbdir = $radius
	libdir = /usr/lib/freeradius
	pidfile = $radius/pid
	security {
		reject_delay = 0
	}
	listen {
		type = auth
		ipaddr = 127.0.0.1
		port = 1812
		virtual_server = default
	}
	client gateway {
		ipaddr = 127.0.0.1
		secret = TEST
	}
	modules {
		eap {
			default_eap_type = tls
			tls-config server {
				private_key_file = $WORK/server.key
				certificate_file = $radius/server.pem
				ca_file = $WORK/root.pem
				tls_min_version = "1.2"
				tls_max_version = "1.2"
			}
			tls {
				tls = server
			}
		}
	}
	server default {
		authorize {
			eap
		}
		authenticate {
			eap
		}
	}
	CONF
	cat "$WORK/server.pem" "$WORK/gateway-root.pem" >"$radius/server.pem"
	live_spawn gateway radius /usr/sbin/freeradius -f -X -d "$radius"
	wait_for 15 grep -q 'Ready to process requests' "$WORK/radius.out"
}

radius_start; ok "a RADIUS server stands" "$WORK/radius.out"
LIVE_PLUGINS="$LIVE_PLUGINS mgf1 eap-radius" # mgf1: FreeRADIUS signs with RSA-PSS
LIVE_GATEWAY_CONF='charon { plugins { eap-radius { servers { radius {
	address = 127.0.0.1
	secret = TEST
} } } } }'
gateway_start eap-radius; ok "a gateway that asks it" "$WORK/gw.out"
written "EAP-TLS by RADIUS" alice up
# p11ca writes no files for such a certificate: these are alice's, with the other's certificate and key
cp -r "$profile_folder" "$WORK/noeku" && profile_folder=$WORK/noeku &&
	cp "$WORK/noeku.pem" "$(ls "$profile_folder"/x509/*alice*)" &&
	sed -i 's/alice@contoso.com/noeku@contoso.com/g; s/handle = a1/handle = a4/' "$profile_folder/swanctl.conf" &&
	grep -q 'handle = a4' "$profile_folder/swanctl.conf"
ok "files with a certificate that has no clientAuth"
session "EAP-TLS by RADIUS, no clientAuth" 'RADIUS authentication of .noeku@contoso.com. failed'
grep -qi 'unsuitable certificate purpose\|unsupported certificate purpose' "$WORK/radius.out"
ok "because of the certificate's purpose" "$WORK/radius.out"
live_stop gw
live_stop radius
plan
