#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-render.t - rendered changes remove nothing that p11ca did not add, and leave nothing to do.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl bash base64
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
root old hsm
for i in alice bob carol dora; do request "$i.csr" "/CN=$i"; done
issue alice.csr bob.csr --trust-names --root vpn >/dev/null 2>&1
issue carol.csr --trust-names --root old >/dev/null 2>&1
issue dora.csr --trust-names --root vpn >/dev/null 2>&1
gw() { "$p11ca" gateway "$@"; }
gw add test-gw --resource-group 'Gruppe(Süd)' --pool 172.16.9.0/24 --root vpn >/dev/null || bail "no gateway"
gw add test-config --resource-group test --type vpn-server-config >/dev/null || bail "no configuration"
"$p11ca" -q client revoke bob --reason keyCompromise >/dev/null
thumb() { "$p11ca" client export "$1" --format der | sha1sum | cut -c 1-40; }
bob=$(thumb bob) dora=$(thumb dora)
test_key foreign.key
openssl req -x509 -new -key foreign.key -out foreign.pem -subj "/CN=Somebody else" -days 30 2>/dev/null
openssl req -x509 -key foreign.key -out second.pem -subj "/CN=Another" -days 30 2>/dev/null
line() { openssl x509 -in "$1" -outform DER | base64 -w0; }
foreign=$(line foreign.pem) second=$(line second.pem) ours=$("$p11ca" root export vpn)
state() { sed -e "s|@CLIENT_ROOT_DATA@|$foreign|" -e "s|@OTHER_ROOT_DATA@|$second|" "$srcdir/tests/data/gateway/$1"; }
in_group() { sed -e "s|resourceGroups/test/providers/Microsoft.Network/virtualNetworkGateways|resourceGroups/$1/providers/Microsoft.Network/virtualNetworkGateways|" -e "s|\"resourceGroup\": \"test\"|\"resourceGroup\": \"$1\"|"; }
state vnet-gateway.json | in_group 'gruppe(SÜD)' >vnet.json
state vnet-gateway-arm.json | in_group 'Gruppe(Süd)' >vnet-arm.json
state vpn-server-config.json >wan.json
state vpn-server-config-arm.json >wan-arm.json

# lines SCRIPT roots|revoked : what the script adds to the list, and what it removes
lines() { sed -n "/^cat >\"\$tmp\/$2\" <<'EOF'\$/,/^EOF\$/p" "$1" | grep -E '^(add|remove) '; }

# Without a state nothing can be removed.
check "az alone" 0 gw render test-gw
cp out alone.sh
[ "$(lines alone.sh roots | cut -d ' ' -f 1,3)" = "add $ours" ]; ok "adds the root" out
[ "$(lines alone.sh revoked | cut -d ' ' -f 1,3)" = "add $bob" ]; ok "and the revoked certificate" out
[ "$(grep -n 'change .*Revoked' alone.sh | cut -d : -f 1)" -lt "$(grep -n 'change .*Root' alone.sh | cut -d : -f 1)" ]
ok "revocations are sent first" alone.sh
check_has "for the group" out "use virtualNetworkGateways 'Gruppe(Süd)' 'test-gw'"
check_has "what is needed is stated" out "Needs az (tested with 2.74; no extension)"
check_has "a gateway without point-to-site configuration is refused" out "gateway-no-config"
check "sh reads it" 0 sh -n alone.sh
check "PowerShell alone" 0 gw render test-gw --format powershell
check_has "for the group" out "\$group = 'Gruppe(Süd)'"
# listed VARIABLE : its list in the script for PowerShell
listed() { awk -v begin="\$$1 = @(" '$0 == begin { is_it = 1; next } $0 == ")" { is_it = 0 } is_it' "$WORK/out"; }
listed addRoots | grep -qF "Data = '$ours'"; ok "adds the root" out
listed addRevoked | grep -qF "Data = '$bob'"; ok "and the revoked certificate" out
[ -z "$(listed removeRoots)$(listed removeRevoked)" ]; ok "removes nothing" out
[ "$(grep -n '^    Set-Revoked$' out | cut -d : -f 1)" -lt "$(grep -n '^        Add-AzVpnClientRootCertificate' out | cut -d : -f 1)" ]
ok "revocations are sent first" out
sed -n '/^} else/,$p' out | grep Set-Lists >detail; [ ! -s detail ]; ok "the whole gateway is not set without RADIUS" detail
[ "$(head -c 1 out)" = "#" ]; ok "standard output has no byte order mark" out
check "PowerShell in a file" 0 gw render test-gw --format powershell --out alone.ps1
[ "$(head -c 3 alone.ps1 | od -An -tx1)" = " ef bb bf" ]; ok "a file begins with a byte order mark" out
tail -c +4 alone.ps1 >alone.tail && gw render test-gw --format powershell | cmp - alone.tail >detail; ok "and is the same otherwise" detail
for format in arm bicep; do
	check "$format alone" 7 gw render test-gw --format $format --json
	check_json "needs a state" '.error.code == "gateway-needs-state"'
	check_json "the hint names the command for a virtual network gateway" '.error.hint | contains("az network vnet-gateway show")'
	check "$format alone, for Virtual WAN" 7 gw render test-config --format $format --json
	check_json "the hint names the command for Virtual WAN" '.error.hint | contains("vpnServerConfigurations")'
