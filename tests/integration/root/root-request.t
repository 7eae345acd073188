#!/bin/sh
# SPDX-License-Identifier: MIT
# root-request.t - the key of a root that another CA signs: made and proved on the token, with a request for that CA.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool pkcs11-tool
cd "$WORK" || bail "no folder"
tokens hsm other
ask() { "$p11ca" --json root request "$@" --pin-source env:PIN; }

check "a dry run" 0 ask sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --out sub.csr --dry-run
[ ! -e "$P11CA_HOME/ledger.db" ] && [ ! -e sub.csr ]; ok "makes nothing"
check "a wrong PIN" 5 "$p11ca" root request sub -t hsm --out sub.csr --pin-source env:WRONG --batch
[ ! -e sub.csr ]; ok "writes no request"
rm -rf "$XDG_STATE_HOME" # where the failed PIN is remembered
check "root request" 0 ask sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --out sub.csr
check "openssl verifies the request" 0 openssl req -in sub.csr -verify -noout -subject -nameopt RFC2253
check_has "with the name asked for" out "CN=VPN Sub CA"
check "certtool reads it" 0 certtool --crq-info --infile sub.csr
check_has "and verifies it" out "signature: verified"
check "the key is on the token" 0 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --login --pin "$PIN" --list-objects --type privkey
check_has "and stays there" out "never extractable"
check "the root" 0 "$p11ca" --json root show sub
check_json "has no certificate yet" '.root.state == "unfinished" and .root.serial == null and .root.secret_read_refused == true'
check "nobody is enrolled under it" 7 "$p11ca" --json client enroll alice --root sub -t other --pin-source env:PIN
check_json "which has a code" '.error.code == "root-not-issued"'
openssl req -in sub.csr -noout -pubkey >one
check "the file is there" 9 ask sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --out sub.csr
check "again, to standard output" 0 "$p11ca" root request sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --out - --pin-source env:PIN
openssl req -in "$WORK/out" -noout -pubkey | cmp - one >detail 2>&1; ok "is the same key's" detail
check "another name for it" 7 ask sub -t hsm --subject "CN=Other" --out other.csr
check "on another token" 7 ask sub -t other --subject "CN=VPN Sub CA,O=Contoso" --out other.csr
check "a template that is not for roots is refused" 2 ask sub2 -t hsm --template azure-client --out other.csr
check "a key that Azure does not take" 7 ask sub2 -t hsm --key ec:p256 --out other.csr
[ ! -e other.csr ]; ok "none of them wrote a request"
check "it does not sign its own meanwhile" 7 "$p11ca" --json root create sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --pin-source env:PIN
check_json "with the reason" '.error.code == "root-requested"'
check "no answer will come" 0 "$p11ca" --json root create sub -t hsm --subject "CN=VPN Sub CA,O=Contoso" --withdraw-request --pin-source env:PIN
check_json "then it does, with the same key" '.result.serial != null and .result.fingerprint == .result.root_fingerprint'
check "events" 0 "$p11ca" --json ledger log
check_json "have the withdrawal, once" '[.events[].kind | select(. == "root-request-withdrawn")] | length == 1'
check_json "have it once, and the hash of each request" '[.events[].kind | select(startswith("root-req"))] == ["root-requested", "root-request-signed", "root-request-signed", "root-request-withdrawn"]'
# A root that was interrupted while it signed its own certificate, and a wrong PIN at the right moment.
real=$PKCS11_MODULE_PATH
use_proxy
with_fault C_Sign@2=kill "$p11ca" root create own -t hsm --pin-source env:PIN >detail 2>&1
PKCS11_MODULE_PATH=$real
check "a root that is signing its own" 7 ask own -t hsm --out own.csr
check_json "asks nobody" '.error.code == "root-name-taken"'
check "and finishes" 0 "$p11ca" root create own -t hsm --pin-source env:PIN
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
