#!/bin/sh
# SPDX-License-Identifier: MIT
# root-create.t - a root on its token, and everything that stands against one.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool
tokens hsm other
create() { "$p11ca" --json root create "$@" $pin; }

check "makes a root" 0 create vpn -t hsm --note "first of all"
check_json "on the token" '.result | .made_on_token == "yes" and .extractable == "no" and .value_refused == "yes" and .installed'
check_json "and says where the ledger is" '.result.home == env.P11CA_HOME'
check_json "and that its key is in files" '.warnings[].id == "root-in-file"'
[ "$(stat -c %a "$P11CA_HOME")" = 700 ]; ok "the home is for its owner alone"
id=$(field .result.cka_id) thumbprint=$(field .result.thumbprint) head=$(field .result.ledger_head)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o "$WORK/root.der" 2>/dev/null
check "the certificate lies beside its key" 0 openssl x509 -inform DER -in "$WORK/root.der" -noout -fingerprint -sha1
[ "$(tr -d : <"$WORK/out" | sed 's/.*=//' | tr A-F a-f)" = "$thumbprint" ]; ok "with that thumbprint" "$WORK/out"
openssl x509 -inform DER -in "$WORK/root.der" -out "$WORK/root.pem"
check "valid by the strict rules" 0 openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/root.pem" "$WORK/root.pem"
check "its extensions" 0 openssl x509 -in "$WORK/root.pem" -noout -subject -ext basicConstraints,keyUsage,subjectKeyIdentifier
check_has "CA, path length 0" out "CA:TRUE, pathlen:0"
check_has "keyUsage" out "Certificate Sign, CRL Sign"
[ "$(sed -n '/Subject Key Identifier/{n;s/[ :]//g;p}' "$WORK/out" | tr A-F a-f)" = "$id" ]; ok "the CKA_ID is its key identifier" "$WORK/out"

check "again: the same root" 0 create vpn -t hsm
check_json "nothing was left to do" ".result | .existing and .thumbprint == \"$thumbprint\" and .ledger_head == \"$head\""
check "again for another time" 7 create vpn -t hsm --days 10
check_json "is refused, not answered with the root that is there" '.error.code == "client-has-certificate"'
check "its name on another token" 7 create vpn -t other
check_json "has a code" '.error.code | . == "root-has-key"'
check "its subject under another name" 7 create vpn2 -t hsm --subject CN=vpn
check_json "has a code" '.error.code == "root-subject-taken"'
check "a second root" 0 create lab -t hsm --subject 'CN=Lab Root,O=Contoso\, Ltd.,C=DE' --days 100
check_json "has its subject" '.result.subject | test("Contoso")'
openssl_subject() { "$p11ca" root export lab --format der | openssl x509 -inform DER -noout -subject -nameopt RFC2253; }
check "as openssl reads it" 0 openssl_subject
check_has "in that order" out 'CN=Lab Root,O=Contoso\, Ltd.,C=DE'

check "a key that Azure has no recipe for" 7 create ec -t other --key ec:p256
check_json "has a code" '.error.code == "template-key-type"'
check_has "the reason" err "RSA"
check_has "and the way out" err "--template vpn-root"
for name in -x .x 'a b' "$(printf 'a\033')" "$(printf %065d 0)"; do
	check "no name for a root" 2 create -t other -- "$name"
done
check "no subject" 2 create x -t other --subject 'nonsense'
check "too many days" 2 create x -t other --days 99999
check "a template for clients" 2 create x -t other --template azure-client
check "no template" 2 create x -t other --template nosuch
check "no such token" 4 create x -t nosuch
check "none of these left anything" 0 "$p11ca" --json root list
check_json "two roots" '[.roots[].name] | sort == ["lab", "vpn"]'
check "the ledger is clean" 0 "$p11ca" ledger verify
check "the note is in it" 0 "$p11ca" --json ledger log
check_json "where it belongs" '[.events[] | select(.note == "first of all")] | length > 1'

