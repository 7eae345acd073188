#!/bin/sh
# SPDX-License-Identifier: MIT
# client-ambiguous.t - a name that several certificates have is never resolved: all are shown, and nothing is done.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl sqlite3
cd "$WORK" || bail "no folder"
tokens hsm eva dan
root vpn hsm
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
package_root gateway.pem "/CN=Test Gateway Root"
package_folder gw gateway.pem root.pem
card eva@contoso.com eva --out eva-26
"$p11ca" -q client renew eva@contoso.com --out eva-27 $pins >"$WORK/renewed" 2>&1 || bail "not renewed: $(cat renewed)"
old=$(jq -r .result.serial eva-26/receipt.json) new=$(jq -r .result.serial eva-27/receipt.json)
state() { "$p11ca" --json client show "$1" | jq -r '.client | "\(.state) \(.reason)"'; }

# Every command that takes an ID shows both and does nothing.
cp "$P11CA_HOME/ledger.db" before.db
events() { sqlite3 "$P11CA_HOME/ledger.db" 'SELECT count(*) FROM events'; }
n_events=$(events)
# ambiguous COMMAND-FOR-EACH COMMAND... : with a name in another spelling
ambiguous() {
	each=$1
	shift
	check "$1 $2 of a name that two certificates have" 4 "$p11ca" --json "$@"
	check_json "$1 $2 has the code" '.error.code == "client-ambiguous"'
	for serial in "$old" "$new"; do
		check_json "$1 $2 shows $serial with its command" \
		    ".warnings | map(.message | select(test(\"^$serial: .*p11ca $each $serial\"))) | length == 1"
	done
	check_has "$1 $2 says which one renews which" out "renews $old"
	check_has "$1 $2 says which one is renewed" out "renewed by $new"
	check_has "$1 $2 has the dates" out "$(date -u +%Y-%m-%d) to "
	[ "$(events)" = "$n_events" ]; ok "$1 $2 records nothing"
}
ambiguous "client revoke" client revoke EVA@contoso.com --reason keyCompromise
ambiguous "client revoke" client revoke eva@contoso.com --reason certificateHold --dry-run
check "a name that two certificates have, for a script" 4 "$p11ca" --json client revoke eva@contoso.com --reason keyCompromise --script close.sh
check_has "the commands write the script, too" out "client revoke $old --reason keyCompromise --script close.sh"
[ ! -e close.sh ]; ok "no script is written before a certificate is chosen"
ambiguous "client renew" client renew eva@contoso.com --root vpn $pins
check "to a person" 4 "$p11ca" client revoke eva@contoso.com --reason keyCompromise
check_has "both are shown" err "$old"
check_has "with a hint" err "give the serial number"
# Commands that change nothing take the successor, and say so.
newest() {
	check "$1 of a name that was renewed takes the newer certificate" "$2" "$p11ca" --json $3
	check_json "$1 says that there is an older one" ".warnings | any(.code == \"client-renewed\" and (.message | contains(\"$old\")))"
}
newest "client show" 0 "client show eva@Contoso.com."
check_json "client show shows the successor" ".client.serial == \"$new\""
newest "client export" 0 "client export eva@contoso.com"
newest "client letter" 0 "client letter eva@contoso.com --out letter.html"
newest "profile write" 0 "profile write gw --client eva@contoso.com --for swanctl --out profiles"
find profiles -name '*.pem' -path '*x509/*' -exec openssl x509 -in {} -noout -serial \; | tr A-F a-f | grep -q "$new"; ok "the profile has the successor's certificate"
newest "doctor" 10 "doctor --client eva@contoso.com"
[ "$(state "$old") $(state "$new")" = "issued null issued null" ]; ok "both are as they were"

# By serial it works, and enrolling returns what is there.
check "the older one by serial" 0 "$p11ca" --json client show "$old"
check_json "is that one" ".client.serial == \"$old\""
thumbprint=$("$p11ca" --json client show "$new" | jq -r .client.thumbprint)
check "the newer one by thumbprint" 0 "$p11ca" --json client show "$thumbprint"
check_json "is the other one" ".client.serial == \"$new\""
printf 'cn,token\neva@contoso.com,eva\n"dan",dan\n' >people.csv
check "a list with a renewed client" 0 "$p11ca" --json client enroll --from people.csv --out cards $pins
check_json "goes on behind it" '[.clients[] | [.name, .outcome]] == [["eva@contoso.com", "existing"], ["dan", "enrolled"]]'

# Superseding is what follows a renewal.
check "a dry run with superseded" 0 "$p11ca" --json client revoke eva@contoso.com --reason superseded --dry-run
check_json "shows the older one" "[.certificates[].serial] == [\"$old\"]"
check "superseded" 0 "$p11ca" --json client revoke eva@contoso.com --reason superseded
check_json "takes the older one" "[.certificates[].serial] == [\"$old\"]"
check_json "and says so" '.warnings | map(.message) | any(test("older certificate"))'
check_has "names the one that is revoked" err "$old"
[ "$(state "$old") $(state "$new")" = "revoked superseded issued null" ]; ok "the successor stays valid"
check "the same command again" 0 "$p11ca" --json client revoke eva@contoso.com --reason superseded
[ "$(state "$new")" = "issued null" ]; ok "leaves the successor alone"
check "the name means the one that is left" 0 "$p11ca" --json client show eva@contoso.com
check_json "which is the successor" ".client.serial == \"$new\""

# A held certificate is what can be restored, whatever else the client has.
"$p11ca" -q client revoke dan --reason certificateHold >/dev/null || bail "not held"
check "a name with one held certificate" 0 "$p11ca" --json client restore DAN
check_json "is restored" '.certificates[0].state == "issued"'

# Names of an older ledger that are one name today.
for name in bob.contoso.com other.contoso.com; do
	request "$name.csr" /CN=x
	issue "$name.csr" --cn "$name" --batch >/dev/null 2>&1 || bail "no $name"
done
sqlite3 "$P11CA_HOME/ledger.db" "UPDATE certificates SET name = 'BOB.contoso.com', name_key = 'bob.contoso.com' WHERE name = 'other.contoso.com'"
check "doctor with two spellings of one name" 10 "$p11ca" --json doctor
check_json "reports the pair" '[.findings[] | select(.code == "doctor-duplicate-names")] | length == 1'
check_has "with both spellings" out "BOB.contoso.com"
check "one of two spellings" 4 "$p11ca" --json client revoke bob.contoso.com --reason superseded
check_json "is not taken for the older one" '.error.code == "client-ambiguous"'
check_has "the other spelling is shown" out "BOB.contoso.com"
check "all of them" 0 "$p11ca" --json client revoke --all Bob.Contoso.com --confirm Bob.Contoso.com --reason keyCompromise
check_json "are both" '[.certificates[].name] | sort == ["BOB.contoso.com", "bob.contoso.com"]'

# A serial of one certificate that is the name of another one.
request twin.csr /CN=x
issue twin.csr --cn "$new" --batch >/dev/null 2>&1 || bail "no twin"
check "a name that is the serial of another certificate" 4 "$p11ca" --json client revoke "$new" --reason superseded
check_json "is neither" '.error.code == "client-ambiguous"'
plan
