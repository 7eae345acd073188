#!/bin/sh
# SPDX-License-Identifier: MIT
# doctor-report.t - the script that asks a Windows machine, and what its answers lead to: healthy, broken, hostile.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl iconv
cd "$WORK" || bail "no folder"
tokens hsm alice
root vpn hsm --test # a root on SoftHSM is a finding elsewhere
card alice@contoso.com alice
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
azure_root gateway.pem
package_root others.pem "/CN=Another Root"
package_folder good gateway.pem ours.pem
"$p11ca" -q profile write good --client alice@contoso.com --for windows --out profile >/dev/null || bail "no profile"
id=$("$p11ca" --json client show alice@contoso.com | jq -r .client.serial)

# The script: what it may not have, and what a reader of it needs to be whole.
check "the script" 0 "$p11ca" doctor --collect windows
cp out collect.ps1
check "it is ASCII" 1 env LC_ALL=C grep -n '[^ -~]' collect.ps1
sed 's/^ *#.*//' collect.ps1 >code
sed "s/'[^']*'//g" code >bare
writers='\b(Set|New|Remove|Import|Add|Clear|Copy|Move|Rename|Out|Export|Start|Stop|Restart|Invoke|Install|Uninstall|Enable|Disable|Register|Unregister|Write|Update|Reset|Suspend|Resume|Format|Connect|Disconnect|Send|Save|Push|Grant|Revoke|Protect|Unprotect|Initialize|Mount|Dismount)-[A-Z]'
echo 'Set-Item x' | grep -qE "$writers"; ok "a cmdlet that writes would be seen"
! grep -nE "$writers" bare >detail; ok "none is there" detail
grep -oE '\b[A-Z][A-Za-z]+-[A-Z][A-Za-z]+' bare | sort -u >used
printf '%s\n' ConvertTo-Json ForEach-Object Get-ChildItem Get-ItemProperty Get-VpnConnection Get-WinEvent Read-Connections \
    Read-Dials Read-Reachable Read-Roots Read-Store Read-Value Select-Object Where-Object | diff - used >detail
ok "it uses what reads, and its own functions" detail
grep -oE '\[[A-Za-z.]+\]::[A-Za-z0-9]+' bare | sort -u >used
printf '%s\n' '[Convert]::ToBase64String' '[DateTime]::UtcNow' '[Net.Sockets.TcpClient]::new' '[regex]::Replace' | diff - used >detail
ok "and of .NET what reads" detail
! grep -nE '>|\biex\b|\|[[:space:]]*(sc|ac|ni|ri|si|del|rm|cp|mv)\b|&[[:space:]]|\.(Delete|Set[A-Z]|Create|Write|Save|Import|Export|Open|Remove)[A-Za-z]*\(|PrivateKey\b' bare |
	grep -v 'private_key = \[bool\]' >detail
ok "no redirection, alias, call by name or method that writes" detail
# balanced FILE : brackets outside of strings, and quotes, are in pairs
balanced() {
	awk '{
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (q != "") { if (c == "`" && q == "\"") i++; else if (c == q) q = ""; continue }
			if (c == "\"" || c == "\047") q = c
			else if (c == "#") break
			else if (index("([{", c)) stack[++n] = c
			else if (index(")]}", c) && (n == 0 || index("([{", stack[n--]) != index(")]}", c))) { print FNR ": " c; bad = 1 }
		}
		if (q != "") { print FNR ": open " q; bad = 1; q = "" }
	} END { exit bad || n != 0 }' "$1"
}
balanced collect.ps1 >detail; ok "brackets and quotes are in pairs" detail
sed '0,/{/s///' collect.ps1 >odd
! balanced odd >detail; ok "an odd one would be seen"
check "not with anything else" 2 "$p11ca" doctor --collect windows --client x
check "nor for what nobody has" 2 "$p11ca" doctor --collect beos
grep -oE '^ *([a-z_0-9]+) =|[;{] ([a-z_0-9]+) =' code | grep -oE '[a-z_0-9]+' | sort -u >keys

# Its answer on a machine where all is well, in PowerShell's own notation.
der() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
sha1() { package_hash "$1" | tr a-f A-F; }
"$p11ca" client export "$id" --format pem --out client.pem || bail "no certificate"
jq -n --arg data "$(der client.pem)" --arg thumb "$(sha1 client.pem)" --arg ours "$(sha1 ours.pem)" --arg azure "$(sha1 gateway.pem)" \
    --arg server "$AZURE_SERVER" --rawfile eap "$(find profile -name eap-tls.xml)" '{
	p11ca_report: 1, collected: "2026-11-20T10:00:00Z", system: { product: "Windows 10 Pro", build: "22631" },
	certificates: [ { store: "CurrentUser\\My", thumbprint: $thumb, private_key: true, data: $data } ],
	roots: [ { store: "LocalMachine\\Root", thumbprint: $azure }, { store: "LocalMachine\\Root", thumbprint: $ours } ],
	connections: [ { name: "Test-vnet", server: $server, tunnel: "Ikev2", authentication: ["Eap"], eap: $eap },
		{ name: "Office", server: "vpn.example.org", tunnel: "L2tp", authentication: ["MsChapv2"], eap: null } ],
	settings: { eap_tls_version: null, tls12_client: null, tls13_client: null, disable_certreq_payload: null },
	dials: [ { time: "2026-11-20T09:00:00Z", connection: "Test-vnet", error: null },
		{ time: "2026-11-20T08:00:00Z", connection: "Test-vnet", error: "798" },
		{ time: "2026-11-19T08:00:00Z", connection: "Office", error: "691" } ],
	revocation: [ { host: "crl3.digicert.com", reachable: true }, { host: "crl4.digicert.com", reachable: false } ] }' >good.json
