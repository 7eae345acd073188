#!/bin/sh
# SPDX-License-Identifier: MIT
# root-create.t - a root on its token, and everything that stands against one.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool
tokens hsm other
create() { "$p11ca" --json root create "$@" $pin; }

check "a root is created" 0 create vpn -t hsm --note "first of all"
check_json "the root's key was made on the token and cannot be exported" '.result | .made_on_token == true and .extractable == false and .secret_read_refused == true and .installed'
check_json "the result has the folder of the ledger" '.result.home == env.P11CA_HOME'
check_json "a warning says that the root's key is in files" '.warnings[].code == "root-in-file"'
[ "$(stat -c %a "$P11CA_HOME")" = 700 ]; ok "only the owner can read the home"
id=$(field .result.cka_id) thumbprint=$(field .result.thumbprint) head=$(field .result.ledger_head)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o "$WORK/root.der" 2>/dev/null
check "openssl reads the certificate on the token" 0 openssl x509 -inform DER -in "$WORK/root.der" -noout -fingerprint -sha1
[ "$(tr -d : <"$WORK/out" | sed 's/.*=//' | tr A-F a-f)" = "$thumbprint" ]; ok "the certificate has the reported thumbprint" "$WORK/out"
openssl x509 -inform DER -in "$WORK/root.der" -out "$WORK/root.pem"
check "openssl verifies the root by its strict rules" 0 openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/root.pem" "$WORK/root.pem"
check "openssl prints the root's extensions" 0 openssl x509 -in "$WORK/root.pem" -noout -subject -ext basicConstraints,keyUsage,subjectKeyIdentifier
check_has "the root is a CA with path length 0" out "CA:TRUE, pathlen:0"
check_has "the root may sign certificates and CRLs" out "Certificate Sign, CRL Sign"
[ "$(sed -n '/Subject Key Identifier/{n;s/[ :]//g;p}' "$WORK/out" | tr A-F a-f)" = "$id" ]; ok "the CKA_ID is its key identifier" "$WORK/out"

check "the same command again succeeds" 0 create vpn -t hsm
check_json "it returns the same root and changes nothing" ".result | .existing and .thumbprint == \"$thumbprint\" and .ledger_head == \"$head\""
check "the same root with another validity is refused" 7 create vpn -t hsm --days 10
check_json "the refusal has the code of an existing certificate" '.error.code == "client-has-certificate"'
check "the same name on another token is refused" 7 create vpn -t other
check_json "the refusal has the code of a root that has a key" '.error.code | . == "root-has-key"'
check "the same subject under another name is refused" 7 create vpn2 -t hsm --subject CN=vpn
check_json "the refusal has the code of a subject that is taken" '.error.code == "root-subject-taken"'
check "a second root is created" 0 create lab -t hsm --subject 'CN=Lab Root,O=Contoso\, Ltd.,C=DE' --days 100
check_json "the second root has the subject of --subject" '.result.subject | test("Contoso")'
openssl_subject() { "$p11ca" root export lab --format der | openssl x509 -inform DER -noout -subject -nameopt RFC2253; }
check "openssl reads the subject of the second root" 0 openssl_subject
check_has "the subject keeps its order and its comma" out 'CN=Lab Root,O=Contoso\, Ltd.,C=DE'

check "a key type that Azure does not accept is refused" 7 create ec -t other --key ec:p256
check_json "the refusal has the code of the template's key types" '.error.code == "template-key-type"'
check_has "the message names RSA" err "RSA"
check_has "the message names a template that accepts the key" err "--template vpn-root"
for name in -x .x 'a b' "$(printf 'a\033')" "$(printf %065d 0)"; do
	check "an invalid name for a root is refused" 2 create -t other -- "$name"
done
check "an invalid subject is refused" 2 create x -t other --subject 'nonsense'
check "too many days are refused" 2 create x -t other --days 99999
check "a template for clients is refused" 2 create x -t other --template azure-client
check "an unknown template is refused" 4 create x -t other --template nosuch
check "an unknown token is not found" 4 create x -t nosuch
check "the roots are listed after the refusals" 0 "$p11ca" --json root list
check_json "only the two roots exist" '[.roots[].name] | sort == ["lab", "vpn"]'
check "the ledger verifies" 0 "$p11ca" ledger verify
check "the ledger's log is printed" 0 "$p11ca" --json ledger log
check_json "the events of the first root have its note" '[.events[] | select(.note == "first of all")] | length > 1'

# A test ledger says so in whatever it signs.
P11CA_HOME=$WORK/home-test
check "a test root is created in an empty home" 0 create trial -t other --test
check_json "its subject has O=TEST" '.result.subject == "O=TEST,CN=trial" or .result.subject == "CN=trial,O=TEST"'
check "a root without --test is created in the test ledger" 0 create trial2 -t other
check_json "its subject has O=TEST, too" '.result.subject | test("O=TEST")'
request "$WORK/r.csr" /CN=x
issue "$WORK/r.csr" --cn tina --root trial >/dev/null 2>&1
check "a client of the test ledger is shown" 0 "$p11ca" --json client show tina
check_json "the client's subject has O=TEST" '.client.subject | test("O=TEST")'

