#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-render.t - what is rendered takes off nothing that is not ours, and done once leaves nothing to do.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl bash base64
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
root old hsm
for i in alice bob carol dora; do request "$i.csr" "/CN=$i" -newkey rsa:2048; done
issue alice.csr bob.csr --trust-names --root vpn >/dev/null 2>&1
issue carol.csr --trust-names --root old >/dev/null 2>&1
issue dora.csr --trust-names --root vpn >/dev/null 2>&1
gw() { "$p11ca" gateway "$@"; }
gw add test-gw --resource-group 'Gruppe(Süd)' --pool 172.16.9.0/24 --root vpn >/dev/null || bail "no gateway"
gw add test-config --resource-group rg --shape vwan >/dev/null || bail "no configuration"
"$p11ca" -q client revoke bob --reason keyCompromise >/dev/null
thumb() { "$p11ca" client export "$1" --format der | sha1sum | cut -c 1-40; }
bob=$(thumb bob) dora=$(thumb dora)
openssl req -x509 -newkey rsa:2048 -nodes -keyout foreign.key -out foreign.pem -subj "/CN=Somebody else" -days 30 2>/dev/null
openssl req -x509 -key foreign.key -out second.pem -subj "/CN=Another" -days 30 2>/dev/null
line() { openssl x509 -in "$1" -outform DER | base64 -w0; }
foreign=$(line foreign.pem) second=$(line second.pem) ours=$("$p11ca" root export vpn)
state() { sed -e "s|@CLIENT_ROOT_DATA@|$foreign|" -e "s|@OTHER_ROOT_DATA@|$second|" "$srcdir/tests/data/gateway/$1"; }
state vnet-gateway.json >vnet.json
state vnet-gateway-arm.json >vnet-arm.json
state vpn-server-config.json >wan.json
state vpn-server-config-arm.json >wan-arm.json

# Without a state nothing can be taken off.
check "az alone" 0 gw render test-gw
cp out alone.sh
check_has "adds the root" out "az network vnet-gateway root-cert create"
check_has "by its one line" out "$ours"
check_has "and the revoked" out "$bob"
check_lacks "takes off nothing" out delete
check_lacks "sets no list" out --set
check "PowerShell alone" 0 gw render test-gw --format powershell
check_has "adds the root" out "Add-AzVpnClientRootCertificate -ResourceGroupName 'Gruppe(Süd)'"
check_lacks "takes off nothing" out Remove-
for format in arm bicep; do
	check "$format alone" 7 gw render test-gw --format $format --json
	check_json "needs a state" '.error.code == "gateway-needs-state"'
done
check "nothing is taken off without a state" 2 gw render test-gw --prune
check "another one's state" 7 gw render test-gw --state wan.json --json
check_json "is refused" '.error.code == "gateway-other-state"'

# A stub writes what az would get, one word a line.
mkdir bin && printf '#!/bin/sh\nprintf "%%s\\n" --- "$@" >>"$ARGV"\n' >bin/az && chmod 755 bin/az
ARGV=$WORK/argv
export ARGV
stub() { : >argv && bash -n "$1" && PATH="$WORK/bin:$PATH" bash "$1"; }
stub alone.sh; ok "bash runs it"
[ "$(grep -c -x -e --- argv)" = 2 ] && grep -qx 'Gruppe(Süd)' argv && grep -qx "$ours" argv; ok "az gets what was meant" argv

