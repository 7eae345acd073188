#!/bin/sh
# SPDX-License-Identifier: MIT
# issue-checks.t - checks before a signature that others stand behind: each alone refuses what it is for.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
use_proxy # before the root, which remembers its module
root vpn hsm
mkdir home/templates
printf 'base = azure-client\nsummary = a week\ndays = 7\n' >home/templates/week.ini
for i in alice carol; do request "$i.csr" "/CN=$i"; done
nothing_signed() { ! grep '^C_Sign ' calls >detail 2>/dev/null; }

# The same request for another template is another certificate.
check "a first certificate" 0 issue alice.csr --cn alice --root vpn --json
serial=$(field '.certificates[0].serial')
grep -q '^C_Sign ' calls; ok "is signed through the proxy" calls
check "the same request again" 0 issue alice.csr --cn alice --root vpn --json --force
check_json "returns the same certificate" ".certificates[0].serial == \"$serial\""
rm -f calls
check "the same request with another template" 7 issue alice.csr --cn alice --root vpn --json --force --template week
nothing_signed; ok "is not answered with the certificate of the first template, and nothing is signed" detail
check "the same in a dry run" 7 issue alice.csr --cn alice --root vpn --json --template week --dry-run

# One live certificate for each client: a dry run says what a run would.
request alice2.csr /CN=alice
check "another key for the same client" 7 issue alice2.csr --cn alice --root vpn --json --force
check_json "is refused as a second certificate" '.error.code == "client-has-certificate"'
check "another key in a dry run" 7 issue alice2.csr --cn alice --root vpn --json --dry-run
check_json "is refused in the same way" '.error.code == "client-has-certificate"'

# A certificate that another process is about to sign.
rm -f calls
P11FAULT=C_Sign@1=sleep=600000 "$p11ca" client issue carol.csr $pin --cn carol --root vpn --out slow >slow.out 2>&1 &
slow=$!
tries=0
until grep -q '^C_SignInit' calls 2>/dev/null || [ $((tries += 1)) -gt 600 ]; do sleep 0.1; done
check "a request that another process is signing" 7 issue carol.csr --cn carol --root vpn --json --dry-run
check_json "is left to it by a dry run" '.error.code == "operation-running"'
kill -9 $slow && wait $slow
check "once that process is dead, the request is answered" 0 issue carol.csr --cn carol --root vpn --json --force
check_json "with the certificate that it began" '.certificates[0].outcome == "finished"'
plan
