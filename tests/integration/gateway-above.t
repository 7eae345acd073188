#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-above.t - the CAs above a subordinate root on a gateway: named, not let expire, and known to let clients in.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl faketime
cd "$WORK" || bail "no folder"
tokens hsm alice
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
# subordinate ROOT CA : below CA, with the serial 1, too
subordinate() {
	# shellcheck disable=SC2086,SC2154 # pin comes from lib.sh, to be split
	"$p11ca" -q root request "$1" -t hsm --out "$1.csr" $pin >/dev/null || bail "no request"
	printf '[x]\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n%s\n' "$ca_ext" >sub.cnf
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial 1 -days 2000 -extfile sub.cnf -extensions x -out "$1.pem" 2>detail ||
	    bail "$(cat detail)"
	cat "$2.pem" top.pem >chain.pem
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
check "doctor" 0 "$p11ca" --json doctor

# One that is expired is not put there: Azure refuses every update of a gateway that has it.
before=$(at "+2100 days" "$p11ca" gateway render gw 2>&1)
case $before in *": added"*) false ;; *) true ;; esac; ok "nothing goes where the root itself is expired"
openssl x509 -req -in top.csr -signkey top.key -set_serial 1 -days 30 -extfile top.cnf -extensions x -out top.pem 2>detail
subordinate brief mid
check "in 60 days" 0 at "+60 days" "$p11ca" gateway render gw --format az
grep -q "^# root .*CN=brief: added" out && grep -q "^# root .*CN=Contoso Policy: added" out; ok "who is valid is added" out
! grep -q "$(name_of top.pem)\|$(line top.pem)" out; ok "who is expired is not" out
check_has "but named" err "'CN=Contoso Root', above root 'brief', is expired"
check_has "with a code" err "gateway-above-expired"
check "what the ledger wants" 0 at "+60 days" "$p11ca" --json gateway check gw
check_json "has no expired root" '[.findings[].code] | index("gateway-root-expired") == null'
ca other "/CN=Contoso Partner" top 3000
subordinate partner other
check "a root of the same serial from another CA" 0 "$p11ca" gateway render gw --format az
grep -q "^# root '$(name_of partner.pem)' .*CN=partner: added" out; ok "has another name" out
plan
