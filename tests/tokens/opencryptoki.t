#!/bin/sh
# SPDX-License-Identifier: MIT
# opencryptoki.t - the matrix on openCryptoki's software token; its daemon, shared memory and files are this test's own.
TMPDIR=/tmp && export TMPDIR # it gets a /dev/shm of its own
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
PATH=$PATH:/usr/sbin
needs jq pkcs11-tool openssl pkcsslotd
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/opencryptoki/libopencryptoki.so.0 /usr/lib64/opencryptoki/libopencryptoki.so.0) ||
	skip_all "no openCryptoki"
export PKCS11_MODULE_PATH
etc=/etc/opencryptoki kept=/var/lib/opencryptoki
# It wants a group, and since 3.23 a user.  Root has those of the package; for others root's must do, as no other is known
# in a user namespace.
if [ "$(id -u)" -eq 0 ]; then
	alone_map= groups=true
else
	groups="printf 'root:x:0:\npkcs11:x:0:root\n' >$etc/group && mount --bind $etc/group /etc/group"
fi
alone "$0" -i "mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /dev/shm &&
	{ [ ! -e $etc/strength.conf ] || cp -p $etc/strength.conf /run; } &&
	mount -t tmpfs tmpfs $etc && mount -t tmpfs tmpfs $kept && $groups &&
	{ [ ! -e /run/strength.conf ] || cp -p /run/strength.conf $etc; }"
mkdir -p /run/lock/opencryptoki/swtok $kept/swtok/TOK_OBJ
chgrp -R pkcs11 /run/lock/opencryptoki $kept && chmod -R g+rwx /run/lock/opencryptoki $kept
printf 'version opencryptoki-3.1\nslot 0\n{\nstdll = libpkcs11_sw.so\n}\n' >$etc/opencryptoki.conf
pkcsslotd >"$WORK/slotd.log" 2>&1 && {
	until_there /run/pkcsslotd.socket || until_there /run/opencryptoki/pkcsslotd.socket # since 3.23
} || bail "no pkcsslotd: $(cat "$WORK/slotd.log")"
kind=opencryptoki
# What the module calls itself since 3.23.
pkcs11-tool --module "$PKCS11_MODULE_PATH" --show-info | grep -q "Library *openCryptoki" && kind="opencryptoki-soft"
WRONG=654321 OWNSO=12345678 LONG=123456789
module_leaks # openCryptoki 3.8.1: all over
export OWNSO LONG

# A new token has an SO PIN already.
check "another SO PIN is not set, but tried" 5 p token init --free --label "$token" --so-pin-source env:OWNSO \
    --new-pin-source env:PIN
check_has "it is said which it is" err "87654321"
matrix
check "the officer's PIN is changed" 0 p token pin "$token" --so --so-pin-source env:SOPIN --new-pin-source env:OWNSO
check "no PIN of nine" 5 p token pin "$token" --unblock --so-pin-source env:OWNSO --new-pin-source env:LONG
check_has "it is said how many it takes" err "4 to 8 bytes"
plan
