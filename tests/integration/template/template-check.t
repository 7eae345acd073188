#!/bin/sh
# SPDX-License-Identifier: MIT
# template-check.t - templates of the user's own: what they may say, and certificates made from them.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm --template vpn-root
own=$P11CA_HOME/templates
mkdir "$own"
# wrong LINE TEXT [NAME] : refused, by file and line
wrong() {
	printf '%b' "$2" >"$WORK/mine.ini"
	check "wrong: $(sed -n "$1p" "$WORK/mine.ini")" 3 "$p11ca" template check "$WORK/mine.ini"
	check_has "in line $1" err "$WORK/mine.ini, line $1"
}
wrong 1 'days = 3\n'
wrong 1 'base = nosuch\n'
wrong 1 'base = azure-root\n'
wrong 1 'base = ledger-signer\n'
wrong 2 'base = vpn-client\nday = 3\n'
wrong 2 'base = vpn-client\ndays = 0\n'
wrong 3 '# mine\nbase = vpn-client\ndays = many\n'
wrong 3 'base = vpn-client\ndays = 3\ndays = 4\n'
wrong 2 'base = azure-client\nkeys = ec\n'
wrong 2 'base = vpn-client\nkeys = dsa\n'
wrong 2 'base = vpn-client\nmin-rsa-bits = 1024\n'
wrong 2 'base = vpn-client\nextended-key-usage = serverAuth\n'
wrong 2 'base = vpn-client\nextended-key-usage = ipsecIKE clientAuth\n'
wrong 2 'base = vpn-client\nextended-key-usage = clientAuth ipsecIKE emailProtection smartCardLogon\n'
wrong 2 'base = vpn-client\nuser-principal-name = maybe\n'
wrong 3 'base = vpn-client\n[more]\ndays = 3\n'
wrong 2 'base = vpn-client\nnonsense\n'
: >"$WORK/mine.ini"
check "an empty one" 3 "$p11ca" template check "$WORK/mine.ini"
echo "base = vpn-client" >"$WORK/Mine.ini"
check "an invalid name is refused" 3 "$p11ca" template check "$WORK/Mine.ini"
echo "base = vpn-client" >"$WORK/azure-client.ini"
check "the name of a built-in one" 3 "$p11ca" template check "$WORK/azure-client.ini"
check "no file" 9 "$p11ca" template check "$WORK/nothing.ini"

printf 'base = vpn-client\nsummary = users of the OpenVPN server\ndays = 90\nkeys = ec\n' >"$own/openvpn-users.ini"
printf 'base = azure-device\nsummary = notebooks with a device tunnel\ndays = 180\nmin-rsa-bits = 3072\nextended-key-usage = clientAuth ipsecIKE\n' >"$own/office-machines.ini"
check "for OpenVPN" 0 "$p11ca" --json template check "$own/openvpn-users.ini"
check_json "as it says, and else as its base" '.template | .name == "openvpn-users" and .days == 90 and .key_types == ["EC"] and (.eku | last | test("5.5.7.3.2$")) and (.for_roots | not)'
check "for device tunnels" 0 "$p11ca" --json template show office-machines
check_json "is shown by name" '.template | .days == 180 and .min_rsa_bits == 3072 and .host_name and .eku == ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.17"]'
check "listed" 0 "$p11ca" --json template list
check_json "behind the built-in ones" '[.templates[-2:][].name] == ["office-machines", "openvpn-users"]'

openssl ecparam -genkey -name prime256v1 -noout -out "$WORK/u.csr.key"
openssl req -new -key "$WORK/u.csr.key" -subj /CN=x -out "$WORK/u.csr"
printf '[root vpn]\ntemplate = openvpn-users\n' >"$P11CA_HOME/p11ca.conf"
check "a user, by the root's section" 0 issue "$WORK/u.csr" --cn una --json
"$p11ca" root export vpn --format pem >"$WORK/root.pem"
"$p11ca" client export una --format pem >"$WORK/una.pem"
check "openssl takes it for a client" 0 openssl verify -x509_strict -purpose sslclient -CAfile "$WORK/root.pem" "$WORK/una.pem"
check "it ends within 90 days" 1 openssl x509 -in "$WORK/una.pem" -noout -checkend $((91 * 86400))
check "not much earlier" 0 openssl x509 -in "$WORK/una.pem" -noout -checkend $((89 * 86400))
check "the ledger has its name" 0 "$p11ca" --json client show una
check_json "of the template" '.client.template_name == "openvpn-users"'
request "$WORK/m.csr" /CN=x
issued=$WORK/m
check "a machine's key that is too short" 7 issue "$WORK/m.csr" --cn pc1.contoso.com --template office-machines
check "a key of the length that the template requires" 0 "$p11ca" --json client enroll pc2.contoso.com --token hsm --same-token \
    --template office-machines --dry-run
request "$WORK/m3.csr" /CN=x -newkey rsa:3072
check "a name that is no host's" 7 issue "$WORK/m3.csr" --cn "Pat Doe" --template office-machines
check "a machine" 0 issue "$WORK/m3.csr" --cn pc1.contoso.com --template office-machines
"$p11ca" client export pc1.contoso.com --format pem >"$WORK/pc1.pem"
check "openssl takes it" 0 openssl verify -x509_strict -purpose sslclient -CAfile "$WORK/root.pem" "$WORK/pc1.pem"
check "its purposes" 0 openssl x509 -in "$WORK/pc1.pem" -noout -ext extendedKeyUsage,subjectAltName
check_has "in order" out "TLS Web Client Authentication, ipsec Internet Key Exchange"
check_has "with its host name" out "DNS:pc1.contoso.com"
mv "$own/openvpn-users.ini" "$WORK/gone.ini"
check "a template that is gone" 4 issue "$WORK/u.csr" --cn ugo
echo "days = 3" >"$own/openvpn-users.ini"
check "one that is wrong" 3 issue "$WORK/u.csr" --cn ugo
check_has "is named" err "openvpn-users.ini, line 1"
check "nothing else came of it" 0 "$p11ca" ledger verify
plan
