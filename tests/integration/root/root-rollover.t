#!/bin/sh
# SPDX-License-Identifier: MIT
# root-rollover.t - clients move from one root to another, and every step of it can be seen.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm next alice bob
root old hsm
card alice alice --root old
card bob bob --root old --device laptop
plan_of() { "$p11ca" --json root rollover old --to new; }
check "a root that is not there" 4 plan_of
root new next
check "the plan" 0 plan_of
check_json "two clients, none moved" '.rollover | .client_count == 2 and .clients_moved == 0'
check_json "first the clients" '[.steps[] | select(.state == "next") | .command] | index("p11ca client renew SERIAL --root new") != null'
check_json "then the old root" '[.steps[] | select(.command == "p11ca root retire old") | .state] == ["later"]'
check "as text" 0 "$p11ca" root rollover old --to new
check_has "names the trap of Windows" out "error 798"
# A client that is renewed before its gateway trusts the new root cannot connect any more.
state_of() { "$p11ca" --json root rollover old --to new | jq -r "[.steps[] | select(.command | test(\"$1\")) | .state] | join(\" \")"; }
[ "$(state_of 'root export new')" = "?" ]; ok "without a gateway it is not known whether the new root was uploaded"
"$p11ca" -q gateway add gw --resource-group rg --root old --root new >detail 2>&1 || bail "no gateway"
[ "$(state_of 'gateway render gw')" = next ]; ok "the root must be uploaded to a gateway that was not looked at"
[ "$(state_of 'client renew')" = later ]; ok "clients are renewed later"
jq -n --arg old "$("$p11ca" root export old)" '{ name: "gw", vpnClientConfiguration: { vpnClientProtocols: ["IkeV2"],
	vpnAuthenticationTypes: ["Certificate"], vpnClientAddressPool: { addressPrefixes: ["172.16.9.0/24"] },
	vpnClientRootCertificates: [{ name: "old", publicCertData: $old }], vpnClientRevokedCertificates: [] } }' >gw.json
"$p11ca" gateway diff gw --state gw.json --record >detail 2>&1
[ "$(state_of 'gateway render gw') $(state_of 'client renew')" = "next later" ]; ok "nor with a state that lacks the new root"
jq --arg new "$("$p11ca" root export new)" '.vpnClientConfiguration.vpnClientRootCertificates += [{ name: "new", publicCertData: $new }]' gw.json >both.json
check "the gateway trusts both roots" 0 "$p11ca" gateway diff gw --state both.json --record
[ "$(state_of 'root export new') $(state_of 'client renew')" = "done next" ]; ok "then the root is uploaded, and the clients follow"
"$p11ca" root export new --format pem --out new.pem
check "the first wave" 0 "$p11ca" client renew alice --root new --out alice $pins
check "openssl verifies it under the new root" 0 openssl verify -x509_strict -CAfile new.pem alice/alice.pem
check "the plan" 0 plan_of
check_json "one moved" '.rollover.clients_moved == 1 and ([.clients[] | select(.moved_to != null) | .name] == ["alice"])'
check "the second wave" 0 "$p11ca" client renew bob --root new $pins
check "the plan" 0 plan_of
check_json "all moved" '.rollover.clients_moved == 2'
check_json "now the old root" '[.steps[] | select(.command == "p11ca root retire old") | .state] == ["next"]'
check "retire" 0 "$p11ca" root retire old --confirm old
check "the plan" 0 plan_of
check_json "only the gateway is left" '[.steps[] | select(.state == "next" or .state == "later")] == []'
check "a root to itself" 2 "$p11ca" root rollover old --to old
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