done
check "nothing is removed without a state" 2 gw render test-gw --prune
check "another one's state" 7 gw render test-gw --state wan.json --json
check_json "is refused" '.error.code == "gateway-other-state"'
# A name is unique in its resource group only.
state vnet-gateway.json | in_group other >other-group.json
jq 'del(.id)' other-group.json >other-group-only.json && jq 'del(.resourceGroup)' other-group.json >other-id-only.json || bail "no states"
for file in other-group other-group-only other-id-only; do
	for words in "render test-gw" "diff test-gw --record" "check test-gw"; do
		# shellcheck disable=SC2086
		check "$words with the state of a gateway of this name in another group ($file)" 7 gw $words --state $file.json --json
		check_json "is refused" '.error.code == "gateway-other-state" and (.error.message | contains("other"))'
	done
done
"$p11ca" -q gateway add test-gw --resource-group 'Gruppe(Süd)' --pool 172.16.9.0/24 --root vpn --replace \
    --subscription 7e570000-0000-4000-8000-000000000009 >detail 2>&1 || bail "no subscription"
check "diff with the state of a gateway in another subscription" 7 gw diff test-gw --record --state vnet.json --json
check_json "is refused" '.error.code == "gateway-other-state" and (.error.message | contains("subscription"))'
"$p11ca" -q gateway add test-gw --resource-group 'Gruppe(Süd)' --pool 172.16.9.0/24 --root vpn --replace \
    --subscription 7E570000-0000-4000-8000-000000000000 >detail 2>&1 || bail "no subscription"
check "the state of this subscription is accepted, in any case" 10 gw diff test-gw --state vnet.json --json
"$p11ca" -q gateway add test-gw --resource-group 'Gruppe(Süd)' --pool 172.16.9.0/24 --root vpn --replace >detail 2>&1

