#!/bin/sh
# SPDX-License-Identifier: MIT
# module.t - files that are not modules, modules that other users can write to, or that lack a function.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
check "a relative path" 3 "$p11ca" token list --module ./x.so
check "no such file" 4 "$p11ca" token list --module /nonexistent.so
check_has "with a hint" err "hint: install it"
echo text >"$WORK/text.so"
check "not a library" 6 "$p11ca" token list --module "$WORK/text.so"
[ "$(grep -c 'error:' "$WORK/err")" -eq 1 ]; ok "said once, not by the library as well" "$WORK/err"
library=$(ldconfig -p 2>/dev/null | sed -n 's/.*libz\.so\.1 .*=> //p' | head -n 1)
[ -z "$library" ] || check "a library that is no module" 6 "$p11ca" token list --module "$library"
check "the wrong word" 3 "$p11ca" token list --module p11kit

tokens hsm card
echo "directories.tokendir = $WORK/nowhere" >"$WORK/nofolder.conf"
for conf in "$WORK/nowhere.conf" "$WORK/nofolder.conf"; do
	check "SoftHSM with a configuration that it cannot read ($(basename "$conf"))" 6 env SOFTHSM2_CONF="$conf" "$p11ca" token list
	check_has "the hint names SoftHSM's variable" err "SOFTHSM2_CONF"
done
trust="$WORK/trust" copy="$WORK/trust/module.so"
mkdir "$trust" && cp "$PKCS11_MODULE_PATH" "$copy" || bail "no copy"
check "a private copy is accepted" 0 "$p11ca" token list --module "$copy"
chmod o+w "$copy"
check "that others may write" 7 "$p11ca" --json token list --module "$copy"
check_json "has a code" '.error.code == "module-untrusted"'
check "is loaded when that is allowed" 0 "$p11ca" --json token list --module "$copy" --allow-untrusted-module
check_json "with a warning" '.warnings[].code == "module-untrusted"'
chmod o-w "$copy"
chmod o+w "$trust"
check "in a folder that others may write" 7 "$p11ca" token list --module "$copy"
chmod o-w "$trust"
# A group that is not root's: the first of ours that is not root's, or any if we may choose.
group=$(id -G | tr ' ' '\n' | grep -vx 0 | head -n 1)
[ -n "$group" ] || group=1
if chgrp "$group" "$copy" "$trust" 2>/dev/null; then
	chmod g+w "$copy"
	check "a module that its group may write" 7 "$p11ca" --json token list --module "$copy"
	check_json "is not trusted either" '.error.code == "module-untrusted" and (.error.message | test("is writable by other users"))'
	chmod g-w "$copy" && chmod g+w "$trust"
	check "nor one in a folder that its group may write" 7 "$p11ca" --json token list --module "$copy"
	check_json "for the same reason" '.error.code == "module-untrusted" and (.error.message | test("is writable by other users"))'
	chmod g-w "$trust"
fi
ln -s "$copy" "$WORK/link.so" && chmod o+w "$copy"
check "by way of a link" 7 "$p11ca" token list --module "$WORK/link.so"
chmod o-w "$copy"

