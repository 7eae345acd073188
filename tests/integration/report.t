#!/bin/sh
# SPDX-License-Identifier: MIT
# report.t - the page of p11ca report: every number is the ledger's, foreign text is harmless, an auditor sees no name.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq xmllint sqlite3 python3
cd "$WORK" || bail "no folder"
integration=$srcdir/tests/integration
report() { "$p11ca" report "$@"; }
# numbers PAGE [STATE...] : compares them with the ledger of P11CA_HOME
numbers() {
	numbers_page=$1
	shift
	check "every number in $numbers_page is the ledger's" 0 \
	    python3 "$integration/report_page.py" "$numbers_page" "$P11CA_HOME/ledger.db" "$@"
}
is_page() {
	check "$1 is well-formed" 0 xmllint --nonet --noout "$1"
	grep -Eio '<(script|img|link|iframe|object|form|base)|[ "](src|href|action) *=|url\(|@import| on[a-z]+="' "$1" >detail
	[ ! -s detail ]; ok "$1 has no script and no reference" detail
	grep -q "Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"" "$1"
	ok "$1 has a policy that allows no source" "$1"
	[ "$(wc -c <"$1")" -lt 2000000 ]; ok "$1 is smaller than 2 MB"
}

tokens hsm alice
root vpn hsm
"$p11ca" -q gateway add test-gw --resource-group test --pool 172.16.9.0/24 >out || bail "no gateway"
check "a ledger without a client" 0 report --out zero.html
is_page zero.html
numbers zero.html
card alice@contoso.com alice
line=$("$p11ca" root export vpn --format base64)
jq --arg line "$line" '.name = "test-gw" | .vpnClientConfiguration |= (
    .vpnClientRootCertificates = [{name: "ours", publicCertData: $line}] |
    .vpnClientRevokedCertificates = [{name: "other", thumbprint: "00112233445566778899aabbccddeeff00112233"}])' \
    "$srcdir/tests/data/gateway/vnet-gateway.json" >gw.json || bail "no state"
cp -r "$P11CA_HOME" base

# Without a ledger, with one client, and where the file cannot be written.
P11CA_HOME=$WORK/empty report --out none.html >out 2>err
[ $? -eq 4 ] && [ ! -e none.html ]; ok "without a ledger there is no report" err
check "a ledger with one client" 0 report --out one.html
is_page one.html
numbers one.html
check "an existing file is refused" 9 report --out one.html
check "unless --force is given" 0 report --out one.html --force
mkdir locked && chmod 500 locked
check "a folder that does not exist is refused" 9 report --out missing/report.html
[ "$(id -u)" -eq 0 ] || check "a folder that cannot be written is refused" 9 report --out locked/report.html
if strace -qq -e trace=none -e inject=fsync:error=ENOSPC true 2>/dev/null; then
	check "a full disk is reported" 9 strace -f -qq -o trace -e trace=fsync -e inject=fsync:error=ENOSPC \
	    "$p11ca" report --out full.html
	[ ! -e full.html ] && grep -q INJECTED trace; ok "no part of the page is left" trace
fi
check "a full device is reported" 9 sh -c '"$0" report --out - >/dev/full' "$p11ca"
check "without --out and --json there is no report" 2 report
check "--json and --out - exclude each other" 2 report --json --out -
find . -maxdepth 1 -name '*.tmp' >detail
[ ! -s detail ]; ok "no temporary file is left" detail

# 12 clients, with names that are markup or are written from right to left; a backup and a recorded state.
check "twelve more clients" 0 python3 "$integration/report_ledger.py" "$P11CA_HOME" 12
check "the state of the gateway is recorded" 10 "$p11ca" gateway diff test-gw --state gw.json --record
check "a backup" 10 "$p11ca" ledger backup --out backup.db # the certificates of the clients are copies
check "a report with a state" 0 report --out twelve.html --gateway-state gw.json
is_page twelve.html
numbers twelve.html gw.json
"$p11ca" --json report --gateway-state gw.json >report.json || bail "no figures"
"$p11ca" --json gateway diff test-gw --state gw.json >diff.json
jq -s -e '.[0].gateways[0] as $g | ($g.add_root_count == ([.[1].roots[] | select(.change == "add")] | length)) and
    ($g.add_revoked_count == ([.[1].revoked[] | select(.change == "add")] | length)) and $g.add_revoked_count > 0' \
    report.json diff.json >detail 2>&1
ok "differences are those of gateway diff" detail
"$p11ca" --json doctor --state gw.json >doctor.json
jq -s -e '(.[0].findings | map(.code)) == (.[1].findings | map(.code)) and all(.[0].findings[]; .command | startswith("p11ca "))' \
    report.json doctor.json >detail 2>&1
ok "findings are those of doctor, each with a command" detail
for name in "<script>alert(1)</script>" "quote \" and ' and \`tick\`" "مريم الفارسي" "& &amp; </td>"; do
	python3 - twelve.html "$name" <<'PY' >detail 2>&1
import html.parser, sys
class P(html.parser.HTMLParser):
    found = False; tag = ""
    def handle_starttag(self, tag, a): self.tag = tag
    def handle_data(self, data): self.found = self.found or (self.tag == "bdi" and data == sys.argv[2])
p = P(); p.feed(open(sys.argv[1], encoding="utf-8").read()); sys.exit(not p.found)
PY
	ok "$name is shown as it is, isolated" twelve.html
done
sed 's|\(<th scope="row">Valid client certificates</th><td class="number">\)\([0-9]*\)|\11\2|' twelve.html >wrong.html
check "a wrong number is noticed" 1 python3 "$integration/report_page.py" wrong.html "$P11CA_HOME/ledger.db" gw.json
jq '.name = "other-gw"' gw.json >other.json
check "a state of an unknown gateway is refused" 4 report --out other.html --gateway-state other.json
cp gw.json gw2.json
check "several states" 0 report --out - --gateway-state gw.json --gateway-state gw2.json

# An auditor sees no name.
check "a report for an auditor" 0 report --for auditor --out auditor.html --gateway-state gw.json
is_page auditor.html
numbers auditor.html gw.json
"$p11ca" --json report --for auditor --gateway-state gw.json >auditor.json
for page in auditor.html auditor.json; do
	grep -Eo "contoso|alice|client0|script&gt;|script>|مريم|quote|test-gw|hsm[^a-z]|gw\.json|uid [0-9]|op[0-9]+|desk[0-9]|$WORK" \
	    "$page" >detail
	[ ! -s detail ]; ok "$page has no name" detail
done
grep -Eq '[0-9a-f]{64}' auditor.html; ok "hashes remain" auditor.html

# 400 and 50000 clients: details are folded.
for n in 400 50000; do
	rm -rf "$P11CA_HOME" && cp -r base "$P11CA_HOME"
	python3 "$integration/report_ledger.py" "$P11CA_HOME" "$n" || bail "no ledger"
	began=$(date +%s%N)
	check "a report of $n clients" 0 report --out "$n.html"
	echo "# $n clients: $((($(date +%s%N) - began) / 1000000)) ms, $(wc -c <"$n.html") bytes"
	is_page "$n.html"
	numbers "$n.html"
	[ "$(grep -c '<td><bdi>NOT YET ENFORCED</bdi>' "$n.html")" -le 50 ]; ok "at most 50 pending changes of $n clients are listed"
	grep -q 'all other actors' "$n.html"; ok "the actors beyond the first 20 are summed up with $n clients" "$n.html"
done
plan
