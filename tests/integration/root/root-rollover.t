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
