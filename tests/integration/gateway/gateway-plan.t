#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-plan.t - which roots and revocations go to a gateway, which leave it, and what is asked for first.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl faketime base64
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
root young hsm --days 30
root retired hsm
root moved hsm
for i in alice bob carol dora; do request "$i.csr" "/CN=$i"; done
issue alice.csr bob.csr --trust-names --root vpn --days 300 >/dev/null 2>&1 || bail "no clients of vpn"
issue carol.csr --trust-names --root vpn --days 20 >/dev/null 2>&1 || bail "no client for 20 days"
# shellcheck disable=SC2086
"$p11ca" client issue $pin --out others dora.csr --trust-names --root moved --days 300 >/dev/null 2>&1 || bail "no client of moved"
gw() { "$p11ca" gateway "$@"; }
gw add first-gw --resource-group rg --pool 172.16.9.0/24 --root vpn --root young --root retired >/dev/null || bail "no gateway"
data() { "$p11ca" root export "$1"; }
thumb() { "$p11ca" client export "$1" --format der | sha1sum | cut -c 1-40; }
old=$(data vpn) young=$(data young) retired=$(data retired) moved=$(data moved)
gw add last-gw --resource-group rg --pool 172.16.9.0/24 --root retired >/dev/null || bail "no gateway last-gw"
"$p11ca" -q root retire retired --confirm retired || bail "not retired"
# shellcheck disable=SC2086
"$p11ca" -q root renew vpn $pin >renewed 2>&1 || bail "not renewed: $(cat renewed)"
vpn=$(data vpn)
[ "$vpn" != "$old" ]; ok "a renewed root has another certificate"
bob=$(thumb bob) carol=$(thumb carol) alice=$(thumb alice)
for each in bob carol dora; do
	"$p11ca" -q client revoke $each --reason keyCompromise >/dev/null || bail "$each is not revoked"
done

# added LIST : what the last diff adds to it, sorted
added() { jq -r "[.$1[] | select(.change == \"add\") | .thumbprint] | sort | join(\" \")" out; }
hash_of() { printf %s "$1" | base64 -d | sha1sum | cut -c 1-40; }
sorted() { printf '%s\n' "$@" | sort | xargs; }
# state NAME ROOT... : a gateway of this name that has these roots
state() {
	state_name=$1
	shift
	printf '%s\n' "$@" | jq -R 'select(. != "")' | jq -s --arg name "$state_name" '{ name: $name, vpnType: "RouteBased",
	    vpnClientConfiguration: { vpnClientAddressPool: { addressPrefixes: ["172.16.9.0/24"] },
	    vpnClientProtocols: ["IkeV2", "OpenVPN"], vpnAuthenticationTypes: ["Certificate"],
	    vpnClientRootCertificates: [to_entries[] | { name: "r\(.key)", publicCertData: .value }],
	    vpnClientRevokedCertificates: [] } }'
}
state first-gw >empty.json
check "a gateway without roots" 10 gw diff first-gw --state empty.json --json
[ "$(added roots)" = "$(sorted "$(hash_of "$vpn")" "$(hash_of "$young")")" ]
ok "the current certificate of each root in use is added: no earlier one, no retired root, no root of other gateways" out
[ "$(added revoked)" = "$(sorted "$bob" "$carol")" ]
ok "revoked clients of the gateway's roots are added, and no client of another root" out
check "40 days later" 10 at '+40 days' "$p11ca" gateway diff first-gw --state empty.json --json --clock-ok
[ "$(added roots)" = "$(hash_of "$vpn")" ]; ok "an expired root is not added" out
[ "$(added revoked)" = "$bob" ]; ok "an expired client takes none of Azure's places for revoked certificates" out

