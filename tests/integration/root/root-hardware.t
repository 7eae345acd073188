#!/bin/sh
# SPDX-License-Identifier: MIT
# root-hardware.t - a root whose key is in files is warned of, or refused, and in a test home it is neither.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm other third adopted generic fourth
warned() { check_json "$1" '[.warnings[].code] | index("root-in-file") != null'; }
unwarned() { check_json "$1" '[.warnings[].code] | all(test("^root-in-file") | not)'; }

check "a root on SoftHSM" 0 "$p11ca" --json root create vpn -t hsm $pin
warned "is warned of"
check_json "and not said to exist once" '[.warnings[].code] | index("key-without-backup") == null'
check "shown" 0 "$p11ca" --json root show vpn
warned "with the warning"
check "looked at by doctor" 10 "$p11ca" --json doctor
check_json "it is a finding" '.findings[] | select(.code == "root-in-file") | .severity == "warning"'
rsa_key "$WORK/k.pem"
openssl req -x509 -new -key "$WORK/k.pem" -out "$WORK/adopted.pem" -subj /CN=adopted -days 900 \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null || bail "no root"
softhsm_key adopted a1 "$WORK/k.pem" || bail "no key"
softhsm_key third a1 "$WORK/k.pem" || bail "no key"
check "one that is adopted" 0 "$p11ca" --json root adopt old -t adopted --cert "$WORK/adopted.pem" --accept-imported $pin
warned "is warned of as well"
check "and where it is attached" 0 "$p11ca" --json root attach old -t third $pin
warned "again"

check "a renewal of it" 0 "$p11ca" --json root renew vpn $pin
warned "is warned of, too"
check "a root that another CA is to sign" 0 "$p11ca" -q root request sub -t fourth --subject CN=sub --out "$WORK/sub.csr" $pin
openssl x509 -req -in "$WORK/sub.csr" -CA "$WORK/adopted.pem" -CAkey "$WORK/k.pem" -days 90 -out "$WORK/sub.pem" -extfile - 2>/dev/null <<END
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
END
ok "is signed" "$WORK/sub.csr"
check "a token of which nothing is known" 0 "$p11ca" --json --kind generic root create unknown -t generic $pin
check_json "holds the only copy" '[.warnings[].code] == ["key-without-backup"]'

echo 'require-hardware-roots = yes' >"$P11CA_HOME/p11ca.conf"
check "where hardware is required" 7 "$p11ca" --json root create two -t other $pin
check_json "it is refused" '.error.code == "root-in-file-refused"'
check "the token has no key" 0 "$p11ca" --json token audit other $pin
check_json "at all" '.keys == []'
check "nor is one adopted" 7 "$p11ca" --json root adopt two -t adopted --cert "$WORK/adopted.pem" --accept-imported $pin
check_json "by the same code" '.error.code == "root-in-file-refused"'
check "nor attached" 7 "$p11ca" --json root attach old -t third $pin
check "nor renewed" 7 "$p11ca" --json root renew vpn $pin
check_json "with that code" '.error.code == "root-in-file-refused"'
check "nor installed from another CA" 7 "$p11ca" --json root install sub --cert "$WORK/sub.pem" --chain "$WORK/adopted.pem" $pin
check_json "with this code" '.error.code == "root-in-file-refused"'
check "a root that is there" 10 "$p11ca" --json doctor
check_json "is a failure" '.findings[] | select(.code == "root-in-file-refused") | .severity == "fail"'
echo 'require-hardware-roots = maybe' >"$P11CA_HOME/p11ca.conf"
check "any other word is refused" 3 "$p11ca" root list

P11CA_HOME=$WORK/test
check "a root for tests" 0 "$p11ca" --json root create lab -t other --test $pin
unwarned "is not warned of"
check "nor where it is shown" 0 "$p11ca" --json root show lab
unwarned "either"
check "doctor" 0 "$p11ca" --json doctor
check_json "finds nothing" '[.findings[] | select(.code | test("^root-in-file"))] == []'
plan
