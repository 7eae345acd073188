#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-show.t - what is decided and was not seen at a gateway.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
root other hsm
request "$WORK/bob.csr" /CN=bob
issue "$WORK/bob.csr" --cn bob --root vpn >/dev/null 2>&1 || bail "no client"
for gw in one two; do "$p11ca" -q gateway add "$gw" --resource-group rg --root "$([ $gw = one ] && echo vpn || echo other)" >/dev/null; done
check "no such gateway" 4 "$p11ca" --json gateway show three
check_json "has a code of its own" '.error.code == "gateway-not-found"'
check "one" 0 "$p11ca" --json gateway show ONE
check_json "has nothing to say" '.gateway.name == "one" and .pending == [] and .enforced == [] and .roots == [{ root_name: "vpn", wanted: true, trusted: null }]'
"$p11ca" -q client revoke bob --reason keyCompromise >/dev/null
check "one" 0 "$p11ca" --json gateway show one
check_json "was not seen to refuse bob" '.pending | length == 1 and .[0].name == "bob" and .[0].state == "NOT YET ENFORCED" and .[0].observed_at == null and .[0].root_trusted == null and .[0].decided_at != null'
check "the other" 0 "$p11ca" --json gateway show two
check_json "never let him in" '.pending == []'
check "a client of a root that no gateway trusts" 0 "$p11ca" --json gateway add one --resource-group rg --root other --replace
check "is revoked again" 0 "$p11ca" --json client revoke bob --reason keyCompromise
check_json "and was seen to be refused nowhere" '.enforcement.state == "NOT YET ENFORCED"'
plan
