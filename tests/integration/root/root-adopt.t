#!/bin/sh
# SPDX-License-Identifier: MIT
# root-adopt.t - roots made by Azure's four recipes, and by a key that never left its token, taken over and used.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool pki pkcs11-tool sqlite3
tokens hsm other
adopt() { "$p11ca" --json root adopt "$@" --pin-source env:PIN; }

# self NAME EXTENSIONS [OPTION...] : a self-signed certificate with just these extensions, its key on the token
self() {
	self_name=$1
	printf '[req]\ndistinguished_name = dn\nx509_extensions = x\n[dn]\n[x]\n%s\n' "$2" >"$WORK/$1.cnf"
	shift 2
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -config "$WORK/$self_name.cnf" -subj "/CN=$self_name" -days 730 \
	    -keyout "$WORK/$self_name.key" -out "$WORK/$self_name.pem" "$@" 2>"$WORK/detail" || bail "$(cat "$WORK/detail")"
}
import() { softhsm_key hsm "$2" "$WORK/$1.key" || bail "no key of $1"; }

# PowerShell's New-SelfSignedCertificate: keyCertSign, SKI, no basicConstraints.
self powershell "keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash"
# makecert -r: one extension, the old 2.5.29.1, and a serial number that may be negative
self makecert "2.5.29.1 = DER:30:0d:80:04:01:02:03:04:81:01:00:82:02:01:00" -set_serial -0x112233445566778899
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$WORK/strongswan.key" 2>/dev/null
pki --self --in "$WORK/strongswan.key" --dn "CN=VPN CA" --ca --outform pem >"$WORK/strongswan.pem" 2>/dev/null || bail "no root of pki's"
openssl genrsa -out "$WORK/openssl.key" 2048 2>/dev/null
openssl req -x509 -new -nodes -key "$WORK/openssl.key" -subj "/CN=VPN CA 2" -days 3650 -out "$WORK/openssl.pem" || bail "no root of openssl's"
check "the recipe of OpenSSL has no keyUsage" 0 openssl x509 -in "$WORK/openssl.pem" -noout -text
check_lacks "as documented" out "Key Usage"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --keypairgen --key-type rsa:2048 --id 0a0b --label made \
    >/dev/null 2>&1 || bail "no key of pkcs11-tool's"
printf 'cn = "made there"\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 1000\n' >"$WORK/certtool.cfg"
GNUTLS_PIN=$PIN certtool --provider "$PKCS11_MODULE_PATH" --generate-self-signed --template "$WORK/certtool.cfg" --outfile "$WORK/certtool.pem" \
    --load-privkey "pkcs11:token=other;id=%0a%0b;type=private" --load-pubkey "pkcs11:token=other;id=%0a%0b;type=public" >"$WORK/detail" 2>&1 || bail "$(cat "$WORK/detail")"
n=10
for shape in powershell makecert strongswan openssl; do
	import "$shape" $((n += 1))
done

check "without a word for it" 7 adopt powershell -t hsm --cert "$WORK/powershell.pem"
check_json "an imported key is refused" '.error.code == "root-imported"'
[ ! -e "$P11CA_HOME/ledger.db" ]; ok "and no ledger made"
check "dry run" 0 adopt powershell -t hsm --cert "$WORK/powershell.pem" --dry-run
[ ! -e "$P11CA_HOME/ledger.db" ]; ok "makes none, either"

