#!/bin/sh
# SPDX-License-Identifier: MIT
# check.t - findings about certificates and requests that others made.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
# finds CODE : the last check has a finding of that code
finds() { check_json "finds $1" "[.findings[].code] | index(\"$1\") != null"; }
# self FILE [OPTION...] : self-signed
self() {
	self_file=$1
	shift
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$self_file.key" -out "$self_file" -days 30 "$@" 2>/dev/null || bail "no $self_file"
}
self good.pem -days 3000 -subj /CN=root -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
check "a good root" 0 "$p11ca" --json check good.pem
check_json "has no fault" '[.findings[] | select(.severity == "fail" or .severity == "warning")] == []'
openssl x509 -in good.pem -outform DER -out good.der
check "in DER" 0 "$p11ca" --json check -v good.der
check_json "is the same" '[.findings[].code] | index("rfc5280-ca-basic-constraints") == null'
openssl base64 -A -in good.der -out good.line
check "as Azure's one line" 0 "$p11ca" check good.line
self weak.pem -subj /CN=root -sha1 -addext basicConstraints=CA:TRUE
check "an old root" 10 "$p11ca" --json check weak.pem
finds rfc5280-root-signature-weak
finds azure-root-expiring
self ec.pem -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=other -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
check "an EC root" 10 "$p11ca" --json check ec.pem
finds azure-key-rsa

