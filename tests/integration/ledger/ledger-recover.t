#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-recover.t - what killed runs left is listed, finished or closed.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm alice
root vpn hsm
root ec hsm --template vpn-root --key ec:p256
use_proxy
real=$P11FAULT_MODULE
# killed PLAN NAME ROOT : client enroll that ends in the middle
killed() { with_fault "$1" "$p11ca" client enroll --shared-card "$2" -t alice --root "$3" $pins --root-module "$PKCS11_MODULE_PATH" >/dev/null 2>&1; }
enroll() { "$p11ca" --json client enroll --shared-card "$1" -t alice --root "$2" $pins --root-module "$PKCS11_MODULE_PATH"; }
recover() { "$p11ca" --json ledger recover "$@"; }

check "nothing is left" 0 recover
check_json "at first" '.unfinished == []'

killed C_GenerateKeyPair@1=kill early vpn
check "killed before the key was made" 10 recover
check_json "a planned key" '.unfinished | length == 1 and .[0].kind == "key" and .[0].state == "planned" and .[0].name == "early"'
check "the same command" 0 enroll early vpn
check_json "finishes" '.result.installed'

killed C_SignInit@1=kill middle vpn
check "killed before the key was proved" 10 recover
check_json "a key" '.unfinished | length == 1 and .[0].kind == "key" and .[0].next != ""'
id=$(field '.unfinished[0].id')
check "the same command" 0 enroll middle vpn
check_json "finishes with that key" ".result.installed and .result.cka_id == \"$id\""
check "nothing is left" 0 recover

# The third signature of an enrollment is the root's.
killed C_Sign@3=kill late vpn
check "killed while the root signed" 10 recover
check_json "a certificate" '.unfinished | map(select(.kind == "certificate")) | length == 1 and .[0].state == "signing"'
serial=$(field '.unfinished[] | select(.kind == "certificate").id')
check "the dry run" 10 recover --finish --dry-run
check "leaves it" 10 recover
check "signed again" 0 recover --finish $pin --root-module "$real"
check_json "it is finished" '.unfinished[0].outcome == "finished"'
check "the certificate" 0 "$p11ca" client export late
openssl x509 -in "$WORK/out" -noout -serial | tr A-F a-f >"$WORK/serial"
grep -q "$serial" "$WORK/serial"; ok "has the serial that was recorded" "$WORK/serial"
check "and goes onto the card with the same command" 0 enroll late vpn
check_json "as it is" ".result.installed and .result.serial == \"$serial\""

# ECDSA signs differently each time: what may have been signed is listed as revoked.
killed C_Sign@3=kill ecdsa ec
check "an EC root" 10 recover --finish $pin --root-module "$real"
check_json "cannot sign the same again" '.unfinished[0] | .name == "ecdsa" and .outcome == "left"'
check "closed" 0 recover --close
check_json "its serial counts as revoked" '.unfinished[0].outcome == "closed"'
check "no more" 0 recover
check "the same command" 0 enroll ecdsa ec
check_json "makes another one" '.result.installed'

killed C_SignInit@1=kill never vpn
check "a key that nobody wants" 0 recover --close
check_json "is closed" '.unfinished[0] | .outcome == "closed" and (.next | test("token clean"))'
check "the ledger is clean" 0 "$p11ca" --json ledger verify
check_json "and says so" '.ledger.verdict == "clean"'
check "certificates of both kinds are known" 0 "$p11ca" --json client list --all
check_json "each client" '[.clients[].name] | unique == ["early", "ecdsa", "late", "middle"]'
plan
