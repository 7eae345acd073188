#!/bin/sh
# SPDX-License-Identifier: MIT
# client-import.t - what a root issued and revoked before it was adopted: taken over, listed, and in the next CRL.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3
tokens hsm
import() { "$p11ca" --json client import "$@"; }
adopt() { "$p11ca" -q root adopt "$1" -t hsm --cert "$WORK/$1.pem" --accept-imported $pin >"$WORK/detail" 2>&1 || bail "$(cat "$WORK/detail")"; }

# self NAME ID EXTENSIONS [OPTION...] : a root with just these extensions, its key on the token
self() {
	self_name=$1 self_id=$2
	printf '[req]\ndistinguished_name = dn\nx509_extensions = x\n[dn]\n[x]\n%s\n' "$3" >"$WORK/$1.cnf"
	shift 3
	openssl req -x509 -newkey rsa:2048 -nodes -config "$WORK/$self_name.cnf" -subj "/CN=$self_name" -days 730 \
	    -keyout "$WORK/$self_name.key" -out "$WORK/$self_name.pem" "$@" 2>"$WORK/detail" || bail "$(cat "$WORK/detail")"
	softhsm_key hsm "$self_id" "$WORK/$self_name.key" || bail "no key of $self_name"
	adopt "$self_name"
}
# PowerShell's root, which may not sign lists; OpenSSL's, which may; MakeCert's, whose serial numbers may be negative.
self powershell 11 "keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash"
self may 12 "basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash"
self makecert 13 "2.5.29.1 = DER:30:0d:80:04:01:02:03:04:81:01:00:82:02:01:00" -set_serial -0x112233445566778899

# As New-SelfSignedCertificate makes them with -Signer: DNS name, clientAuth.  One key serves all, for time.
request "$WORK/client.csr" /CN=x
old() { # ROOT NAME SERIAL
	printf 'keyUsage = critical, digitalSignature, keyEncipherment\nextendedKeyUsage = clientAuth\nsubjectAltName = DNS:%s\n' "$2" >"$WORK/ext"
	openssl x509 -req -in "$WORK/client.csr" -CA "$WORK/$1.pem" -CAkey "$WORK/$1.key" -set_serial "$3" -days "${days:-365}" -extfile "$WORK/ext" -subj "/CN=$2" \
	    -out "$WORK/$2.pem" 2>"$WORK/detail" || { # before 3.2, -subj is not for requests
		openssl req -new -key "$WORK/client.csr.key" -subj "/CN=$2" -out "$WORK/one.csr" 2>/dev/null
		openssl x509 -req -in "$WORK/one.csr" -CA "$WORK/$1.pem" -CAkey "$WORK/$1.key" -set_serial "$3" -days "${days:-365}" -extfile "$WORK/ext" \
		    -out "$WORK/$2.pem" 2>"$WORK/detail"; } || bail "$(cat "$WORK/detail")"
}
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	old may "P2SChild$i" "0x7e57$i"
	cat "$WORK/P2SChild$i.pem" >>"$WORK/bundle.pem"
