#!/bin/sh
# SPDX-License-Identifier: MIT
# package-show.t - Azure's package as zip, as folder and in parts; and packages that Azure did not make.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl unzip
cd "$WORK" || bail "no folder"
package_root gateway.pem "/CN=Test Gateway Root"
package_root ours.pem "/CN=Test Client Root"
package_folder new gateway.pem ours.pem
package_zip new.zip new
show() { "$p11ca" --json package show "$@"; }

unzip -l new.zip >names 2>/dev/null
grep -qF 'Generic\VpnSettings.xml' names; ok "the zip has names as Azure writes them" names
check "a zip" 0 show new.zip
check_json "says what VpnSettings.xml says" ".package | .server == \"$AZURE_SERVER\" and .ikev2 and .openvpn and (.sstp | not) and
    .auth == \"EAPTLS\" and .vnet_name == \"Test-vnet\" and .pools == [\"172.16.201.0/24\"] and .dns == [\"10.21.0.4\", \"10.21.0.5\"]"
check_json "every route" '[.routes[].route] == ["10.21.0.0/16", "10.22.0.0/20", "192.0.2.7/32"]'
check_json "the gateway's root, once" "[.gateway_roots[].thumbprint] == [\"$(package_hash gateway.pem)\"]"
check_json "and the clients'" "[.client_roots[].thumbprint] | index(\"$(package_hash ours.pem)\") != null"
end=$(date -ud "$(openssl x509 -in gateway.pem -noout -enddate | sed 's/.*=//')" +%Y-%m-%dT%H:%M:%SZ)
check_json "and when it ends, as openssl says" ".gateway_roots[0].not_after == \"$end\""
jq -S 'del(.package.source)' out >zip.json
check "its folder" 0 show new
jq -S 'del(.package.source)' out | diff zip.json - >detail; ok "is the same" detail
check "its Generic folder alone" 0 show new/Generic
check_json "has no OpenVPN settings" '.package.server != null and (.package.states_client_roots | not)'
check "VpnSettings.xml alone" 0 show new/Generic/VpnSettings.xml
check_json "has a root of its own" '(.gateway_roots | length) == 1'
check "a pipe" 0 show - <new.zip
jq -S 'del(.package.source)' out | diff zip.json - >detail; ok "is the same too" detail
check "as text" 0 "$p11ca" package show new.zip
check_lacks "without the secrets of it" out 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
check_lacks "and without the tls-auth key" out "OpenVPN Static key"
check_has "with the server" out "$AZURE_SERVER"

package_old old gateway.pem ours.pem
package_zip old.zip old
check "the first generation" 0 show old.zip
check_json "is read" '.package | .ikev2 and .sstp and (.openvpn | not) and .pools == ["172.16.202.0/28"] and .dns == []'
cp -r new two && package_root second.pem "/CN=Second Gateway Root" &&
    cp second.pem two/Generic/VpnServerRoot.cer_1 && package_zip two.zip two
check "a second gateway root, in PEM" 0 show two.zip
check_json "is there" '(.gateway_roots | length) == 2'

# refused NAME CODE FILE : malformed, with its code and what to do
refused() {
	check "$1" 3 timeout 20 "$p11ca" --json package show "$3"
	check_json "$1: $2" ".error.code == \"package-$2\" and (.error.hint | length > 0)"
}
s=new/Generic/VpnSettings.xml
for name in '../VpnSettings.xml' '/etc/passwd' 'C:\x' '\\server\share' 'Generic\..\..\x' "$(printf 'a\nb')"; do
	make_package bad.zip "Generic\\VpnSettings.xml=$s" "$name=gateway.pem"
	refused "an entry '$name'" name bad.zip
done
make_package bad.zip "Generic\\VpnSettings.xml=$s" "Generic/VpnSettings.xml=$s"
refused "one name with either slash" name bad.zip
make_package bad.zip -l "Generic/VpnSettings.xml=$s"
refused "a link" name bad.zip
make_package bad.zip -e "Generic/VpnSettings.xml=$s"
refused "an encrypted entry" format bad.zip
make_package bad.zip "readme=$s"
refused "a zip of something else" format bad.zip
for size in 10 1000 $(($(wc -c <new.zip) - 10)); do
	head -c "$size" new.zip >bad.zip
	refused "its first $size bytes" format bad.zip
done
{ cat $s && head -c 30000000 /dev/zero | tr '\0' ' '; } >blanks
make_package bad.zip "Generic/VpnSettings.xml=blanks"
refused "a zip bomb" limit bad.zip
refused "a file of 30 MB" limit blanks
# The size in the central directory, 24 bytes into the header of the first entry.
cp new.zip bad.zip
at=$(grep -abo "$(printf 'PK\001\002')" new.zip | head -n 1 | cut -d : -f 1)
printf '\376\377\377\377' | dd of=bad.zip bs=1 seek=$((at + 24)) conv=notrunc 2>/dev/null
refused "an entry that claims 4 GB" limit bad.zip
mkdir -p linked/Generic && ln -s /etc/passwd linked/Generic/VpnSettings.xml
refused "a folder with a link" name linked
mkdir empty && refused "an empty folder" format empty

echo '<!DOCTYPE VpnProfile SYSTEM "file:///etc/passwd"><VpnProfile/>' >bad.xml
refused "a DTD" dtd bad.xml
echo '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><VpnProfile><VpnServer>&x;</VpnServer></VpnProfile>' >bad.xml
refused "an external entity" dtd bad.xml
check_lacks "reads nothing" out root:
{
	echo '<!DOCTYPE v [<!ENTITY a "aaaaaaaaaa">'
	last=a
	for next in b c d e f g h i; do
		echo "<!ENTITY $next \"&$last;&$last;&$last;&$last;&$last;&$last;&$last;&$last;&$last;&$last;\">"
		last=$next
	done
	echo ']><VpnProfile><VpnServer>&i;</VpnServer></VpnProfile>'
} >bad.xml
refused "an entity bomb" dtd bad.xml
echo '<html/>' >bad.xml
refused "another root element" format bad.xml
printf '<VpnProfile><VpnServer>a.example\0.com</VpnServer></VpnProfile>' >bad.xml
refused "a NUL" format bad.xml
sed 's|<VpnServer>[^<]*|<VpnServer>a.example; rm -rf /|' $s >bad.xml
refused "an invalid server name" value bad.xml
sed 's|<Routes>[^<]*|<Routes>10.0.0.0/33|' $s >bad.xml
refused "an invalid route" value bad.xml
{
	printf '<VpnProfile><VpnServer>a.example</VpnServer><CaCert>'
	head -c 15000000 /dev/zero | openssl base64 -A
	printf '</CaCert></VpnProfile>'
} >base64.xml
refused "20 MB of base64" limit base64.xml
mkdir big && mkdir big/Generic && mv base64.xml big/Generic/VpnSettings.xml
refused "in a folder too" limit big
check "no such file" 9 show nosuch.zip
check "none named" 2 show
plan
