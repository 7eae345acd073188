#!/bin/sh
# SPDX-License-Identifier: MIT
# named-commands.t - each command that a text names is read by the program that it is for: hints, remedies, explain, help,
# INSTALL and RECIPE pages, PowerShell scripts, README, docs, manual.  One check per command, with the program that read it.
# Commands of az are in tests/azure/commands.t.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs python3 openssl sqlite3 nmcli openvpn swanctl ipsec pkcs15-tool sc-hsm-tool man
cd "$WORK" || bail "no folder"
export srcdir

# The pages, in every variant that has texts of its own
tokens hsm alice auditkey
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
package_folder package gateway.pem root.pem
card alice@contoso.com alice --out enrolled
write() {
	out=$1
	shift
	"$p11ca" -q profile write "$@" --out "pages/$out" >out 2>err || bail "no pages: $(cat err)"
}
alice='package --client alice@contoso.com'
# shellcheck disable=SC2086
{
	write token $alice --for swanctl,ipsec,networkmanager,openvpn,windows,azurevpn
	write uri $alice --for openvpn --openvpn-uri
	write connect $alice --for openvpn --openvpn-connect3
	write dco $alice --for openvpn --openvpn-windows26
}
write store package --cert enrolled/alice@contoso.com-chain.pem --for windows,windows-device,azurevpn
# A client below a CA below a root, and a gateway with two roots
openssl req -newkey rsa:2048 -nodes -keyout sub.key -subj /CN=Sub -out sub.csr 2>err &&
	printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' >sub.ext &&
	openssl x509 -req -in sub.csr -CA gateway.pem -CAkey gateway.key -days 300 -extfile sub.ext -out sub.pem 2>err &&
	openssl req -newkey rsa:2048 -nodes -keyout bob.key -subj /CN=bob -out bob.csr 2>err &&
	printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectAltName=DNS:bob\n' >bob.ext &&
	openssl x509 -req -in bob.csr -CA sub.pem -CAkey sub.key -days 200 -extfile bob.ext -out bob.pem 2>err &&
	cat sub.pem gateway.pem >above.pem && cat bob.pem above.pem >chain.pem &&
	openssl pkcs12 -export -legacy -in bob.pem -inkey bob.key -certfile above.pem -passout pass:password123456 \
	    -out bob.pfx 2>err || bail "no certificates: $(cat err)"
softhsm_key alice b0b0 bob.key
package_folder other gateway.pem gateway.pem
package_root second.pem "/CN=Second Gateway Root"
openssl x509 -in second.pem -outform DER -out other/Generic/VpnServerRoot.cer_1
sed -i "s|</CaCerts>|<string>$(openssl base64 -A -in other/Generic/VpnServerRoot.cer_1)</string>&|" other/Generic/VpnSettings.xml
write below other --cert chain.pem -t 'pkcs11:token=alice;id=%b0%b0' --for swanctl,ipsec,networkmanager,openvpn,windows
write pfx other --cert chain.pem --pfx bob.pfx --for pfx,sswan,mobileconfig,openvpn,windows,windows-device,azurevpn
write scep other --cert chain.pem --scep https://ca.contoso.com/scep --for mobileconfig
for machine in windows windows-tpm macos openssl; do
	"$p11ca" -q client recipe "bob@contoso.com" --for $machine --device laptop --out pages/recipe-$machine >out 2>err ||
		bail "no recipe: $(cat err)"
done
"$p11ca" explain --json >explain.json

# Scripts for PowerShell
"$p11ca" doctor --collect windows >pages/collect.ps1
"$p11ca" -q client revoke alice@contoso.com --reason superseded >out && openssl req -x509 -newkey rsa:2048 -nodes \
    -keyout foreign.key -out foreign.pem -subj "/CN=Foreign" -days 30 2>err || bail "no revocation"
