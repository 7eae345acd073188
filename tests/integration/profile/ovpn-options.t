#!/bin/sh
# SPDX-License-Identifier: MIT
# ovpn-options.t - every option of the installed OpenVPN that Azure does not write is refused, in every spelling.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl openvpn
cd "$WORK" || bail "no folder"
tokens hsm alice
root vpn hsm
"$p11ca" client enroll --shared-card alice@contoso.com -t alice $pins --out card >enroll 2>&1 || bail "no client"
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_root gateway.pem "/CN=Test Gateway Root"
package_folder new gateway.pem ours.pem
ovpn=new/OpenVPN/vpnconfig.ovpn
cp "$ovpn" azure.ovpn

# The options come from OpenVPN, so that the list is not ours.
{
	openvpn --help | sed -n 's/^--\([a-z][a-z0-9-]*\).*/\1/p'
	man -P cat openvpn 2>/dev/null | col -b | sed -n 's/^ *--\([a-z][a-z0-9-]*\).*/\1/p'
} | sort -u >all
tr -d '\r' <azure.ovpn | sed -n 's/^\([a-z][a-z0-9-]*\).*/\1/p' | sort -u >azures
comm -23 all azures >foreign
[ "$(wc -l <foreign)" -gt 150 ]; ok "OpenVPN lists more than 150 options that Azure does not use" foreign
[ "$(comm -12 all azures | wc -l)" -gt 10 ]; ok "OpenVPN knows the options that Azure uses" azures

# refused NAME : `package check` names the line and fails; nothing is written
refused() {
	"$p11ca" --json package check new >check.json 2>check.err
	[ $? -eq 10 ] &&
		jq -e --arg word "$1" '.findings | any(.severity == "fail" and (.code | startswith("package-ovpn-")) and
		    (.message | contains("line ") and contains($word)))' check.json >/dev/null
}
# with LINE : Azure's file, and before its options this line
with() { printf '%b\n' "$1" | cat - azure.ovpn >"$ovpn"; }

: >passed
sed 's/^/option /' foreign | sample 10 >sampled
while read -r _ option; do
	with "$option /tmp/x"
	refused "$option" || echo "$option" >>passed
done <sampled
[ ! -s passed ]; ok "package check names each of them with its line" passed
: >passed
for option in up script-security plugin show-pkcs11-ids genkey setenv ca tls-crypt http-proxy ping-restart; do
	for line in "\t$option x" "--$option x" "\"$option\" x" "'$option' x" "$option\t\"x y\"" "setenv opt $option x" \
	    "ignore-unknown-option $option x" "$(echo "$option" | tr a-z A-Z) x" "\\\\\\\\$option x" "$option x\r" \
	    "<connection>\n$option x\n</connection>" "<$option>\nx\n</$option>" "\0357\0273\0277$option x"; do
		is_sampled 4 spelling || continue
		with "$line"
		refused "" || echo "$line" >>passed
	done
done
[ ! -s passed ]; ok "no spelling of an option passes: tabs, quotes, --, case, escapes, setenv opt, blocks, BOM, CRLF" passed

long=$(printf '%300s' x)
for line in "nobind $long" "#$long" "nobind\0000up x" "\0357\0273\0277\0357\0273\0277client"; do
	with "$line"
	"$p11ca" package check new >check.out 2>&1
	grep -q 'package-ovpn-\|package-format' check.out || printf '%s\n' "$line" >>passed
done
[ ! -s passed ]; ok "neither do long lines, NUL and a second byte order mark" passed

: >passed
for line in "up /bin/sh" "show-pkcs11-ids /tmp/x.so" "remote evil.example.com 443" "ca /tmp/x" "cipher none"; do
	with "$line"
	for format in openvpn swanctl windows azurevpn; do
		"$p11ca" profile write new --client alice@contoso.com --for $format --out profiles >write.out 2>&1
		[ $? -eq 7 ] && grep -q 'package-ovpn-\|package-server-mismatch' write.out && [ ! -e profiles ] || echo "$format: $line" >>passed
		rm -rf profiles
	done
done
[ ! -s passed ]; ok "profile write refuses such a package in every format and writes nothing" passed

cp azure.ovpn "$ovpn"
check "profile write accepts the file that Azure writes" 0 "$p11ca" profile write new --client alice@contoso.com --for openvpn --out profiles
f=$(find profiles -name '*.ovpn')
timeout 10 openvpn --config "$f" --show-tls >parse.out 2>&1
! grep -q 'Options error' parse.out; ok "OpenVPN reads the profile without an error in its options" parse.out
plan
