#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-list.t - the gateways of a ledger.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
root vpn hsm
check "none" 0 "$p11ca" --json gateway list
check_json "yet" '.gateways == []'
for gw in one two; do "$p11ca" -q gateway add "$gw" --resource-group rg >/dev/null || bail "no gateway"; done
check "two" 0 "$p11ca" --json gateway list
check_json "in order" '[.gateways[].name] == ["one", "two"]'
check "for people" 0 "$p11ca" gateway list
check_has "by name" out two
plan