request r.csr /CN=alice -addext 'extendedKeyUsage=serverAuth'
check "a request" 0 "$p11ca" --json check r.csr
finds request-asked
openssl req -in r.csr -outform DER -out r.der
check "in DER" 0 "$p11ca" --json check r.der
finds request-asked
printf 'extendedKeyUsage=serverAuth,clientAuth\n' >ext
openssl x509 -req -in r.csr -CA good.pem -CAkey good.pem.key -days 30 -extfile ext -out leaf.pem 2>/dev/null || bail "no leaf"
check "a client that is a server first" 10 "$p11ca" --json check leaf.pem --root good.pem
finds azure-eku-first
finds azure-san-dns
check "under another root" 10 "$p11ca" --json check leaf.pem --root ec.pem
finds rfc5280-issuer-matches
# What single clients fail on.  leaf FILE EXTENSION... : a client of the good root
leaf() {
	leaf_file=$1
	shift
	printf '%s\n' "$@" >ext
	openssl x509 -req -in "${leaf_csr:-r.csr}" -CA good.pem -CAkey good.pem.key -days 30 -extfile ext -out "$leaf_file" \
	    2>/dev/null || bail "no $leaf_file"
}
ids=$(printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid')
leaf alice.pem "$ids" extendedKeyUsage=clientAuth subjectAltName=DNS:alice keyUsage=critical,digitalSignature
check "a good client" 0 "$p11ca" --json check alice.pem --root good.pem
check_json "has no fault" '[.findings[] | select(.severity != "info")] == []'
check "without its issuer" 0 "$p11ca" --json check alice.pem
finds client-issuer-not-given
leaf agree.pem "$ids" extendedKeyUsage=clientAuth subjectAltName=DNS:alice keyUsage=critical,keyAgreement
check "a client that may not sign" 10 "$p11ca" --json check agree.pem --root good.pem
finds client-key-usage
request smith.csr '/CN=Alice Smith'
leaf_csr=smith.csr leaf smith.pem "$ids" extendedKeyUsage=clientAuth
check "a client without a name for strongSwan and Apple" 10 "$p11ca" --json check smith.pem --root good.pem
finds client-san-missing
if command -v faketime >/dev/null; then
	check "a root that expired" 10 at '+3001 days' "$p11ca" --json check alice.pem --root good.pem
	finds client-root-expired
fi

cat leaf.pem good.pem >chain.pem
check "a chain" 10 "$p11ca" --json check chain.pem
check_json "is judged as one" '[.findings[].code] | index("rfc5280-issuer-matches") == null'
check "what could not be judged" 10 "$p11ca" --json check -v leaf.pem
check_json "is said with -v" '[.findings[].severity] | index("skipped") != null'

request small.csr /CN=x -newkey rsa:1024
check "a key that is too short" 10 "$p11ca" --json check small.csr
finds request-key-size
request ec.csr /CN=x -newkey ec -pkeyopt ec_paramgen_curve:P-256
check "an EC request, for Azure" 10 "$p11ca" --json check ec.csr
finds request-key-type
check "and for others" 0 "$p11ca" check ec.csr --template vpn-client

openssl x509 -in good.pem -outform DER | openssl base64 -A >line.txt
check "one line of base64, as the portal wants it" 0 "$p11ca" --json check line.txt
fold -w 64 line.txt >lines.txt
check "several" 10 "$p11ca" --json check lines.txt
finds azure-data-spaces
openssl x509 -in good.pem -outform DER >good.der
check "DER" 0 "$p11ca" check good.der

check "several files" 10 "$p11ca" check good.pem weak.pem
check "no file" 9 "$p11ca" check nosuch.pem
echo text >text
check "no certificate" 3 "$p11ca" check text
check_has "and what is" err "hint: give the file as its maker wrote it"
check "nothing" 2 "$p11ca" check

# Each file is read as what it is, and the message is about that.
head -c 200 good.der >cut.der
{ cat r.csr; printf '\n-- \nCarol\n'; } >mail.csr
cat r.csr r.csr >two.csr
{ cat good.der; printf 'x'; } >behind.der
openssl req -in r.csr -outform DER -out r.der
{ cat r.der; echo; } >behind-csr.der
openssl base64 -A -in good.pem >twice.txt
iconv -t UTF-16 good.pem | openssl base64 -A >twice16.txt
openssl base64 -A -in r.csr >twice-csr.txt
openssl x509 -in good.pem -noout -fingerprint -sha1 >thumbprint.txt
printf '%040d\n' 7 >digits.txt
tr '+/' '-_' <line.txt | sed 's/^....../&-/' >url.txt
sed 's/.*/"&"/' line.txt >quoted.txt
printf '\342\200\216' | cat - line.txt >marked.txt
: >empty.txt
while read -r file text; do
	check "$file is refused" 3 "$p11ca" check "$file"
	check_has "the reason for $file is: $text" err "$text"
done <<'FILES'
cut.der the DER of a certificate or PKCS#7 message is damaged or cut off
mail.csr something follows a certificate request
two.csr more than one object in the file, where a certificate request is wanted
behind.der 1 bytes follow a certificate or PKCS#7 message
behind-csr.der 1 bytes follow a certificate request
twice.txt it is encoded twice
twice16.txt it is encoded twice
twice-csr.txt it is encoded twice
thumbprint.txt it is a thumbprint
digits.txt it is a thumbprint
url.txt it is base64url
quoted.txt there are quotation marks around it
marked.txt characters that are not ASCII
empty.txt there is nothing in it
FILES
{ echo '0 is the number of this certificate'; cat good.pem; } >numbered.pem
check "a certificate behind a text that begins with the digit 0 is read" 0 "$p11ca" check numbered.pem
fold -w 64 line.txt | tr '\n' ' ' >blanks.txt
check "base64 with blanks where line breaks were is judged" 10 "$p11ca" --json check blanks.txt
finds azure-data-spaces
check_json "it is judged as the certificate that it is" '[.findings[] | select(.code == "rfc5280-ca-basic-constraints")] == []'
for encoding in UTF-16 UTF-16BE UTF-16LE; do
	case $encoding in UTF-16BE) mark='\376\377' ;; UTF-16LE) mark='\377\376' ;; *) mark= ;; esac
	{ printf "$mark"; iconv -t "$encoding" good.pem; } >u16.pem
	check "a certificate in $encoding is read" 0 "$p11ca" check u16.pem
	{ printf "$mark"; iconv -t "$encoding" r.csr; } >u16.csr
	check "a request in $encoding is read" 0 "$p11ca" check u16.csr