# A test ledger says so in whatever it signs.
P11CA_HOME=$WORK/home-test
check "--test in an empty home" 0 create trial -t other --test
check_json "O=TEST" '.result.subject == "O=TEST,CN=trial" or .result.subject == "CN=trial,O=TEST"'
check "and from then on" 0 create trial2 -t other
check_json "for ever" '.result.subject | test("O=TEST")'
request "$WORK/r.csr" /CN=x
issue "$WORK/r.csr" --cn tina --root trial >/dev/null 2>&1
check "in clients' certificates as well" 0 "$p11ca" --json client show tina
check_json "O=TEST" '.client.subject | test("O=TEST")'
P11CA_HOME=$WORK/home
check "--test where the ledger is none" 7 create t3 -t other --test
check_json "has a code" '.error.code == "ledger-not-test"'

# A key that another ceremony made.
keygen() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --keypairgen --key-type "$2" --id "$1" --label made >/dev/null 2>&1 || bail "no key"; }
keygen 0a0b rsa:2048
keygen 0a0c EC:prime256v1
check "not for Azure" 7 create made -t other --existing-key "pkcs11:id=%0a%0c"
check "nor by no id" 2 create made -t other --existing-key "pkcs11:object=made"
check "nor with a kind" 2 create made -t other --existing-key "pkcs11:id=%0a%0b" --key rsa:3072
check "no such key" 4 create made -t other --existing-key "pkcs11:id=%0a%0d"
check "nothing came of it" 4 "$p11ca" root show made
check "dry run" 0 create made -t other --existing-key "pkcs11:id=%0a%0b" --dry-run
check "nor of that" 4 "$p11ca" root show made
check "made on the token" 0 create made -t other --existing-key "pkcs11:id=%0a%0b"
check "shown" 0 "$p11ca" --json root show made
check_json "as the token states it" '.root | .origin == "stated local" and .cka_id == "0a0b" and .state == "issued"'
"$p11ca" root export made --format pem >"$WORK/made.pem"
check "openssl takes it" 0 openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/made.pem" "$WORK/made.pem"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --read-object --type pubkey --id 0a0b -o "$WORK/made.pub" >/dev/null 2>&1
openssl x509 -in "$WORK/made.pem" -pubkey -noout | openssl pkey -pubin -outform DER | cmp - "$WORK/made.pub"; ok "of that key"
check "again" 0 create made -t other --existing-key "pkcs11:id=%0a%0b"
check_json "nothing was left to do" .result.existing
check "the same root with another subject is refused" 7 create made -t other --existing-key "pkcs11:id=%0a%0b" --subject "CN=Another"
check_json "as its certificate has the first subject" '.error.code == "root-name-taken"'
check "the key under another name" 7 create made2 -t other --existing-key "pkcs11:id=%0a%0b"
check_json "is one that is there" '.error.code == "key-recorded"'
check "another key under the name" 7 create made -t other --template vpn-root --existing-key "pkcs11:id=%0a%0c"
check_json "of one that has it" '.error.code == "root-name-taken"'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$WORK/brought.key" 2>/dev/null
softhsm_key other 0a0e "$WORK/brought.key" || bail "no key"
check "one that was brought" 7 create brought -t other --existing-key "pkcs11:id=%0a%0e"
check_json "may have copies" '.error.code == "root-imported"'
check "accepted" 0 create brought -t other --existing-key "pkcs11:id=%0a%0e" --accept-imported
request "$WORK/m.csr" /CN=x
issued=$WORK/mia
check "a client under it" 0 issue "$WORK/m.csr" --cn mia --root brought
"$p11ca" root export brought --format pem >"$WORK/brought.pem"
"$p11ca" client export mia --format pem >"$WORK/mia.pem"
check "openssl verifies" 0 openssl verify -x509_strict -CAfile "$WORK/brought.pem" "$WORK/mia.pem"
check "and the ledger is whole" 0 "$p11ca" ledger verify
plan
