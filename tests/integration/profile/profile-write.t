#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-write.t - a client's files in every format: of the ledger's clients, of all, of a certificate alone.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl pkcs11-tool
cd "$WORK" || bail "no folder"
tokens hsm alice bob signer
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder folder gateway.pem ours.pem
package_zip gw.zip folder
card alice@contoso.com alice --out enrolled
id=$(jq -r .result.cka_id enrolled/receipt.json)
write() { "$p11ca" --json profile write "$@"; }
alice='--client alice@contoso.com'
on_token=swanctl,ipsec,networkmanager,openvpn,windows,azurevpn
is_mode() { [ "$(stat -c %a "$2")" = "$1" ]; ok "mode $1: $2"; }

check "every format for a key on a token" 0 write gw.zip $alice --for $on_token --out all
cp out listed
check_json "each has files" "[.files[].format] | unique == (\"$on_token\" | split(\",\") | sort)"
check_json "of alice" '[.files[].client_name] | unique == ["alice@contoso.com"]'
jq -r '.files[].path' listed | sort >names
find all -type f | sort | diff names - >detail; ok "what is listed is what is there" detail
for format in $(echo $on_token | tr , ' '); do
	[ -s "all/$format/INSTALL-$format.md" ]; ok "$format has its steps"
	grep -q '^## Is it up?' "all/$format/INSTALL-$format.md"; ok "which end with Is it up?"
