#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-add.t - a gateway comes into the ledger, and only under names that Azure has.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3
tokens hsm
check "without a ledger" 4 "$p11ca" gateway add gw --resource-group rg
root vpn hsm
root old hsm
"$p11ca" -q root retire old --confirm old >/dev/null 2>&1 || bail "no retired root"
add() { "$p11ca" --json gateway add "$@"; }

before=$(snapshot)
check "a dry run" 0 add VNet1GW --resource-group rg --dry-run
check_json "shows it" '.gateway.name == "VNet1GW" and .gateway.tunnels == ["IkeV2", "OpenVPN"]'
check "no resource group" 2 add VNet1GW
for bad in "a b" "-gw" "gw." "a/b" "a;b" "$(printf %081d 0)" "gw
x" 'gw$(id)' ''; do check "no name: '$bad'" 2 add "$bad" --resource-group rg; done
for bad in -x -g @file "a;b" "a b" 'a$b' "" "rg." "a/b" 'a"b' "rg
x" "$(printf %091d 0)"; do check "no resource group: '$bad'" 2 add gw --resource-group "$bad"; done
for bad in -x --help @file "$(printf %065d 0)" "a
b"; do check "no subscription: '$bad'" 2 add gw --resource-group rg "--subscription=$bad"; done
for bad in "$(printf 'a\342\200\213b')" "$(printf 'a\302\255b')" "$(printf 'a\343\205\244')"; do
	check "no resource group with a character that cannot be seen" 2 add gw --resource-group "$bad"
	check "nor such a subscription" 2 add gw --resource-group rg --subscription "$bad"
done
for bad in -x @x .x; do check "no name: '$bad'" 2 add --resource-group rg -- "$bad"; done
check "no pool" 2 add gw --resource-group rg --pool 172.16.201.0
check "no tunnel type" 2 add gw --resource-group rg --tunnel L2TP
check "one twice" 2 add gw --resource-group rg --tunnel SSTP --tunnel sstp
check "two in one" 2 add gw --resource-group rg --tunnel IkeV2,SSTP
check "no such root" 4 add gw --resource-group rg --root nosuch
check_json "has the code of every root that is not found" '.error.code == "root-not-found"'
check "a retired root is refused" 7 add gw --resource-group rg --root vpn --root old
check_json "with its code, and a hint" '.error.code == "root-retired" and (.error.hint | contains("root list"))'
[ "$before" = "$(snapshot)" ]; ok "nothing has happened"

check "a gateway" 0 add VNet1GW --resource-group 'Gruppe(Süd)' --pool 172.16.201.0/24 --pool fd00::/112 --tunnel ikev2 --root vpn
check_json "is as it was told" '.gateway | .resource_group == "Gruppe(Süd)" and .pools == ["172.16.201.0/24", "fd00::/112"] and .tunnels == ["IkeV2"] and .root_names == ["vpn"] and .type == "vnet-gateway" and .observed_at == null'
check "once" 7 add vnet1gw --resource-group rg
check_json "by name, in either case" '.error.code == "gateway-name-taken"'
check_json "the hint says that --replace needs all options again" '.error.hint | contains("give all options again")'
check "changed" 0 add VNet1GW --resource-group rg --replace --note "moved"
check_json "it is the same one" '.gateway | .resource_group == "rg" and .pools == [] and .root_names == [] and .added_at != null'
check "a gateway with one root" 0 "$p11ca" gateway add VNet1GW --resource-group rg --root vpn --replace
check_has "the sentence names the root" out "Gateway VNet1GW is recorded in the ledger. It should trust only these roots: vpn."
check_has "the labels are not in capitals" out "Resource group: rg"
check "a gateway with all roots" 0 "$p11ca" gateway add VNet1GW --resource-group rg --replace
check_has "the sentence says which roots are meant" out "It should trust every root that is not retired."
check "Virtual WAN" 0 add wan --resource-group rg --type vpn-server-config
[ "$(sqlite3 "$P11CA_HOME/ledger.db" 'SELECT count(*) FROM gateways')" = 2 ]; ok "two rows"
"$p11ca" --json ledger log | jq -e '[.events[].kind | select(startswith("gateway-"))] == ["gateway-added", "gateway-changed", "gateway-changed", "gateway-changed", "gateway-added"]' >/dev/null
ok "five events"
check "a subscription by its name" 0 add VNet1GW --resource-group rg --replace --subscription 'Pay-As-You-Go: Dev/Test (1)' --dry-run
check "the ledger is whole" 0 "$p11ca" ledger verify
sqlite3 "$P11CA_HOME/ledger.db" "UPDATE gateways SET roots = 'other' WHERE id = 1"
check "an edited row" 10 "$p11ca" --json ledger verify
check_json "is found" '[.faults[]? // .findings[]? | .code] | index("ledger-row-edited") != null'
sqlite3 "$P11CA_HOME/ledger.db" "UPDATE gateways SET resource_group = '-x' WHERE id = 1"
check "a group that an older version recorded" 2 "$p11ca" gateway render VNet1GW
check_has "is not written into a script" err "'-x' is not a valid name of a resource group"
plan
