#!/bin/sh
# SPDX-License-Identifier: MIT
# profiles-desktop.t - programs that we did not write judge the profiles of Windows and Apple, PFX and CMS.
. "$srcdir/tests/tap.sh"
files=$top_builddir/tests/integration/desktop-files
schemas=$srcdir/tests/data/microsoft
[ -x "$files" ] || skip_all "desktop-files was not built: no cmocka"
has() { command -v "$1" >/dev/null; }
# need PROGRAM REASON : else a skip; where all must run, a failure
need() {
	has "$1" && return
	if [ "${P11CA_TESTS_MUST_RUN:-0}" = 1 ]; then false; else true; fi
	ok "# SKIP no $1: $2"
	return 1
}

check "the files are written" 0 "$files" "$WORK/out.d"
cd "$WORK/out.d" || bail "no files"
server=azuregateway-00000000-0000-0000-0000-000000000000-aabbccddeeff.vpn.azure.com

# PKCS#12
for p12 in modern legacy; do
	check "openssl opens $p12.p12" 0 openssl pkcs12 -in $p12.p12 -passin 'pass:secret words' -nodes -info
	sed -i 's/ = /=/g' "$WORK/out" # as OpenSSL 3.2 and later print it
	check_has "with the client" out "subject=CN=o'brien@contoso.com"
	check_has "and the root" out "subject=O=Contoso, CN=Contoso P2S Root"
	check_has "and the key" out "BEGIN PRIVATE KEY"
	cp "$WORK/err" "$p12.info"
	check "a wrong password does not open $p12.p12" 1 openssl pkcs12 -in $p12.p12 -passin pass:wrong -nodes
	need certtool "PKCS#12 by GnuTLS" || continue
	check "certtool opens $p12.p12" 0 certtool --inder --p12-info --password 'secret words' --infile $p12.p12
	check_has "with two certificates or more" out "Elements: 2"
done
grep -q 'MAC: sha256' modern.info && grep -q 'PBES2, PBKDF2, AES-256-CBC' modern.info
ok "modern is AES-256, PBKDF2, SHA-256" modern.info
grep -q 'MAC: sha1' legacy.info && grep -q 'pbeWithSHA1And3-KeyTripleDES-CBC' legacy.info &&
	! grep -q 'AES' legacy.info
ok "legacy is 3DES and SHA-1" legacy.info

# CMS
for kind in rsa p256; do
	check "openssl verifies $kind.cms" 0 openssl cms -verify -inform DER -in $kind.cms -CAfile root.pem -purpose any \
	    -binary -out $kind.plist
	cmp $kind.plist pfx/mobileconfig/VNet1-alice.mobileconfig >"$WORK/detail" 2>&1 ||
		grep -q '<plist version' $kind.plist
	ok "and finds the profile inside" "$WORK/detail"
done
LC_ALL=C sed 's/RemoteAddress/RemoteAddresz/' rsa.cms >changed.cms
check "a changed one does not verify" 4 openssl cms -verify -inform DER -in changed.cms -CAfile root.pem -purpose any \
    -binary -out /dev/null

# Property lists
if need plistutil "property lists by libplist"; then
	for p in pfx scep acme; do
		check "plistutil reads $p" 0 plistutil -f bin -i $p/mobileconfig/VNet1-alice.mobileconfig -o $p.bin
		check "and back" 0 plistutil -f xml -i $p.bin -o -
		check_has "with the server" out "<string>$server</string>"
	done
fi
cat >judge.py <<'PYTHON'
import plistlib, re, sys
p = plistlib.load(open(sys.argv[1], 'rb'))
parts = {x['PayloadType']: x for x in p['PayloadContent']}
uuids = [p['PayloadUUID']] + [x['PayloadUUID'] for x in p['PayloadContent']]
names = [p['PayloadIdentifier']] + [x['PayloadIdentifier'] for x in p['PayloadContent']]
assert len(set(uuids)) == len(uuids) == 5 and len(set(names)) == 5
assert all(re.fullmatch('[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}', u) for u in uuids)
assert p['PayloadType'] == 'Configuration' and p['PayloadVersion'] == 1
v = parts['com.apple.vpn.managed']
k = v['IKEv2']
identity = [x for x in p['PayloadContent'] if x['PayloadUUID'] == k['PayloadCertificateUUID']]
assert [x['PayloadType'] for x in identity] == [sys.argv[2]]
assert v['VPNType'] == 'IKEv2' and k['AuthenticationMethod'] == 'Certificate'
assert k['RemoteAddress'] == k['RemoteIdentifier'] == sys.argv[3]
assert k['LocalIdentifier'] == "o'brien@contoso.com" and k['EnablePFS'] == 1
for sa in 'IKESecurityAssociationParameters', 'ChildSecurityAssociationParameters':
    assert k[sa] == {'EncryptionAlgorithm': 'AES-256', 'IntegrityAlgorithm': 'SHA2-256', 'DiffieHellmanGroup': 14}
roots = [x['PayloadContent'] for x in p['PayloadContent'] if x['PayloadType'] == 'com.apple.security.root']
for n, der in enumerate(roots):
    assert der == open(f"{sys.argv[1].rsplit('/', 1)[0]}/VpnServerRoot-{n + 1}.cer", 'rb').read()
