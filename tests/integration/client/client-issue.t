#!/bin/sh
# SPDX-License-Identifier: MIT
# client-issue.t - one request or many; what a request asks for does not arrive.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
cd "$WORK" || bail "no folder"
"$p11ca" root export vpn --format pem >root.pem

request a.csr /CN=someone
check "issues" 0 issue a.csr --cn alice@contoso.com --json
check_json "one" '.certificates | length == 1 and .[0].outcome == "issued" and .[0].name == "alice@contoso.com"'
cert=$(field '.certificates[0].path') serial=$(field '.certificates[0].serial')
check "valid by the strict rules" 0 openssl verify -x509_strict -purpose sslclient -CAfile root.pem "$cert"
check "again" 0 issue a.csr --cn alice@contoso.com --json
check_json "returns what was issued" ".certificates[0] | .outcome == \"existing\" and .serial == \"$serial\""
check "the same key for somebody else" 7 issue a.csr --cn mallory --json
check_json "has a code" '.error.code == "key-certified"'
request b.csr /CN=someone
check "a second certificate of one client" 7 issue b.csr --cn alice@contoso.com --json
check_json "has a code" '.error.code == "client-has-certificate"'
check "for another device" 0 issue b.csr --cn alice@contoso.com --device phone --json
check_json "is issued" '.certificates[0] | .outcome == "issued" and .device == "phone"'

# Whatever a request asks for, the template decides.
cat >asks.cnf <<'EOF'
[req]
prompt = no
distinguished_name = dn
req_extensions = ext
[dn]
[ext]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
extendedKeyUsage = anyExtendedKeyUsage,serverAuth,codeSigning
subjectAltName = DNS:gateway.contoso.com,IP:10.0.0.1,URI:https://contoso.com,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:admin@contoso.com,email:boss@contoso.com
certificatePolicies = 2.5.29.32.0
1.3.6.1.4.1.311.20.2 = DER:1e0a00550073006500720000
1.3.6.1.4.1.311.21.7 = DER:300a06082b06010401823715
nameConstraints = permitted;DNS:.com
EOF
request greedy.csr /CN=greedy -config asks.cnf
check "a request that asks for everything" 0 issue greedy.csr --cn modest --json
check_json "is told what it does not get" '.certificates[0].not_granted | join(" ") | test("CA|2.5.29.19|basicConstraints"; "i")'
check "gets what the template says" 0 openssl x509 -in "$(field '.certificates[0].path')" -noout -text
cp out text
[ "$(grep -c 'X509v3 [A-Z]' out)" -eq 5 ]; ok "five extensions" out
for what in 'CA:TRUE' 'Any Extended' 'Server Auth' 'Code Signing' gateway.contoso.com 10.0.0.1 https: othername boss@ 'Certificate Sign' 1.3.6.1.4.1.311 Policies 'Name Constraints'; do
	check_lacks "not $what" text "$what"
done
check_has "its name" text "DNS:modest"
cat >ms.cnf <<'EOF'
oid_section = oids
[oids]
osVersion = 1.3.6.1.4.1.311.13.2.3
[req]
prompt = no
distinguished_name = dn
attributes = attributes
[dn]
CN = pc1
[attributes]
osVersion = 10.0.19045.2
EOF
openssl req -new -newkey rsa:2048 -nodes -keyout ms.key -config ms.cnf -out ms.csr 2>/dev/null || bail "no request" # -subj drops attributes
check "Microsoft's attributes" 0 issue ms.csr --cn pc1 --json
check_json "are named" '.certificates[0].not_granted | join(" ") | test("1.3.6.1.4.1.311.13.2.3")'