# adopted SHAPE TOKEN ORIGIN WARNING [OPTION...] : and a client under it
adopted() {
	shape=$1 origin=$3 warning=$4 token=$2
	shift 4
	check "$shape" 0 adopt "$shape" -t "$token" --cert "$WORK/$shape.pem" "$@"
	check_json "$shape: its certificate is stored" '.result.installed and .result.template_name == "adopted"'
	[ -z "$warning" ] || check_json "$shape: what it lacks is said" "[.warnings[].code] | index(\"$warning\") != null"
	check "$shape: again" 0 adopt "$shape" -t "$token" --cert "$WORK/$shape.pem" "$@"
	check_json "$shape: nothing was left to do" .result.existing
	check "$shape: shown" 0 "$p11ca" --json root show "$shape"
	check_json "$shape: with its origin" ".root | .state == \"issued\" and .origin == \"$origin\""
	"$p11ca" root export "$shape" --format der >"$WORK/root.der"
	openssl x509 -in "$WORK/$shape.pem" -outform DER | cmp - "$WORK/root.der" >"$WORK/detail"; ok "$shape: exported as it was" "$WORK/detail"
	request "$WORK/$shape.csr" /CN=x
	check "$shape: a client" 0 "$p11ca" --json client issue "$WORK/$shape.csr" --cn "$shape@contoso.com" --root "$shape" --out "$WORK/$shape" $pin
	"$p11ca" client export "$shape@contoso.com" --format pem --out "$WORK/client.pem" --force
	if [ "$shape" = makecert ]; then # neither basicConstraints nor keyUsage: no issuer for openssl, one for GnuTLS
		check "$shape: certtool accepts it" 0 certtool --verify --verify-profile low --load-ca-certificate "$WORK/makecert.pem" --infile "$WORK/client.pem"
		openssl x509 -in "$WORK/makecert.pem" -signkey "$WORK/makecert.key" -days 30 -extfile "$WORK/powershell.cnf" -extensions x \
		    -clrext -out "$WORK/anchor.pem" 2>/dev/null
		check "$shape: openssl accepts it, by the root's name and key" 0 openssl verify -CAfile "$WORK/anchor.pem" "$WORK/client.pem"
	else
		check "$shape: openssl accepts it" 0 openssl verify -CAfile "$WORK/$shape.pem" -purpose sslclient "$WORK/client.pem"
	fi
}
imported="imported or unknown: copies may exist"
adopted powershell hsm "$imported" azure-root-no-basic-constraints --accept-imported
adopted makecert hsm "$imported" azure-root-no-basic-constraints --accept-imported
adopted strongswan hsm "$imported" "" --accept-imported
adopted openssl hsm "$imported" azure-root-no-key-usage --accept-imported
adopted certtool other "stated local" ""
check "the ledger is clean" 0 "$p11ca" --json ledger verify
check "its events" 0 "$p11ca" --json ledger log
check_json "say so" '[.events[] | select(.kind == "certificate-adopted")] | length == 5'
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id 11 -o "$WORK/stored.der" >/dev/null 2>&1
openssl x509 -in "$WORK/powershell.pem" -outform DER | cmp - "$WORK/stored.der" >"$WORK/detail"; ok "the certificate lies beside its key" "$WORK/detail"
card alice@contoso.com other --root strongswan
check "a card under an adopted root" 0 "$p11ca" client show alice@contoso.com

# refused NAME STATUS CODE OPTION...
refused() {
	refused_name=$1 refused_code=$3 refused_status=$2
	shift 3
	check "$refused_name" "$refused_status" adopt "$@"
	[ -z "$refused_code" ] || check_json "has a code" ".error.code == \"$refused_code\""
}
refused "the same root under another name" 7 key-recorded twice -t hsm --cert "$WORK/openssl.pem" --accept-imported
refused "another root under a name that is taken" 7 root-name-taken openssl -t hsm --cert "$WORK/strongswan.pem" --accept-imported
refused "from another token" 7 root-name-taken openssl -t other --cert "$WORK/openssl.pem" --accept-imported
"$p11ca" client export powershell@contoso.com --format pem --out "$WORK/leaf.pem"
refused "a client's certificate" 7 root-not-self-signed leaf -t hsm --cert "$WORK/leaf.pem"
self leaf "basicConstraints = CA:FALSE"
refused "one that may not sign others" 7 "" leaf2 -t hsm --cert "$WORK/leaf.pem"
self absent "basicConstraints = critical, CA:TRUE"
refused "one whose key is not there" 4 "" absent -t hsm --cert "$WORK/absent.pem" --accept-imported
refused "no certificate" 3 "" absent -t hsm --cert "$WORK/absent.key"
refused "no file" 9 "" absent -t hsm --cert "$WORK/nothing"
self open "basicConstraints = critical, CA:TRUE"
openssl pkey -in "$WORK/open.key" -outform DER -out "$WORK/open.der"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --login --pin "$PIN" --write-object "$WORK/open.der" --type privkey --id 99 --extractable >/dev/null 2>&1
openssl pkey -in "$WORK/open.key" -pubout -outform DER -out "$WORK/open.pub"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --login --pin "$PIN" --write-object "$WORK/open.pub" --type pubkey --id 99 >/dev/null 2>&1
refused "an extractable key" 7 key-extractable open -t hsm --cert "$WORK/open.pem" --accept-imported
openssl ecparam -genkey -name prime256v1 -noout | openssl pkcs8 -topk8 -nocrypt -out "$WORK/ec.key"
openssl req -x509 -new -key "$WORK/ec.key" -subj /CN=ec -out "$WORK/ec.pem"
import ec 88
refused "an EC root, for Azure" 7 "" ec -t hsm --cert "$WORK/ec.pem" --accept-imported
check "for others" 0 adopt ec -t hsm --cert "$WORK/ec.pem" --accept-imported --template vpn-root

