#!/bin/sh
# SPDX-License-Identifier: MIT
# completion.t - what bash offers, as readline would ask for it.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
command -v bash >/dev/null || skip_all "no bash"
script=$top_builddir/completion/p11ca

# complete LINE : the answers for a cursor at the end of LINE, one per line
complete() {
	PATH="$WORK/bin:$PATH" bash -c '. "$1"; COMP_LINE=$2 COMP_POINT=${#2} _p11ca
		for word in "${COMPREPLY[@]}"; do echo "<$word>"; done' bash "$script" "$1"
}
# offers LINE ANSWER... : exactly these, in any order
offers() {
	offers_line=$1
	shift
	for answer; do echo "<$answer>"; done | sort >"$WORK/want"
	complete "$offers_line" 2>&1 | sort >"$WORK/out"
	diff "$WORK/want" "$WORK/out" >"$WORK/detail"
	ok "$offers_line" "$WORK/detail"
}

# A placeholder lists the tokens, with a label that no real module can return.
mkdir "$WORK/bin"
cat >"$WORK/bin/p11ca" <<'EOF'
#!/bin/sh
case "$*" in
'token list --uris') printf '%s\n' 'pkcs11:token=alice;serial=1' 'pkcs11:token=bob' 'pkcs11:token=$(touch x)`id`' ;;
'token list --uris --module /m.so') echo pkcs11:token=other ;;
'template list') printf 'NAME  SUMMARY\nazure-client  x\nazure-root  x\n' ;;
esac
EOF
chmod +x "$WORK/bin/p11ca"
cd "$WORK" || bail "no folder"
mkdir sub
touch sub/one sub/two

check "the script is bash" 0 bash -n "$script"
if command -v shellcheck >/dev/null; then check "and clean" 0 shellcheck "$script"; fi

offers 'p11ca token sh' show
offers 'p11ca --json tok' token
offers 'p11ca --home sub token sh' show
offers 'p11ca --batch token --home=sub sh' show
offers 'p11ca nosuch '
complete 'p11ca client issue --' >"$WORK/out"
check_has "a command's own options" out '<--cn>'
check_has "those it brings" out '<--dry-run>'
check_has "those that all have" out '<--json>'
offers 'p11ca check --jso' --json

offers 'p11ca token show pkcs11:token=a' 'alice\;serial=1'
offers 'p11ca token show pkcs11:token=alice\;ser' 'alice\;serial=1'
offers 'p11ca token show p' 'pkcs11:token=alice\;serial=1' 'pkcs11:token=bob' 'pkcs11:token=\$\(touch\ x\)\`id\`'
offers 'p11ca token show "pkcs11:token=' 'pkcs11:token=alice;serial=1' 'pkcs11:token=bob'
offers 'p11ca token show -m /m.so pkcs11:' 'token=other'
offers 'p11ca token show --module=/m.so pkcs11:' 'token=other'
[ ! -e x ]; ok "a token's name is never run"

offers 'p11ca check sub/o' sub/one
offers 'p11ca --home su' sub
offers 'p11ca --home=su' sub
offers 'p11ca token show --pin-source e' env:
offers 'p11ca token show --pin-source file:sub/t' sub/two
offers 'p11ca root create r --key rsa:2' 2048
offers 'p11ca root create r --key=ed' ed25519
offers 'p11ca client issue --template azure-c' azure-client
offers 'p11ca client issue --cn '
offers 'p11ca client issue --cn check sub/t' sub/two

rm "$WORK/bin/p11ca"
ln -s "$p11ca" "$WORK/bin/p11ca"
if softhsm_up "$WORK" alpha 2>/dev/null; then
	complete 'p11ca token show pkcs11:' >"$WORK/out"
	check_has "a live token, without logging in" out 'token=alpha'
fi
plan
