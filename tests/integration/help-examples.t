#!/bin/sh
# SPDX-License-Identifier: MIT
# help-examples.t - each example in the help of a command is run, as it is printed, on a copy of the same installation.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs openssl jq pkcs11-tool
cd "$WORK" || bail "no folder"
tokens root alice bob carol spare fabrikam fabrikam-backup auditkey
NEWPIN=555555 KEYPIN=passphrase-of-erin
export NEWPIN KEYPIN

# The installation and the files that the examples name
mkdir files
package_root gateway.pem "/CN=Test Gateway Root"
root contoso root
"$p11ca" root export contoso --format pem --out files/contoso.pem || bail "no root"
package_folder package gateway.pem files/contoso.pem
package_zip files/VNet1GW.zip package
package_root old-gateway.pem "/CN=Old Gateway Root"
package_folder old-package old-gateway.pem files/contoso.pem
package_zip files/VNet1GW-2025.zip old-package
card alice@contoso.com alice --out files/alice
cp files/alice/alice@contoso.com.pem files/alice.pem || bail "no certificate"
request files/bob.csr /CN=bob
# shellcheck disable=SC2086
prepared "$p11ca" -q client request bob@contoso.com --token bob --out files/bob.csr --force $pin >out || bail "no request"
printf 'csr,cn\nbob.csr,bob@contoso.com\n' >files/names.csv
printf 'cn,device,token\ncarol@contoso.com,,carol\n' >files/clients.csv
rsa_key files/fabrikam.key
package_root files/fabrikam.pem /CN=fabrikam
softhsm_key fabrikam a0a0 files/fabrikam.key && softhsm_key fabrikam-backup a0a0 files/fabrikam.key || bail "no key"
package_root files/ca.pem "/CN=Enterprise CA"
request old.csr /CN=old@contoso.com
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n' >client.ext
openssl x509 -req -in old.csr -CA files/fabrikam.pem -CAkey files/fabrikam.key -days 300 -extfile client.ext \
    -out files/old.pem 2>err || bail "no certificate: $(cat err)"
sed "s/test-gw/VNet1GW/g; s|resourceGroups/test/|resourceGroups/TestRG1/|; s|: \"test\"|: \"TestRG1\"|; s|@CLIENT_ROOT_DATA@|$(openssl x509 -in files/contoso.pem -outform DER | openssl base64 -A)|
	s|@OTHER_ROOT_DATA@|$(openssl x509 -in files/ca.pem -outform DER | openssl base64 -A)|" \
    "$srcdir/tests/data/gateway/vnet-gateway.json" >files/gw.json
printf 'base = azure-device\nsummary = notebooks with a device tunnel\ndays = 180\n' >files/office-machines.ini
# shellcheck disable=SC2086
{
	"$p11ca" -q root crl contoso --out files/last.crl $pin >out &&
		prepared "$p11ca" -q ledger checkpoint --token auditkey --out files/checkpoint.pem $pins >out &&
		"$p11ca" -q ledger backup --out files/backup.db >out || bail "no ledger"
}
openssl pkey -in files/ca.key -pubout -outform DER -out half.der &&
	pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --login --pin "$PIN" --write-object half.der \
	    --type pubkey --id 0a0b >out 2>err || bail "no half of a pair: $(cat err)"
mkdir base && mv home files base && cp -r tokens base || bail "no copy"

# `p11ca` of the examples gets PIN sources instead of a terminal
mkdir bin
cat >bin/p11ca <<'X'
#!/bin/sh
options=$(LD_PRELOAD='' "$real_p11ca" "$@" --help --verbose 2>/dev/null)
for row in pin:PIN root-pin:PIN new-pin:NEWPIN key-pin:KEYPIN; do
	case $options in *" --${row%:*}-source="*) set -- "$@" "--${row%:*}-source" "env:${row#*:}" ;; esac
done
case "$*" in
'token init '* | 'token pin '*' --unblock '*) set -- "$@" --so-pin-source env:SOPIN ;;
'token clean '*) set -- "$@" --confirm 0a0b ;; # typed on a terminal
esac
exec "$real_p11ca" -q "$@"
X
chmod +x bin/p11ca
real_p11ca=$p11ca PATH=$WORK/bin:$PATH
export real_p11ca PATH

# before WORDS EXAMPLE : what has to be there for this example
before() {
	case $2 in
	*' gateway add '*) ;;
	*' gateway '* | *--script* | *--gateway-state*) p11ca gateway add VNet1GW --resource-group TestRG1 --root contoso ;;
	*' root create '* | *' ledger restore '*) rm -r "$WORK/home" ;;
	*' root attach '* | *' --root fabrikam'*) p11ca root adopt fabrikam --token fabrikam --cert fabrikam.pem --accept-imported ;;
	*' root install '*)
		p11ca root request sub --token spare --out sub.csr &&
			printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' >sub.ext &&
			openssl x509 -req -in sub.csr -CA ca.pem -CAkey ca.key -days 300 -extfile sub.ext -out sub.pem
		;;
	*' root rollover '*) p11ca root create contoso-2027 --token spare ;;
	*' --force '*) p11ca root crl contoso --out contoso.crl ;;
	*' client install '*) p11ca client issue bob.csr --cn bob@contoso.com --out issued && cp issued/bob* bob.pem ;;
	*' client bundle '*)
		p11ca client request erin@contoso.com --key-file erin.key --out erin.csr &&
			p11ca client issue erin.csr --cn erin@contoso.com --out issued && cp issued/erin* erin.pem
		;;
	*' root export '*) rm contoso.pem ;;
	*' client export '*) rm alice.pem ;;
	*' client restore '*) p11ca client revoke alice@contoso.com --reason certificateHold ;;
	*' profile stale '*) p11ca profile write VNet1GW-2025.zip --client alice@contoso.com --for swanctl --out profiles ;;
	*' ledger acknowledge '*) rm -r "$WORK/home" && p11ca ledger restore backup.db ;;
	esac
}
# example WORDS LINE : 0: done; 10: done, with findings
example() {
	cd "$WORK" && rm -rf home tokens run && cp -r base/home base/tokens . && cp -r base/files run && cd run || return 99
	before "$1" "p11ca $2" >before 2>&1 || { echo "before: $(cat before)"; return 98; }
	prepared sh -c "$2" </dev/null
	example_status=$?
	cd "$WORK" || return 99
	[ "$example_status" -eq 0 ] || [ "$example_status" -eq 10 ]
}
"$p11ca" help | sed -n '/^commands:/,/^$/s/^  \([a-z].*\)/\1/p' | sed 's/  .*//' >commands
while read -r words; do
	# shellcheck disable=SC2086
	"$p11ca" help $words | sed -n 's/^    \$ //p' | sed "s/^/$words|/" >one
	[ -s one ]; ok "$words has examples"
	cat one >>lines
done <commands
while IFS='|' read -r words line; do
	case $line in "p11ca $words"* | "p11ca --batch $words"*) ;; *) line="false # not of $words: $line" ;; esac
	example "$words" "$line" >out 2>&1
	ok "$line" out
done <lines
[ "$(wc -l <lines)" -ge 85 ]; ok "$(wc -l <lines) examples were run"
! example 'client list' 'p11ca client list --nosuch' >out 2>&1; ok "an example with an unknown option would be seen" out
plan