i = identity[0]
if sys.argv[2].endswith('pkcs12'):
    assert i['Password'] == 'a<b&c"\'' and i['PayloadContent'][:1] == b'\x30'
elif sys.argv[2].endswith('scep'):
    assert i['PayloadContent']['Subject'] == [[['CN', "o'brien@contoso.com"]]]
    assert i['PayloadContent']['URL'] == 'https://ca.contoso.com/?a=1&b=2'
else:
    assert i['Subject'] == [[['CN', "o'brien@contoso.com"]]] and i['HardwareBound'] is False and i['KeyType'] == 'RSA'
PYTHON
if need python3 "property lists by plistlib"; then
	for p in pfx:pkcs12 scep:scep acme:acme; do
		check "plistlib finds in ${p%:*} what Apple's schema asks for" 0 python3 judge.py \
		    "${p%:*}/mobileconfig/VNet1-alice.mobileconfig" "com.apple.security.${p#*:}" "$server"
	done
fi

# Microsoft's XML
if need xmllint "XML by libxml2's own tool"; then
	for f in $(find . -name '*.xml' -o -name '*.mobileconfig'); do
		check "$f is well-formed" 0 xmllint --nonet --noout "$f"
	done
	# valid SCHEMA FILE : by the schema;  invalid SCHEMA FILE SED : no more, after that change
	valid() { check "$2 is as $1 says" 0 xmllint --nonet --noout --schema "$schemas/$1.xsd" "$2"; }
	invalid() {
		sed "$3" "$2" >changed.xml
		check "and $1 sees $3" 3 xmllint --nonet --noout --schema "$schemas/$1.xsd" changed.xml
	}
	for p in pfx token smartcard; do
		valid EapHostConfig $p/windows/eap-tls.xml
		valid VPNProfile $p/windows/ProfileXML.xml
	done
	valid VPNProfile pfx/windows-device/ProfileXML.xml
	invalid EapHostConfig token/windows/eap-tls.xml 's/<CertificateStore>/<SmartCard\/>&/'
	invalid EapHostConfig token/windows/eap-tls.xml 's/ <\/IssuerHash>/<\/IssuerHash>/'
	invalid EapHostConfig token/windows/eap-tls.xml 's/PropertiesV2/PropertiesV9/'
	invalid VPNProfile token/windows/ProfileXML.xml 's/PrefixSize>20/PrefixSize>2000/'
	invalid VPNProfile pfx/windows-device/ProfileXML.xml 's/MachineMethod/UserMethod/g'
	# The XML that a script carries is the file beside it.
	sed -n "s/^\$eap = \[xml\]'\(.*\)'\$/\1/p" token/windows/install.ps1 >carried.xml
	xmllint --noblanks carried.xml >a.xml && xmllint --noblanks token/windows/eap-tls.xml >b.xml && cmp a.xml b.xml
	ok "install.ps1 carries eap-tls.xml"
	sed -n "s/^\$profileXml = '\(.*\)'\$/\1/p" pfx/windows-device/install.ps1 >carried.xml
	xmllint --noblanks carried.xml >a.xml && xmllint --noblanks pfx/windows-device/ProfileXML.xml >b.xml && cmp a.xml b.xml
	ok "and the device's its ProfileXML.xml"
fi
for f in pfx/windows/root.cer pfx/windows/VpnServerRoot-1.cer pfx/mobileconfig/VpnServerRoot-2.cer; do
	check "openssl reads $f" 0 openssl x509 -inform DER -in "$f" -noout -subject
done
thumbprint=$(openssl x509 -in root.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')
grep -q "'root.cer' = '$thumbprint'" pfx/windows/install.ps1; ok "the script knows the root that openssl sees"

# Who may read what
find . -name client.p12 -o -name client.pfx -o -name '*.mobileconfig' -path './pfx/*' -o -name azurevpnconfig.xml >secret
[ "$(wc -l <secret)" -ge 5 ]; ok "there are secret files"
while read -r f; do [ "$(stat -c %a "$f")" = 600 ] || echo "$f"; done <secret >"$WORK/bad"
[ ! -s "$WORK/bad" ]; ok "and only their owner may read them" "$WORK/bad"
! grep -rlF 'secret words' . | grep . >"$WORK/bad"; ok "no password of a PFX stands anywhere" "$WORK/bad"

# INSTALL: each ends with Is it up?
for f in */INSTALL-*.md; do
	tail -n 15 "$f" | grep -q '^## Is it up?'; ok "$f ends with Is it up?" "$f"
done
for words in 'Catalina' 'Big Sur' 'Keychain Access' "\`$server\`" 'VpnServerRoot-2.cer'; do
	grep -qF "$words" pfx/INSTALL-mobileconfig.md; ok "the Mac's steps have $words"
done
for words in 'strong private key protection' 'Current User' 'Trusted Root' 'Local Machine'; do
	grep -qF "$words" pfx/INSTALL-windows.md; ok "Windows' steps have $words"
done
plan
