#!/bin/sh
# SPDX-License-Identifier: MIT
# key-identity.t - one key in many encodings, through every command that takes a key from outside.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl python3 sqlite3
python3 -c 'import cryptography' 2>/dev/null || skip_all "no python3-cryptography"
encodings() { python3 "$srcdir/tests/integration/encodings.py" "$@" || bail "no encodings"; }
tokens hsm other card
cd "$WORK" || bail "no folder"

# The root's key is in a file as well, so that certificates can be made that p11ca never would.
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/CN=known" -days 700 \
    -addext "keyUsage=critical,keyCertSign,cRLSign" 2>detail || bail "$(cat detail)"
softhsm_key hsm 0a ca.key || bail "no key"
"$p11ca" -q root adopt vpn -t hsm --cert ca.pem --accept-imported --pin-source env:PIN >detail 2>&1 || bail "$(cat detail)"
openssl genrsa -out k.pem 2048 2>detail || bail "no key"
openssl ecparam -name prime256v1 -genkey -noout -out e.pem || bail "no key"
encodings requests k.pem rsa
encodings requests e.pem ec
encodings requests ca.key own
encodings certificates k.pem certs ca.pem ca.key
encodings certificates e.pem eccerts ca.pem ca.key
encodings signatures k.pem alg
[ "$(ls rsa/*.csr | wc -l)" -ge 21 ] && [ "$(ls ec/*.csr | wc -l)" -ge 7 ]
ok "there are more than 20 encodings of the RSA key and more than 6 of the EC key"

