#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-render.t - az runs what `gateway render` writes: it changes what it should, and nothing else.
. "$srcdir/tests/azure/begin.sh"
tokens hsm
root vpn hsm
root old hsm --key rsa:2048
certificates_of vpn alice bob
issued=$WORK/old
certificates_of old carol
gw add test-gw --resource-group "$GROUP" --pool 172.16.9.0/24 --root vpn >out || bail "no gateway"
gw add test-config --resource-group "$GROUP" --type vpn-server-config --root vpn >out || bail "no configuration"
"$p11ca" -q client revoke bob --reason keyCompromise >out || bail "bob is not revoked"
somebody one.pem "Somebody one"
somebody two.pem "Somebody two"
thumb() { "$p11ca" client export "$1" --format der | sha1sum | cut -c 1-40; }
one=$(data one.pem) two=$(data two.pem) bob=$(thumb bob)
vpn=$("$p11ca" root export vpn --format der | base64 -w0) old=$("$p11ca" root export old --format der | base64 -w0)
others="[[\"TestRoot.cer\", \"$one\"], [\"OtherRoot\", \"$two\"]]"
refused='[["alice-lost", "51ab1edd8da4cfed77e20061c5eb6d2ef2f778c7"], ["bob", "51AB1EDD8DA4CFED77E20061C5EB6D2EF2F77800"]]'

# is_done TYPE : everybody else's entries, then ours
is_done() {
	now_is "$1" 'roots[0:2] == $others and revoked[0:2] == $refused and (roots[2:] | map(.[1])) == [$vpn] and
		(revoked[2:] | map(.[1])) == [$bob]' --argjson others "$others" --argjson refused "$refused" --arg vpn "$vpn" --arg bob "$bob"
}
for type in $(types); do
	name=$(name_of $type)
	gateway_of $type "$one" "$two" >before.json
	for with in "" "--state before.json"; do
		as="$type${with:+, with --state}"
		azure_has before.json
		# shellcheck disable=SC2086
		check "$as: a script is written" 0 gw render "$name" $with
		cp out script.sh
		azure_fail
		check "$as: az runs it" 0 run script.sh
		is_done $type; ok "$as: the root is base64 of DER, bob is refused, and no entry of others is lost" detail
		is_kept before.json; ok "$as: tags, routes, DNS, RADIUS and Entra ID are in each request" detail
		sent 'puts | .[0].body | (revoked | map(.[1]) | index($bob) != null) and (roots | map(.[1]) | index($vpn) == null)' \
		    --arg bob "$bob" --arg vpn "$vpn"
		ok "$as: the first request is the revocation alone" detail
		sent 'all(.status < 400)'; ok "$as: no request is refused" detail
		now $type >after.json
		azure_fail
		check "$as: the script is run again" 0 run script.sh
		sent 'puts == []'; ok "$as: and sends no change" detail
		now $type | cmp - after.json >detail; ok "$as: and changes nothing" detail
		az resource show -g "$GROUP" -n "$name" --resource-type "Microsoft.Network/$(type_of $type)" --api-version 2024-05-01 \
		    >shown.json 2>err
		check "$as: nothing is left to do" 0 gw diff "$name" --state shown.json --json
		check_json "$as: every entry is kept" '[.roots[], .revoked[] | .change] | unique == ["keep"]'
	done
done

# The lists as az has read them at last are what a script changes, not those of --state.
gateway_of vnet "$one" "$two" >before.json
check "a script from a state" 0 gw render test-gw --state before.json
cp out script.sh
jq '.properties.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: "later", properties: { thumbprint:
	"51ab1edd8da4cfed77e20061c5eb6d2ef2f77811" } }]' before.json >later.json
azure_has later.json
check "runs after somebody else has refused a client" 0 run script.sh
now_is vnet 'revoked | map(.[0]) | index("later") != null'; ok "who is still refused" detail
is_kept later.json; ok "and no setting is lost" detail

gateway_of vnet "$one" "$two" | jq --arg bob "$(echo "$bob" | tr a-f A-F)" '.properties.vpnClientConfiguration.vpnClientRevokedCertificates +=
	[{ name: "by hand", properties: { thumbprint: $bob } }]' >before.json
azure_has before.json
gw render test-gw >script.sh
azure_fail
check "somebody has refused bob by hand, in capitals" 0 run script.sh
sent 'puts | length == 1 and all(.body | revoked == ($before[0] | revoked))' --slurpfile before before.json
ok "bob is not refused twice: the root is the only change" detail

# Lists that are absent, null or empty.
for type in $(types); do
	for value in null '[]' absent; do
		gateway_of $type "$one" "$two" >full.json
		filter='.vpnClientRevokedCertificates = '$value
		[ "$value" != absent ] || filter='del(.vpnClientRevokedCertificates)'
		[ $type = wan ] && jq ".properties |= ($filter)" full.json >before.json ||
			jq ".properties.vpnClientConfiguration |= ($filter)" full.json >before.json
		azure_has before.json
		gw render "$(name_of $type)" >script.sh
		check "$type: no certificate is refused yet ($value)" 0 run script.sh
		now_is $type 'revoked | map(.[1]) == [$bob]' --arg bob "$bob"; ok "$type: bob is" detail
		now_is $type 'roots | length == 3'; ok "$type: and all roots are there" detail
	done
