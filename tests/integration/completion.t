#!/bin/sh
# SPDX-License-Identifier: MIT
# completion.t - what bash, zsh and fish offer; of bash, as readline would ask for it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
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
'root list') printf 'NAME       STATE\ncontoso    issued\nfabrikam   issued\n' ;;
'root list --home /h') printf 'NAME  STATE\nelsewhere  issued\n' ;;
'client list') printf 'NAME  STATE\nalice@contoso.com  issued\nBen Bell  issued\n' ;;
'gateway list') printf 'GATEWAY  GROUP\nVNet1GW  rg\n' ;;
explain) printf 'CODE  KIND\nkey-extractable  fail\npin-locked  error\n' ;;
esac
echo "$*" >>"${STUB_LOG:-/dev/null}"
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
offers 'p11ca root show ' contoso fabrikam
offers 'p11ca root show --home /h ' elsewhere
offers 'p11ca client issue --root=con' contoso
offers 'p11ca client renew a' alice@contoso.com
offers 'p11ca profile write p.zip --client Ben' 'Ben\ Bell'
offers 'p11ca gateway render V' VNet1GW
offers 'p11ca explain key' key-extractable
offers 'p11ca profile write p.zip --for sw' swanctl
offers 'p11ca profile write p.zip --for=swanctl,windows-' swanctl,windows-device
offers 'p11ca he' help
offers 'p11ca help root sh' show
offers 'p11ca client issue --cn '
offers 'p11ca client issue --cn check sub/t' sub/two

# The formats of --for are those of the program
sed -n 's/^PROFILE([a-z_]*, "\([a-z-]*\)".*/\1/p' "$srcdir/src/model/profile_formats.def" | sort >formats
for shell in p11ca _p11ca p11ca.fish; do
	tr -s " ()|';\t" '\n' <"$top_builddir/completion/$shell" | grep -xFf formats | sort -u | diff formats - >detail
	ok "completion/$shell has each profile format" detail
done

# fish says by itself what it would offer
fish_offers() {
	fish_line=$1
	shift
	for answer; do echo "$answer"; done | sort >want
	PATH="$WORK/bin:$PATH" HOME=$WORK fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
	    "$top_builddir/completion/p11ca.fish" "$fish_line" 2>&1 | cut -f1 | sort >all
	# From version 4 on, fish also offers words that have what was typed in their middle.
	{ grep -e "^${fish_line##* }" all || cat all; } >out
	diff want out >detail
	ok "fish: $fish_line" detail
}
if command -v fish >/dev/null; then
	fish_offers 'p11ca token sh' show
	fish_offers 'p11ca clie' client
	fish_offers 'p11ca help root sh' show
	fish_offers 'p11ca --json root sho' show
	fish_offers 'p11ca client issue --trust' --trust-names
	fish_offers 'p11ca token list --jso' --json
	fish_offers 'p11ca root show c' contoso
	fish_offers 'p11ca client issue --root fab' fabrikam
	fish_offers 'p11ca client show ali' alice@contoso.com
	fish_offers 'p11ca gateway diff V' VNet1GW
	fish_offers 'p11ca explain pin' pin-locked
	fish_offers 'p11ca client issue --template azure-c' azure-client
	fish_offers 'p11ca root export contoso --format p' pem
	fish_offers 'p11ca profile write p.zip --for swanctl,windows-' swanctl,windows-device
	fish_offers 'p11ca check sub/o' sub/one
	fish_offers 'p11ca token show pkcs11:token=b' pkcs11:token=bob
else
	ok "fish # SKIP no fish"
fi

# zsh completes on a terminal of its own: each line, a tab and a return; the placeholder writes down what it was given
cat >zsh-lines <<'X'
p11ca token sho|token show
p11ca root show con|root show contoso
p11ca client issue --trust-|client issue --trust-names
p11ca client issue --root=fab|client issue --root=fabrikam
p11ca client show ali|client show alice@contoso.com
p11ca gateway diff V|gateway diff VNet1GW
p11ca explain pin|explain pin-locked
p11ca root export contoso --format=p|root export contoso --format=pem
p11ca profile write p.zip --for swanctl,windows-|profile write p.zip --for swanctl,windows-device
p11ca check sub/o|check sub/one
p11ca help root sho|help root show
X
cat >zsh-types <<'X'
zmodload zsh/zpty && zpty -b inner zsh -f -i || exit 1
zpty -w inner "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep; p11ca ready"
wait_for() { for i in {1..50}; do grep -qxF -e "$1" $STUB_LOG && return; sleep 0.1; done; }
wait_for ready
while IFS='|' read -r line given; do
	zpty -w -n inner "$line"$'\t\r'
	wait_for "$given"
	zpty -w -n inner $'\C-u' # of a line that was not accepted
done
zpty -d inner
X
if command -v zsh >/dev/null; then
	PATH="$WORK/bin:$PATH" HOME=$WORK TERM=dumb STUB_LOG=$WORK/zsh-log zsh -f zsh-types "$top_builddir/completion" <zsh-lines >out 2>&1
	while IFS='|' read -r line given; do
		grep -qxF -e "$given" "$WORK/zsh-log"; ok "zsh: $line" "$WORK/zsh-log"
	done <zsh-lines
else
	ok "zsh # SKIP no zsh"
fi

rm "$WORK/bin/p11ca"
ln -s "$p11ca" "$WORK/bin/p11ca"
if softhsm_up "$WORK" alpha 2>/dev/null; then
	complete 'p11ca token show pkcs11:' >"$WORK/out"
	check_has "a live token, without logging in" out 'token=alpha'
	root contoso alpha
	offers 'p11ca root show ' contoso
	complete 'p11ca explain key-ext' >"$WORK/out"
	check_has "the codes of the real program" out '<key-extractable>'
fi
plan
