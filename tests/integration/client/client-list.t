#!/bin/sh
# SPDX-License-Identifier: MIT
# client-list.t - the clients of a ledger, by root and state.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm alice
check "no ledger" 4 "$p11ca" client list
root vpn hsm
root lab hsm
check "none" 0 "$p11ca" --json client list
check_json "yet" '.clients == []'
card alice@contoso.com alice --root vpn
request "$WORK/b.csr" /CN=x
issue "$WORK/b.csr" --cn bob --root lab --device phone >/dev/null 2>&1

check "lists them" 0 "$p11ca" --json client list
check_json "both" '[.clients[] | [.name, .device, .state, .root]] | sort == [["alice@contoso.com", null, "issued", "vpn"], ["bob", "phone", "issued", "lab"]]'
check_json "with when it came onto the card" '.clients[] | (.installed != null) == (.name == "alice@contoso.com")'
check "of one root" 0 "$p11ca" --json client list --root lab
check_json "alone" '[.clients[].name] == ["bob"]'
check "in one state" 0 "$p11ca" --json client list --state void
check_json "none" '.clients == []'
check "no such state" 2 "$p11ca" client list --state nosuch
check "no such root" 4 "$p11ca" client list --root nosuch
check "not soon" 0 "$p11ca" --json client list --expiring 30
check_json "is any due" '.clients == []'
check "but within a year and a day" 10 "$p11ca" --json client list --expiring 366 --root lab
check_json "bob is" '[.clients[].name] == ["bob"]'
check "the list as of two days ago is printed" 0 "$p11ca" --json client list --all --as-of "$(date -u -d '2 days ago' +%F)"
check_json "two days ago there was no client" '.clients == []'
"$p11ca" client revoke bob --reason superseded >/dev/null
check "revoked" 0 "$p11ca" --json client list --state revoked
check_json "is bob" '[.clients[].name] == ["bob"]'
check "who revoked expires no more" 0 "$p11ca" --json client list --expiring 366 --root lab
check_json "for nobody has to renew it" '.clients == []'
if command -v faketime >/dev/null; then
	check "two years later" 0 at '+800 days' "$p11ca" --json client list
	check_json "nobody is left" '[.clients[].state] == ["revoked"]'
	check "but --all" 0 at '+800 days' "$p11ca" --json client list --all
	check_json "are expired" '[.clients[].state] | sort == ["expired", "revoked"]'
	check "a month before the end" 10 at '+350 days' "$p11ca" --json client list --expiring 30
	check_json "alice is due" '[.clients[].name] == ["alice@contoso.com"]'
	check "now, for a day two years from now" 0 "$p11ca" --json client list --as-of "$(date -u -d '+800 days' +%F)"
	check_json "the same as then" '[.clients[].state] == ["revoked"]'
fi
plan
