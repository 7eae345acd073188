#!/bin/sh
# SPDX-License-Identifier: MIT
# root-retire.t - a retired root: its clients are listed, and nothing is decided by accident.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl script
cd "$WORK" || bail "no folder"
tokens hsm alice
root vpn hsm
card alice alice
request bob.csr /CN=bob
issue bob.csr --cn bob --batch >/dev/null 2>&1 || bail "no bob"
bob=$("$p11ca" --json client show bob | jq -r .client.serial)
snapshot >before
check "a dry run" 0 "$p11ca" --json root retire vpn --dry-run
check_json "names who is cut off" '[.clients[].name] | sort == ["alice", "bob"]'
check "in --batch nobody confirms" 7 "$p11ca" --json root retire vpn --batch
check_json "which is said" '.error.code == "not-confirmed" or .error.code == "batch"'
check_has "once, without the prompt of a terminal" err "lose access to the gateway with it."
check_lacks "and" err "Type "
check_has "and how a script says it" err --confirm
check "another name" 7 "$p11ca" --json root retire vpn --confirm VPN
check_json "is no confirmation" '.error.code == "not-confirmed"'
check "at a terminal" 7 typed yes "'$p11ca' root retire vpn"
check_has "the question counts the clients" out "2 clients lose access to the gateway"
snapshot >after
cmp before after >detail; ok "none of these changed anything" detail
"$p11ca" -q client revoke bob --reason superseded >/dev/null || bail "not revoked"
check "with its name" 0 "$p11ca" --json root retire vpn --confirm vpn
check_json "names who is left" '[.clients[].name] == ["alice"]'
check_has "the warning names what retiring does not do" err "until you remove the root"
check "again" 7 "$p11ca" --json root retire vpn --confirm vpn
check_json "it is retired already" '.error.code == "root-retired"'
request carol.csr /CN=carol
check "it no longer issues" 7 issue carol.csr --cn carol --batch --root vpn
check "but signs CRLs" 0 "$p11ca" root crl vpn --out crl.pem $pin
"$p11ca" root export vpn --format pem --out root.pem
check "which openssl verifies" 0 openssl crl -in crl.pem -CAfile root.pem -noout -text
grep -qi "Serial Number: $bob" out; ok "the CRL contains the revoked certificate" out
check "and is in the list" 0 "$p11ca" --json root list
check_json "as retired" '.roots[0].state == "retired"'
check "nobody" 4 "$p11ca" --json root retire nosuch --confirm nosuch
check_json "has the code of every root that is not found" '.error.code == "root-not-found" and (.error.message | contains("did you mean") | not)'
check "a misspelt root" 4 "$p11ca" --json root retire vnp --confirm vnp
check_json "is answered with the name that is meant" '.error.message | contains("did you mean")'
plan
