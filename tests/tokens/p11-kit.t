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
module=$PKCS11_MODULE_PATH PKCS11_MODULE_PATH=$proxy
p() { not_root timeout 60 "$p11ca" "$@"; }
tool() { not_root timeout 60 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$token" "$@"; }

not_root pkcs11-tool --module "$proxy" --list-slots >"$WORK/slots" 2>&1
grep -q "Empty reader" "$WORK/slots" && grep -q "(empty)" "$WORK/slots"
ok "there is a slot without a token" "$WORK/slots"
check "by its name" 0 p --json --module p11-kit token list
check_json "what is empty is no token" '[.tokens[].label] | index("matrix") and index("bystander") and length == 3'
matrix

# p11-kit can be told to write down what is said to a module.  Other programs see that it does; p11ca says so before.
pinned() { p token show matrix --login $pin; }
check "a PIN goes to a module behind p11-kit" 0 pinned
check_silent "of which nothing is said, and nothing is written" err
P11_KIT_DEBUG=all
export P11_KIT_DEBUG
check "P11_KIT_DEBUG" 0 pinned
grep -qF p11-kit: "$WORK/err" && ! grep -aqF "$PIN" "$WORK/err"
ok "writes, but no PIN" "$WORK/err"
check_lacks "so nothing is said of it" err "write the PIN down"
unset P11_KIT_DEBUG
logged() {
	check "$1" 0 pinned
	grep -aqF "pPin = (${#PIN}) \"$PIN\"" "$WORK/err"
	ok "$1: writes the PIN down" "$WORK/err"
	check_has "$1: which is said" err "log-calls in p11-kit's configuration is set: the module may write the PIN down"
}
kit_knows two "module: $module" "log-calls : yes"
logged "log-calls of one module"
kit_knows two "module: $module" "log-calls: no"
echo "log-calls: yes" >>"$HOME/.config/pkcs11/pkcs11.conf"
logged "log-calls of all"
plan
