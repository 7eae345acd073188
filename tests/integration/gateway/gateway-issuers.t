#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-issuers.t - the CAs above a subordinate root on a gateway: named, not let expire, and known to let clients in.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl faketime
cd "$WORK" || bail "no folder"
tokens hsm
gw() { "$p11ca" --json gateway "$@"; }
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
ca_ext='basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign'

# ca NAME SUBJECT ISSUER DAYS : every CA that openssl's makes has the serial 1
ca() {
	printf '[x]\nsubjectKeyIdentifier = hash\n%s\n' "$ca_ext" >"$1.cnf"
	openssl genrsa -out "$1.key" 2048 2>detail
	openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" || bail "no request"
	by=$3
	set -- "$1" "$4"
	if [ "$by" = "$1" ]; then set -- "$@" -signkey "$1.key"; else set -- "$@" -CA "$by.pem" -CAkey "$by.key"; fi
	ca_name=$1 ca_days=$2
	shift 2
	openssl x509 -req -in "$ca_name.csr" "$@" -set_serial 1 -days "$ca_days" -extfile "$ca_name.cnf" -extensions x -out "$ca_name.pem" 2>detail ||
	    bail "$(cat detail)"
}
# subordinate ROOT CA [TOP] : below CA, with the serial 1, too
subordinate() {
	# shellcheck disable=SC2086,SC2154 # pin comes from lib.sh, to be split
	"$p11ca" -q root request "$1" -t hsm --out "$1.csr" $pin >/dev/null || bail "no request"
	printf '[x]\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n%s\n' "$ca_ext" >sub.cnf
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial 1 -days 2000 -extfile sub.cnf -extensions x -out "$1.pem" 2>detail ||
	    bail "$(cat detail)"
	cat "$2.pem" "${3:-top}.pem" >chain.pem
	# shellcheck disable=SC2086
	"$p11ca" -q root install "$1" --cert "$1.pem" --chain chain.pem $pin >detail 2>&1 || bail "$(cat detail)"
}
ca top "/CN=Contoso Root" top 3000
ca mid "/CN=Contoso Policy" top 3000
subordinate vpn mid
gw add gw --resource-group rg >/dev/null || bail "no gateway"

# Serials are a CA's own: here all three have the same.
name_of() { echo "p11ca-ca-$(openssl x509 -in "$1" -outform DER | sha256sum | cut -c 1-16)"; }
check "three certificates of one serial" 0 "$p11ca" gateway render gw --format az
grep -q "^# root '$(name_of top.pem)' .*CN=Contoso Root: added" out && grep -q "^# root '$(name_of mid.pem)' .*CN=Contoso Policy: added" out
ok "the CAs above have names of their own" out
grep -q "^# root 'p11ca-01' .*CN=vpn: added" out; ok "and the root has its serial's" out
check "gateway check" 0 gw check gw
check "doctor names no more than that its keys are in files" 10 "$p11ca" --json doctor
check_json "by one code" '[.findings[].code] | unique == ["root-in-file"]'

# One that is expired is not put there: Azure refuses every update of a gateway that has it.
before=$(at "+2100 days" "$p11ca" gateway render gw 2>&1)
case $before in *": added"*) false ;; *) true ;; esac; ok "nothing goes where the root itself is expired"
openssl x509 -req -in top.csr -signkey top.key -set_serial 1 -days 30 -extfile top.cnf -extensions x -out top.pem 2>detail
subordinate brief mid
check "in 60 days" 0 at "+60 days" "$p11ca" gateway render gw --format az
grep -q "^# root .*CN=brief: added" out && grep -q "^# root .*CN=Contoso Policy: added" out; ok "who is valid is added" out
! grep -q "$(name_of top.pem)\|$(line top.pem)" out; ok "who is expired is not" out
check_has "but named" err "'CN=Contoso Root', an issuer of root 'brief', has expired"
check_has "with a code" err "gateway-issuer-expired"
check "what the ledger wants" 0 at "+60 days" "$p11ca" --json gateway check gw
check_json "has no expired root" '[.findings[].code] | index("gateway-root-expired") == null'

# The CAs above are whose they are: the topmost alone lets the clients of every root below it in.
ca first "/CN=Fabrikam Root" first 3000
ca second "/CN=Fabrikam Policy" first 3000
subordinate fab second first
root own hsm
"$p11ca" root export own --format pem --out own.pem || bail "no root"
gw add fabgw --resource-group rg --root fab --root own >/dev/null || bail "no gateway"
for name in alice bob; do
	request one.csr /CN=x
	issue one.csr --root fab --cn $name >detail 2>&1 || bail "no client: $(cat detail)"