for shape in vnet vnet-arm wan wan-arm; do
	case $shape in vnet*) name=test-gw ;; *) name=test-config ;; esac
	check "$shape: diff" 10 gw diff $name --state $shape.json --json
	check_json "lists what is not ours" '[.roots[] | select((.managed | not)) | [.name, .change]] == [["TestRoot.cer", "keep"], ["OtherRoot", "keep"]]'
	check_json "revoked, too" '[.revoked[] | select((.managed | not)) | .change] == ["keep", "keep"]'
	check_json "removes nothing" '[.roots[], .revoked[] | select(.change == "remove")] == [] and .locked_out == []'
	check_json "adds bob" "[.revoked[] | select(.change == \"add\") | .thumbprint] == [\"$bob\"]"
	for prune in "" "--prune --retired"; do
		# shellcheck disable=SC2086
		check "$shape: az $prune" 0 gw render $name --state $shape.json $prune
		cp out az.sh
		check_has "names what is not ours" out "not ours"
		check "sh reads it" 0 sh -n az.sh
		! lines az.sh roots | grep '^remove' >detail; ok "no root is removed" detail
		[ "$(lines az.sh revoked | cut -d ' ' -f 1,3)" = "add $bob" ]; ok "bob is added, and nothing removed" az.sh
	done
	check "$shape: PowerShell" 0 gw render $name --state $shape.json --format powershell
	listed addRoots | grep -qF "'$ours'"; ok "adds our root" out
	[ -z "$(listed removeRoots)$(listed removeRevoked)" ]; ok "and removes nothing" out
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
check_has "gets the pool" az.sh '{"addressPrefixes":["172.16.9.0/24"]}'
check_has "and the tunnel types" az.sh '["IkeV2","OpenVPN"]'
check_has "where it has none" az.sh 'vpnClientProtocols || `["IkeV2","OpenVPN"]`'
check_has "and authentication" az.sh 'vpnAuthenticationTypes:[`["Certificate"]`'
check_has "in the request with the root" az.sh 'publicCertData "$settings"'
check "the same in PowerShell" 0 gw render test-gw --state none.json --format powershell
# sent_together : the script's last change is one request, with the revoked certificates, then the roots, in it
sent_together() {
	sed -n '/^function Set-Lists/,/^}/p' out >lists.ps1
	[ "$(grep -c '^    Set-AzVirtualNetworkGateway ' lists.ps1)" = 1 ] &&
		grep -n -e 'more.VpnClientRevoked' -e 'more.VpnClientRoot' -e 'Set-AzVirtualNetworkGateway .*@more' lists.ps1 |
		sed 's/^.*\(Revoked\|Root\|Set-Az\).*$/\1/' | paste -sd ' ' - | grep -qx 'Revoked Root Set-Az' &&
		[ "$(grep -v '^#' out | tail -n 2 | head -n 1)" = "Set-Lists -WithRoots" ]
}
sent_together; ok "revocations and roots are sent in one request" out
check "the same as ARM" 0 gw render test-gw --state none.json --format arm
jq --slurpfile arm out '.vpnClientConfiguration = $arm[0].properties.vpnClientConfiguration' none.json >after.json
check "and then nothing is left" 0 gw diff test-gw --state after.json
jq '.vpnClientConfiguration.vpnAuthenticationTypes = ["AAD"]' vnet.json >aad.json
check "Entra ID alone" 0 gw render test-gw --state aad.json
check_has "stays beside certificates" out 'vpnAuthenticationTypes || `[]`)[?@ != `"Certificate"`]'
gw add test-gw --resource-group 'Gruppe(Süd)' --root vpn --replace >/dev/null
check "no pool anywhere" 7 gw render test-gw --state none.json --json
check_json "is refused" '.error.code == "gateway-no-pool"'

# A removal names the clients that it locks out.
"$p11ca" -q client revoke dora --reason certificateHold >/dev/null
check "held" 0 gw render test-gw --state after-vnet.json --format arm
jq --slurpfile arm out '.vpnClientConfiguration *= $arm[0].properties.vpnClientConfiguration' after-vnet.json >held.json
"$p11ca" -q client restore dora >/dev/null
check "what is removed" 0 gw render test-gw --state held.json --format powershell
[ "$(listed removeRevoked)" = "    '$dora'" ]; ok "is dora's thumbprint in PowerShell" out
gw render test-gw --state held.json >held.sh
[ "$(lines held.sh revoked)" = "remove $dora" ]; ok "and in az" held.sh
check "a change of one list" 0 gw render test-gw --state held.json --format arm
jq -e '.properties.vpnClientConfiguration | (.vpnClientRootCertificates | length == 3) and
	(.vpnClientRevokedCertificates | length == 3)' out >/dev/null; ok "ARM has both lists, though one does not change" out
