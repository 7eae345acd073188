#!/bin/sh
# SPDX-License-Identifier: MIT
# template-list.t - the templates.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
check "lists them" 0 "$p11ca" --json template list
check_json "roots and clients" '[.templates[] | select(.for_roots).name] == ["azure-root", "vpn-root"] and (.templates | length == 7)'
check_json "with their days" '.templates | all(.days == (if .for_roots or .name == "ledger-signer" then 3650 else 365 end))'
check "an operand too many" 2 "$p11ca" template list azure-root
plan
