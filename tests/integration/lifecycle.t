#!/bin/sh
# SPDX-License-Identifier: MIT
# lifecycle.t - a certificate's whole life, in order, each step judged by a program that is not ours.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool pkcs11-tool sqlite3
cd "$WORK" || bail "no folder"
tokens hsm next desk alice
quiet() { "$p11ca" -q "$@" >out 2>err || cat out err >>failed; }
serial() { "$p11ca" --json "$1" show "$2" | jq -r ".$1.serial"; }
# crl ROOT : signs one; openssl says which serials are in it
crl() {
	quiet root crl "$1" --out "$1.crl" --force $pin
	openssl crl -in "$1.crl" -CAfile "$1.pem" -noout -text >crl.txt 2>&1 && grep -q 'verify OK' crl.txt
}
lists() { grep -qi "Serial Number: 0*$1\$" crl.txt; }
valid() { openssl verify -x509_strict -crl_check -CAfile "$1.pem" -CRLfile "$1.crl" "$2" >detail 2>&1; }

quiet root create old -t hsm $pin
"$p11ca" root export old --format pem --out old.pem
certtool --certificate-info --infile old.pem >detail 2>&1 && grep -q 'Certificate Authority (CA): TRUE' detail
ok "create: certtool reads a CA" detail

quiet client enroll alice@contoso.com -t alice --out first $pins
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --login --pin "$PIN" -O 2>/dev/null |
	grep -c "ID: *$(jq -r .result.cka_id first/receipt.json)" >detail
[ "$(cat detail)" -eq 3 ]; ok "enroll: pkcs11-tool sees key and certificate" detail
one=$(jq -r .result.serial first/receipt.json)
crl old; ok "openssl verifies the first CRL" crl.txt
valid old first/alice@contoso.com.pem; ok "and with it the certificate" detail

quiet client renew "$one" --out second $pins
two=$(jq -r .result.serial second/receipt.json)
valid old first/alice@contoso.com.pem && valid old second/alice@contoso.com.pem; ok "renew: openssl verifies both" detail

quiet client revoke "$one" --reason superseded
quiet client revoke "$two" --reason certificateHold
crl old && lists "$one" && lists "$two"; ok "revoke: both are in the CRL" crl.txt
! valid old second/alice@contoso.com.pem; ok "openssl refuses the held one" detail
n=$(openssl crl -in old.crl -noout -crlnumber | sed 's/.*=0x//')

quiet client restore "$two"
crl old && ! lists "$two"; ok "restore: it is not in the next CRL" crl.txt
valid old second/alice@contoso.com.pem && ! valid old first/alice@contoso.com.pem; ok "openssl takes it again, not the other" detail
[ "$((0x$(openssl crl -in old.crl -noout -crlnumber | sed 's/.*=0x//')))" -gt "$((0x$n))" ]; ok "whose number is higher"

quiet ledger checkpoint -t desk --out checkpoint.pem $pins
openssl cms -verify -inform PEM -in checkpoint.pem -CAfile old.pem -out checkpoint.txt 2>detail; ok "checkpoint: openssl cms verifies it" detail
seq=$(sed -n 's/^seq: //p' checkpoint.txt)
[ "$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT hash FROM events WHERE seq = $seq")" = "$(sed -n 's/^head: //p' checkpoint.txt)" ]
ok "and sqlite3 finds its head"

quiet root create new -t next $pin
"$p11ca" root export new --format pem --out new.pem
quiet client renew "$two" --root new --supersede --out third $pins
openssl verify -x509_strict -CAfile new.pem third/alice@contoso.com.pem >detail 2>&1; ok "roll over: openssl verifies her under the new root" detail
"$p11ca" --json root rollover old --to new | jq -e '[.clients[] | select(.name == "alice@contoso.com")] == []' >detail
ok "nobody is left under the old one" detail
quiet root retire old --confirm old
crl old && lists "$two"; ok "retire: the old root's last CRL has them all" crl.txt
[ "$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT is_retired FROM roots WHERE name = 'old'")" = 1 ]; ok "sqlite3 sees it retired"

check "verify" 0 "$p11ca" ledger verify
check "against the checkpoint, on a copy" 0 sh -c '"$0" -q ledger backup --out copy.db >/dev/null &&
	"$0" ledger verify copy.db --checkpoint checkpoint.pem --root old.pem' "$p11ca"
prev=0000000000000000000000000000000000000000000000000000000000000000
for seq in $(seq "$(sqlite3 copy.db 'SELECT max(seq) FROM events')"); do
	sqlite3 copy.db "SELECT body FROM events WHERE seq = $seq" | grep -qx "prev: $prev" || break
	prev=$(printf %s "$(sqlite3 copy.db "SELECT body FROM events WHERE seq = $seq")" | sha256sum | cut -d' ' -f1)
done
[ "$prev" = "$(sqlite3 copy.db 'SELECT head FROM ledger')" ]; ok "sqlite3 and sha256sum come to the same head"
[ ! -s failed ]; ok "no command failed" failed
plan