check "restored" 10 gw diff test-gw --state held.json --json
check_json "dora's thumbprint goes, and only it" "[.revoked[] | select(.change == \"remove\") | .thumbprint] == [\"$dora\"]"
jq --arg name mine --arg alice "$(thumb alice)" '.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: $name, thumbprint: $alice }]' after-vnet.json >by-hand.json
check "somebody refused alice by hand" 0 gw diff test-gw --state by-hand.json --json
check_json "which stays, and is said" '.revoked[] | select(.name == "mine") | .change == "keep" and .managed and .reason != null'
gw add test-gw --resource-group 'Gruppe(Süd)' --root old --replace >/dev/null
check "vpn is no root of this gateway any more" 10 gw diff test-gw --state after-vnet.json --json
check_json "and stays" '[.roots[] | select(.change == "remove")] == [] and .locked_out == []'
check "pruned" 10 gw diff test-gw --state after-vnet.json --prune --json
check_json "it goes" '[.roots[] | select(.change == "remove") | .managed] == [true]'
check_json "and every valid client is named" '[.locked_out[].name] == ["alice", "dora"]'
check "rendered" 0 gw render test-gw --state after-vnet.json --prune
check_has "alice is warned of" err "'alice'"
check_has "dora, too" err "'dora'"
check_lacks "bob is revoked" err "'bob'"
cp out az.sh
[ "$(lines az.sh roots | grep ^remove)" = "remove $ours" ]; ok "only ours is removed" az.sh
check "in PowerShell" 0 gw render test-gw --state after-vnet.json --prune --format powershell
[ "$(listed removeRoots)" = "    '$ours'" ]; ok "only ours is removed there, too" out
sent_together; ok "what an expired root blocked is sent together with its removal" out
check_has "custom routes are given again" out "if (\$gateway.CustomRoutes.AddressPrefixes) { \$more.CustomRoute ="
jq '.vpnClientConfiguration.vpnAuthenticationTypes = ["Certificate", "AAD", "Radius"]' after-vnet.json >multi.json
check "with Entra ID and RADIUS" 0 gw render test-gw --state multi.json --prune --format powershell
check_has "a question is announced" out "Set-AzVirtualNetworkGateway asks a question that -Confirm"
check_has "and the secrets of RADIUS are mentioned" out "# The gateway has RADIUS servers."
check_has "which are read, since Azure does not return them with the gateway" out \
    "Get-AzAllVirtualNetworkGatewayRadiusServerSecret -ResourceGroupName \$group -Name \$name"
check_has "beside RADIUS no cmdlet is used that sends no secrets" out "if (\$hasRadius) { Set-Lists } else { Set-Revoked }"
check "additions beside RADIUS" 0 gw render test-gw --format powershell
sed -n '/^if (\$hasRadius)/,/^} else/p' out >detail
[ "$(grep -c . detail)" = 4 ] && ! grep -q -- '-AzVpn' detail; ok "no such cmdlet is used without --state, either" detail
check "Virtual WAN in PowerShell" 0 gw render test-config --format powershell
check_has "reads the secrets of Virtual WAN" out "Get-AzAllVpnServerConfigurationRadiusServerSecret"
check_has "and replaces nobody's entry of the same name" out "Get-FreeName \$all \$entry.Name"
check "az beside RADIUS" 0 gw render test-gw --state multi.json --prune
check_has "the script refuses to lose a secret" out "ACCEPT_RADIUS"
check_has "of which the command warns" err "RADIUS"

# Whatever somebody else called it.
jq '.vpnClientConfiguration.vpnClientRootCertificates[0].name = ([range(32; 127), 192, 8216, 8217, 8218, 8219, 128512] | implode)' vnet.json >odd.json
odd=$(jq -r '.vpnClientConfiguration.vpnClientRootCertificates[0].name' odd.json)
check "a name of every character" 0 gw render test-gw --state odd.json --prune
cp out az.sh
check "sh reads it" 0 sh -n az.sh
! grep -n "^[^#].*$(printf %s "$odd" | cut -c 3-9)" az.sh >detail; ok "is in comments only" detail
check "in ARM" 0 gw render test-gw --state odd.json --format arm
jq -e --arg odd "$odd" '.properties.vpnClientConfiguration.vpnClientRootCertificates[0].name == $odd' out >/dev/null; ok "jq reads it" out
check "in PowerShell" 0 gw render test-gw --state odd.json --format powershell
! grep -v '^#' out | grep -F '‘' >detail; ok "is in comments only" detail
check "in Bicep" 0 gw render test-gw --state odd.json --format bicep
grep -qF "\\\$%&\\'()" out; ok "quote and dollar have a backslash" out

