#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-names.t - each INSTALL page calls the connection and the files what they are called in the profile itself.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl nmcli python3
cd "$WORK" || bail "no folder"
tokens hsm dora erik fay
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder package gateway.pem ours.pem
package_folder other gateway.pem gateway.pem # of a gateway that trusts the software root
sed -i 's|<name>Test-vnet</name>|<name>Hub \&amp; spoke</name>|' package/AzureVPN/azurevpnconfig.xml other/AzureVPN/azurevpnconfig.xml

# write_all NAME : its profiles in every format, for a key on a token and for a PKCS#12
write_all() {
	name=$1
	rm -rf token pfx
	set -- "$2" ${chosen:+--connection-name "$chosen"}
	type=$1
	shift
	"$p11ca" -q profile write package --client "$name" --out token "$@" \
	    --for swanctl,ipsec,networkmanager,openvpn,windows,azurevpn >out 2>err || bail "no profiles: $(cat err)"
	openssl genpkey -algorithm RSA -out soft.key 2>/dev/null && openssl req -new -key soft.key -subj /CN=x -out soft.csr &&
		printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n%s\n' \
		    "subjectAltName=$type:$name" >soft.ext &&
		openssl x509 -req -in soft.csr -CA gateway.pem -CAkey gateway.key -days 300 -extfile soft.ext -subj "/CN=$name" \
		    -out soft.pem 2>/dev/null ||
		openssl x509 -req -in soft.csr -CA gateway.pem -CAkey gateway.key -days 300 -extfile soft.ext -out soft.pem ||
		bail "no certificate"
	openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -in soft.pem -inkey soft.key -certfile gateway.pem -passout "pass:a long password" \
	    -out soft.pfx 2>err || bail "no PKCS#12: $(cat err)"
	"$p11ca" -q profile write other --cert soft.pem --root-cert gateway.pem --pfx soft.pfx --out pfx "$@" \
	    --for sswan,mobileconfig,openvpn,windows-device,windows,azurevpn >out 2>err || bail "no profiles: $(cat err)"
}

