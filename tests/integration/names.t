#!/bin/sh
# SPDX-License-Identifier: MIT
# names.t - who may name a client: never the request.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
root open hsm
cat >"$P11CA_HOME/p11ca.conf" <<'EOF'
[root open]
allow-names = *@contoso.com vpn-*.contoso.com
days = 30
EOF
cd "$WORK" || bail "no folder"
# named NAME CSR [OPTION...] : is certified as NAME
named() {
	want=$1
	shift
	check "$want" 0 issue "$@" --json
	check_json "is the name" ".certificates[0].name == \"$want\""
}
for i in 1 2 3 4 5 6 7 8 9; do request $i.csr /CN=asked$i; done
request mail.csr /CN=eve@contoso.com
request evil.csr /CN=eve@contoso.com.evil.org

check "nobody says it" 7 issue 1.csr --batch --root vpn --json
check_json "has a code" '.error.code == "name-not-approved"'
check_has "says how" err "--cn NAME"
check "no terminal to ask" 7 setsid "$p11ca" client issue 1.csr --root vpn $pin --out issued
named alice 1.csr --cn alice --root vpn
named asked2 2.csr --trust-names --root vpn
check "one at a time" 2 issue 3.csr --cn x --trust-names --root vpn
check "one name for two requests" 2 issue 3.csr 4.csr --cn x --root vpn

spki=$(openssl req -in 4.csr -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d ' ' -f 1)
cat >names.csv <<EOF
csr,spki,cn,device
3.csr,,carol@contoso.com,
,$(echo "$spki" | tr a-f A-F | sed 's/../&:/g;s/:$//'),"dave, the second",laptop
EOF
check "a list" 10 issue 3.csr 4.csr 5.csr --names names.csv --batch --root vpn --json
check_json "names those that are on it" '[.certificates[] | [.name, .device, .outcome]] == [["carol@contoso.com", null, "issued"], ["dave, the second", "laptop", "issued"], [null, null, "refused"]]'
check_json "and no other" '.certificates[2].code == "name-not-approved"'
printf 'spki,cn\n%s,x\n' "${spki%??}" >short.csv
check "a key's hash that is too short" 3 issue 5.csr --names short.csv --root vpn
printf 'csr,cn\n5.csr,x\n5.csr,y\n' >twice.csv
check "a request twice on the list" 3 issue 5.csr --names twice.csv --root vpn
printf 'file,cn\n5.csr,x\n' >column.csv
check "an unknown column" 3 issue 5.csr --names column.csv --root vpn
printf 'csr,cn\n5.csr,"x\n' >quote.csv
check "half a quotation" 3 issue 5.csr --names quote.csv --root vpn
check "no such list" 9 issue 5.csr --names nosuch.csv --root vpn
mkdir one other && request one/same.csr /CN=x && request other/same.csr /CN=x || bail "no folders"
printf 'csr,cn\nsame.csr,same@contoso.com\n' >same.csv
for dry in --dry-run --batch; do
	check "one entry for two files ($dry)" 7 issue one/same.csr other/same.csr --names same.csv --root vpn --json $dry
	check_json "one entry that stands for two files is refused ($dry)" '.error.code == "name-file-ambiguous"'
done
printf 'csr,cn\none/same.csr,one@contoso.com\nother/same.csr,other@contoso.com\nnever.csr,never@contoso.com\n' >same.csv
check "entries with folders" 0 issue one/same.csr other/same.csr --names same.csv --root vpn --json
check_json "entries with folders name one file each" '[.certificates[].name] == ["one@contoso.com", "other@contoso.com"]'
check_json "an entry without a request is reported" '.warnings[] | select(.code == "names-unused") | .message | contains("never.csr")'

issued=$WORK/open # each root has its root.cer in a folder of its own
named eve@contoso.com mail.csr --batch --root open
check_json "for as long as the configuration says" '.certificates[0].not_after | fromdateiso8601 - now | . > 29 * 86400 and . < 31 * 86400'
check "what the patterns do not cover" 7 issue evil.csr --batch --root open --json
check_json "is not approved" '.error.code == "name-not-approved"'
# What is longer than a field is not compared by its beginning.
many=$(printf 'e%.0s' $(seq 200))
request long.csr /CN=long
deep=$(printf '%s/' $(seq 100 145))
mkdir -p "$deep" && cp long.csr "$deep/$many.csr"
cut=$(printf '%.255s' "$deep/$many.csr")
printf 'csr,cn\n"%s",mallory\n' "$cut" >cut.csv
check "a path of more than 255 bytes is not found by its beginning" 7 issue "$deep/$many.csr" --batch --names cut.csv --root open --json
check_json "so the request has no name" '.error.code == "name-not-approved"'
issued=$WORK/issued
check "nor for another root" 7 issue mail.csr --batch --root vpn

if command -v script >/dev/null; then
	check "asked for at the terminal" 0 typed typed-name "$p11ca client issue 6.csr --root vpn $pin --out issued"
	check_has "with what the request wants" out "asks for 'asked6'"
	check_has "and the complete fingerprint of the key" out "$(openssl req -in 6.csr -noout -pubkey |
	    openssl pkey -pubin -outform DER | sha256sum | cut -c 1-64)"
	check "the answer counts" 0 "$p11ca" client show typed-name
	check "an empty answer refuses, before the PIN is used" 7 typed '' "$p11ca client issue 7.csr --root vpn --pin-source env:WRONG --out issued"
	check "an empty answer" 7 typed '' "$p11ca client issue 7.csr --root vpn $pin --out issued"
