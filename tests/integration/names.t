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
check_json "names those that are on it" '[.certificates[] | [.name, .device, .result]] == [["carol@contoso.com", null, "issued"], ["dave, the second", "laptop", "issued"], [null, null, "refused"]]'
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

issued=$WORK/open # each root has its root.cer in a folder of its own
named eve@contoso.com mail.csr --batch --root open
check_json "for as long as the configuration says" '.certificates[0].not_after | fromdateiso8601 - now | . > 29 * 86400 and . < 31 * 86400'
check "what the patterns do not cover" 7 issue evil.csr --batch --root open --json
check_json "is not approved" '.error.code == "name-not-approved"'
issued=$WORK/issued
check "nor for another root" 7 issue mail.csr --batch --root vpn

if command -v script >/dev/null; then
	check "asked for at the terminal" 0 typed typed-name "$p11ca client issue 6.csr --root vpn $pin --out issued"
	check_has "with what the request wants" out "asks for 'asked6'"
	check "the answer counts" 0 "$p11ca" client show typed-name
	check "an empty answer" 7 typed '' "$p11ca client issue 7.csr --root vpn $pin --out issued"
fi
for name in ' x' 'DOMAIN\user' "$(printf 'a\tb')" "$(printf %065d 0)"; do
	check "refused even when typed: '$name'" 7 issue 8.csr --cn "$name" --root vpn
done
request slash.csr /CN=x
check "a name that would leave the folder" 0 issue slash.csr --cn ../../x --root vpn --json
case $(field '.certificates[0].path') in "$WORK/issued/"*/*) false ;; "$WORK/issued/"*) true ;; *) false ;; esac
ok "does not" out
plan