jq -r '[paths | last | strings] | unique[]' good.json | sort >have
comm -23 have keys >detail; [ ! -s detail ]; ok "the report of this test has no key that the script does not write" detail
diagnose() { "$p11ca" --json doctor --client "$id" --package good --client-report "$1"; }
check "a healthy machine" 0 diagnose good.json
check_json "is silent" '.findings == []'
check "whose it is, by its certificate" 0 "$p11ca" --json doctor --package good --client-report good.json
check_json "is silent, too" '.findings == []'
check "without a package" 0 "$p11ca" --json doctor --client-report good.json
check_json "is silent, too" '.findings == []'
iconv -f ASCII -t UTF-16 good.json >wide.json
check "as PowerShell's > writes it" 0 diagnose wide.json
check "from standard input" 0 sh -c "\"$p11ca\" doctor --client $id --client-report - <good.json"
jq '.certificates |= .[0] | .dials = null | .revocation = []' good.json >other.json
check "lists of one and none, as PowerShell writes them" 0 diagnose other.json
check_json "are good" '.findings == []'

# broken NAME FILTER CODE... [ERROR] : another machine has just these findings; ERROR is what one of them names
openssl req -x509 -newkey rsa:2048 -nodes -keyout twin.key -out twin.pem -subj "/CN=alice@contoso.com" -days 9 2>/dev/null
broken() {
	broken_name=$1
	jq --arg twin "$(der twin.pem)" --arg others "$(sha1 others.pem)" --arg ours "$(sha1 ours.pem)" "$2" good.json >other.json ||
		bail "no report: $2"
	! cmp -s good.json other.json || bail "$1 is not changed"
	shift 2
	broken_error=
	for broken_word; do
		case $broken_word in report-* | doctor-*) echo "$broken_word" ;; *) broken_error=$broken_word ;; esac
	done >want
	check "$broken_name" 10 diagnose other.json
	jq -r '.findings[].code' out | sort -u | diff want - >detail; ok "names $*" detail
	jq -e --arg e "$broken_error" 'all(.findings[]; .remedy | length > 5) and any(.findings[];
		(.errors | index($e)) or (.message | contains("error " + $e)))' out >detail
	ok "the error, and what to do" out
}
spaced() { sha1 "$1" | sed 's/../& /g'; }
broken "no certificate" '.certificates = []' report-certificate-missing 798
broken "in the machine's store" '.certificates[0].store = "LocalMachine\\My"' report-user-store 798
broken "without its key" '.certificates[0].private_key = false' report-private-key 798
broken "two of one name" '.certificates += [.certificates[0] | .data = $twin]' report-same-name no-certificate-listed
broken "our root is not trusted" '.roots |= map(select(.thumbprint != $ours))' report-root-missing 0x800B0109
broken "no roots" '.roots = []' report-gateway-root-missing report-root-missing 13801
broken "the gateway's address is dialled" '.connections[0].server = "203.0.113.9"' report-connection-missing 13801
broken "no connection" '.connections = []' report-connection-missing report-failed 13801
broken "SSTP" '.connections[0].tunnel = "Sstp"' report-tunnel 800
broken "a password" '.connections[0].authentication = ["MsChapv2"]' report-authentication 812
broken "PEAP" '.connections[0].eap |= sub(">13<"; ">25<")' report-authentication 812
broken "EAP settings that are not valid" '.connections[0].eap = "<EapHostConfig>"' report-eap-unreadable 798
broken "EAP settings with a DTD" '.connections[0].eap |= "<!DOCTYPE x [<!ENTITY a \"b\">]>" + .' report-eap-unreadable 798
broken "a profile of another root" ".connections[0].eap |= sub(\"$(spaced ours.pem)\"; \"$(spaced others.pem)\")" report-eap-issuer 798
broken "a profile of another gateway" ".connections[0].eap |= sub(\"$(spaced gateway.pem)\"; \"$(spaced others.pem)\")" \
    report-eap-server-root 13801
broken "another server" '.connections[0].eap |= sub("<ServerNames/>|<ServerNames></ServerNames>"; "<ServerNames>vpn.example.org</ServerNames>")' \
    report-eap-server-name 13801