# Twenty roots, and a name that is taken.
jq '.vpnClientConfiguration.vpnClientRootCertificates |= [range(20) as $i | .[0] | .name = "r\($i)"]' vnet.json >full.json
gw add test-gw --resource-group 'Gruppe(Süd)' --root vpn --replace >/dev/null
for format in az powershell arm bicep; do
	check "$format: twenty roots are there, and a root is missing" 10 gw render test-gw --state full.json --format $format
	check_has "$format: the warning says that no root fits" err "gateway-root-limit"
	check_has "$format: the revocation is written" out "$bob"
	case $format in
	arm) [ "$(jq '.properties.vpnClientConfiguration.vpnClientRootCertificates | length' out)" = 20 ] ;;
	bicep) [ "$(grep -c publicCertData: out)" = 20 ] && grep -q "left out, Azure allows 20 roots" out ;;
	*) grep -q "added, if there is room" out ;;
	esac
	ok "$format: it says what becomes of the root" out
done
jq --arg ours "$ours" '.vpnClientConfiguration.vpnClientRootCertificates |= map(select((.publicCertData // .properties.publicCertData) == $ours))' after-vnet.json >last.json
gw add test-gw --resource-group 'Gruppe(Süd)' --root old --replace >/dev/null
"$p11ca" -q root retire old --confirm old >/dev/null 2>&1
for format in az powershell arm bicep; do
	check "$format: the last root would go" 10 gw render test-gw --state last.json --prune --format $format
	check_has "$format: the warning says that Azure refuses that" err "gateway-no-root"
	case $format in
	arm | bicep) grep -q "publicCertData.*$ours" out ;;
	*) grep -q "removed, if another root stays" out ;;
	esac
	ok "$format: it says what becomes of the root" out
done
gw add test-gw --resource-group 'Gruppe(Süd)' --root vpn --replace >/dev/null
taken=$("$p11ca" --json client show bob | jq -r '"p11ca-" + .client.serial[0:16]')
jq --arg name "$taken" '.vpnClientConfiguration.vpnClientRevokedCertificates[0].name = ($name | ascii_upcase)' vnet.json >taken.json
check "somebody else has the name of our entry" 10 gw diff test-gw --state taken.json --json
check_json "our entry gets another name" "[.revoked[] | select(.change == \"add\") | .name] == [\"$taken-2\"]"
check_json "the entry of somebody else stays" '.revoked[0].change == "keep"'
jq '.vpnClientConfiguration.vpnClientRootCertificates[1].name = "TESTROOT.CER"' vnet.json >twice.json
check "a name twice" 7 gw render test-gw --state twice.json --json
check_json "is refused" '.error.code == "gateway-entry-name-taken"'

# Hostile states leave in clear words.
bad() {
	check "$1" 3 gw diff test-gw --state bad.json --json
	check_json "is refused: $2" "(.error.code // \"\") == \"$2\" and (.error.message // .error.message) != null"
}
jq '.vpnClientConfiguration.vpnClientRootCertificates = "x"' vnet.json >bad.json; bad "a wrong type" gateway-format
jq '.vpnClientConfiguration.vpnClientRootCertificates[0].name = "a\nb"' vnet.json >bad.json; bad "a name of two lines" gateway-value
jq 'del(.vpnClientConfiguration.vpnClientRootCertificates[0].name)' vnet.json >bad.json; bad "no name" gateway-format
sed 's/"name": "TestRoot.cer"/&, "name": "x"/' vnet.json >bad.json; bad "a member twice" gateway-format
head -c 500 vnet.json >bad.json; bad "a state that was cut" gateway-format
: >bad.json; bad "an empty state" gateway-format
{ printf '{"name":'; printf '[%.0s' $(seq 3000); } >bad.json; bad "too deep" gateway-format
head -c 17000000 /dev/zero | tr '\0' ' ' >bad.json; bad "too large" gateway-limit
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