# member FILE KEY : the list or value of what is rendered for az, out of the stub's argv
set_of() { sed -n "s|^properties[^=]*$1=||p" argv; }
for shape in vnet vnet-arm wan wan-arm; do
	case $shape in vnet*) name=test-gw ;; *) name=test-config ;; esac
	check "$shape: diff" 10 gw diff $name --state $shape.json --json
	check_json "lists what is not ours" '[.roots[] | select(.owner == "not ours") | [.name, .change]] == [["TestRoot.cer", "keep"], ["OtherRoot", "keep"]]'
	check_json "revoked, too" '[.revoked[] | select(.owner == "not ours") | .change] == ["keep", "keep"]'
	check_json "removes nothing" '[.roots[], .revoked[] | select(.change == "remove")] == [] and .cut_off == []'
	check_json "adds bob" "[.revoked[] | select(.change == \"add\") | .thumbprint] == [\"$bob\"]"
	for prune in "" "--prune --retired"; do
		# shellcheck disable=SC2086
		check "$shape: az $prune" 0 gw render $name --state $shape.json $prune
		cp out az.sh
		check_has "names what is not ours" out "not ours"
		stub az.sh; ok "bash runs it"
		[ "$(grep -c -x -e --- argv)" = 1 ]; ok "one request" argv
		set_of vpnClientRootCertificates >roots.out
		jq -e --arg a "$foreign" --arg b "$second" '[.[] | .properties // . | .publicCertData] | index($a) != null and index($b) != null' roots.out >/dev/null
		ok "with the roots of others" argv
		set_of vpnClientRevokedCertificates | jq -e --arg bob "$bob" '[.[] | .properties // . | .thumbprint] | length == 3 and index($bob) != null' >/dev/null
		ok "and whom they refuse" argv
	done
	check "$shape: PowerShell" 0 gw render $name --state $shape.json --format powershell
	for data in "$foreign" "$second" "$ours"; do grep -qF "'$data'" out; ok "has every root" out; done
	check "$shape: bicep" 0 gw render $name --state $shape.json --format bicep
	check_has "has every root" out "publicCertData: '$foreign'"
	check "$shape: ARM" 0 gw render $name --state $shape.json --format arm
	cp out arm.json
	jq -e --arg name $name '.name == $name and .type != null' arm.json >/dev/null; ok "jq reads it" arm.json
	if [ $shape = vnet ]; then jq --slurpfile arm arm.json '.vpnClientConfiguration *= $arm[0].properties.vpnClientConfiguration' $shape.json
	elif [ $shape = wan ]; then jq --slurpfile arm arm.json '. * $arm[0].properties' $shape.json
	else jq --slurpfile arm arm.json '. * $arm[0]' $shape.json; fi >after.json
	check "$shape: nothing is left to do" 0 gw diff $name --state after.json --json
	check_json "and everything is there" '[.roots[], .revoked[] | .change] | unique == ["keep"]'
	cp after.json after-$shape.json
	check "nothing to render" 0 gw render $name --state after.json
	check_has "which it says" out "nothing to do"
done

# A gateway with nothing yet.
jq '.vpnClientConfiguration = null' vnet.json >none.json
check "a gateway without point-to-site" 0 gw render test-gw --state none.json
cp out az.sh
stub az.sh
sed -n 's/^properties.vpnClientConfiguration=//p' argv >whole.json
jq -e 'keys_unsorted[0:3] == ["vpnClientAddressPool", "vpnClientProtocols", "vpnAuthenticationTypes"] and
	.vpnClientAddressPool.addressPrefixes == ["172.16.9.0/24"] and .vpnClientProtocols == ["IkeV2", "OpenVPN"] and
	.vpnAuthenticationTypes == ["Certificate"] and (.vpnClientRootCertificates | length == 1)' whole.json >/dev/null
ok "gets pool, tunnels and authentication before the root" argv
check "the same as ARM" 0 gw render test-gw --state none.json --format arm
jq --slurpfile arm out '.vpnClientConfiguration = $arm[0].properties.vpnClientConfiguration' none.json >after.json
check "and then nothing is left" 0 gw diff test-gw --state after.json
jq '.vpnClientConfiguration.vpnAuthenticationTypes = ["AAD"]' vnet.json >aad.json
check "Entra ID alone" 0 gw render test-gw --state aad.json
check_has "stays beside certificates" out 'vpnAuthenticationTypes=["Certificate","AAD"]'
gw add test-gw --resource-group rg --root vpn --replace >/dev/null
check "no pool anywhere" 7 gw render test-gw --state none.json --json
check_json "is refused" '.error.code == "gateway-no-pool"'