done
thumb() { openssl x509 -in "$WORK/$1.pem" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'; }
# state THUMBPRINT... : what az says of a gateway that refuses these
state() {
	for thumb; do printf '{ "name": "n%s", "thumbprint": "%s" }\n' "$thumb" "$thumb"; done | jq -s . >"$WORK/revoked.json"
	jq --slurpfile r "$WORK/revoked.json" --arg root "$("$p11ca" root export may --format base64)" '.vpnClientConfiguration
	    |= (.vpnClientRevokedCertificates = $r[0] | .vpnClientRootCertificates[].publicCertData = $root)' \
	    "$srcdir/tests/data/gateway/vnet-gateway.json" >"$WORK/gateway.json"
}
state "$(thumb P2SChild07)" 00112233445566778899AABBCCDDEEFF00112233

before=$(snapshot)
check "a dry run" 0 import "$WORK/bundle.pem" --root may --revoked-from "$WORK/gateway.json" --dry-run
check_json "shows them" '.certificates | length == 20 and (map(select(.reason != null).name) == ["P2SChild07"])'
check_json "without a warning about their end" '[.warnings[] | select(.code == "client-outlives-root")] == []'
days=900 && old may P2SLonger 0x7e5750 && days=
check "a certificate that ends later than its root" 0 import "$WORK/P2SLonger.pem" --root may --dry-run
check_json "causes a warning" '[.warnings[] | select(.code == "client-outlives-root") | .message | contains("P2SLonger")] == [true]'
check "of another root" 7 import "$WORK/bundle.pem" --root powershell
check_json "nothing" '.error.code == "chain-issuer"'
check "without a root" 4 import "$WORK/bundle.pem"
check "nothing at all" 2 import --root may
sed 's/^MII./MIIz/' "$WORK/P2SChild01.pem" >"$WORK/broken.pem"
check "none or all" 3 import "$WORK/P2SChild02.pem" "$WORK/broken.pem" --root may
check "a root's own" 7 import "$WORK/may.pem" --root may
check_json "is no client's" '.error.code == "import-ca"'
openssl x509 -in "$WORK/P2SChild01.pem" -outform DER -out "$WORK/edited.der"
size=$(wc -c <"$WORK/edited.der")
printf '\125' | dd of="$WORK/edited.der" bs=1 seek=$((size - 9)) conv=notrunc 2>/dev/null
check "an invalid signature is refused" 7 import "$WORK/edited.der" --root may
check_json "is seen" '.error.code == "chain-signature"'
check "an invalid state is refused" 3 import "$WORK/bundle.pem" --root may --revoked-from "$WORK/may.cnf"
[ "$before" = "$(snapshot)" ]; ok "nothing has happened"

check "twenty, one of them refused by the gateway" 0 import "$WORK/bundle.pem" --root may --revoked-from "$WORK/gateway.json"
check_json "came in" '.import | .certificates_read == 20 and .certificates_imported == 20 and .certificates_revoked == 1 and .entries_unmatched == 1'
check_json "with a word about the one that is not here" '[.warnings[].code] == ["import-unmatched"]'
check "listed" 0 "$p11ca" --json client list --root may
check_json "twenty" '.clients | length == 20 and all(.template_name == "imported" and .root_name == "may")'
check_json "one revoked" '[.clients[] | select(.state == "revoked").name] == ["P2SChild07"] and ([.clients[] | select(.state == "issued")] | length == 19)'
jq -r '.clients[] | select(.name == "P2SChild12").thumbprint' "$WORK/out" | tr a-f A-F >"$WORK/have"
thumb P2SChild12 | diff - "$WORK/have" >"$WORK/detail"; ok "with its thumbprint" "$WORK/detail"
check "again" 0 import "$WORK/bundle.pem" --root may --revoked-from "$WORK/gateway.json"
check_json "nothing is left to do" '.import.certificates_imported == 0 and .import.certificates_revoked == 0 and all(.certificates[]; .action == "nothing")'
"$p11ca" client export P2SChild12 --format pem | openssl x509 -outform DER >"$WORK/a" 2>/dev/null
openssl x509 -in "$WORK/P2SChild12.pem" -outform DER | cmp - "$WORK/a"; ok "handed out as it was"
check "one more is revoked here" 0 "$p11ca" client revoke P2SChild03 --reason keyCompromise
judge() { openssl verify -crl_check -CAfile "$WORK/may.pem" -CRLfile "$WORK/crl.pem" "$WORK/$1.pem"; }
check "the CRL" 0 "$p11ca" --json root crl may $pin --out "$WORK/crl.pem"
check_json "lists both" '.crl.entry_count == 2'
check "openssl lets one in" 0 judge P2SChild12
check "not what the gateway refused" 2 judge P2SChild07
check "nor what was revoked here" 2 judge P2SChild03

# The list that openssl ca signed before: a high number, a reason, and a serial whose certificate nobody has.
mkdir "$WORK/ca"
printf 'R\t301231000000Z\t260102000000Z,keyCompromise\t7E5705\tunknown\t/CN=P2SChild05\nR\t301231000000Z\t260102000000Z,CAHold\t7E5799\tunknown\t/CN=gone\n' |
    sed 's/CAHold/certificateHold/' >"$WORK/ca/index.txt"
echo 7000000000 >"$WORK/ca/crlnumber" # in hex: far above the time
cat >"$WORK/ca.cnf" <<END
[ca]
default_ca = one
[one]
database = $WORK/ca/index.txt
crlnumber = $WORK/ca/crlnumber
default_md = sha256
crl_extensions = x
[x]
authorityKeyIdentifier = keyid
END
gencrl() { openssl ca -gencrl -config "$WORK/ca.cnf" -cert "$WORK/$1.pem" -keyfile "$WORK/$1.key" -crldays 30 -out "$WORK/old.crl" 2>"$WORK/detail" || bail "$(cat "$WORK/detail")"; }
gencrl powershell
check "another root's list" 7 import --root may --revoked-from "$WORK/old.crl"
check_json "the CRL is of another root" '.error.code == "crl-issuer"'
gencrl may
old_number=$(($(openssl crl -in "$WORK/old.crl" -noout -crlnumber | sed 's/.*=/0x/; s/0x0x/0x/')))
check "the old list" 0 import --root may --revoked-from "$WORK/old.crl"
check_json "is taken over" ".import | .certificates_revoked == 2 and .certificates_known == 1 and .crl_number == $old_number"
check "the next" 0 "$p11ca" --json root crl may $pin --out "$WORK/crl.pem" --force
check_json "has all four, and a number above" ".crl.entry_count == 4 and .crl.number > $old_number"
check "what the old one listed" 2 judge P2SChild05
openssl crl -in "$WORK/crl.pem" -noout -text >"$WORK/out"
check_has "the serial of which nobody has the certificate" out 7E5799
check_has "with its reason" out "Certificate Hold"
check_has "since when it was revoked" out "Jan  2 00:00:00 2026 GMT"
old may gone 0x7e5799
check "its certificate turns up" 0 import "$WORK/gone.pem" --root may
check_json "and completes it" '.certificates[0] | .action == "completed" and .state == "revoked" and .name == "gone"'
old may twin 0x7e5712
check "a serial used twice" 7 import "$WORK/twin.pem" --root may
check_json "cannot be told apart" '.error.code == "serial-taken"'
check "it is one ledger" 0 "$p11ca" --json ledger verify
check_json "without a fault" '.faults == [] or (.faults | length == 0)'

# A root that may not sign lists: its clients come in, and the gateway alone can refuse them.
old powershell ps1 0x10
check "of PowerShell's root" 0 import "$WORK/ps1.pem" --root powershell
"$p11ca" client revoke ps1 --reason superseded >/dev/null
check "no list of it" 7 "$p11ca" --json root crl powershell $pin --out "$WORK/no.crl"
check_json "with the reason" '.error.code == "crl-not-allowed"'
[ ! -e "$WORK/no.crl" ]; ok "and no file"

old makecert mc1 -0x1122334455667788
check "a negative serial" 0 import "$WORK/mc1.pem" --root makecert
check_json "is one" '.certificates[0].serial == "-1122334455667788"'
"$p11ca" client revoke mc1 --reason superseded >/dev/null
check "in a list" 0 "$p11ca" --json root crl makecert $pin --out "$WORK/mc.crl"
openssl crl -in "$WORK/mc.crl" -noout -text >"$WORK/out"
check_has "as it was" out "Serial Number: -1122334455667788"
# By a receipt: what it says is somebody's word, what it names must be there.
mkdir "$WORK/r"
old may mallory 0x7e5780
cp "$WORK/mallory.pem" "$WORK/r/mallory.pem"
receipt() { # NAME DEVICE TEMPLATE PATH [HASH]
	jq -n --arg n "$1" --arg d "$2" --arg t "$3" --arg p "$4" --arg h "${5:-$(sha256sum <"$WORK/r/mallory.pem" | cut -d' ' -f1)}" \
	    '{ schema_version: 1, result: { name: $n, device: $d, template: $t }, files: [ { what: "root", path: "x", sha256: "x" }, { what: "certificate", path: $p, sha256: $h } ] }' >"$WORK/r/receipt.json"
}
# wrong WHAT STATUS CODE
wrong() {
	check "a receipt $1" "$2" import "$WORK/r/receipt.json" --root may
	check_json "$1: $3" ".error.code == \"$3\""
}
receipt bob laptop azure-client r/mallory.pem; wrong "for another name" 3 receipt-file
receipt mallory laptop azure-client r/mallory.pem 00; wrong "of another file" 3 receipt-file
receipt mallory "$(printf 'lap\033[31mtop')" azure-client r/mallory.pem; wrong "with an invalid device name" 3 receipt-format
receipt mallory "$(printf 'x%.0s' $(seq 70))" azure-client r/mallory.pem; wrong "with one too long" 3 receipt-format
jq 'del(.result.name)' "$WORK/r/receipt.json" >"$WORK/r/x" && mv "$WORK/r/x" "$WORK/r/receipt.json"; wrong "without a name" 3 receipt-format
echo '{ "files": [], "result": {} }' >"$WORK/r/receipt.json"; wrong "without files" 3 receipt-format
echo '{ "files": [' >"$WORK/r/receipt.json"; wrong "that is half there" 3 receipt-format
echo '{ "result": { "name": 7 }, "files": [ { "what": "certificate" } ] }' >"$WORK/r/receipt.json"; wrong "of other types" 3 receipt-format
receipt mallory laptop azure-client r/nothing.pem
check "a file that is not there" 9 import "$WORK/r/receipt.json" --root may
receipt mallory laptop ledger-signer ../../../../../etc/mallory.pem
check "one on standard input" 3 import - --root may <"$WORK/r/receipt.json"
check_json "lies nowhere" '.error.code == "receipt-file" and (.error.message | test("standard input"))'
check "a path of elsewhere is a name; the certificate is given first, too" 0 import "$WORK/mallory.pem" "$WORK/r/receipt.json" --root may
check_json "once" '.import.certificates_imported == 1'
check "what came of it" 0 "$p11ca" --json client show mallory
check_json "is the device; the ledger's own template is not believed" '.client | .device == "laptop" and .template_name == "imported"'
check "events say where all of it came from" 0 sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM events WHERE body LIKE '%
kind: certificate-imported
%'"
check_has "24 came in, one of them twice" out 25

# Microsoft's CA puts a counter behind the same first digits: what differs is the thumbprint.
old may SameDigitsA 0x610a5c0b00000000aa01
old may SameDigitsB 0x610a5c0b00000000aa02
check "serials that begin alike" 0 import "$WORK/SameDigitsA.pem" "$WORK/SameDigitsB.pem" --root may
for name in SameDigitsA SameDigitsB; do
	check "$name is revoked" 0 "$p11ca" --json client revoke $name --reason keyCompromise
	check_json "under a name of its own for the gateway" '.certificates[0] | .azure_name == "p11ca-" + .thumbprint[0:16]'
done
plan