done
jq -r '.files[] | (if .secret then "600 " else "644 " end) + .path' listed >modes
while read -r mode path; do [ "$(stat -c %a "$path")" = "$mode" ] || echo "$path"; done <modes >bad
[ ! -s bad ]; ok "secret files are 0600, others 0644" bad
is_mode 600 all/openvpn/Test-vnet-alice_contoso-com.ovpn
is_mode 644 all/swanctl/swanctl.conf
! grep -rlE "(^|[^0-9])$PIN([^0-9]|\$)|BEGIN (RSA |ENCRYPTED )?PRIVATE KEY|slot(-id)? *=" all >detail; ok "no PIN, private key or slot number" detail
grep -q "handle = $id" all/swanctl/swanctl.conf; ok "swanctl.conf names the key by its id"
grep -qi "^pkcs11-id .*$id" all/openvpn/*.ovpn; ok "so does the .ovpn"
openssl x509 -in all/swanctl/x509/Test-vnet-alice_contoso-com.pem -outform DER |
	cmp - "$(openssl x509 -in enrolled/alice@contoso.com.pem -outform DER >alice.der && echo alice.der)"
ok "the certificate is the one issued"

check "again" 0 write gw.zip $alice --for swanctl --out all
check "from the folder" 0 write folder $alice --for swanctl,openvpn --out unpacked
diff -r all/swanctl unpacked/swanctl >detail && diff -r all/openvpn unpacked/openvpn >>detail; ok "the same files" detail
echo mine >all/swanctl/swanctl.conf
check "over a file that is another" 9 write gw.zip $alice --for swanctl --out all
[ "$(cat all/swanctl/swanctl.conf)" = mine ]; ok "it stays"
check "unless --force is given" 0 write gw.zip $alice --for swanctl --out all --force
cmp -s all/swanctl/swanctl.conf unpacked/swanctl/swanctl.conf; ok "then it is written"
check "--for all" 0 write gw.zip $alice --for all --out every
check_json "--for all writes the formats whose programs can use a card, and no others" \
    '[.files[].format] | unique == ["ipsec", "networkmanager", "openvpn", "swanctl", "windows"]'
check_has "a line names the formats that --for all leaves out, with the reason of each" err \
    "warning: --for all leaves out these formats: sswan (profile-key), mobileconfig (profile-key), pfx (profile-key)"
check_has "a format whose program cannot use this client's card is named, too" err \
    "alice@contoso.com: --for all leaves out these formats: windows-device (profile-key), azurevpn (azurevpn-smart-card)"
check "a space after a comma" 0 write gw.zip $alice --for "swanctl, openvpn" --out spaced
check_json "a space after a comma: both formats are written" '[.files[].format] | unique == ["openvpn", "swanctl"]'
check "all is not one of several formats" 2 write gw.zip $alice --for swanctl,all --out several
check "a dry run" 0 write gw.zip $alice --for $on_token --out dry --dry-run
jq -r '.files[].path' out | sed 's|^dry/|all/|' | sort | diff names - >detail; ok "says the same files" detail
[ ! -e dry ]; ok "and writes none"

check "for another machine's module" 0 write gw.zip $alice --for swanctl --out module --client-module /opt/x/card.so
grep -rq /opt/x/card.so module; ok "it is in the files"
check "a module that breaks a line" 3 write gw.zip $alice --for swanctl --out none --client-module "$(printf '/a\nb')"
check "--auth pubkey" 0 write gw.zip $alice --for swanctl --out pubkey --auth pubkey
! grep -q eap all/swanctl/swanctl.conf || ! grep -q eap pubkey/swanctl/swanctl.conf; ok "has no EAP"
check "--openvpn-uri" 0 write gw.zip $alice --for openvpn --out uri --openvpn-uri
grep -q 'pkcs11:' uri/openvpn/*.ovpn; ok "names the key by a URI"

# Without a ledger
P11CA_HOME=$WORK/elsewhere
use_proxy
check "a certificate with its chain and a token" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem -t alice \
    --for $on_token --out alone --client-module "$P11FAULT_MODULE"
! grep C_Login calls >detail; ok "without a login" detail
[ ! -e elsewhere ]; ok "makes no home"
diff -r all alone >detail; ok "the same files as from the ledger" detail
check "with the root beside it" 0 write gw.zip --cert enrolled/alice@contoso.com.pem --root-cert ours.pem -t alice \
    --for swanctl --out beside
check "without a root" 3 write gw.zip --cert enrolled/alice@contoso.com.pem -t alice --for swanctl --out none
check_has "says how to give it" err --root-cert
check "with another's root" 7 write gw.zip --cert enrolled/alice@contoso.com.pem --root-cert gateway.pem -t alice \
    --for swanctl --out none
check "a token without its key" 4 write gw.zip --cert enrolled/alice@contoso.com-chain.pem -t bob --for swanctl --out none
check "no token" 7 write gw.zip --cert enrolled/alice@contoso.com-chain.pem --for swanctl --out none
check_json "has a code" '.error.code == "profile-key"'
check "a certificate whose key this CA never saw" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem \
    --for windows,windows-device,azurevpn --out store
check "it cannot be asked for as a smart card's" 7 write gw.zip --cert enrolled/alice@contoso.com-chain.pem --for windows \
    --out none --windows-smartcard
check_json "which has a code" '.error.code == "profile-options"'
check "a certificate alone, once more" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem \
    --for windows,azurevpn --out store
check_silent "the key is in the store of its machine: no word of cards" err
check "a device tunnel with the certificate of a person" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem \
    --for windows-device --out store
check_json "a warning says that the certificate names a person" '[.warnings[].code] == ["windows-device-person"]'
grep -q 'in your key store' store/windows/INSTALL-windows.md; ok "the page says where the key is"
check "a device tunnel with the same key on a card" 7 write gw.zip --cert enrolled/alice@contoso.com-chain.pem -t alice \
    --for windows-device --out none
check_json "is refused" '.error.code == "profile-key"'
check_has "because nobody enters a PIN" err "without a user who could enter a PIN"
openssl genpkey -algorithm RSA -out bob.key 2>/dev/null && package_root soft.pem "/CN=Soft Root" &&
    openssl req -new -key bob.key -subj /CN=bob -out bob.csr &&
    openssl x509 -req -in bob.csr -CA soft.pem -CAkey soft.key -days 9 -out bob.pem 2>/dev/null &&
    openssl pkcs12 -export -in bob.pem -inkey bob.key -certfile soft.pem -passout pass:secret -out bob.pfx \
        -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 || bail "no bob"
bob='--cert bob.pem --root-cert soft.pem'
softhsm_key bob b0b1 bob.key
check "the key of a certificate by OpenSSL" 0 write gw.zip $bob -t bob --for swanctl --out bob1
grep -q 'handle = b0b1' bob1/swanctl/swanctl.conf; ok "is found by its public half"
softhsm_key bob b0b2 bob.key
check "the same key twice on a token" 4 write gw.zip $bob -t bob --for swanctl --out bob2
check_has "names both" err b0b1
check "the one that is named" 0 write gw.zip $bob -t 'pkcs11:token=bob;id=%b0%b2' --for swanctl --out bob2
grep -q 'handle = b0b2' bob2/swanctl/swanctl.conf; ok "is taken"

# Keys that are not on tokens
check "a PKCS#12 for phones and Macs" 0 write gw.zip $bob --pfx bob.pfx --for mobileconfig,sswan,openvpn --out pfx
check_json "is secret" '[.files[] | select(.secret) | .format] | unique == ["mobileconfig", "openvpn", "sswan"]'
is_mode 600 "$(ls pfx/mobileconfig/*.mobileconfig)"
jq -r .local.p12 pfx/sswan/*.sswan | openssl base64 -d -A | cmp - bob.pfx; ok "it is the file that was given"

# What Apple's systems read, and what OpenSSL 3 does not
# pfx NAME OPTION... : one more way to encrypt
pfx() {
	pfx_name=$1
	shift
	openssl pkcs12 -export -in bob.pem -inkey bob.key -certfile soft.pem -passout pass:secret -out "$pfx_name.pfx" "$@" 2>err ||
		bail "no PFX $pfx_name: $(cat err)"
	openssl pkcs12 -in "$pfx_name.pfx" -passin pass:secret -info -noout $([ "$pfx_name" = rc2 ] && echo -legacy) 2>info ||
		bail "openssl does not read $pfx_name: $(cat info)"
}
old='-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES'
for kind in aes: "key:-keypbe AES-256-CBC -certpbe PBE-SHA1-3DES -macalg sha1" "certs:-keypbe PBE-SHA1-3DES -certpbe AES-128-CBC -macalg sha1" \
    "mac:$old -macalg sha256"; do
	pfx "${kind%%:*}" ${kind#*:}
	check "Apple: a PFX with ${kind#*:}" 7 write gw.zip $bob --pfx "${kind%%:*}.pfx" --for mobileconfig --out none
	check_json "is refused" '.error.code == "apple-pfx-encryption"'
	check "OpenVPN takes it" 0 write gw.zip $bob --pfx "${kind%%:*}.pfx" --for openvpn --out "ovpn-${kind%%:*}"
	check_lacks "without a word" err openvpn-pfx
done
write gw.zip $bob --pfx aes.pfx --for mobileconfig --out none >out 2>err
check_has "what it is encrypted with is named" err "AES-256-CBC, its MAC is SHA256"
check_has "and what writes another" err "--compat legacy"
pfx 3des $old -macalg sha1
check "Apple: all of it with 3DES and SHA-1" 0 write gw.zip $bob --pfx 3des.pfx --for mobileconfig,openvpn --out apple-3des
check_lacks "OpenVPN has nothing against it" err openvpn-pfx
pfx rc2 -legacy
check "Apple: RC2" 0 write gw.zip $bob --pfx rc2.pfx --for mobileconfig --out apple-rc2
check "OpenVPN: RC2" 0 write gw.zip $bob --pfx rc2.pfx --for openvpn --out ovpn-rc2
check_has "needs the legacy provider" err openvpn-pfx-rc2
PFXPASS='a long password'
export PFXPASS
for compat in modern:7 legacy:0; do
	check "client bundle --compat ${compat%:*}" 0 "$p11ca" client bundle --key-file bob.key --cert bob.pem --root-cert soft.pem \
	    --out "bundle-${compat%:*}.pfx" --compat "${compat%:*}" --pfx-pin-source env:PFXPASS
	check "and Apple's profile of it" "${compat#*:}" write gw.zip $bob --pfx "bundle-${compat%:*}.pfx" --for mobileconfig \
	    --out "bundle-${compat%:*}"
done
if command -v certtool >/dev/null; then
	certtool --load-privkey bob.key --load-certificate bob.pem --load-ca-certificate soft.pem --to-p12 --outder --password secret \
	    --p12-name bob --pkcs-cipher aes-128 --outfile gnutls.pfx 2>err || bail "no PFX: $(cat err)"
	check "GnuTLS's PFX" 7 write gw.zip $bob --pfx gnutls.pfx --for mobileconfig --out none
fi
openssl base64 -in bob.pfx -out text.pfx
for file in text.pfx bob.pem bob.key; do
	check "$file is no PFX" 3 write gw.zip $bob --pfx $file --for openvpn --out none
	check_json "and is refused as such" '.error.code == "pfx-format"'
done

# An Apple profile that a key on a token signs
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n' >sign.ext
openssl req -new -newkey rsa:2048 -nodes -keyout sign.key -subj '/CN=Test Desk' -out sign.csr 2>/dev/null &&
    openssl x509 -req -in sign.csr -CA soft.pem -CAkey soft.key -days 9 -extfile sign.ext -out sign.pem 2>/dev/null ||
    bail "no signer"
softhsm_key signer 51 sign.key
# beside ID FILE.pem : a certificate on the signer's token
beside() {
	openssl x509 -in "$2" -outform DER -out beside.der
	pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label signer --login --pin "$PIN" --write-object beside.der \
	    --type cert --id "$1" --label "$2" >detail 2>&1 || bail "no certificate on the token: $(cat detail)"
}
signed() { write gw.zip $bob --pfx bob.pfx --for mobileconfig --sign-with "$@" $pin; }
check "no certificate beside the key yet" 4 signed signer --out none
beside 51 sign.pem
beside 52 soft.pem
check "--sign-with" 0 signed signer --out signed
check "openssl verifies it" 0 openssl cms -verify -inform DER -in signed/mobileconfig/*.mobileconfig -CAfile soft.pem -out plain
cmp plain pfx/mobileconfig/*.mobileconfig >detail; ok "the profile is in it" detail
openssl cms -cmsout -print -inform DER -in signed/mobileconfig/*.mobileconfig | grep -cE 'subject: *CN ?=' >detail
[ "$(cat detail)" -eq 2 ]; ok "with the signer's certificate and its issuer" detail
is_mode 600 "$(ls signed/mobileconfig/*.mobileconfig)"
check "written again" 0 signed signer --out signed
check "a dry run logs in nowhere" 0 write gw.zip $bob --pfx bob.pfx --for mobileconfig --sign-with signer --dry-run \
    --out none --pin-source env:NONE
check "a wrong PIN" 5 write gw.zip $bob --pfx bob.pfx --for mobileconfig --sign-with signer --out none \
    --pin-source env:WRONG --batch
check "the right one" 0 signed signer --out signed
check "a CA's certificate does not sign profiles" 4 signed 'pkcs11:token=signer;id=%52' --out none
softhsm_key signer 53 bob.key && beside 53 bob.pem
check "two pairs" 4 signed signer --out none
check_has "are named" err 53
check "one is chosen" 0 signed 'pkcs11:token=signer;id=%51' --out signed
check "no profile that is signed" 2 write gw.zip $bob -t bob --for swanctl --sign-with signer --out none $pin
check "SCEP" 0 write gw.zip $bob --scep https://ca.contoso.com/scep --for mobileconfig --out scep
grep -q com.apple.security.scep scep/mobileconfig/*.mobileconfig; ok "is a payload"
check "ACME" 0 write gw.zip $bob --acme https://ca.contoso.com/acme --for mobileconfig --out acme
check "two kinds of key" 2 write gw.zip $bob --pfx bob.pfx --scep https://x.example --for mobileconfig --out none
for format in mobileconfig sswan; do
	check "$format for a key on a token" 7 write gw.zip $bob -t bob --for $format --out none
	check_json "has a code" '.error.code == "profile-key"'
done
# Options that ask for two things in one file
conflict() {
	conflict_name=$1
	shift
	check "$conflict_name" 2 write gw.zip $bob --for openvpn,windows --out none "$@"
	check_json "is refused with a code" '.error.code == "profile-options"'
	check_json "and a way out" '.error.hint | test("write one|leave out")'
}
conflict "Connect 3 and OpenVPN 2.6 on Windows" -t bob --openvpn-connect3 --openvpn-windows26
conflict "the same for a PKCS#12" --pfx bob.pfx --openvpn-windows26 --openvpn-connect3
conflict "Connect 3 and a key by URI" -t bob --openvpn-connect3 --openvpn-uri
conflict "a PKCS#12 and a key by URI" --pfx bob.pfx --openvpn-uri
conflict "a PKCS#12 and a smart card" --pfx bob.pfx --windows-smartcard
for option in --openvpn-connect3 --openvpn-windows26 --openvpn-uri --windows-smartcard; do
	check "$option alone" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem -t alice --for openvpn,windows --out "one$option" $option
done
grep -q '^disable-dco' one--openvpn-windows26/openvpn/*.ovpn; ok "OpenVPN 2.6's file has the line that it needs"
grep -q 'has the line .disable-dco' one--openvpn-windows26/openvpn/INSTALL-openvpn.md; ok "and its page says so"
grep -q -e 'ask the person' all/openvpn/INSTALL-openvpn.md; ok "the other page names the person to ask for it"
check "a name of the connection that a shell would interpret is refused" 2 write gw.zip $bob -t bob --for openvpn --connection-name 'a$(id)' --out none
check_json "and the hint lists what is allowed" '.error.hint | contains("single blanks")'
mkdir -p -m 0700 "$P11CA_HOME"
echo 'connection-name = Contoso  VPN' >>"$P11CA_HOME/p11ca.conf"
check "p11ca.conf with a name of two blanks is refused" 3 write gw.zip $bob -t bob --for openvpn --out none
echo 'connection-name = Contoso VPN' >"$P11CA_HOME/p11ca.conf"
check "p11ca.conf with a name" 0 write gw.zip --cert enrolled/alice@contoso.com-chain.pem -t alice --for openvpn,swanctl --out named
[ -f named/openvpn/Contoso-VPN.ovpn ]; ok "the file is named after it"
rm "$P11CA_HOME/p11ca.conf"
check "swanctl for a PKCS#12" 7 write gw.zip $bob --pfx bob.pfx --for swanctl --out none
[ ! -e none ]; ok "none of these left a file"

# All
P11CA_HOME=$WORK/home
card bob bob
check "all clients" 0 write gw.zip --all --for swanctl,openvpn --out everybody
check_json "are there" '[.files[].client_name] | unique == ["alice@contoso.com", "bob"]'
check_json "each has its row in the list of clients" '[.clients[] | [.client_name, .outcome, .code]] | sort == [["alice@contoso.com", "written", null], ["bob", "written", null]]'
check "device tunnels of all, whose keys are on cards" 10 write gw.zip --all --for windows-device --out devices
[ ! -e devices ]; ok "there is no folder for devices"
check_json "each is named" '[.. | strings | select(test("no profiles for .(alice@contoso.com|bob)."))] | length == 2'
[ "$(ls everybody | wc -l)" -eq 2 ]; ok "in a folder each"
[ -d everybody/alice@contoso.com ] && [ -d everybody/bob ]; ok "the folders have the names that enrolments give them"
diff -r everybody/alice*/swanctl all/swanctl >detail; ok "as for one" detail
check "nobody" 4 write gw.zip --client nobody --for swanctl --out none