# said NAME PAGE TEXT FOUND : the page has the text, with the name that was found in the file
said() {
	[ -n "$4" ] && grep -qF -e "$3" "$2"
	ok "$1 ($4)" "$2"
}
plist() { python3 -c '
import plistlib, sys
p = plistlib.load(open(sys.argv[1], "rb"))
print([x["UserDefinedName"] for x in p["PayloadContent"] if "UserDefinedName" in x][0])' "$1"; }
xml() { python3 -c '
import sys, xml.etree.ElementTree as t
print([x.text for x in t.parse(sys.argv[1]).getroot() if x.tag.rpartition("}")[2] == "name"][0])' "$1"; }

# files_named : each file that a page names by the connection is there, under the page
files_named() {
	for page in token/*/INSTALL-*.md pfx/*/INSTALL-*.md; do
		grep -oE '[A-Za-z0-9_.@*-]+\.(ovpn|nmconnection|pem|cer|pfx|p12|sswan|xml|ps1|conf|mobileconfig)\b' "$page" |
		    grep -v '^CERTIFICATE' | sort -u |
		    while read -r file; do
			# shellcheck disable=SC2086
			[ -n "$(find "${page%/*}" -name "$file")" ] && continue
			# a file may get another name where it goes to, on the same line
			grep -qE "(install|Copy|cat|openvpn --config|ike|strongswan).*/$file" "$page" || echo "$page: $file"
		done
	done >bad
	[ ! -s bad ]; ok "$1: every file that a page names is beside it" bad
}

# pages_readable : each page has one heading of the first level, short lines, and no step that only the CA can do
pages_readable() {
	awk 'FNR == 1 { headings = 0 }
	    /^# / && ++headings > 1 { print FILENAME ": " $0 }
	    FNR == 1 && !/^# / { print FILENAME ": begins without a heading" }
	    /p11ca|--openvpn-|--pfx|--compat/ { print FILENAME ": " $0 }
	    { gsub(/[a-z]*`[^`]*`|\*Connect [^*]*\*/, "") } # of names that the client or its CA chose
	    FNR > 1 && !/^    / && length() > 112 { print FILENAME ": " length() ": " $0 }' token/*/INSTALL-*.md pfx/*/INSTALL-*.md >bad
	[ ! -s bad ]; ok "$1: each page has one heading and short lines, and names no option of p11ca" bad
}

for client in dora@contoso.com:email:dora erik.example.net:DNS:erik fay:DNS:fay; do
	name=${client%%:*} type=${client#*:} chosen=
	[ "$name" != erik.example.net ] || chosen='Contoso VPN 2.0'
	card "$name" "${type#*:}" --out "enrolled-$name"
	write_all "$name" "${type%%:*}"
	id=$(nmcli --offline connection modify connection.zone home <"$(echo token/networkmanager/*.nmconnection)" |
	    sed -n 's/^id=//p')
	[ -z "$chosen" ] || [ "$id" = "$chosen" ]; ok "$name: the connection has the chosen name, if there is one"
	page=token/networkmanager/INSTALL-networkmanager.md
	said "$name: nmcli reads the id that the page connects" $page "connection up id \"$id\"" "$id"
	said "$name: and that it shows" $page "connection show id \"$id\"\`" "$id"
	said "$name: and that it says to choose in the menu" $page "choose the connection \`$id\`" "$id"
	section=$(sed -n 's/^\t\([^ ]*\) {$/\1/p' token/swanctl/swanctl.conf)
	child=$(sed -n '/children {/{n;s/^\t*\([^ ]*\) {$/\1/p;}' token/swanctl/swanctl.conf)
	page=token/swanctl/INSTALL-swanctl.md
	said "$name: the child that swanctl.conf has is initiated" $page "--child $child" "$child"
	section=$(echo "$section" | head -n 1)
	said "$name: the connection that it has is terminated" $page "--ike $section\`" "$section"
	conn=$(sed -n 's/^conn //p' token/ipsec/ipsec.conf)
	said "$name: the conn of ipsec.conf is brought up" token/ipsec/INSTALL-ipsec.md "ipsec up $conn" "$conn"
	for kind in token pfx; do
		script=$(sed -n "s/^\$name = '\(.*\)'\r*\$/\1/p" $kind/windows/install.ps1)
		said "$name: the name in install.ps1 ($kind)" $kind/windows/INSTALL-windows.md "VPN > \`$script\`" "$script"
		imported=$(xml $kind/azurevpn/azurevpnconfig.xml)
		said "$name: the Azure VPN Client's own name ($kind)" $kind/azurevpn/INSTALL-azurevpn.md \
		    "connection \`$imported\`" "$imported"
		ovpn=$(basename "$(echo $kind/openvpn/*.ovpn)")
		said "$name: Tunnelblick names it after the file ($kind)" $kind/openvpn/INSTALL-openvpn.md \
		    "*Connect ${ovpn%.ovpn}*" "$ovpn"
	done
	script=$(sed -n "s/^\$name = '\(.*\)'\r*\$/\1/p" pfx/windows-device/install.ps1)
	said "$name: the device tunnel's name" pfx/windows-device/INSTALL-windows-device.md "tunnel \`$script\`" "$script"
	apple=$(plist "$(echo pfx/mobileconfig/*.mobileconfig)")
	said "$name: the name in the .mobileconfig" pfx/mobileconfig/INSTALL-mobileconfig.md "connection \`$apple\`" "$apple"
	said "$name: and by hand" pfx/mobileconfig/INSTALL-mobileconfig.md "Service Name \`$apple\`" "$apple"
	android=$(jq -r .name pfx/sswan/*.sswan)
	said "$name: the name in the .sswan" pfx/sswan/INSTALL-sswan.md "# $android: " "$android"
	files_named "$name"
	pages_readable "$name"
done
[ "$imported" = 'Hub & spoke' ]; ok "the Azure VPN Client's name was read, not guessed"
plan