done

# A gateway without point-to-site.
gateway_of vnet "$one" "$two" | jq '.properties.vpnClientConfiguration = null' >none.json
azure_has none.json
gw render test-gw >script.sh
check "without --state nothing is made up" 1 run script.sh
now vnet | cmp - none.json >detail 2>&1 || now_is vnet '.properties.vpnClientConfiguration == null'; ok "nothing is changed" detail
check "with --state" 0 gw render test-gw --state none.json
cp out script.sh
azure_fail
check "pool, tunnels and authentication are set" 0 run script.sh
now_is vnet '.properties.vpnClientConfiguration | .vpnClientAddressPool.addressPrefixes == ["172.16.9.0/24"] and
	.vpnClientProtocols == ["IkeV2", "OpenVPN"] and .vpnAuthenticationTypes == ["Certificate"]'
ok "as the ledger has them" detail
now_is vnet '(roots | map(.[1])) == [$vpn] and (revoked | map(.[1])) == [$bob]' --arg vpn "$vpn" --arg bob "$bob"
ok "with the root and who is revoked" detail
sent 'puts | length == 1'; ok "in one request: there is no moment in which bob gets in" detail
azure_fail
check "again" 0 run script.sh
sent 'puts == []'; ok "sends nothing" detail

# Entries go only if that is asked for.
for type in $(types); do
	name=$(name_of $type)
	gateway_of $type "$one" "$two" | jq --arg vpn "$vpn" --arg old "$old" --arg gone "$(thumb carol)" --arg is_vnet $type '
		def entry($n; $k; $v): if $is_vnet == "vnet" then { name: $n, properties: { ($k): $v } } else { name: $n, ($k): $v } end;
		def more: .vpnClientRootCertificates += [entry("ours"; "publicCertData"; $vpn), entry("old"; "publicCertData"; $old)] |
			.vpnClientRevokedCertificates += [entry("p11ca-carol"; "thumbprint"; $gone)];
		if $is_vnet == "vnet" then .properties.vpnClientConfiguration |= more else .properties |= more end' >before.json
	azure_has before.json
	check "$type: list removal" 0 gw render "$name" --state before.json --prune
	cp out script.sh
	azure_fail
	check "$type: az runs it" 0 run script.sh
	now_is $type 'roots | map(.[1]) == [$one, $two, $vpn]' --arg one "$one" --arg two "$two" --arg vpn "$vpn"
	ok "$type: the root that is not of this gateway goes, and no other" detail
	is_kept before.json; ok "$type: the settings stay" detail
	sent 'puts | .[0].body | revoked | map(.[1]) | index($bob) != null' --arg bob "$bob"; ok "$type: the revocation is first" detail
	azure_fail
	check "$type: again" 0 run script.sh
	sent 'puts == []'; ok "$type: sends nothing" detail
done

# Somebody else's names of every kind, in lists that are sent back.
gateway_of vnet "$one" "$two" | jq '.properties.vpnClientConfiguration.vpnClientRootCertificates[0].name =
	([range(32; 127), 192, 8216, 128512] | implode)' >before.json
azure_has before.json
gw render test-gw --state before.json >script.sh
azure_fail
check "a name of every character" 0 run script.sh
now_is vnet '(roots | map(.[0]))[0:2] == ($before[0] | roots | map(.[0]))' --slurpfile before before.json; ok "stays as it is" detail

# Roots without room, and secrets that Azure does not return.
gateway_of vnet "$one" "$two" | jq '.properties.vpnClientConfiguration.vpnClientRootCertificates |= [range(20) as $i | .[0] | .name = "r\($i)"]' >full.json
azure_has full.json
gw render test-gw >script.sh
check "twenty roots are there" 1 run script.sh
check_has "no more fit, which is said" err "gateway-root-limit"
# hint_is_good NAME STATE : the command of p11ca in the message names this gateway, and is run
hint_is_good() {
	sed -n 's/.*"\(p11ca gateway render [^"]*\)".*/\1/p' err | sed "s|FILE|$2|; s|^p11ca|\"\$p11ca\"|" >hint.sh
	grep -q " render $(name_of vnet) " hint.sh || { cat err; false; } >detail
	ok "$1: the message has a command for this gateway" detail
	check "$1: p11ca runs that command" "$3" env p11ca="$p11ca" sh hint.sh
}
hint_is_good "twenty roots" full.json 10
now_is vnet '(roots | length) == 20 and (revoked | map(.[1]) | index($bob) != null)' --arg bob "$bob"
ok "no root is lost, and bob is refused" detail
gateway_of vnet "$one" "$two" | jq 'del(.properties.vpnClientConfiguration.radiusServerSecret)' >before.json
azure_has before.json
azure_fail
check "a RADIUS secret that a PUT would remove" 1 run script.sh
check_has "is named" err RADIUS
sent 'puts == []'; ok "and nothing is sent" detail
plan
