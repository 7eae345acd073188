#!/bin/sh
# SPDX-License-Identifier: MIT
# terminal.t - what a person sees: no line is wider than the terminal, prompts have lines of their own, and colors are only where
# a terminal shows them.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs python3 openssl
cd "$WORK" || bail "no folder"
long=anna-maria.of-the-department-with-the-longest-name@contoso.com
tokens root "token label of 32 characters abc" alice bob
card="token label of 32 characters abc"
root contoso root
package_root gateway.pem "/CN=Test Gateway Root"
package_root other.pem "/O=A root of another organisation whose name is long/CN=enough for a line of its own"
"$p11ca" root export contoso --format pem --out contoso.pem || bail "no root"
package_folder package gateway.pem other.pem
openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.pem -subj "/CN=weak" -days 30 2>/dev/null || bail "no key"
cp -r package renamed
find renamed -type f -exec sed -i s/azuregateway-7e570000/azuregateway-7e570009/g {} +
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
sed -e "s|@CLIENT_ROOT_DATA@|$(line contoso.pem)|" -e "s|@OTHER_ROOT_DATA@|$(line gateway.pem)|" \
    -e s/test-gw/gw1/g -e "s|resourceGroups/test/|resourceGroups/a-resource-group-with-a-long-name/|" \
    -e "s|: \"test\"|: \"a-resource-group-with-a-long-name\"|" "$srcdir/tests/data/gateway/vnet-gateway.json" >gw1.json
"$p11ca" -q gateway add gw1 --resource-group a-resource-group-with-a-long-name >/dev/null || bail "no gateway"
NAMES="$long 田中太郎田中太郎田中太郎田中太郎"
for name in $NAMES; do card "$name" bob --device laptop --key ec:p256 --template vpn-client; done
export TERM=xterm
unset NO_COLOR COLUMNS

printf 'cn,token\nrefused-with-a-long-name@contoso.example.com,no-such-token\n' >bad.csv
# ANSWERS, a tab, and the command; WIDTH is replaced
cat >table <<END
	p11ca token list
	p11ca token show "$card"
	p11ca token audit bob --pin-source env:PIN
	p11ca template list
	p11ca template show azure-client
	p11ca explain
	p11ca explain 798
$PIN $PIN	p11ca client enroll anna-WIDTH@contoso.com --token "$card" --shared-card --key ec:p256 --template vpn-client --out files-WIDTH
	p11ca client list
	p11ca client enroll --from bad.csv --dry-run
	p11ca client show $long
$PIN	p11ca root create next-WIDTH --token root --key ec:p256 --template vpn-root
	p11ca root list
	p11ca root show contoso
	p11ca root rollover contoso --to next-WIDTH
next-WIDTH	p11ca root retire next-WIDTH
$PIN $PIN $PIN	p11ca token pin alice
	p11ca gateway list
	p11ca gateway show gw1
	p11ca gateway diff gw1 --state gw1.json
	p11ca gateway check gw1 --state gw1.json -v
	p11ca package show package
	p11ca package check package
	p11ca package diff package renamed
	p11ca check gateway.pem weak.pem
	p11ca doctor --package package --state gw1.json
	p11ca client renew $long --token "$card" --dry-run
anna-WIDTH@contoso.com	p11ca client revoke --all anna-WIDTH@contoso.com --reason superseded --script close-WIDTH.sh
	p11ca ledger log
	p11ca ledger verify
	p11ca ledger backup --out backup-WIDTH.db
	p11ca client show nobody-with-a-very-long-name-that-nobody-has@subsidiary-of-contoso.example.com
END
PATH=$top_builddir:$PATH
# on_terminal COLUMNS : all commands; the faults are in $WORK/faults.COLUMNS, the numbers in its last line
on_terminal() {
	mkdir -p "screens.$1" && sed "s/WIDTH/$1/g" table >"table.$1" &&
		python3 "$srcdir/tests/integration/terminal.py" "$1" "screens.$1" "table.$1" >"faults.$1"
}
for columns in 80 60; do
	on_terminal "$columns"
	ok "the commands run on a terminal of $columns columns" "faults.$columns"
	! grep '^fault' "faults.$columns" >detail
	ok "no line is wider than $columns columns, and each prompt has its own line" detail
	grep -rhF -A 1 'refused-with-a-long-name' "screens.$columns" >detail && grep -q "no token matches 'no-such-token'" detail
	ok "the reason of a refusal is shown on a terminal of $columns columns" detail
	grep -q '^commands=32 lines=[0-9]\{3,\} prompts=8 escapes=[1-9]' "faults.$columns"
	ok "every command printed something, every prompt was found, and colors are shown with $columns columns" "faults.$columns"
done

# no_escapes NAME : the files in the folder plain have no escape sequence, and something
no_escapes() {
	cat plain/* >all-plain
	[ -s all-plain ] && ! grep -q "$(printf '\033')" all-plain
	ok "$1" all-plain
	rm -rf plain
}
findings() { printf '\t%s\n' "p11ca $* check weak.pem" "p11ca $* package check package" "p11ca $* client show nobody"; }
with() { mkdir -p plain && python3 "$srcdir/tests/integration/terminal.py" 80 plain findings >/dev/null; }
findings >findings
NO_COLOR=1 with; no_escapes "NO_COLOR on a terminal prints no escape sequence"
TERM=dumb with; no_escapes "a dumb terminal receives no escape sequence"
findings --color=never >findings
with; no_escapes "--color never on a terminal prints no escape sequence"
mkdir plain
p11ca check weak.pem >plain/1 2>&1
p11ca package check package >plain/2 2>&1
p11ca client list >plain/3 2>&1
cp plain/3 list
no_escapes "a pipe receives no escape sequence"
grep -q "$long .*[0-9a-f]\{40\}" list
ok "values in a pipe are complete" list
check "--color always colors a pipe" 10 p11ca --color always check weak.pem
check_has "there is an escape sequence" out "$(printf '\033[')"
check "--color takes three words" 2 p11ca --color sometimes check other.pem

# The judge itself: a line of 81 columns, a prompt behind other text.
printf '%s\t%s\n' "" "printf '%78s田\n' x" "" "printf '%79s田\n' x" x "printf 'progress Enter PIN for token: '; read answer" >bad
mkdir bad-screens && python3 "$srcdir/tests/integration/terminal.py" 80 bad-screens bad >faults.bad
[ "$(grep -c '^fault' faults.bad)" -eq 2 ] && grep -q '81 columns' faults.bad && grep -q 'not at the beginning' faults.bad
ok "the judge finds a line that is too wide and a prompt that is not on a line of its own" faults.bad
plan