# P11CA_TEST_SEED and P11CA_TEST_TIME are for test ledgers.
check "a test home accepts a seed and a time" 0 env P11CA_TEST_SEED=s P11CA_TEST_TIME=2099-01-01T00:00:00Z "$p11ca" --json client list --all
check "a seed is no reason to accept a wrong time" 2 env P11CA_TEST_TIME=2099-02-31T00:00:00Z "$p11ca" --json client list
check_json "the error names the variable" '.error.message | test("P11CA_TEST_TIME is .2099-02-31T00:00:00Z.")'
check "an empty seed is refused" 2 env P11CA_TEST_SEED= "$p11ca" --json client list
P11CA_HOME=$WORK/home
for variable in P11CA_TEST_SEED=s P11CA_TEST_TIME=2099-01-01T00:00:00Z; do
	for words in 'client list' "root create t9 -t other $pin" "check $WORK/r.csr" 'ledger verify'; do
		check "a home that is not for tests refuses $variable: ${words%% -*}" 7 env $variable "$p11ca" --json $words
		check_json "the refusal has a code" '.error.code == "test-home-only"'
	done
	check "an empty home refuses it, too" 7 env $variable "$p11ca" --home "$WORK/none" --json root create t9 -t other $pin
	check_json "the refusal has the same code" '.error.code == "test-home-only"'
	check "the copy of a ledger that is not for tests refuses it" 7 env $variable "$p11ca" --json ledger verify "$WORK/home/ledger.db"
	check_json "the refusal has the same code as for a home" '.error.code == "test-home-only"'
done
[ ! -e "$WORK/none" ]; ok "the refusals created no home"
check "--test is refused in a ledger that is no test ledger" 7 create t3 -t other --test
check_json "the refusal has the code of such a ledger" '.error.code == "ledger-not-test"'

# A key that another ceremony made.
keygen() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --keypairgen --key-type "$2" --id "$1" --label made >/dev/null 2>&1 || bail "no key"; }
keygen 0a0b rsa:2048
keygen 0a0c EC:prime256v1
check "an existing EC key is refused for Azure" 7 create made -t other --existing-key "pkcs11:id=%0a%0c"
check "an existing key without an id is refused" 2 create made -t other --existing-key "pkcs11:object=made"
check "an existing key with a key type is refused" 2 create made -t other --existing-key "pkcs11:id=%0a%0b" --key rsa:3072
check "an unknown key is not found" 4 create made -t other --existing-key "pkcs11:id=%0a%0d"
check "the refused root does not exist" 4 "$p11ca" root show made
check "a root for an existing key is shown by a dry run" 0 create made -t other --existing-key "pkcs11:id=%0a%0b" --dry-run
check "the dry run creates no root" 4 "$p11ca" root show made
check "a root is created for a key that was made on the token" 0 create made -t other --existing-key "pkcs11:id=%0a%0b"
check "the root for the existing key is shown" 0 "$p11ca" --json root show made
check_json "the root's origin is what the token states" '.root | .origin == "stated local" and .cka_id == "0a0b" and .state == "issued"'
"$p11ca" root export made --format pem >"$WORK/made.pem"
check "openssl verifies the root for the existing key" 0 openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/made.pem" "$WORK/made.pem"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --read-object --type pubkey --id 0a0b -o "$WORK/made.pub" >/dev/null 2>&1
openssl x509 -in "$WORK/made.pem" -pubkey -noout | openssl pkey -pubin -outform DER | cmp - "$WORK/made.pub"; ok "the root has the public key of the existing key"
check "the same command for the existing key again succeeds" 0 create made -t other --existing-key "pkcs11:id=%0a%0b"
check_json "it returns the root that exists" .result.existing
check "the same root with another subject is refused" 7 create made -t other --existing-key "pkcs11:id=%0a%0b" --subject "CN=Another"
check_json "as its certificate has the first subject" '.error.code == "root-name-taken"'
check "an existing key under another name is refused" 7 create made2 -t other --existing-key "pkcs11:id=%0a%0b"
check_json "the refusal has the code of a recorded key" '.error.code == "key-recorded"'
check "another key under the same name is refused" 7 create made -t other --template vpn-root --existing-key "pkcs11:id=%0a%0c"
check_json "the refusal has the code of a name that is taken" '.error.code == "root-name-taken"'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$WORK/brought.key" 2>/dev/null
softhsm_key other 0a0e "$WORK/brought.key" || bail "no key"
check "a key that was imported into the token is refused" 7 create brought -t other --existing-key "pkcs11:id=%0a%0e"
check_json "the refusal has the code of an imported key" '.error.code == "root-imported"'
check "an imported key is accepted with --accept-imported" 0 create brought -t other --existing-key "pkcs11:id=%0a%0e" --accept-imported
request "$WORK/m.csr" /CN=x
issued=$WORK/mia
check "a client is issued under the root with the imported key" 0 issue "$WORK/m.csr" --cn mia --root brought
"$p11ca" root export brought --format pem >"$WORK/brought.pem"
"$p11ca" client export mia --format pem >"$WORK/mia.pem"
check "openssl verifies the client of the root with the imported key" 0 openssl verify -x509_strict -CAfile "$WORK/brought.pem" "$WORK/mia.pem"
check "the ledger with imported keys verifies" 0 "$p11ca" ledger verify
plan