done
state() { for file; do line "$file" && echo; done | jq -nR '{ name: "fabgw", type: "Microsoft.Network/virtualNetworkGateways", vpnClientConfiguration: {
	vpnClientProtocols: ["IkeV2"], vpnAuthenticationTypes: ["Certificate"], vpnClientAddressPool: { addressPrefixes: ["10.9.0.0/24"] },
	vpnClientRootCertificates: [inputs | { name: "r", publicCertData: . }], vpnClientRevokedCertificates: [] } }' |
    jq '.vpnClientConfiguration.vpnClientRootCertificates |= [to_entries[] | .value.name = "r\(.key)" | .value]'; }
why() { jq -r --arg who "$1" '.roots[] | select(.subject == $who) | "\(.change) \(if .managed then "ours" else "not ours" end) \(.reason)"' out; }
state first.pem second.pem fab.pem own.pem >all.json
check "all is there" 0 gw diff fabgw --state all.json --record
[ "$(why "CN=Fabrikam Root")" = "keep ours issuer of root fab" ] && [ "$(why "CN=Fabrikam Policy")" = "keep ours issuer of root fab" ]; ok "and said whose it is" out
check_json "nobody is warned" '.warnings == []'
check "without --prune for them" 0 gw diff fabgw --state all.json --prune
check_json "no root is removed" '[.roots[].change] | unique == ["keep"]'

"$p11ca" -q root retire fab --confirm fab >detail 2>&1 || bail "$(cat detail)"
state first.pem second.pem fab.pem own.pem >all.json
for wish in --retired --prune; do
	check "the root is removed: $wish" 10 gw diff fabgw --state all.json $wish
	[ "$(why CN=fab)" = "remove ours retired" ]; ok "$wish: it goes" out
	why "CN=Fabrikam Root" | grep -q "^keep ours issuer of root fab, and the gateway accepts its clients"; ok "$wish: the CA above stays, and why" out
	check_json "$wish: no client is locked out" '.locked_out == []'
	check_json "$wish: which is warned of" '[.warnings[].code // .warnings[].code] == ["gateway-issuer-trusted"]'
done
check "the script for it" 0 "$p11ca" gateway render fabgw --state all.json --retired
check_has "warns, too" err "accepts the clients of root 'fab'"
! grep -q gateway-clients-locked-out err; ok "no client is locked out" err

revoked() { jq -r '[.revoked[] | "\(.change) \(.subject)"] | join(",")' out; }
"$p11ca" -q client revoke alice --reason keyCompromise >/dev/null || bail "not revoked"
check "revoked, while the root goes" 10 gw diff fabgw --state all.json --retired
[ "$(revoked)" = "add alice" ]; ok "the thumbprint of alice is added even so" out
state first.pem own.pem >top.json
check "the topmost alone" 10 gw diff fabgw --state top.json --record
[ "$(revoked)" = "add alice" ]; ok "is enough for that" out
gw show fabgw >out; check_json "and she is pending" '[.pending[].name] == ["alice"]'
state second.pem own.pem >mid.json
check "so is the one between" 10 gw diff fabgw --state mid.json
[ "$(revoked)" = "add alice" ]; ok "likewise" out
state fab.pem own.pem >sub.json
check "without any of them" 10 gw diff fabgw --state sub.json --retired
check_json "each client with a valid certificate is locked out" '[.locked_out[].name] == ["bob"]'
state own.pem >none.json
check "nothing of them" 0 gw diff fabgw --state none.json --record
gw show fabgw >out; check_json "and nothing is pending" '.pending == []'
state first.pem second.pem fab.pem own.pem >all.json
check "when they are expired" 10 at "+3100 days" "$p11ca" --json gateway diff fabgw --state all.json --prune
[ "$(why "CN=Fabrikam Root")" = "remove ours expired" ]; ok "--prune removes them" out

# Another root below the same CA is let in, too, whatever the gateway is told to trust.
subordinate twin second first
{ gw add twingw --resource-group rg --root twin && gw add owngw --resource-group rg --root own; } >/dev/null || bail "no gateway"
subordinate third second first
request one.csr /CN=x
issued=$WORK/issued3
issue one.csr --root third --cn carol >detail 2>&1 || bail "no client: $(cat detail)"
check "revoked" 0 "$p11ca" --json client revoke carol --reason superseded --script close.sh
check_json "it is pending there" '[.pending[] | select(.name == "carol") | .gateway_name] | index("twingw") != null'
check_json "with the commands" '[.commands[].gateway_name] | index("twingw") != null and index("owngw") == null'
grep -q "^use .* 'twingw'" close.sh; ok "and the script closes it there" close.sh
check "by the plan, too" 0 gw render twingw
gw render twingw >out; grep -q "$("$p11ca" --json client show carol | jq -r .client.thumbprint)" out; ok "it is refused" out
! grep -q "gateway-name 'owngw'" close.sh; ok "a gateway of none of them is not asked" close.sh

ca other "/CN=Contoso Partner" top 3000
subordinate partner other
check "a root of the same serial from another CA" 0 "$p11ca" gateway render gw --format az
grep -q "^# root '$(name_of partner.pem)' .*CN=partner: added" out; ok "has another name" out
plan