done
self v.pem -subj /CN=v
openssl x509 -in v.pem -outform DER -out v.der
version=$(od -An -v -tx1 v.der | tr -d ' \n' | grep -bo a003020102 | head -n 1 | cut -d: -f1)
{ head -c $((version / 2 + 4)) v.der; printf '\003'; tail -c +$((version / 2 + 6)) v.der; } >v4.der
check "a certificate of version 4 is refused" 3 "$p11ca" check v4.der
check_has "the reason is its version" err "its version is not 1, 2 or 3"
version=$(od -An -v -tx1 r.der | tr -d ' \n' | grep -bo 020100 | head -n 1 | cut -d: -f1)
{ head -c $((version / 2 + 2)) r.der; printf '\001'; tail -c +$((version / 2 + 4)) r.der; } >v2.csr
check "a request of version 2 is refused" 3 "$p11ca" check v2.csr
check_has "the reason is its version" err "its version is not 0"

# One file that cannot be read does not keep the others from being checked.
for bad in text cut.der nosuch.pem twice.txt; do
	check "three files, of which $bad cannot be read" 10 "$p11ca" --json check weak.pem "$bad" small.csr
	check_json "$bad is a finding" "[.findings[] | select(.file == \"$bad\") | .code] == [\"file-unreadable\"]"
	check_json "the files beside $bad are judged" '[.findings[].file] | index("weak.pem") != null and index("small.csr") != null'
done

# Names: the last commonName of a directory's name, and a client with its issuer's name.
openssl req -new -newkey rsa:2048 -nodes -keyout ad.key -out ad.csr -subj "/DC=com/DC=contoso/OU=x/CN=Users/CN=frank@contoso.com" 2>/dev/null
for san in email:frank@contoso.com email:users@contoso.com; do
	printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectAltName=%s\n' "$san" >ext
	openssl x509 -req -in ad.csr -CA good.pem -CAkey good.pem.key -days 30 -extfile ext -out "${san#email:}.pem" 2>/dev/null
done
"$p11ca" --json check frank@contoso.com.pem --root good.pem >out
! jq -e '.findings[] | select(.code == "azure-san-dns")' out >detail; ok "the commonName of a directory's name is the last" out
check "a certificate whose subjectAltName is another name" 10 "$p11ca" --json check users@contoso.com.pem --root good.pem
finds azure-san-dns
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\n' >ext
openssl req -new -newkey rsa:2048 -nodes -keyout n.key -out n.csr -subj /CN=root 2>/dev/null
for aki in keyid none; do
	{ cat ext; [ "$aki" = none ] || echo authorityKeyIdentifier=keyid; } >ext2
	openssl x509 -req -in n.csr -CA good.pem -CAkey good.pem.key -days 30 -extfile ext2 -out n.pem 2>/dev/null
	check "openssl verifies a client with its issuer's name ($aki)" 0 openssl verify -CAfile good.pem n.pem
	check "it has its own finding ($aki)" 10 "$p11ca" --json check n.pem --root good.pem
	finds rfc5280-issuer-name
	check_json "it is not called self-signed ($aki)" '[.findings[].code] | index("azure-self-signed-client", "rfc5280-self-signature") == null'
done
self lone.pem -subj /CN=lone -addext extendedKeyUsage=clientAuth -addext basicConstraints=CA:FALSE
check "a client that signed itself" 10 "$p11ca" --json check lone.pem
finds azure-self-signed-client
check "a pipe" 0 "$p11ca" check - <good.pem
if command -v faketime >/dev/null; then
	check "in 30 years" 10 at '+30 years' "$p11ca" --json check good.pem
	finds rfc5280-expired
fi
plan
