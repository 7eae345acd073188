#!/bin/sh
# SPDX-License-Identifier: MIT
# root-crl.t - what a root revoked, as openssl and certtool read it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool sqlite3
tokens hsm alice
use_proxy # the root remembers the module that it was made with
root vpn hsm
card alice@contoso.com alice --out "$WORK/alice"
request "$WORK/b.csr" /CN=x
issue "$WORK/b.csr" --cn bob >/dev/null 2>&1
"$p11ca" client export bob --format pem >"$WORK/bob.pem"
"$p11ca" client export alice@contoso.com --format pem >"$WORK/alice.pem"
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
serial=$("$p11ca" --json client show bob | jq -r .client.serial)
# crl [OPTION...] : into $WORK/crl.pem
crl() {
	# shellcheck disable=SC2086
	"$p11ca" root crl vpn $pin --out "$WORK/crl.pem" "$@"
}
judge() { openssl verify -x509_strict -crl_check -CAfile "$WORK/root.pem" -CRLfile "$WORK/crl.pem" "$1"; }

before=$(snapshot)
check "a dry run" 0 "$p11ca" --json root crl vpn --out "$WORK/crl.pem" --dry-run
check_json "shows it" '.crl.entries == 0 and .crl.sha256 == null'
[ "$before" = "$(snapshot)" ] && [ ! -e "$WORK/crl.pem" ]; ok "and changes nothing"
check "before anything is revoked" 0 crl --json
check_json "nothing is listed" '.crl.entries == 0 and .crl.root == "vpn"'
first=$(field .crl.number)
check "openssl verifies it" 0 openssl crl -in "$WORK/crl.pem" -noout -verify -CAfile "$WORK/root.pem"
check_has "as the root's" err "verify OK"
check "it is a file that is there" 9 crl
check "bob is let in" 0 judge "$WORK/bob.pem"

began=$(date +%s)
check "bob is revoked" 0 "$p11ca" client revoke bob --reason keyCompromise
check "a new one" 0 crl --force --days 7 --json
check_json "with its number above" ".crl.number > $first and .crl.entries == 1"
check_json "for seven days" '(.crl.next_update | fromdate) - (.crl.this_update | fromdate) == 7 * 86400'
number=$(field .crl.number) sha=$(field .crl.sha256) tbs=$(field .crl.tbs_sha256)
[ "$number" -ge "$began" ]; ok "the number of the CRL, $number, is not below the time at which it was made, $began"
check "bob is not" 2 judge "$WORK/bob.pem"
check_has "since he is revoked" err "certificate revoked"
check "alice is" 0 judge "$WORK/alice.pem"
check "openssl reads" 0 openssl crl -in "$WORK/crl.pem" -noout -text
check_has "the reason" out "Key Compromise"
check_has "the serial" out "$(printf %s "$serial" | tr a-f A-F)"
check_has "version 2" out "Version 2"
check_has "whose it is" out "X509v3 Authority Key Identifier"
check "certtool reads" 0 certtool --crl-info --infile "$WORK/crl.pem"
check_has "the serial, too" out "$serial"
check_has "the number" out "$(printf %x "$number")"
check "certtool verifies" 0 certtool --verify-crl --load-ca-certificate "$WORK/root.pem" --infile "$WORK/crl.pem"

openssl crl -in "$WORK/crl.pem" -outform DER -out "$WORK/crl.der"
[ "$(sha256sum <"$WORK/crl.der" | cut -d' ' -f1)" = "$sha" ]; ok "the ledger knows its hash"
openssl asn1parse -inform DER -in "$WORK/crl.der" -strparse 4 -noout -out "$WORK/tbs" 2>/dev/null
[ "$(sha256sum <"$WORK/tbs" | cut -d' ' -f1)" = "$tbs" ]; ok "and that of what was signed"
sqlite3 "$P11CA_HOME/ledger.db" "SELECT group_concat(substr(body, instr(body, 'kind: '), 17)) FROM events WHERE row_table = 'crls' AND row_id = 2" >"$WORK/out"
check_has "recorded before" out crl-signing
sqlite3 "$P11CA_HOME/ledger.db" "SELECT body FROM events WHERE row_table = 'crls' AND row_id = 2 ORDER BY seq LIMIT 1" >"$WORK/out"
check_has "with its hash" out "tbs_sha256: $tbs"
check "the ledger is whole" 0 "$p11ca" ledger verify

check "DER" 0 "$p11ca" root crl vpn --pin-source env:PIN --format der --out "$WORK/x.crl"
openssl crl -inform DER -in "$WORK/x.crl" -noout -verify -CAfile "$WORK/root.pem" 2>"$WORK/out"; ok "is one" "$WORK/out"
check "to standard output" 0 "$p11ca" root crl vpn --pin-source env:PIN --out -
openssl crl -in "$WORK/out" -noout -verify -CAfile "$WORK/root.pem" 2>"$WORK/detail"; ok "is one as well" "$WORK/detail"
check "no such root" 4 "$p11ca" root crl nosuch --out "$WORK/y"
check "no such format" 2 "$p11ca" root crl vpn --out "$WORK/y" --format p7

# Roots that this ledger says are otherwise: edited in a copy, since nothing makes such ones here.
edited() {
	rm -rf "$WORK/other" && cp -r "$P11CA_HOME" "$WORK/other" && sqlite3 "$WORK/other/ledger.db" "$1"
}
edited "UPDATE roots SET is_retired = 1"
check "a retired root" 0 "$p11ca" --home "$WORK/other" --json root crl vpn --pin-source env:PIN --out "$WORK/retired.pem"
check_json "still says whom it revoked" '.crl.entries == 1'
check "issues no more" 7 "$p11ca" --home "$WORK/other" client issue --root vpn --pin-source env:PIN --out "$WORK/no" "$WORK/b.csr" --cn z
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/k" -subj /CN=vpn -outform DER -out "$WORK/nocrl.der" \
	-addext "keyUsage=critical,keyCertSign" 2>/dev/null
edited "UPDATE certificates SET der = readfile('$WORK/nocrl.der') WHERE is_root = 1"
check "a root without cRLSign" 7 "$p11ca" --home "$WORK/other" --json root crl vpn --pin-source env:PIN --out "$WORK/no.pem"
check_json "may not" '.error.code == "crl-not-allowed"'

# A token that does not sign: the number is used up, and no file comes of it.
check "the token fails" 6 with_fault 'C_Sign@1=0x30' crl --force
n=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM crls WHERE sha256 = ''")
[ "$n" = 1 ]; ok "what was to be signed is on record"
check "the old file is there" 2 judge "$WORK/bob.pem"
check "and the next is above it" 0 crl --force --json
check_json "in number" ".crl.number > $number"

# A signature that somebody may have, though nobody here has: it counts as revoked.
request "$WORK/c.csr" /CN=x
with_fault 'C_Sign@1=kill' issue "$WORK/c.csr" --cn carol >"$WORK/out" 2>&1
check "a killed run's is closed" 0 "$p11ca" ledger recover --close
[ "$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM certificates WHERE state = 'unknown'")" = 1 ]; ok "as unknown"
carol=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT serial FROM certificates WHERE state = 'unknown'")
check "listed" 0 crl --force --json
check_json "with bob" '.crl.entries == 2'
openssl crl -in "$WORK/crl.pem" -noout -text >"$WORK/out"
check_has "by its serial" out "$(printf %s "$carol" | tr a-f A-F)"
check "with a log of it" 0 "$p11ca" ledger log
check_has "in the chain" out crl-signed
plan
