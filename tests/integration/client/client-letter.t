#!/bin/sh
# SPDX-License-Identifier: MIT
# client-letter.t - the page for a client: content, names of any script, no secret, one HTML file that fetches nothing.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq xmllint openssl
cd "$WORK" || bail "no folder"
tokens hsm alice bob carol
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder folder gateway.pem ours.pem
package_zip gw.zip folder
letter() { "$p11ca" client letter "$@"; }
serial_of() { jq -r .result.token.uri "$1" | sed 's/.*serial=\([^;]*\).*/\1/'; }
# text FILE : what a reader sees
text() { xmllint --xpath 'string(/html/body)' "$1"; }

# is_page FILE : one document that needs nothing else and shows no secret
is_page() {
	check "$1 is well-formed XML" 0 xmllint --nonet --noout "$1"
	xmllint --nonet --html --noout "$1" 2>&1 | grep 'error' | grep -v 'Tag bdi invalid' >detail
	[ ! -s detail ]; ok "$1 is HTML" detail
	grep -Eio '<(script|img|link|iframe|object|form|base)|(src|href|action) *=|url\(|@import| on[a-z]+=|https?:' "$1" >detail
	[ ! -s detail ]; ok "$1 has no script and no reference" detail
	grep -q "Content-Security-Policy\" content=\"default-src 'none'; " "$1"; ok "$1 has a policy that allows no source" "$1"
	grep -q '^<html lang="en">' "$1" && grep -q '<meta name="viewport" content="width=device-width' "$1"
	ok "$1 states its language and its width" "$1"
	grep -q '@page' "$1" && grep -q '@media print' "$1"; ok "$1 has rules for paper" "$1"
	grep -e "$PIN" -e "$SOPIN" -e PRIVATE "$1" >detail
	[ ! -s detail ]; ok "$1 has no secret" detail
}
# says FILE TEXT
says() { text "$1" >"$WORK/text" && grep -Fq -e "$2" "$WORK/text"; ok "$1 has: $2" "$WORK/text"; }
lacks() { text "$1" >"$WORK/text" && [ -s "$WORK/text" ] && ! grep -Fq -e "$2" "$WORK/text"; ok "$1 lacks: $2" "$WORK/text"; }

# A card, without profiles and without a contact.
card alice@contoso.com alice --device laptop --out alice
check "a letter from the ledger" 0 letter alice@contoso.com --out alice.html
is_page alice.html
[ "$(xmllint --xpath 'string(/html/body/h1)' alice.html)" = "VPN access for alice@contoso.com" ]; ok "the heading names the client"
says alice.html "alice@contoso.com"
says alice.html laptop
says alice.html "alice, serial number $(serial_of alice/receipt.json)"
says alice.html "$(date -u -d "$(jq -r .result.not_after alice/receipt.json)" +%Y-%m-%d)"
says alice.html "How to connect"
says alice.html "Ctrl+Alt+Delete"
lacks alice.html Contact
lacks alice.html Yubico
check "an existing file is refused" 9 letter alice@contoso.com --out alice.html
check "unless --force is given" 0 letter alice@contoso.com --out alice.html --force
check "no temporary file is left" 1 sh -c 'ls -A | grep -q "\.tmp\|^\.p11ca"'
check "- is standard output" 0 letter alice@contoso.com --out -
cmp -s out alice.html; ok "with the same page" out
check "an unknown client is reported" 4 letter nobody@contoso.com --out nobody.html
check "a letter needs a file" 2 letter alice@contoso.com

