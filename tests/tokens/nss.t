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

check "without init it does not start" 6 "$p11ca" token list
check_has "and it is said what to do" err "p11ca.conf"
mkdir -m 700 "$P11CA_HOME" && printf '[module softokn3]\ninit = %s\n' "$init" >"$P11CA_HOME/p11ca.conf"
# pkcs11-tool cannot say it to a module; p11-kit can.
kit_knows nss "module: $PKCS11_MODULE_PATH" "x-init-reserved: $init"
tool() { not_root timeout 60 pkcs11-tool --module "$proxy" --token-label "$token" "$@"; }
matrix
plan