# refused NAME FOLDER CODE... : all requests of the folder are refused, each with one of the codes
refused() {
	refused_name=$1 refused_folder=$2
	shift 2
	ls "$refused_folder"/*.csr | awk '{ print /canonical|exponent/ ? $0 : "other", $0 }' | sample 5 >sampled
	while read -r _ file; do
		"$p11ca" --json client issue "$file" --trust-names $pin --out "$issued" >out 2>err
		status=$?
		code=$(jq -r '.error.code // "malformed"' out)
		case "$status $code" in
		"7 request-"* | "7 key-"* | "3 malformed" | "3 key-encoding") ;;
		*) echo "$file: status $status, $code" ;;
		esac
		echo "$code" >>seen
	done <sampled >bad
	[ ! -s bad ]; ok "$refused_name" bad
}

# Requests: first the key is certified, then revoked as compromised.
check "the canonical request is issued" 0 issue rsa/canonical.csr --cn alice@contoso.com --json
check "so is that of the EC key" 7 issue ec/canonical.csr --cn eve --json
check_json "under a template that takes EC keys" '.error.code == "request-key-type"'
check "which vpn-client does" 0 issue ec/canonical.csr --cn eve --template vpn-client --json
refused "no other encoding of a key that is certified is issued for another name" rsa
check "the other exponent is recognised as the same key" 7 issue rsa/exponent-65539.csr --cn mallory --json
check_json "by its code" '.error.code == "key-certified"'
for file in ec/*.csr; do
	"$p11ca" --json client issue "$file" --cn mallory --template vpn-client $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "malformed"' out) $file"
done >ec.seen
! grep -vE '^(7 (request-|key-certified)|3 (malformed|key-encoding))' ec.seen >bad; ok "no other encoding of the EC key is issued for another name" bad
check_has "the compressed point is refused for its encoding" ec.seen "7 request-encoding ec/compressed.csr"

for way in --dry-run -q; do
	check "an odd encoding of the same client's key is refused, too ($way)" 7 issue rsa/no-parameters.csr --cn alice@contoso.com --json $way
	check_json "by its code" '.error.code == "request-encoding"'
done

# Renewal with the same key in another encoding.
for file in rsa/*.csr; do
	"$p11ca" --json client renew alice@contoso.com --csr "$file" $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "malformed"' out) $file"
done >renew.seen
! grep -vE '^(7 (renew-same-key|template-key-type|request-)|3 (malformed|key-encoding))' renew.seen >bad; ok "no encoding renews as if it were another key" bad
check_has "the other exponent is the same key" renew.seen "7 renew-same-key rsa/exponent-65539.csr"
"$p11ca" --json client renew eve --csr ec/compressed.csr $pin --out "$issued" >out 2>err
[ $? -eq 7 ] && jq -e '.error.code == "renew-same-key" or .error.code == "request-encoding"' out >detail
ok "nor does a compressed point" out

"$p11ca" -q client revoke alice@contoso.com --reason keyCompromise >detail 2>&1 || bail "not revoked"
"$p11ca" -q client revoke eve --reason keyCompromise >detail 2>&1 || bail "not revoked"
: >seen
refused "no encoding of a compromised key is ever certified again" rsa
grep -qx key-compromised seen; ok "the canonical ones are recognised as compromised" seen
for file in ec/*.csr; do
	"$p11ca" --json client issue "$file" --cn again --template vpn-client $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "malformed"' out) $file"
done >ec.seen
! grep -vE '^(7 (request-|key-compromised)|3 (malformed|key-encoding))' ec.seen >bad; ok "nor is one of the compromised EC key" bad

# The root's own key.
: >seen
refused "no encoding of the root's own key is certified for a client" own
check "not with another exponent, either" 7 issue own/exponent-65539.csr --cn mallory --json
check_json "as it is the root's" '.error.code == "key-is-root"'

# A list of names by keys.
encodings requests ca.key unused
openssl genrsa -out n.pem 2048 2>detail
encodings requests n.pem named
hash=$(openssl pkey -in n.pem -pubout -outform DER | sha256sum | cut -d' ' -f1)
value=$(printf 'rsa:%s' "$(openssl rsa -in n.pem -noout -modulus | sed 's/.*=//' | tr A-F a-f)" | sha256sum | cut -d' ' -f1)
printf 'spki,cn\n%s,nora\n' "$hash" >names.csv
for file in named/*.csr; do
	[ "$file" = named/canonical.csr ] && continue
	"$p11ca" --json --batch client issue "$file" --names names.csv $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "malformed"' out) $file"
done >names.seen
! grep -vE '^(7 (request-|name-not-approved)|3 (malformed|key-encoding))' names.seen >bad; ok "no other encoding gets the name from the list" bad
printf 'spki,cn\n%s,nora\n' "$value" >values.csv
check "a list may name the value of the key" 0 issue named/canonical.csr --names values.csv --json
check_json "for that name" '.certificates[0].name == "nora"'
openssl genrsa -out m.pem 2048 2>detail
openssl req -new -key m.pem -subj /CN=x -out m.csr
hash=$(openssl pkey -in m.pem -pubout -outform DER | sha256sum | cut -d' ' -f1)
value=$(printf 'rsa:%s' "$(openssl rsa -in m.pem -noout -modulus | sed 's/.*=//' | tr A-F a-f)" | sha256sum | cut -d' ' -f1)
printf 'spki,cn\n%s,max\n%s,moritz\n' "$hash" "$value" >two.csv
check "a list that names one key twice approves neither name" 7 "$p11ca" --json --batch client issue m.csr --names two.csv $pin --out "$issued"
check_json "by its code" '.error.code == "name-not-approved"'

# The same for an EC key: its encodings are named neither by the hash of a canonical one nor by their own.
openssl ecparam -name prime256v1 -genkey -noout -out en.pem
encodings requests en.pem ecnamed
hash=$(openssl pkey -in en.pem -pubout -outform DER | sha256sum | cut -d' ' -f1)
for file in ecnamed/*.csr; do
	[ "$file" = ecnamed/canonical.csr ] && continue
	own=$(openssl asn1parse -in "$file" -inform PEM 2>/dev/null | awk -F: '$2 ~ /d=2/ && /SEQUENCE/ { print $1 + 0 }' | sed -n 2p)
	openssl asn1parse -in "$file" -strparse "${own:-0}" -noout -out own.der 2>detail
	printf 'spki,cn\n%s,nora-ec\n%s,own-ec\n' "$hash" "$(sha256sum own.der | cut -d' ' -f1)" >names.csv
	"$p11ca" --json --batch client issue "$file" --names names.csv --template vpn-client $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "malformed"' out) $file"
done >names.seen
! grep -vE '^(7 (request-|name-not-approved)|3 (malformed|key-encoding))' names.seen >bad; ok "no other encoding of an EC key gets a name from the list" bad
[ "$(wc -l <names.seen)" -ge 12 ]; ok "there are at least 12 of them" names.seen
printf 'spki,cn\n%s,nora-ec\n' "$hash" >names.csv
check "the canonical encoding of the EC key gets the name" 0 issue ecnamed/canonical.csr --names names.csv --template vpn-client --json
check_json "the EC key has the name of the list" '.certificates[0].name == "nora-ec"'

# Certificates that the root signed elsewhere.
for file in certs/*.pem eccerts/*.pem; do
	"$p11ca" --json client import "$file" >out 2>err
	echo "$? $(jq -r '.error.code // "none"' out) $file"
done >import.seen
! grep -vE '^(3 (key-encoding|malformed-input)|0 none (certs|eccerts)/(canonical|exponent-65539|pss|pss-sha256).pem)' import.seen >bad
ok "a certificate with a key in another encoding is not imported" bad
[ "$(grep -c '^0' import.seen)" -eq 5 ]; ok "the canonical ones are" import.seen
openssl crl2pkcs7 -nocrl -certfile certs/utf8.pem -certfile certs/canonical.pem -out both.p7b
check "nor is one in a PKCS#7 file" 3 "$p11ca" --json client import both.p7b
check_json "by its code" '.error.code == "key-encoding"'
[ "$(sqlite3 home/ledger.db "SELECT count(DISTINCT key_sha256) FROM certificates WHERE name LIKE '%.contoso.com' OR name = 'alice@contoso.com'")" -eq 2 ]
ok "the ledger has one key of each kind"
check "check reports the encoding" 10 "$p11ca" --json check certs/utf8.pem
check_json "by the code of the rule" '[.findings[].code] | index("key-encoding") != null'
check "and of a request" 10 "$p11ca" --json check rsa/utf8.csr
check_json "by the code of its rule" '[.findings[].code] | index("request-encoding") != null'

# A certificate for a key on a card, in another encoding.
softhsm_key card 0b k.pem || bail "no key"
for row in utf8 modulus-zero exponent-zeros; do
	check "$row: not installed on the card" 3 "$p11ca" --json client install "certs/$row.pem" -t card $pin
	check_json "by its code" '.error.code == "key-encoding"'
done

# Roots that were made elsewhere.
openssl genrsa -out r.pem 2048 2>detail
softhsm_key other 0c r.pem || bail "no key"
encodings roots r.pem roots
for file in roots/*.pem; do
	[ "$file" = roots/canonical.pem ] && continue
	"$p11ca" --json root adopt second -t other --cert "$file" --accept-imported $pin >out 2>err
	echo "$? $(jq -r '.error.code // "none"' out) $file"
done >adopt.seen
! grep -vE '^(3 (key-encoding|malformed-input)|7 (certificate-key-differs|root-not-self-signed)) ' adopt.seen >bad; ok "no root with its key in another encoding is adopted" bad
check_has "nor with another exponent" adopt.seen "7 certificate-key-differs roots/exponent-65539.pem"
check "the canonical one is" 0 "$p11ca" --json root adopt second -t other --cert roots/canonical.pem --accept-imported $pin

# And roots with an EC key.
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out er.pem 2>detail
softhsm_key other 0d er.pem || bail "no EC key"
encodings roots er.pem ecroots
for file in ecroots/*.pem; do
	[ "$file" = ecroots/canonical.pem ] && continue
	"$p11ca" --json root adopt third -t other --cert "$file" --accept-imported $pin >out 2>err
	echo "$? $(jq -r '.error.code // "none"' out) $file"
done >adopt.seen
! grep -vE '^3 (key-encoding|malformed-input) ' adopt.seen >bad; ok "no root with its EC key in another encoding is adopted" bad
[ "$(grep -c '^3' adopt.seen)" -ge 12 ]; ok "there are at least 12 encodings of the EC root" adopt.seen
for row in compressed hybrid explicit null-after; do
	check_has "the EC root's encoding $row has the code of keys" adopt.seen "3 key-encoding ecroots/$row.pem"
done
check "the EC root with the canonical encoding is adopted" 0 "$p11ca" --json root adopt third -t other --cert ecroots/canonical.pem --template vpn-root --accept-imported $pin

# The AlgorithmIdentifier of the signature.
encodings signatures m.pem alg
for file in alg/*.csr; do
	"$p11ca" --json client issue "$file" --cn max --root vpn --dry-run $pin --out "$issued" >out 2>err
	echo "$? $(jq -r '.error.code // "none"' out) $file"
done >alg.seen
! grep -vE '^(7 (request-signature-alg|request-signature|request-der)|3 malformed-input|0 none alg/(canonical|good-pss).csr)' alg.seen >bad
ok "only the standard AlgorithmIdentifiers are accepted" bad
[ "$(grep -c '^0' alg.seen)" -eq 2 ]; ok "which are PKCS#1 with NULL, and PSS with one digest" alg.seen
for row in absent junk no-salt mgf1-sha1 trailer; do
	check_has "$row has a code" alg.seen "7 request-signature-alg alg/$row.csr"
done

# An auditor computes the column with openssl and sha256sum; the commands are those of the manual.
sed -n '/^The value of the key/,/^```$/p' "$srcdir/docs/LEDGER.md" | sed -n '/^```sh/,/^```/p' | sed '/^```/d' >recipe.sh
check "the ledger verifies" 0 "$p11ca" --json ledger verify
n=0
sqlite3 home/ledger.db "SELECT id FROM certificates WHERE der IS NOT NULL" >ids
while read -r id; do
	sqlite3 home/ledger.db "SELECT writefile('cert.der', der) FROM certificates WHERE id = $id" >detail
	cp home/ledger.db ledger.db
	sed "s/WHERE id = 2/WHERE id = $id/" recipe.sh >one.sh
	sh one.sh 2>detail | cut -d' ' -f1 >values
	want=$(tail -n 1 values)
	[ "$(grep -cx "$want" values)" -eq 2 ] && n=$((n + 1)) || echo "certificate $id: $(cat values)"
done <ids >bad
[ ! -s bad ] && [ "$n" -ge 5 ]; ok "each value is what the commands of LEDGER.md compute" bad
sqlite3 home/ledger.db "UPDATE certificates SET key_sha256 = '' WHERE name = 'alice@contoso.com'"
check "a row that denies its key is found" 10 "$p11ca" --json ledger verify
check_json "as edited" '[.faults[].code] == ["ledger-row-edited"]'
plan
