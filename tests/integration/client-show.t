#!/bin/sh
# SPDX-License-Identifier: MIT
# client-show.t - one client, by whatever names it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
root vpn hsm
request "$WORK/a.csr" /CN=x
request "$WORK/b.csr" /CN=x
issue "$WORK/a.csr" --cn alice >/dev/null 2>&1
check "by name" 0 "$p11ca" --json client show alice
check_json "where it stands" '.client | .state == "issued" and .root == "vpn" and .template == "azure-client" and .revoked == null'
for by in serial thumbprint fingerprint; do
	id=$("$p11ca" --json client show alice | jq -r ".client.$by")
	check "by $by" 0 "$p11ca" --json client show "$id"
	check_json "the same" '.client.name == "alice"'
done
check "in capitals" 0 "$p11ca" client show "$(echo "$id" | tr a-f A-F)"
issue "$WORK/b.csr" --cn alice --device phone >/dev/null 2>&1
check "a name that two have" 4 "$p11ca" client show alice
check_has "lists them" err "$("$p11ca" --json client list | jq -r '.clients[1].serial')"
check "nobody" 4 "$p11ca" client show nosuch
check "nothing" 2 "$p11ca" client show
plan