package_old old gateway.pem ours.pem
check "a gateway without OpenVPN" 7 write old $alice --for openvpn --out none
check_json "has a code" '.error.code == "profile-tunnel"'
echo '<!DOCTYPE VpnProfile><VpnProfile/>' >bad.xml
check "a hostile package" 3 write bad.xml $alice --for swanctl --out none
check_json "is refused as such" '.error.code == "package-dtd"'
check "no package" 9 write nosuch $alice --for swanctl --out none
check "an unknown format is refused" 2 write gw.zip $alice --for swanctl,windoze --out none
check_has "lists those that are" err networkmanager
for list in '' , swanctl, swanctl,swanctl; do check "--for '$list'" 2 write gw.zip $alice --for "$list" --out none; done
check "nobody's profile" 2 write gw.zip --for swanctl --out none
# One whose key is nobody knows where: the others get theirs.
request loose.csr /CN=loose
issue loose.csr --cn loose --root "$("$p11ca" --json root list | jq -r '.roots[0].name')" >detail 2>&1 || bail "$(cat detail)"
check "all but one" 10 write gw.zip --all --for swanctl --out most
check_has "who is named" err "no profiles for 'loose'"
check_json "every client has its row, with the reason" '[.clients[] | [.client_name, .outcome, (.message | length > 0)]] | sort == [["alice@contoso.com", "written", false], ["bob", "written", false], ["loose", "left out", true]]'
check_json "and the code of the refusal" '[.clients[] | select(.client_name == "loose").code] == ["profile-key"]'
[ "$(find most -name swanctl.conf | wc -l)" = "$(find everybody -name swanctl.conf | wc -l)" ]; ok "the others have theirs"
check "two ways to say whose" 2 write gw.zip $alice --all --for swanctl --out none
check "a token without a certificate" 2 write gw.zip $alice -t alice --for swanctl --out none
check "no formats" 2 write gw.zip $alice --out none
check "no folder" 2 write gw.zip $alice --for swanctl
check "a file in the folder's place" 9 write gw.zip $alice --for swanctl --out bob.pem
[ ! -e none ]; ok "none of these left a file either"
plan