# What p11-kit's configuration calls remote runs as a program of its own, or listens on a socket: it is given the PIN.
if [ -f "$(pkg-config --variable=proxy_module p11-kit-1 2>/dev/null)" ]; then
	XDG_CONFIG_HOME=$WORK/config
	export XDG_CONFIG_HOME
	mkdir -p -m 755 "$WORK/config/pkcs11/modules" "$WORK/programs"
	remote=$WORK/config/pkcs11/modules/far.module
	cp /bin/true "$WORK/programs/far" && cp /bin/true "$WORK/programs/anybody" && chmod o+w "$WORK/programs/anybody"
	far() {
		echo "remote: $2" >"$remote"
		check "p11-kit's remote module is $1" "$3" env "PATH=${4:-$PATH}" "$p11ca" --json token list --module p11-kit
	}
	refused_far() {
		far "$@"
		check_json "p11-kit's remote module that is refused has the code of a module: $1" '.error.code == "module-untrusted"'
	}
	far "a program that only its owner may write" "|$WORK/programs/far --now" 0
	far "such a program, found by its name" "|far" 0 "$WORK/programs:$PATH"
	far "a program that is not there" "|$WORK/programs/nosuch" 0
	far "a socket in a folder of the owner's" "unix:path=$WORK/programs/socket" 0
	refused_far "a program that anybody may write" "| $WORK/programs/anybody x" 7
	refused_far "such a program, found by its name" "|anybody" 7 "$WORK/programs:$PATH"
	refused_far "looked for in the current folder" "|far" 7 ":$WORK/programs:$PATH"
	refused_far "a program of a relative folder" "|programs/far" 7
	refused_far "a program whose name is quoted" "|'$WORK/programs/far'" 7
	refused_far "no program" "|" 7
	refused_far "another machine" "vsock:cid=2;port=1" 7
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$WORK/programs/here"
	far "a socket that is there" "unix:path=$WORK/programs/here" 0
	chmod o+w "$WORK/programs"
	refused_far "a socket in a folder of everybody's" "unix:path=$WORK/programs/here" 7
	chmod o-w "$WORK/programs"
	rm "$remote"
	unset XDG_CONFIG_HOME
fi

# Which module: option, URI, environment, configuration.
mkdir -p -m 700 "$P11CA_HOME"
echo "module = $copy" >"$P11CA_HOME/p11ca.conf"
used() { field .module.path; }
uri="pkcs11:token=card?module-path=$copy"
check "by the environment" 0 "$p11ca" --json token show card
[ "$(used)" = "$PKCS11_MODULE_PATH" ]; ok "before the configuration" "$WORK/out"
check "by the URI" 0 "$p11ca" --json token show "$uri"
[ "$(used)" = "$copy" ]; ok "before the environment" "$WORK/out"
check "by the option" 0 "$p11ca" --json token show "$uri" --module "$PKCS11_MODULE_PATH"
[ "$(used)" = "$PKCS11_MODULE_PATH" ]; ok "before the URI" "$WORK/out"
check "by the configuration" 0 env -u PKCS11_MODULE_PATH "$p11ca" --json token show card
[ "$(used)" = "$copy" ]; ok "last" "$WORK/out"
rm "$P11CA_HOME/p11ca.conf"

root vpn hsm
check "a root remembers its module" 0 env -u PKCS11_MODULE_PATH "$p11ca" -q client enroll alice -t card --module "$PKCS11_MODULE_PATH" $pins

# A token that cannot make such a key is refused before anybody logs in.
echo 'slots.mechanisms = CKM_RSA_PKCS,CKM_RSA_PKCS_KEY_PAIR_GEN,CKM_SHA256_RSA_PKCS' >>"$SOFTHSM2_CONF"
use_proxy
rm -f "$WORK/calls"
check "a token without EC" 6 "$p11ca" root create ec -t card --shared-card --template vpn-root --key ec:p256 $pin
check_has "says what it lacks" err "CKM_EC"
[ "$(calls C_Login)" -eq 0 ]; ok "nobody logged in" "$WORK/calls"
[ "$(calls C_GenerateKeyPair)" -eq 0 ]; ok "nothing was generated" "$WORK/calls"
check "with RSA it can" 0 "$p11ca" -q root create rsa -t card --shared-card $pin
sed -i 's/^slots.mechanisms.*/slots.mechanisms = CKM_SHA256/' "$SOFTHSM2_CONF"
check "a token that cannot sign" 6 "$p11ca" root create x -t card --shared-card $pin
check "the ledger knows neither" 0 "$p11ca" --json root list
check_json "of them" '[.roots[].name] | sort == ["rsa", "vpn"]'

# C_Initialize and C_OpenSession fail: an answer, not a hang.
check "a module that does not start" 6 with_fault C_Initialize@1=0x30 timeout 20 "$p11ca" token list
check_has "says why" err "CKR_DEVICE_ERROR (0x00000030)"
check "a token that does not open" 4 with_fault C_OpenSession@1=0xe0 timeout 20 "$p11ca" token show card
check_has "says why" err "CKR_TOKEN_NOT_PRESENT (0x000000e0)"
plan