# What is asked for names whom it cuts off.
"$p11ca" -q client revoke dora --reason certificateHold >/dev/null
check "held" 0 gw render test-gw --state after-vnet.json --format arm
jq --slurpfile arm out '.vpnClientConfiguration *= $arm[0].properties.vpnClientConfiguration' after-vnet.json >held.json
"$p11ca" -q client restore dora >/dev/null
check "restored" 10 gw diff test-gw --state held.json --json
check_json "dora's thumbprint goes, and only it" "[.revoked[] | select(.change == \"remove\") | .thumbprint] == [\"$dora\"]"
jq --arg name mine --arg alice "$(thumb alice)" '.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: $name, thumbprint: $alice }]' after-vnet.json >by-hand.json
check "somebody refused alice by hand" 0 gw diff test-gw --state by-hand.json --json
check_json "which stays, and is said" '.revoked[] | select(.name == "mine") | .change == "keep" and .owner == "ours" and .why != null'
gw add test-gw --resource-group rg --root old --replace >/dev/null
check "vpn is no root of this gateway any more" 10 gw diff test-gw --state after-vnet.json --json
check_json "and stays" '[.roots[] | select(.change == "remove")] == [] and .cut_off == []'
check "pruned" 10 gw diff test-gw --state after-vnet.json --prune --json
check_json "it goes" '[.roots[] | select(.change == "remove") | .owner] == ["ours"]'
check_json "and every valid client is named" '[.cut_off[].name] == ["alice", "dora"]'
check "rendered" 0 gw render test-gw --state after-vnet.json --prune
check_has "alice is warned of" err "'alice'"
check_has "dora, too" err "'dora'"
check_lacks "bob is revoked" err "'bob'"
cp out az.sh
stub az.sh
set_of vpnClientRootCertificates | jq -e --arg a "$foreign" --arg b "$second" --arg ours "$ours" '[.[].properties.publicCertData] | index($a) != null and index($b) != null and index($ours) == null' >/dev/null
ok "what is not ours stays" argv

# Whatever somebody else called it.
jq '.vpnClientConfiguration.vpnClientRootCertificates[0].name = ([range(32; 127), 192, 8216, 8217, 8218, 8219, 128512] | implode)' vnet.json >odd.json
odd=$(jq -r '.vpnClientConfiguration.vpnClientRootCertificates[0].name' odd.json)
check "a name of every character" 0 gw render test-gw --state odd.json --prune
cp out az.sh
stub az.sh
set_of vpnClientRootCertificates | jq -e --arg odd "$odd" '.[0].name == $odd' >/dev/null; ok "is what az gets" argv
check "in ARM" 0 gw render test-gw --state odd.json --format arm
jq -e --arg odd "$odd" '.properties.vpnClientConfiguration.vpnClientRootCertificates[0].name == $odd' out >/dev/null; ok "jq reads it" out
check "in PowerShell" 0 gw render test-gw --state odd.json --format powershell
grep -qF "\$%&''()" out && grep -qF '‘‘’’‚‚‛‛' out; ok "every quote is doubled" out
check "in Bicep" 0 gw render test-gw --state odd.json --format bicep
grep -qF "\\\$%&\\'()" out; ok "quote and dollar have a backslash" out

# Twenty roots, and a name that is taken.
jq '.vpnClientConfiguration.vpnClientRootCertificates |= [range(20) as $i | .[0] | .name = "r\($i)"]' vnet.json >full.json
check "twenty are there" 7 gw render test-gw --state full.json --json
check_json "no more fit" '.error.code == "gateway-root-limit"'
jq '.vpnClientConfiguration.vpnClientRootCertificates[1].name = "TESTROOT.CER"' vnet.json >twice.json
check "a name twice" 7 gw render test-gw --state twice.json --json
check_json "is refused" '.error.code == "gateway-entry-name-taken"'

# Hostile states leave in clear words.
bad() {
	check "$1" 3 gw diff test-gw --state bad.json --json
	check_json "is refused: $2" "(.error.code // \"\") == \"$2\" and (.error.what // .error.message) != null"
}
jq '.vpnClientConfiguration.vpnClientRootCertificates[0].publicCertData = "MII%"' vnet.json >bad.json; bad "bad base64" gateway-value
jq '.vpnClientConfiguration.vpnClientRootCertificates = "x"' vnet.json >bad.json; bad "a wrong type" gateway-format
jq '.vpnClientConfiguration.vpnClientRootCertificates[0].name = "a\nb"' vnet.json >bad.json; bad "a name of two lines" gateway-value
jq 'del(.vpnClientConfiguration.vpnClientRootCertificates[0].name)' vnet.json >bad.json; bad "no name" gateway-format
sed 's/"name": "TestRoot.cer"/&, "name": "x"/' vnet.json >bad.json; bad "a member twice" gateway-format
{ printf '{"name":'; printf '[%.0s' $(seq 3000); } >bad.json; bad "too deep" gateway-format
head -c 17000000 /dev/zero | tr '\0' ' ' >bad.json; bad "too large" gateway-limit
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
