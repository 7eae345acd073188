#!/bin/sh
# SPDX-License-Identifier: MIT
# token-show.t - a token, its flags and its objects; text of the token is never raw.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm twin twin
root vpn hsm

check "shows a token" 0 "$p11ca" --json token show hsm
check_json "its flags" '.token | .initialised and .pin_set and (.pin_locked or .pin_count_low | not)'
check_json "its module" '.module.path == env.PKCS11_MODULE_PATH and .module.cryptoki_version == "2.40"'
check_json "without a login: what is public" '[.objects[].class] | sort == ["cert", "public"]'
check_json "key and certificate belong together" '[.objects[].cka_id] | unique | length == 1'
uri=$(field .token.uri)
check "its URI names it again" 0 "$p11ca" --json token show "$uri"
check "with a login" 0 "$p11ca" --json token show hsm --login $pin
check_json "what is private as well" '[.objects[].class] | sort == ["cert", "private", "public"]'
check_json "which may not leave" '.objects[] | select(.class == "private") | .sensitive and (.extractable | not)'

check "its kind, recognised" 0 "$p11ca" --json token show hsm
check_json "says by what" '.token | .kind == "softhsm" and (.kind_reason | contains("SoftHSM"))'
check "its kind, named" 0 "$p11ca" --json token show hsm --kind generic
check_json "is taken" '.token | .kind == "generic" and (.kind_reason | contains("--kind"))'
check "an unknown kind is refused" 2 "$p11ca" token show hsm --kind nosuch
check_has "they are listed" err "opensc"
check "a login that is refused" 5 "$p11ca" token show hsm --login --pin-source env:WRONG
check "a token says that a PIN failed" 0 "$p11ca" --json token show hsm
check_json "in its flags" .token.pin_count_low

check "no such token" 4 "$p11ca" token show nosuch
check_has "what to do" err "hint:"
check "two of one label" 4 "$p11ca" --json token show twin
check_json "two tokens of one label have the code token-ambiguous" '.error.code == "token-ambiguous"'
cp "$WORK/err" "$WORK/two"
for serial in $("$p11ca" --json token list | jq -r '.tokens[] | select(.label == "twin") | .serial'); do
	check_has "names one of them" two "$serial"
	check "which its serial tells" 0 "$p11ca" token show "pkcs11:token=twin;serial=$serial"
done

check "a URI that says one thing twice" 2 "$p11ca" token show 'pkcs11:token=hsm;token=hsm'
check "an unknown attribute is refused" 2 "$p11ca" token show 'pkcs11:tokin=hsm'
check "a PIN in a URI" 2 "$p11ca" token show 'pkcs11:token=hsm?pin-value=123456'
check_lacks "is not repeated" err 123456
for uri in 'pkcs11:token=hsm;pin-value=123456' 'pkcs11:pin-value=123456;token=hsm' 'pkcs11:token=hsm;pin-value=1?pin-source=x'; do
	check "a PIN in the path of a URI is refused" 2 "$p11ca" token show "$uri"
	check_has "the message names the PIN: $uri" err "it has a PIN in it (pin-value)"
	check_has "the hint names a source" err "pin-source"
done
check "pin-source in the path of a URI is refused" 2 "$p11ca" token show 'pkcs11:token=hsm;pin-source=file:/x'
check_has "the message says where it belongs" err "pin-source belongs behind a '?'"
check "both PIN attributes" 2 "$p11ca" token show 'pkcs11:token=hsm?pin-source=file&pin-value=123456'
check "a slot number that is too large" 2 "$p11ca" token show 'pkcs11:slot-id=99999999999999999999'
plan
