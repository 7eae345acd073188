#!/bin/sh
# SPDX-License-Identifier: MIT
# kinds.t - what a kind says is done, also where the token itself cannot be had; the README tells which those are.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
use_proxy
check "an unknown kind" 2 "$p11ca" --kind nosuch token show hsm
check "a kind that is asked for" 0 "$p11ca" --json --kind utimaco token show hsm
check_json "is in force, and it says why" '.token.kind == "utimaco" and (.token.kind_reason | test("--kind"))'

# A Luna in FIPS mode: RSA keys by a mechanism of its own.
P11FAULT_RSA=0x80000143
export P11FAULT_RSA
check "no other kind tries a vendor's mechanism" 6 "$p11ca" root create none --token hsm $pin
check_has "and the usual one is named" err "CKM_RSA_PKCS_KEY_PAIR_GEN"
check "a luna" 0 "$p11ca" -q --kind luna root create fips --token hsm $pin
unset P11FAULT_RSA

check "a SmartCard-HSM is initialised" 0 "$p11ca" --kind schsm token init --free --label card \
    --so-pin-source env:SOPIN --new-pin-source env:PIN
check_has "not without the warning about its keys" err "--dkek-shares"
check "no other is warned of" 0 "$p11ca" token init --free --label other --so-pin-source env:SOPIN \
    --new-pin-source env:PIN
check_silent "of another kind nothing is said" err

# The README's table: each kind has a row; tested, or written from documentation, as its file says.
sed -n '/^## Tokens/,/^## PINs/p' "$srcdir/README.md" | grep '^|' >"$WORK/table"
for kind in $(sed -n 's/^KIND(\(.*\))/\1/p' "$srcdir/tokens/kinds/kinds.def"); do
	word=$(echo "$kind" | tr _ -)
	grep "(\`$word\`)" "$WORK/table" >"$WORK/row"
	grep -q "written from documentation" "$srcdir/tokens/kinds/$kind.c" && in_file=yes || in_file=no
	grep -q "written from documentation" "$WORK/row" && in_row=yes || in_row=no
	if [ ! -s "$WORK/row" ]; then
		echo "README.md, Tokens: there is no row with (\`$word\`)"
	elif [ $in_file != $in_row ]; then
		echo "'written from documentation': $in_file in tokens/kinds/$kind.c, $in_row in its row of README.md"
	elif [ $in_file = no ] && [ "$kind" != generic ] &&
	    ! grep -qE "^kind=$word( |\$)|\"$word\"" "$srcdir"/tests/tokens/*.t; then
		echo "no kind=$word in tests/tokens/*.t: add a test, or 'written from documentation' to file and row"
	fi >"$WORK/bad"
	[ ! -s "$WORK/bad" ]; ok "$word: README.md and its file agree whether it was tested, and the test exists" "$WORK/bad"
done
plan