broken "TLS 1.0 alone" '.settings.eap_tls_version = 192' report-tls-version 0x80090326
broken "no TLS 1.2" '.settings.tls12_client = 0' report-tls-version 0x80090326
broken "Windows 10 1607" '.system.build = "14393"' report-old-windows ike-not-responding
broken "no way to the revocation lists" '.revocation[].reachable = false' report-revocation-unreachable 0x80092013
broken "it failed since" '.dials |= [{ connection: "Test-vnet", error: "809" }] + .' report-failed 809
broken "with an HRESULT" '.dials |= [{ connection: "Test-vnet", error: "-2146885613" }] + .' report-failed 0x80092013
broken "a device tunnel" '.connections[0].authentication = ["MachineCertificate"]' report-machine-store 13806
check "up to TLS 1.2" 0 diagnose - <<REPORT
$(jq '.settings.eap_tls_version = 4032 | .system.build = "14393" | .settings.disable_certreq_payload = 1' good.json)
REPORT
check_json "is good" '.findings == []'
jq '.certificates[0] |= (.thumbprint = "x" | .data = "QUJD")' good.json >other.json
check "a stranger's machine" 10 "$p11ca" --json doctor --client-report other.json
check_json "is said" '[.findings[].code] == ["doctor-report-no-certificate"]'
echo 'slots.mechanisms = CKM_RSA_PKCS,CKM_RSA_PKCS_KEY_PAIR_GEN' >>"$SOFTHSM2_CONF"
check "a card without RSA-PSS on Windows 11" 10 diagnose good.json
check_json "is said" '[.findings[].code] == ["report-card-rsa-pss"]'
jq '.settings.eap_tls_version = 4032' good.json >other.json
check "where TLS 1.3 is off" 0 diagnose other.json
sed -i '$d' "$SOFTHSM2_CONF"
"$p11ca" -q client revoke "$id" --reason superseded >/dev/null
check "a certificate that was revoked" 10 "$p11ca" --json doctor --client-report good.json
check_json "is said of its owner" '[.findings[] | select(.file == "alice@contoso.com").code] | index("doctor-client-state") != null'

# Nothing in it is believed.
hostile() {
	hostile_name=$1 hostile_code=$2
	check "$hostile_name" 3 diagnose other.json
	check_json "$hostile_code" ".error.code == \"$hostile_code\""
}
cp ours.pem other.json && hostile "no JSON" report-format
echo '[]' >other.json && hostile "a list" report-format
jq '.p11ca_report = 2' good.json >other.json && hostile "of another version" report-format
jq '.certificates = "x"' good.json >other.json && hostile "text for a list" report-format
jq '.roots = [1]' good.json >other.json && hostile "numbers for objects" report-format
jq '.certificates = [range(65) | {}]' good.json >other.json && hostile "65 certificates" report-limit
jq '.roots = [range(1025) | {}]' good.json >other.json && hostile "1025 roots" report-limit
jq '.x = [range(9000) | {}]' good.json >other.json && hostile "more objects than that" report-limit
head -c 5000000 /dev/zero | tr '\0' ' ' >other.json && hostile "5 MB" report-limit
printf '\377\376{\0\0\1}\0' >other.json && hostile "UTF-16 beyond ASCII" report-format
jq -c '.p11ca_report |= 1' good.json | sed 's/^{/{"roots":[],/' >other.json && hostile "a name twice" report-format
jq '.connections[0].name = "\u001b]0;x\u0007" | .connections[0].server = "\u202e" | .dials[0] = { connection: "\u001b[2J", error: 7 } |
	.system.product = 5 | .connections[0].eap = ("<a>" * 30000)' good.json >other.json
check "control characters" 10 "$p11ca" doctor --client "$id" --client-report other.json
check "do not reach a terminal" 1 env LC_ALL=C grep -c "$(printf '\033')" out
# More wrong things than are listed: what was found is, and that there is more.
eap='<EapHostConfig xmlns="http://www.microsoft.com/provisioning/EapHostConfig"><EapMethod><Type>25</Type></EapMethod><Config><Eap><EapType><TLSExtensions><FilteringInfo><CAHashList><IssuerHash>00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF 00 11 22 33 </IssuerHash><IssuerHash>zz</IssuerHash></CAHashList></FilteringInfo></TLSExtensions></EapType></Eap></Config></EapHostConfig>'
jq --arg eap "$eap" '.connections = [range(32) | { name: "c\(.)", server: "x.vpn.azure.com", tunnel: "Pptp", authentication: ["Eap"], eap: $eap }] |
	.dials = [range(8) | { connection: "c\(.)", error: "798" }]' good.json >other.json
check "more findings than are listed" 10 "$p11ca" --json doctor --client "$id" --client-report other.json
check_json "are cut with a word" '[.findings[].code] | length > 100 and index("findings-more") != null'
check "no file" 9 diagnose nosuch
check "explained" 0 "$p11ca" --json explain report-eap-issuer
plan