change() { jq -r --arg t "$1" '[.roots[], .revoked[]] | map(select(.thumbprint == $t)) | map(.change) | join(" ")' out; }
# becomes NAME THUMBPRINT CHANGE
becomes() { [ "$(change "$2")" = "$3" ]; ok "$1: $3" out; }
state first-gw "$vpn" >mine.json
check "the gateway's own state" 10 gw diff first-gw --state mine.json --json
state other-gw "$vpn" >other.json
check "the state of a gateway whose name is as long" 7 gw diff first-gw --state other.json --json
check_json "is refused" '.error.code == "gateway-other-state"'
jq '.name = "FIRST-GW"' mine.json >upper.json
check "names of gateways are compared without case" 10 gw diff first-gw --state upper.json --json

state first-gw "$vpn" "$old" "$young" "$retired" "$moved" >all.json
check "a gateway with every root" 10 gw diff first-gw --state all.json --json
for each in vpn old young retired moved; do
	eval "becomes \"without an option $each stays\" \"\$(hash_of \"\$$each\")\" keep"
done
check "--retired" 10 gw diff first-gw --state all.json --retired --json
for each in vpn old young moved; do
	eval "becomes \"with --retired $each stays\" \"\$(hash_of \"\$$each\")\" keep"
done
becomes "with --retired the retired root goes" "$(hash_of "$retired")" remove
check "--prune, 40 days later" 10 at '+40 days' "$p11ca" gateway diff first-gw --state all.json --prune --json --clock-ok
becomes "with --prune the root in use stays" "$(hash_of "$vpn")" keep
becomes "with --prune an expired root goes" "$(hash_of "$young")" remove
becomes "with --prune a retired root goes" "$(hash_of "$retired")" remove
becomes "with --prune a root of other gateways goes" "$(hash_of "$moved")" remove
check "40 days later without --prune" 10 at '+40 days' "$p11ca" gateway diff first-gw --state all.json --json --clock-ok
becomes "an expired root stays until it is asked for" "$(hash_of "$young")" keep

# Revocations that are there.
jq --arg bob "$bob" --arg carol "$carol" --arg alice "$alice" '.vpnClientConfiguration.vpnClientRevokedCertificates =
    [{ name: "a", thumbprint: $bob }, { name: "b", thumbprint: $carol }, { name: "c", thumbprint: $alice },
    { name: "d", thumbprint: ("00" * 20) }]' all.json >revoked.json
check "revocations that are there" 10 gw diff first-gw --state revoked.json --json
becomes "a revoked client of a root that is there, of another gateway or not, is refused" "$(thumb dora)" add
for each in bob carol alice; do eval "becomes \"the entry of $each stays\" \"\$$each\" keep"; done
check "revocations, 40 days later with --prune" 10 at '+40 days' "$p11ca" gateway diff first-gw --state revoked.json --prune \
    --json --clock-ok
becomes "a revoked client that is valid stays revoked" "$bob" keep
becomes "an expired client leaves the list" "$carol" remove
becomes "an entry that nobody here revoked stays" "$alice" keep
becomes "an entry that nobody here knows stays" 0000000000000000000000000000000000000000 keep
check "revocations, 40 days later without --prune" 10 at '+40 days' "$p11ca" gateway diff first-gw --state revoked.json --json \
    --clock-ok
becomes "an expired client stays on the list until it is asked for" "$carol" keep

# What Azure would refuse.
state last-gw "$retired" >last.json
check "the last root is retired" 10 gw render last-gw --state last.json --retired --json
check_json "Azure would refuse to remove the last root" '[.warnings[].code] == ["gateway-no-root"]'
check "the template of a gateway whose last root is retired" 10 gw render last-gw --state last.json --retired --format arm \
    --out last.arm
grep -qF "$retired" last.arm; ok "keeps the root" last.arm
check "without --retired there is nothing to warn of" 0 gw render last-gw --state last.json --json
check_json "and nothing is warned of" '.warnings == []'
state last-gw "$retired" "$vpn" >two.json
check "another root stays" 0 gw render last-gw --state two.json --retired --json
check_json "so the retired root goes without a warning" '.warnings == [] and (.data | test("remove .*'"$(hash_of "$retired")"'|removed"))'
plan
