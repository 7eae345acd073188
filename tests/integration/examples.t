#!/bin/sh
# SPDX-License-Identifier: MIT
# examples.t - p11ca reads each file of examples/: settings, templates and lists.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
root contoso hsm
examples=$srcdir/examples

# p11ca.conf: as it is, and with every setting in use.
cp "$examples/p11ca.conf" "$P11CA_HOME/p11ca.conf"
check "p11ca.conf as it is" 0 "$p11ca" root list
sed 's/^#\([a-z[]\)/\1/' "$examples/p11ca.conf" >"$P11CA_HOME/p11ca.conf"
check "p11ca.conf with every setting in use" 0 "$p11ca" --json root list
check_has "which has an effect: the team of the root" out network
grep -c '^[a-z]' "$P11CA_HOME/p11ca.conf" >count
sed -n 's/^\t\(CHARS\|YES\|COUNT\)("\([a-z-]*\)".*/\2/p' "$srcdir/src/pki/config.c" | sort >known
sed -n 's/^\([a-z-]*\) = .*/\1/p' "$P11CA_HOME/p11ca.conf" | sort | diff known - >detail
ok "it has every setting that p11ca knows" detail
echo 'nosuch = yes' >>"$P11CA_HOME/p11ca.conf"
check "an unknown setting would be refused" 3 "$p11ca" root list
cp "$examples/p11ca.conf" "$P11CA_HOME/p11ca.conf"

# Templates.
n=0
for file in "$examples"/*.ini; do
	n=$((n + 1))
	check "template check ${file##*/}" 0 "$p11ca" template check "$file"
done
[ "$n" -ge 2 ]; ok "there are templates"

# Lists.
check "people.csv" 0 "$p11ca" --json client enroll --from "$examples/people.csv" --dry-run
check_json "has three clients" '[.clients[].outcome] == ["todo", "todo", "todo"]'
check "people-wait.csv" 0 "$p11ca" --json client enroll --from "$examples/people-wait.csv" --wait --token hsm --dry-run
check_json "has two clients" '[.clients[].outcome] == ["todo", "todo"]'
request dora.csr /CN=ignored
request erik.csr /CN=ignored
check "names.csv" 0 "$p11ca" client issue dora.csr erik.csr --names "$examples/names.csv" --out issued --dry-run
check "the names of the list are used" 0 issue dora.csr erik.csr --names "$examples/names.csv"
check "the device, too" 0 "$p11ca" --json client show erik@contoso.com
check_has "which the list states" out tablet

# Each file is described, and installed.
for file in "$examples"/*; do
	name=${file##*/}
	[ "$name" = README ] || [ "$name" = local.mk ] || grep -q "^$name " "$examples/README"
	ok "README describes $name"
	[ "$name" = local.mk ] || grep -q "examples/$name\b" "$examples/local.mk"
	ok "local.mk installs $name"
done
plan
