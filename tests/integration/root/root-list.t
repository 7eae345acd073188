#!/bin/sh
# SPDX-License-Identifier: MIT
# root-list.t - the roots of a ledger.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
check "no ledger" 4 "$p11ca" root list
check_has "names the home" err "$P11CA_HOME"
root vpn hsm
root lab hsm --days 10
check "lists them" 0 "$p11ca" root list
check_has "vpn" out "CN=vpn"
check_has "lab" out "CN=lab"
check "as JSON" 0 "$p11ca" --json root list
check_json "each where its key is" '.roots | length == 2 and all(.token.label == "hsm" and .state == "issued" and .key_type == "rsa:2048")'
check "an operand too many" 2 "$p11ca" root list vpn
plan