line=$(openssl x509 -in foreign.pem -outform DER | openssl base64 -A)
other=$(openssl x509 -in second.pem -outform DER | openssl base64 -A)
for kind in vnet:test-gw:vnet-gateway vwan:test-config:vpn-server-config; do
	name=${kind#*:}
	"$p11ca" -q gateway add "${name%:*}" --resource-group test --type "${kind##*:}" --subscription sub --pool 172.16.9.0/24 \
	    --root vpn >out 2>err || bail "no gateway: $(cat err)"
	sed -e "s|@CLIENT_ROOT_DATA@|$line|" -e "s|@OTHER_ROOT_DATA@|$other|" "$srcdir/tests/data/gateway/${name#*:}.json" >state.json
	for state in '' '--state state.json'; do
		# shellcheck disable=SC2086
		"$p11ca" -q gateway render "${name%:*}" --format powershell $state >"pages/${kind%%:*}${state:+-state}.ps1" 2>err ||
			bail "no script: $(cat err)"
	done
done

# What the ledger's own commands are read with, and files of the names that examples have
cp home/ledger.db copy.db && cp copy.db ledger.db || bail "no ledger"
# shellcheck disable=SC2086
"$p11ca" -q ledger checkpoint --token auditkey $pins --out checkpoint.pem >out 2>err || bail "no checkpoint: $(cat err)"

{
	cd "$srcdir" && find src tokens -name '*.c' -o -name '*.h' -o -name '*.def'
	echo README.md CONTRIBUTING.md NEWS.md SECURITY.md docs/*.md docs/guides/*.md man/*.in
} | xargs -n 1 | sed "s|^|$srcdir/|" >texts
find pages -name '*.md' -o -name '*.ps1' >>texts
echo explain.json >>texts
# found FILE... : what these texts name
found() { python3 "$srcdir/tests/meta/named_commands.py" "$@" >raw && sed "s|$srcdir/||g" raw; }
# read_by : reads commands, prints what the programs said
read_by() { python3 "$srcdir/tests/meta/parse_commands.py" "$p11ca" "$top_builddir" "$srcdir/tests/meta/cmdlets.txt"; }
# shellcheck disable=SC2046
found $(cat texts) >commands 2>detail
ok "the texts are read" detail
read_by <commands >read 2>detail
ok "and what they name" detail
tab=$(printf '\t')
while IFS=$tab read -r status name said; do
	echo "$said" >detail
	[ "$status" != 'not ok' ]
	ok "$name$([ "$status" = skip ] && echo " # SKIP $said")" detail
done <read
[ "$(grep -c "^ok" read)" -ge 200 ]; ok "$(grep -c '^ok' read) commands were read"

# Each program sees its own mistakes: one wrong command for each, in each kind of text
cat >wrong.md <<'X'
Text with `p11ca token burn`, `p11ca token list --burn`, `p11ca root crl NAME`, `openssl cms -verify -nosuch x`,
`openssl nosuch -in x`, `swanctl --initiate --nosuch x`, `ipsec nosuch x`, `nmcli connection nosuch`,
`openvpn --nosuch x`, `pkcs15-tool --unblock-pin --nosuch`, `sc-hsm-tool --nosuch`, `certtool --nosuch`,
`pkcs11-tool --nosuch`, `softhsm2-util --nosuch`, `systemctl nosuch strongswan`, `systemctl --nosuch restart strongswan`,
`sqlite3 ledger.db 'SELECT nosuch FROM events'`, `sudo install -m 0644 --nosuch a b`, `chmod --nosuch 600 x`,
`certutil -nosuch x`, `certreq -nosuch x`, `ykman piv access nosuch`, `rasphone -x`, `psexec -nosuch x`,
`Add-AzVpnClientRootCertificate -ResourceGroupName G -NoSuch x`, `Get-NoSuch -Name x`, `make nosuch`, `./setup nosuch`,
`Add-VpnConnection -Name x`, `nosuchprogram --option x`, `man nosuchpage`, `pki --nosuch`, `sudo apt nosuch x`,
`sh -c 'openssl nosuch'`, `--nosuch`, and p11ca token show in the text.

    p11ca client revoke
    sudo systemctl nosuch strongswan
    for f in *.pem; do
        sudo install --nosuch "$f" x; done
    for f in *.pem; done
X
cat >wrong.c <<'X'
static const char *hint = "run `p11ca token "
	"burn2` or look at " MACRO;
#define MACRO "`p11ca token burn3`"
static int f(void) { return set(e, "p11ca root list --burn"); } /* "`p11ca not a string`" */
X
printf '.Bd -literal\n$ p11ca token burn4 \\e\n    --x\n.Ed\n.Dl $ p11ca token burn5\n.Ql openssl nosuch -x\n' >wrong.1.in
printf '```sh\nsqlite3 ledger.db "SELECT x FROM nosuch"\n```\n\n```sh\nmake nosuch2\n```\n' >wrong-fence.md
printf '\357\273\277# Get-NoSuch\nfunction Get-Mine { }\nGet-Mine -Any 1\n$x = @(Get-VpnConnection -NoSuch y)\nGet-NoSuch2\n' >wrong.ps1
found wrong.md wrong.c wrong.1.in wrong-fence.md wrong.ps1 | read_by >read
wanted=$(($(grep -o '`[^`]*`' wrong.md | wc -l) + 1 + 4 + 3 + 3 + 2 + 2))
[ "$(grep -c '^not ok' read)" -eq "$wanted" ] && ! grep -v '^not ok' read >detail
ok "$wanted wrong commands are all seen" read
for program in p11ca openssl swanctl ipsec nmcli openvpn pkcs15-tool sc-hsm-tool certtool pkcs11-tool softhsm2-util systemctl \
    sqlite3 install chmod certutil certreq ykman Add-Az Get-No make apt pki; do
	grep "^not ok$tab" read | grep -q -e "$program"; ok "one of $program is among them" read
done
plan