# A batch: refusals do not stop the others.
mkdir batch
for i in 1 2 3 4 5 6 7 8; do request batch/$i.csr /CN=host$i; done
echo text >batch/9.csr
check "nine, one of them no request" 10 issue batch/*.csr --trust-names --jobs 2 --json
check_json "eight are issued" '[.certificates[] | select(.outcome == "issued")] | length == 8'
check_json "one is refused, with the reason" '[.certificates[] | select(.outcome == "refused")] | length == 1 and .[0].message != null and (.[0].file | endswith("9.csr"))'
check_json "eight serials" '[.certificates[].serial | select(. != null)] | unique | length == 8'
check "openssl takes all" 0 openssl verify -x509_strict -CAfile root.pem issued/host*.pem
request batch/10.csr /CN=host10
check "a batch with a file that does not exist" 10 issue batch/nosuch.csr batch/10.csr --trust-names --json
check_json "goes on with the others" '[.certificates[].outcome] == ["refused", "issued"] and (.certificates[0].message | test("nosuch"))'
check "alone, that file is an error" 9 issue batch/nosuch.csr --trust-names
request c.csr /CN=x
check "from standard input" 0 issue - --cn piped <c.csr
check "refusals are in the ledger" 0 "$p11ca" ledger log
check_has "with the file" out 9.csr
check "longer than the root" 7 issue batch/1.csr --cn x --days 9000
check "64 jobs at most" 2 issue batch/1.csr --cn x --jobs 65
openssl x509 -in root.pem -outform DER -out root.der
for file in root.pem root.der; do
	check "the certificate $file instead of a request is refused" 3 "$p11ca" client issue "$file" --cn x --out issued --dry-run
	check_has "the hint asks for the request" err "give the request"
done
check "a dry run for the name of the root is refused" 7 "$p11ca" --json client issue a.csr --cn vpn --out issued --dry-run
check_json "as the real run is" '.error.code == "rfc5280-issuer-name"'
check "the real run is refused" 7 "$p11ca" --json client issue a.csr --cn vpn --out issued $pin
check_json "with the same code" '.error.code == "rfc5280-issuer-name"'
request days.csr /CN=days
check "a certificate for 20 days" 0 issue days.csr --cn days --days 20 --json
check "is given again for as many" 0 issue days.csr --cn days --days 20 --json
check_json "as it is there" '.certificates[0].outcome == "existing"'
check "and where no days are named" 0 issue days.csr --cn days --json
check "but not for one of 30 days" 7 issue days.csr --cn days --days 30 --json
check_json "with a code" '.error.code == "client-has-certificate" and (.error.message | test("20 days, not for 30"))'
for name in VPN Vpn. ｖpn; do
	check "the name of the root in another spelling is refused, too: $name" 7 "$p11ca" --json client issue a.csr --cn "$name" --out issued $pin
	check_json "with the same code" '.error.code == "rfc5280-issuer-name"'
	check "and for a card" 7 "$p11ca" --json client enroll "$name" -t hsm $pins --out issued
	check_json "with that code" '.error.code == "rfc5280-issuer-name"'
done
# Nothing is left behind.
check "a refused request leaves no folder" 7 "$p11ca" client issue a.csr --cn vpn --out nowhere/at/all $pin
[ ! -e nowhere ]; ok "neither folder nor root.cer was made"
check "two refused requests leave no folder" 10 "$p11ca" --batch client issue a.csr batch/1.csr --out nowhere $pin
[ ! -e nowhere ]; ok "neither folder nor root.cer was made for two"
request left.csr /CN=left
mkdir left && : >left/x.pem.0123456789abcdef.tmp && : >left/.fedcba9876543210.tmp && : >left/mine.tmp && : >left/a.0123456789abcdef.txt
(flock 9 && sleep 30) 9>left/busy.pem.aaaaaaaaaaaaaaaa.tmp & holder=$!
check "a run into a folder that a killed run left" 0 "$p11ca" client issue left.csr --cn left --out left $pin
[ ! -e left/x.pem.0123456789abcdef.tmp ]; ok "the temporary file of the killed run is gone"
[ -e left/busy.pem.aaaaaaaaaaaaaaaa.tmp ]; ok "the temporary file of a run that is writing stays"
[ -e left/mine.tmp ] && [ -e left/a.0123456789abcdef.txt ]; ok "other files stay"
kill "$holder" 2>/dev/null
"$p11ca" root export vpn --format cer >root.cer.other && mkdir taken && echo other >taken/root.cer
check "a folder whose root.cer is another file is refused before anything is signed" 9 "$p11ca" client issue left.csr --cn left2 --out taken $pin
check "nothing was issued for it" 4 "$p11ca" client show left2
check "no --out" 2 "$p11ca" client issue batch/1.csr --cn x
check "no such request" 9 issue nosuch.csr --cn x
request d.csr /CN=x
for folder in c.csr c.csr/folder /proc/nosuch/folder; do
	check "nowhere to write: $folder" 9 "$p11ca" client issue d.csr --cn dora $pin --out "$folder"
done
check "left nothing in the ledger" 4 "$p11ca" client show dora
check "which verifies" 0 "$p11ca" ledger verify
check_has "clean" out clean
plan