fi
# refuses NAME CODE : such a name, however it comes
refuses() {
	check "refused even when typed: '$1'" 7 issue 8.csr --cn "$1" --root vpn --json
	check_json "as $2" ".error.code == \"$2\""
	printf 'csr,cn\n8.csr,"%s"\n' "$1" >bad.csv
	check "and on a list" 7 issue 8.csr --names bad.csv --batch --root vpn --json
	check_json "as $2, too" ".error.code == \"$2\""
	check "and for a card" 7 "$p11ca" client enroll "$1" -t hsm $pins --root vpn --json
	check_json "again as $2" ".error.code == \"$2\""
}
refuses ' x' name-spaces
refuses 'x  y' name-spaces
refuses 'DOMAIN\user' name-domain-user
refuses "$(printf 'a\tb')" name-control
refuses "$(printf %065d 0)" name-length
refuses "$(printf 'al\342\200\213ice')" name-character # U+200B, zero width space
refuses "$(printf 'alice\343\205\244')" name-character # U+3164, Hangul filler
refuses "$(printf 'al\342\240\200ice')" name-character # U+2800, Braille without dots
refuses "$(printf 'alice\302\240x')" name-character # U+00A0, no-break space
refuses "$(printf 'eve\342\201\240@contoso.com')" name-character # U+2060, word joiner
refuses "$(printf '\314\201alice')" name-mark # U+0301 before any letter
refuses "$(printf 'alic\303\251\314\201')" name-mark # its accent twice
refuses '*.contoso.com' name-pattern
refuses 10.0.0.1 name-address
refuses '...' name-unreadable
check "nothing was issued for any of them" 0 "$p11ca" --json client list
check_json "only those before" '[.clients[].name] | all(test("^[ -~]*$"))'

# Requests that ask for such a name themselves.
issued=$WORK/open
request hidden.csr "/CN=$(printf 'e\342\200\213ve@contoso.com')" -utf8
check "a request with a hidden character" 7 issue hidden.csr --trust-names --batch --root open --json
check_json "has no such name" '.error.code == "name-not-approved"'
request upper.csr /CN=EVE@Contoso.COM
check "a request in capitals" 7 issue upper.csr --batch --root open --json
check_json "is for the client of the pattern, who has a certificate" '.error.code == "client-has-certificate"'

issued=$WORK/issued

# One name, however it is spelt.
request one.csr /CN=x
request two.csr /CN=x
check "a host" 0 issue one.csr --cn bob.contoso.com --root vpn
for name in BOB.contoso.com bob.contoso.com. Bob.Contoso.Com.; do
	check "the same host as $name" 7 issue two.csr --cn "$name" --root vpn --json
	check_json "has a certificate" '.error.code == "client-has-certificate"'
	check_has "and is named as it was certified" out "bob.contoso.com"
	check "shown as $name" 0 "$p11ca" --json client show "$name"
	check_json "in its own spelling" '.client.name == "bob.contoso.com"'
done
request jose.csr /CN=x
check "a person in NFC" 0 issue jose.csr --cn "$(printf 'Jos\303\251 Garc\303\255a')" --root vpn
check "in NFD and capitals" 7 issue two.csr --cn "$(printf 'JOSE\314\201 GARCI\314\201A')" --root vpn --json
check_json "is the same person" '.error.code == "client-has-certificate"'
request idna.csr /CN=x
check "a host with an A-label" 0 issue idna.csr --cn xn--bcher-kva.example --root vpn
check "as a U-label" 7 issue two.csr --cn "$(printf 'B\303\274cher.example')" --root vpn --json
check_json "is the same host" '.error.code == "client-has-certificate"'
request wide.csr /CN=x
check "the same request for the same host in capitals" 0 issue one.csr --cn BOB.Contoso.com --root vpn --json
check_json "is answered with the certificate in its own spelling" '.certificates[0] | .outcome == "existing" and .name == "bob.contoso.com" and (.path | test("/bob.contoso.com-"))'
for name in ｂｏｂ.contoso.com bob.contoso.com.. 𝐁ob.contoso.com; do
	check "the same host as $name" 7 issue wide.csr --cn "$name" --root vpn --json
	check_json "has a certificate, too" '.error.code == "client-has-certificate"'
done
for name in bob＠contoso.com bob。contoso.com bob．contoso．com; do
	refuses "$name" name-character
done
issued=$WORK/open
request at.csr "/CN=mallory＠contoso.com" -utf8
check "a wide @ is no @ of a pattern" 7 issue at.csr --batch --root open --json
check_json "and no character of a name" '.error.code == "name-character"'
issued=$WORK/issued
check "a device, too" 0 issue two.csr --cn bob.contoso.com --device Phone --root vpn
request phone.csr /CN=x
check "in another spelling" 7 issue phone.csr --cn BOB.contoso.com --device phone --root vpn
check "all of a client" 0 "$p11ca" --json client revoke --all BOB.CONTOSO.COM. --confirm BOB.CONTOSO.COM. --reason keyCompromise
check_json "in whatever spelling" '[.certificates[].name] == ["bob.contoso.com", "bob.contoso.com"]'
check "a root whose name differs in case only" 7 "$p11ca" root create VPN -t hsm $pin --subject CN=other --json
check_json "is taken" '.error.code == "root-name-taken"'
check "a root whose subject does" 7 "$p11ca" root create other -t hsm $pin --subject 'CN=  Vpn' --json
check_json "is taken, too" '.error.code == "root-subject-taken"'
check "the ledger is in order" 0 "$p11ca" ledger verify
request slash.csr /CN=x
check "a name that would leave the folder" 0 issue slash.csr --cn ../../x --root vpn --json
case $(field '.certificates[0].path') in "$WORK/issued/"*/*) false ;; "$WORK/issued/"*) true ;; *) false ;; esac
ok "does not" out
plan