# Four runs of one command at the same time: each ends with the same root.
home=$P11CA_HOME P11CA_HOME=$WORK/parallel
for run in 1 2 3 4; do
	{
		adopt openssl -t hsm --cert "$WORK/openssl.pem" --accept-imported >"$WORK/run-$run" 2>"$WORK/run-$run.err"
		echo $? >"$WORK/run-$run.status"
	} &
done
wait
cat "$WORK"/run-?.status | grep -vx 0 >"$WORK/detail" && cat "$WORK"/run-?.err >>"$WORK/detail"
[ ! -s "$WORK/detail" ]; ok "four adoptions of one root at the same time all succeed" "$WORK/detail"
[ "$(jq -r .result.serial "$WORK"/run-? | sort -u | wc -l)" -eq 1 ]; ok "each prints the same root"
[ "$("$p11ca" --json root list | jq '.roots | length')" -eq 1 ]; ok "the ledger has the root once"
P11CA_HOME=$home

# Test keys that are published with p11ca are for test homes, and only roots marked with O=TEST are adopted there.
cd "$WORK" || bail "no folder"
published=$srcdir/softhsm-fixtures/keys
openssl req -x509 -new -nodes -key "$published/test-minimal-root.pem" -subj "/CN=public" -days 700 -out public.pem 2>detail &&
	openssl req -new -key "$published/test-minimal-card.pem" -subj "/CN=public" -out public.csr 2>>detail || bail "$(cat detail)"
softhsm_key hsm 77 "$published/test-minimal-root.pem" || bail "no key"
check "a root with a published test key is not adopted" 7 adopt public -t hsm --cert public.pem --accept-imported
check_json "the refusal has a code" '.error.code == "test-key-published" and (.error.message | test("test-minimal-root"))'
check "a root is not created with a published test key" 7 "$p11ca" --json root create public -t hsm --existing-key pkcs11:id=%77 \
    --accept-imported $pin
check_json "the refusal of the key has the same code" '.error.code == "test-key-published"'
check "a client's published test key is not certified" 7 "$p11ca" --json client issue public.csr --cn public --root openssl $pin --out public
check_json "the refusal of the request has the same code" '.error.code == "test-key-published"'
check "a root without O=TEST is not adopted in a test home" 7 adopt openssl --home trial --test -t hsm --cert openssl.pem --accept-imported
check_json "the refusal names the reason" '.error.code == "root-not-test"'
[ ! -e trial ]; ok "the refusal created no home"
openssl req -x509 -new -nodes -key "$published/test-minimal-root.pem" -subj "/O=TEST/CN=public" -days 700 -out marked.pem 2>detail ||
	bail "$(cat detail)"
check "a marked root with a published test key is adopted there" 0 adopt public --home trial --test -t hsm --cert marked.pem --accept-imported
check "the test home certifies a published test key" 0 "$p11ca" --home trial --json client issue public.csr --cn client $pin --out public
check "a test home warns about its roots when a gateway is added" 0 "$p11ca" --home trial --json gateway add gw --resource-group rg
check_json "the warning has a code" '[.warnings[].code] | index("gateway-for-test-roots") != null'
check "nothing of this did harm" 0 "$p11ca" --json ledger verify
plan
