#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-pfx.t - the file of --pfx is judged before it is put into a profile: encrypted, of this client, readable there.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl certtool python3
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
package_root gateway.pem "/CN=Test Gateway Root"
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
package_folder gw gateway.pem root.pem
client() { # NAME : a key, and its certificate in NAME.pem
	openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" 2>/dev/null &&
		"$p11ca" -q client issue "$1.csr" --cn "$1" --out issued $pin && cp issued/"$1"*[0-9a-f].pem "$1.pem" || bail "no client $1"
}
client dora@contoso.com >/dev/null 2>&1
client other@contoso.com >/dev/null 2>&1
dora=dora@contoso.com WRONGPASS="not the password" PFXPASS='a long password' SHORT=secret
export PFXPASS SHORT WRONGPASS
# pack OUT OPTION... : dora's PKCS#12 by openssl
pack() {
	pack_out=$1
	shift
	openssl pkcs12 -export -inkey $dora.key -in $dora.pem -out "$pack_out" -passout env:PFXPASS "$@" 2>pack.err || bail "$(cat pack.err)"
}
old='-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1'
write() { "$p11ca" --json --batch profile write gw --client $dora --out profiles "$@"; }
# refused NAME FILE CODE [OPTION...] : in each format that embeds it, and nothing is written
refused() {
	refused_name=$1 refused_file=$2 refused_code=$3
	shift 3
	: >wrong
	for format in mobileconfig sswan openvpn pfx azurevpn windows; do
		write --pfx "$refused_file" --for $format "$@" >refused.json 2>refused.err
		[ "$(jq -r .error.code refused.json)" = "$refused_code" ] && [ ! -e profiles ] ||
			echo "$format: $(head -n 1 refused.err)" >>wrong
		rm -rf profiles
	done
	[ ! -s wrong ]; ok "$refused_name is refused with $refused_code in every format" wrong
}
# taken NAME FILE FORMATS [OPTION...]
taken() {
	taken_name=$1 taken_file=$2 taken_for=$3
	shift 3
	check "$taken_name is taken for $taken_for" 0 write --pfx "$taken_file" --for "$taken_for" "$@"
	rm -rf profiles
}

(umask 077; echo 123456 >pinfile)
head -c 200 /dev/urandom >noise
pack modern.p12
pack old.p12 $old
cat modern.p12 noise >longer.p12
head -c 700 modern.p12 >cut.p12
refused "a request" $dora.csr pfx-format
refused "a PIN file" pinfile pfx-format
refused "a certificate" $dora.pem pfx-format
refused "a key in PEM" $dora.key pfx-format
openssl pkcs8 -topk8 -in $dora.key -outform DER -out key.p8 -passout env:PFXPASS
refused "an encrypted key alone" key.p8 pfx-format
refused "noise" noise pfx-format
refused "a PKCS#12 with something behind it" longer.p12 pfx-format
refused "a PKCS#12 that is cut" cut.p12 pfx-format

PFXPASS='' pack open.p12 -keypbe NONE -certpbe NONE -nomac
refused "a PKCS#12 with the key in the clear and no MAC" open.p12 pfx-not-encrypted
pack clear.p12 -keypbe NONE
refused "a PKCS#12 with the key in the clear" clear.p12 pfx-not-encrypted
pack nomac.p12 -nomac
refused "a PKCS#12 without a MAC" nomac.p12 pfx-not-encrypted
PFXPASS='' pack empty.p12
refused "a PKCS#12 with an empty password" empty.p12 pfx-not-encrypted
PFXPASS='' pack emptyold.p12 $old
refused "an old one with an empty password" emptyold.p12 pfx-not-encrypted
pack rc2.p12 -legacy -keypbe PBE-SHA1-RC2-40
refused "a key encrypted with RC2-40" rc2.p12 pfx-encryption
pack des.p12 -legacy -keypbe DES-CBC
refused "a key encrypted with DES" des.p12 pfx-encryption
pack md5.p12 -macalg md5
refused "a MAC with MD5" md5.p12 pfx-encryption
openssl pkcs12 -export -nokeys -in $dora.pem -out nokey.p12 -passout env:PFXPASS
refused "a PKCS#12 without a key" nokey.p12 pfx-keys

