#!/bin/sh
# SPDX-License-Identifier: MIT
# client-list.t - the clients of a ledger, by root and state.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm alice
check "client list fails where there is no ledger" 4 "$p11ca" client list
root vpn hsm
root lab hsm
check "a ledger without clients is listed" 0 "$p11ca" --json client list
check_json "the list of clients is empty" '.clients == []'
card alice@contoso.com alice --root vpn
request "$WORK/b.csr" /CN=x
issue "$WORK/b.csr" --cn bob --root lab --device phone >/dev/null 2>&1

check "the clients of both roots are listed" 0 "$p11ca" --json client list
check_json "the list has both clients with device, state and root" '[.clients[] | [.name, .device, .state, .root_name]] | sort == [["alice@contoso.com", null, "issued", "vpn"], ["bob", "phone", "issued", "lab"]]'
check_json "only the client with a card has a time of installation" '.clients[] | (.installed_at != null) == (.name == "alice@contoso.com")'
check "the clients of one root are listed" 0 "$p11ca" --json client list --root lab
check_json "only the client of that root is listed" '[.clients[].name] == ["bob"]'
check "the clients in one state are listed" 0 "$p11ca" --json client list --state void
check_json "no client is in that state" '.clients == []'
check "an unknown state is refused" 2 "$p11ca" client list --state nosuch
check "an unknown root is not found" 4 "$p11ca" client list --root nosuch
check "the clients that expire within 30 days are listed" 0 "$p11ca" --json client list --expiring 30
check_json "no client expires within 30 days" '.clients == []'
check "a client that expires within 366 days sets the exit status" 10 "$p11ca" --json client list --expiring 366 --root lab
check_json "the client that expires is bob" '[.clients[].name] == ["bob"]'
check "the list as of two days ago is printed" 0 "$p11ca" --json client list --all --as-of "$(date -u -d '2 days ago' +%F)"
check_json "two days ago there was no client" '.clients == []'
names() { check "$1" 0 "$p11ca" --json client list $2 && check_json "$3" "[.clients[].name] == $4"; }
names "a part of a name finds a client" CONTOSO "only alice is found" '["alice@contoso.com"]'
names "a part of a device finds a client" hon "only bob is found" '["bob"]'
names "a text that occurs nowhere is searched" nobody "no client is found" '[]'
names "the first digits of a serial number find a client" "$("$p11ca" --json client show bob | jq -r '.client.serial[:14]')" "only bob is found" '["bob"]'
names "the clients of a device are listed" "--device PHONE" "only bob is listed" '["bob"]'
names "the clients on a card are listed by its label" "--card alice" "only alice is listed" '["alice@contoso.com"]'
card_serial=$("$p11ca" --json client show alice@contoso.com | jq -r .client.token_serial)
names "the clients on a card are listed by its serial number" "--card $card_serial" "only alice is listed" '["alice@contoso.com"]'
names "the clients on an unknown card are listed" "--card nosuch" "no client is listed" '[]'
check "a card that can be neither label nor serial number is not found" 4 "$p11ca" --json client list --card no-such-card-label
check_json "the refusal has the code token-not-found" '.error.code == "token-not-found"'
names "the list is sorted by name" "" "alice comes first" '["alice@contoso.com", "bob"]'
names "the list is sorted by the end" "--sort end" "alice ends first" '["alice@contoso.com", "bob"]'
check_json "the list names the token of alice, and none for bob" "[.clients[] | [.token_label, .token_serial]] == [[\"alice\", \"$card_serial\"], [null, null]]"
check_json "no certificate has a successor" '[.clients[].renewed_by] == [null, null]'
"$p11ca" client revoke bob --reason superseded >/dev/null
check "the revoked clients are listed" 0 "$p11ca" --json client list --state revoked
check_json "the revoked client is bob" '[.clients[].name] == ["bob"]'
check "a revoked client does not set the exit status of --expiring" 0 "$p11ca" --json client list --expiring 366 --root lab
check_json "--expiring does not list a revoked client" '.clients == []'
if command -v faketime >/dev/null; then
	check "the clients are listed two years later" 0 at '+800 days' "$p11ca" --json client list
	check_json "an expired client is not listed" '[.clients[].state] == ["revoked"]'
	check "all clients are listed two years later" 0 at '+800 days' "$p11ca" --json client list --all
	check_json "--all lists the expired client" '[.clients[].state] | sort == ["expired", "revoked"]'
	check "a client that expires within 30 days sets the exit status" 10 at '+350 days' "$p11ca" --json client list --expiring 30
	check_json "the client that expires is alice" '[.clients[].name] == ["alice@contoso.com"]'
	check "a client that expired ten days ago sets the exit status" 10 at '+375 days' "$p11ca" --json client list --expiring 30
	check_json "--expiring lists the client that expired and was not renewed" '[.clients[] | [.name, .state]] == [["alice@contoso.com", "expired"]]'
	check "a client that expired long ago is not listed" 0 at '+800 days' "$p11ca" --json client list --expiring 30
	check "the clients as of a day two years from now are listed" 0 "$p11ca" --json client list --as-of "$(date -u -d '+800 days' +%F)"
	check_json "the list as of that day is the list of that day" '[.clients[].state] == ["revoked"]'
fi
plan
