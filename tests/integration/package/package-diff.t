#!/bin/sh
# SPDX-License-Identifier: MIT
# package-diff.t - what changed between two packages, and which profiles that breaks.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
package_root gateway.pem "/CN=Test Gateway Root"
package_root second.pem "/CN=Second Gateway Root"
package_root ours.pem "/CN=Test Client Root"
package_folder old gateway.pem ours.pem
package_zip old.zip old
differ() { "$p11ca" --json package diff "$@"; }
# change FILE SED : what it makes of old's FILE is the new package
change() {
	rm -rf new
	cp -r old new && sed "$2" "old/$1" >"new/$1" || bail "no new package"
}
# tells WHAT OLD NEW FORMAT : one change of that kind; OLD and NEW are JSON, FORMAT is one that breaks, or "" for none
tells() {
	check_json "$1: $2 to $3, breaks ${4:-nothing}" "[.changes[] | select(.kind == \"$1\" and .old == $2 and .new == $3) | .formats |
	    if \"$4\" == \"\" then . == [] else index(\"$4\") != null end] == [true]"
}

check "a zip and its folder" 0 differ old.zip old
check_json "do not differ" '.changes == []'
change Generic/VpnSettings.xml 's/azuregateway-7e57/azuregateway-8e57/'
check "another server" 10 differ old new
tells server "\"$AZURE_SERVER\"" "\"$(echo $AZURE_SERVER | sed s/7e57/8e57/)\"" swanctl
change Generic/VpnSettings.xml 's|10.22.0.0/20|10.23.0.0/20|'
check "another route" 10 differ old new
tells route '"10.22.0.0/20"' null windows
tells route null '"10.23.0.0/20"' windows
check_json "and nothing else" '(.changes | length) == 2'
change Generic/VpnSettings.xml 's/IkeV2,OpenVPN/OpenVPN/'
check "no IKEv2 any more" 10 differ old.zip new
tells tunnel '"IKEv2"' null mobileconfig
change Generic/VpnSettings.xml 's|172.16.201.0/24|172.16.209.0/24|'
check "another pool" 10 differ old new
tells pool null '"172.16.209.0/24"' ''
change OpenVPN/vpnconfig.ovpn 's/^00112233/ffeeddcc/'
check "another tls-auth key" 10 differ old new
tells "tls-auth key" '"not shown"' '"not shown"' openvpn
check_lacks "which is not shown" out ffeeddcc
cp -r old both && cp second.pem both/Generic/VpnServerRoot.cer_1
check "another root beside the gateway's" 10 differ old both
check_json "breaks all that must know it" '[.changes[] | select(.kind == "gateway root") | .formats[]] | index("swanctl") and index("openvpn")'
check "the other way" 10 differ both old
check_json "breaks none" '[.changes[] | select(.kind == "gateway root") | .formats] == [[]]'
check "as text" 10 "$p11ca" package diff old both
check_has "with its thumbprint" out "$(package_hash second.pem)"
package_old first gateway.pem ours.pem
check "two generations" 10 differ first old
tells tunnel '"SSTP"' null ''
check "one package" 2 differ old
check "none" 9 differ old nosuch
check "no package" 3 differ old gateway.pem
plan