# With profiles: the systems of this client, and the contact of p11ca.conf.
echo 'contact = VPN desk <"A&B">, +49 30 1234, vpn@contoso.com' >"$P11CA_HOME/p11ca.conf"
enroll() {
	# shellcheck disable=SC2086
	prepared "$p11ca" --json client enroll $pins "$@"
}
check "enroll writes a letter" 0 enroll bob@contoso.com -t bob --out bob --package gw.zip --for windows,swanctl,openvpn --letter
check_json "it is one of the files" '[.files[] | select(.path == "bob/letter.html")] | length == 1'
is_page bob/letter.html
grep -q letter.html bob/receipt.json; ok "the receipt lists the letter" bob/receipt.json
says bob/letter.html "Insert the card"
says bob/letter.html "INSTALL-windows.md"
says bob/letter.html "INSTALL-swanctl.md"
says bob/letter.html "INSTALL-openvpn.md"
lacks bob/letter.html "INSTALL-mobileconfig.md"
says bob/letter.html 'VPN desk <"A&B">, +49 30 1234, vpn@contoso.com'
check "a letter from the ledger names the same systems" 0 letter bob@contoso.com --out bob.html
cmp -s bob.html bob/letter.html; ok "it is the same page" bob.html
sum=$(sha256sum bob/receipt.json)
check "the same command again" 0 enroll bob@contoso.com -t bob --out bob --package gw.zip --for windows,swanctl,openvpn --letter
[ "$(sha256sum bob/receipt.json)" = "$sum" ]; ok "changes no file"
rm bob/letter.html
check "after the letter is lost" 0 enroll bob@contoso.com -t bob --out bob --package gw.zip --for windows,swanctl,openvpn --letter
cmp -s bob.html bob/letter.html; ok "the same command writes it again" bob.html
echo other >bob/letter.html
check "a file of another content is refused" 9 enroll bob@contoso.com -t bob --out bob --package gw.zip --for windows,swanctl,openvpn --letter
check "a letter for a client who was enrolled without one" 0 enroll alice@contoso.com --device laptop -t alice --out alice --letter
grep -q letter.html alice/receipt.json; ok "is added to the receipt" alice/receipt.json
check "a letter needs a folder" 2 enroll dora@contoso.com -t bob --letter
check_has "which the error names" err "--letter needs --out"
check "a revoked certificate" 0 "$p11ca" -q client revoke bob@contoso.com --reason superseded
check "has no letter" 4 letter bob@contoso.com --out revoked.html
[ ! -e revoked.html ]; ok "no file is written"

# Names of any script, and with the characters of HTML.
n=0
while IFS= read -r name; do
	n=$((n + 1))
	check "enroll $name" 0 enroll "$name" -t carol --shared-card --out "hostile-$n" --letter
	is_page "hostile-$n/letter.html"
	[ "$(xmllint --xpath 'string(/html/body/h1/bdi)' "hostile-$n/letter.html")" = "$name" ]
	ok "$name is shown as it is, isolated from the text around it" "hostile-$n/letter.html"
done <<'NAMES'
<script>alert(1)</script> & "x"
مريم الفارسي
王小明 (東京)
NAMES

# A list: a letter in the folder of each client.
printf 'cn,device,token\neva@contoso.com,,carol\nfay@contoso.com,phone,carol\n' >people.csv
check "a list with letters" 0 enroll --from people.csv --shared-card --out cards --letter
check_json "enrols both" '[.clients[].outcome] == ["enrolled", "enrolled"]'
for folder in cards/*; do
	is_page "$folder/letter.html"
done
says cards/eva@contoso.com/letter.html eva@contoso.com
[ "$(find cards -name letter.html | wc -l)" -eq 2 ]; ok "there is one letter for each client"

# A software key.
echo 'allow-software-keys = yes' >>"$P11CA_HOME/p11ca.conf"
check "a letter beside a PFX" 0 enroll gus@contoso.com --software-key --generate-password --out gus --letter
is_page gus/letter.html
says gus/letter.html "software key in the file gus@contoso.com.pfx"
lacks gus/letter.html "Insert the card"
grep -F -e "$(cat gus/gus@contoso.com.pfx.password)" gus/letter.html >detail
[ ! -s detail ]; ok "the password of the PFX is not in it" detail
check "a letter from the ledger" 0 letter gus@contoso.com --out gus.html
says gus.html "software key"

# The key is on the client's own machine.
request ivy.csr /CN=ivy@contoso.com
check "a request" 0 issue ivy.csr --cn ivy@contoso.com
check "its letter" 0 letter ivy@contoso.com --out ivy.html
says ivy.html "key store of your device"
plan
