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
check "a CRL is shown by a dry run" 0 "$p11ca" --json root crl vpn --out "$WORK/crl.pem" --dry-run
check_json "the dry run shows the number of entries, and no hash" '.crl.entry_count == 0 and .crl.sha256 == null'
[ "$before" = "$(snapshot)" ] && [ ! -e "$WORK/crl.pem" ]; ok "the dry run changes no file"
check "a CRL is written before any certificate is revoked" 0 crl --json
check_json "the CRL has no entry" '.crl.entry_count == 0 and .crl.root_name == "vpn"'
first=$(field .crl.number)
check "openssl reads the CRL" 0 openssl crl -in "$WORK/crl.pem" -noout -verify -CAfile "$WORK/root.pem"
check_has "openssl verifies the signature with the root" err "verify OK"
check "a file that exists is not overwritten" 9 crl
check "openssl accepts bob before his revocation" 0 judge "$WORK/bob.pem"

began=$(date +%s)
check "bob is revoked as compromised" 0 "$p11ca" client revoke bob --reason keyCompromise
check "a CRL with an entry replaces the first one" 0 crl --force --days 7 --json
check_json "its number is above that of the first CRL" ".crl.number > $first and .crl.entry_count == 1"
check_json "the CRL is valid for the seven days of --days" '(.crl.next_update | fromdate) - (.crl.this_update | fromdate) == 7 * 86400'
number=$(field .crl.number) sha=$(field .crl.sha256) tbs=$(field .crl.tbs_sha256)
[ "$number" -ge "$began" ]; ok "the number of the CRL, $number, is not below the time at which it was made, $began"
check "openssl rejects bob after his revocation" 2 judge "$WORK/bob.pem"
check_has "openssl rejects bob because he is revoked" err "certificate revoked"
check "openssl accepts alice" 0 judge "$WORK/alice.pem"
check "openssl prints the CRL as text" 0 openssl crl -in "$WORK/crl.pem" -noout -text
check_has "the CRL has the reason of the revocation" out "Key Compromise"
check_has "the CRL has the serial number of bob" out "$(printf %s "$serial" | tr a-f A-F)"
check_has "the CRL has version 2" out "Version 2"
check_has "the CRL has an authority key identifier" out "X509v3 Authority Key Identifier"
check "certtool reads the CRL" 0 certtool --crl-info --infile "$WORK/crl.pem"
check_has "certtool prints the serial number of bob" out "$serial"
check_has "certtool prints the number of the CRL" out "$(printf %x "$number")"
check "certtool verifies the CRL with the root" 0 certtool --verify-crl --load-ca-certificate "$WORK/root.pem" --infile "$WORK/crl.pem"

openssl crl -in "$WORK/crl.pem" -outform DER -out "$WORK/crl.der"
[ "$(sha256sum <"$WORK/crl.der" | cut -d' ' -f1)" = "$sha" ]; ok "the reported hash is that of the CRL"
openssl asn1parse -inform DER -in "$WORK/crl.der" -strparse 4 -noout -out "$WORK/tbs" 2>/dev/null
[ "$(sha256sum <"$WORK/tbs" | cut -d' ' -f1)" = "$tbs" ]; ok "the reported tbs_sha256 is the hash of the signed part"
sqlite3 "$P11CA_HOME/ledger.db" "SELECT group_concat(substr(body, instr(body, 'kind: '), 17)) FROM events WHERE row_table = 'crls' AND row_id = 2" >"$WORK/out"
check_has "the first event of the CRL says that it is about to be signed" out crl-signing
sqlite3 "$P11CA_HOME/ledger.db" "SELECT body FROM events WHERE row_table = 'crls' AND row_id = 2 ORDER BY seq LIMIT 1" >"$WORK/out"
check_has "the first event of the CRL has the hash of the signed part" out "tbs_sha256: $tbs"
check "the ledger with two CRLs verifies" 0 "$p11ca" ledger verify

check "a CRL is written as DER" 0 "$p11ca" root crl vpn --pin-source env:PIN --format der --out "$WORK/x.crl"
openssl crl -inform DER -in "$WORK/x.crl" -noout -verify -CAfile "$WORK/root.pem" 2>"$WORK/out"; ok "openssl verifies the CRL that is DER" "$WORK/out"
check "a CRL is written to standard output" 0 "$p11ca" root crl vpn --pin-source env:PIN --out -
openssl crl -in "$WORK/out" -noout -verify -CAfile "$WORK/root.pem" 2>"$WORK/detail"; ok "openssl verifies the CRL from standard output" "$WORK/detail"
check "no CRL is written for an unknown root" 4 "$p11ca" root crl nosuch --out "$WORK/y"
check "an unknown format is refused" 2 "$p11ca" root crl vpn --out "$WORK/y" --format p7

# Roots that this ledger says are otherwise: edited in a copy, since nothing makes such ones here.
edited() {
	rm -rf "$WORK/other" && cp -r "$P11CA_HOME" "$WORK/other" && sqlite3 "$WORK/other/ledger.db" "$1"
}
edited "UPDATE roots SET is_retired = 1"
check "a retired root signs a CRL" 0 "$p11ca" --home "$WORK/other" --json root crl vpn --pin-source env:PIN --out "$WORK/retired.pem"
check_json "the CRL of the retired root has its entry" '.crl.entry_count == 1'
check "a retired root issues no certificate" 7 "$p11ca" --home "$WORK/other" client issue --root vpn --pin-source env:PIN --out "$WORK/no" "$WORK/b.csr" --cn z
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/k" -subj /CN=vpn -outform DER -out "$WORK/nocrl.der" \
	-addext "keyUsage=critical,keyCertSign" 2>/dev/null
edited "UPDATE certificates SET der = readfile('$WORK/nocrl.der') WHERE is_root = 1"
check "a root without cRLSign signs no CRL" 7 "$p11ca" --home "$WORK/other" --json root crl vpn --pin-source env:PIN --out "$WORK/no.pem"
check_json "the refusal has the code of a root without cRLSign" '.error.code == "crl-not-allowed"'

# A token that does not sign: the number is used up, and no file comes of it.
check "a failure of the token is an error" 6 with_fault 'C_Sign@1=0x30' crl --force
n=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM crls WHERE sha256 = ''")
[ "$n" = 1 ]; ok "the CRL that was not signed is in the ledger"
check "the CRL file from before is unchanged" 2 judge "$WORK/bob.pem"
check "the next CRL is signed" 0 crl --force --json
check_json "the number of the next CRL is above that of the failed one" ".crl.number > $number"

# A signature that somebody may have, though nobody here has: it counts as revoked.
request "$WORK/c.csr" /CN=x
with_fault 'C_Sign@1=kill' issue "$WORK/c.csr" --cn carol >"$WORK/out" 2>&1
check "the certificate of a killed run is closed" 0 "$p11ca" ledger recover --close
[ "$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM certificates WHERE state = 'unknown'")" = 1 ]; ok "the certificate of the killed run is recorded as unknown"
carol=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT serial FROM certificates WHERE state = 'unknown'")
check "a CRL is written after that" 0 crl --force --json
check_json "the CRL lists the unknown certificate beside that of bob" '.crl.entry_count == 2'
openssl crl -in "$WORK/crl.pem" -noout -text >"$WORK/out"
check_has "the CRL has the serial number of the unknown certificate" out "$(printf %s "$carol" | tr a-f A-F)"
check "the ledger's log is printed" 0 "$p11ca" ledger log
check_has "the log has the event of a signed CRL" out crl-signed
plan
