#!/bin/sh
# SPDX-License-Identifier: MIT
# p11-kit.t - the matrix through p11-kit's proxy over two modules, one of which has readers without a card.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq pkcs11-tool openssl opensc-tool
inside "$0"
not_root true 2>/dev/null || skip_all "no user namespace in another"
proxy=$(kit_proxy) || skip_all "no p11-kit proxy"
opensc=$(first_of /usr/lib/*/opensc-pkcs11.so /usr/lib64/opensc-pkcs11.so) || skip_all "no OpenSC"
kind=softhsm
module_leaks # SoftHSM 2.6.1: the point of each Ed25519 key, see tests/lsan.supp
reader "Empty reader"
tokens matrix bystander
kit_knows one "module: $opensc" "priority: 2" # its empty slots come first
kit_knows two "module: $PKCS11_MODULE_PATH"
PKCS11_MODULE_PATH=$proxy
p() { not_root timeout 60 "$p11ca" "$@"; }
tool() { not_root timeout 60 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$token" "$@"; }

not_root pkcs11-tool --module "$proxy" --list-slots >"$WORK/slots" 2>&1
grep -q "Empty reader" "$WORK/slots" && grep -q "(empty)" "$WORK/slots"
ok "there is a slot without a token" "$WORK/slots"
check "by its name" 0 p --json --module p11-kit token list
check_json "what is empty is no token" '[.tokens[].label] | index("matrix") and index("bystander") and length == 3'
matrix
plan
