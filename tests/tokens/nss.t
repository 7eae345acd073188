#!/bin/sh
# SPDX-License-Identifier: MIT
# nss.t - the matrix on NSS's softokn, which wants to be told where its database is.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl certutil unshare
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libsoftokn3.so /usr/lib/*/nss/libsoftokn3.so /usr/lib64/libsoftokn3.so) ||
	skip_all "no softokn"
export PKCS11_MODULE_PATH
proxy=$(kit_proxy) || skip_all "no p11-kit proxy"
not_root true 2>/dev/null || skip_all "no user namespaces"
kind=nss token="NSS Certificate DB"
unblocks=6 unblocks_by="change the PIN with the old one"
module_leaks # softokn 3.87: all over
audit_says=10 # it does not say that it made the keys
mkdir "$WORK/db" && printf '%s\n' "$PIN" >"$WORK/pin" && certutil -N -d "sql:$WORK/db" -f "$WORK/pin" ||
	bail "no database"
init="configdir='sql:$WORK/db' certPrefix='' keyPrefix='' secmod='secmod.db'"

if pkcs11-tool --module "$PKCS11_MODULE_PATH" --list-slots >"$WORK/slots" 2>&1; then
	check "softokn 3.110 starts without init, and its tokens are listed" 0 "$p11ca" token list
else
	check "without init it does not start" 6 "$p11ca" token list
	check_has "and it is said what to do" err "p11ca.conf"
fi
mkdir -m 700 "$P11CA_HOME" && printf '[module softokn3]\ninit = %s\n' "$init" >"$P11CA_HOME/p11ca.conf"
# pkcs11-tool cannot say it to a module; p11-kit can.
kit_knows nss "module: $PKCS11_MODULE_PATH" "x-init-reserved: $init"
tool() { not_root timeout 60 pkcs11-tool --module "$proxy" --token-label "$token" "$@"; }
# softokn 3.110 offers EdDSA and makes keys, but no program gets a signature.
if tool -M 2>"$WORK/detail" | grep -q EDDSA; then specs="rsa:2048 ec:p256"; fi
matrix
if [ "$specs" = "rsa:2048 ec:p256" ]; then
	check "a root whose token makes an Ed25519 key but does not sign is refused" 1 p root create root-ed --shared-card \
	    --token "$token" --key ed25519 --template vpn-root $pin
	check_has "the error names the step" err "while proving the key of 'root-ed'"
	id=$(tool --login --pin "$PIN" --list-objects --type privkey 2>"$WORK/detail" | grep -A9 EC_EDWARDS | sed -n 's/^ *ID: *//p')
	echo message >"$WORK/message"
	[ -n "$id" ] && ! tool --login --pin "$PIN" --sign -m EDDSA --id "$id" -i "$WORK/message" -o "$WORK/sig" >"$WORK/detail" 2>&1
	ok "pkcs11-tool gets no signature of that key either" "$WORK/detail"
fi
plan