others() { # OUT OPTION...
	others_out=$1
	shift
	openssl pkcs12 -export -inkey other@contoso.com.key -in other@contoso.com.pem -out "$others_out" -passout env:PFXPASS "$@"
}
others readable.p12 -certpbe NONE
refused "another client's, whose certificate can be read" readable.p12 pfx-other-client
others sealed.p12
refused "another client's, with its certificate encrypted" sealed.p12 pfx-certificate-unread
refused "the same with the password" sealed.p12 pfx-other-client --pfx-pin-source env:PFXPASS
others beside.p12 -certfile $dora.pem -certpbe NONE
refused "another client's, with this client's certificate beside it" beside.p12 pfx-other-client
others besidesealed.p12 -certfile $dora.pem
refused "the same, encrypted, with the password" besidesealed.p12 pfx-other-client --pfx-pin-source env:PFXPASS
openssl req -x509 -key other@contoso.com.key -subj "/CN=$dora" -days 9 -out copy.pem 2>/dev/null
openssl pkcs12 -export -inkey other@contoso.com.key -in copy.pem -certfile $dora.pem -certpbe NONE -out copy.p12 -passout env:PFXPASS
refused "a key with a certificate of its own for that name, and this client's beside it" copy.p12 pfx-other-client
pack chain.p12 -certfile root.pem -certpbe NONE
taken "this client's with the root beside it" chain.p12 openvpn,sswan,pfx
refused "a wrong password" modern.p12 pfx-password-wrong --pfx-pin-source env:WRONGPASS
refused "a short password" modern.p12 pfx-password-short --pfx-pin-source env:SHORT
certtool --load-certificate $dora.pem --load-privkey $dora.key --to-p12 --p12-name x --outder --password "$PFXPASS" \
    --outfile gnutls.p12 2>/dev/null || bail "no PKCS#12 by GnuTLS"
refused "a file that does not show whose it is" gnutls.p12 pfx-certificate-unread
taken "the same with its password" gnutls.p12 openvpn,sswan,pfx --pfx-pin-source env:PFXPASS

check "a modern file for Apple" 7 write --pfx modern.p12 --for mobileconfig
check_json "its code says so" '.error.code == "apple-pfx-encryption"'
check_has "the hint names the option" err "--compat legacy"
pack half.p12 -keypbe PBE-SHA1-3DES -certpbe AES-256-CBC -macalg sha1
check "a file with 3DES and AES for Apple" 7 write --pfx half.p12 --for mobileconfig
pack mac.p12 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha256
check "a file with 3DES and a MAC with SHA-256 for Apple" 7 write --pfx mac.p12 --for mobileconfig
pack rc2cert.p12 -legacy
taken "a certificate in RC2" rc2cert.p12 mobileconfig,sswan,pfx
taken "a modern file of this client" modern.p12 openvpn,sswan,pfx,azurevpn
taken "the same with its password" modern.p12 openvpn,sswan,pfx,azurevpn --pfx-pin-source env:PFXPASS
taken "an old file of this client" old.p12 mobileconfig,openvpn,sswan,pfx
check "a file that p11ca wrote" 0 "$p11ca" client bundle --key-file $dora.key --cert $dora.pem --pfx-pin-source env:PFXPASS \
    --compat legacy --out ours.pfx
taken "a file that p11ca wrote" ours.pfx mobileconfig,openvpn,sswan,pfx
check "--all with one client's file" 10 "$p11ca" --json --batch profile write gw --all --pfx modern.p12 --for openvpn --out all
[ "$(find all -name '*.ovpn' | wc -l)" -eq 1 ]; ok "writes the profile of that client alone"
check "a password without a file" 2 write --for swanctl --pfx-pin-source env:PFXPASS
plan
