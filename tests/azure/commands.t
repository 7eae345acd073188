#!/bin/sh
# SPDX-License-Identifier: MIT
# commands.t - each az command that a text names is read by azure-cli itself: hints, remedies, explain, help, README, manual.
# What the other programs say of theirs is in tests/meta/named-commands.t.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/azure/azure.sh"
needs python3
cd "$WORK" || bail "no folder"
azure_up
export srcdir
openssl x509 -in "$AZURE/ca.pem" -outform DER -out FILE || bail "no certificate"
"$p11ca" explain --json >explain.json
{
	cd "$srcdir" && find src tokens -name '*.c' -o -name '*.h' -o -name '*.def'
	echo README.md CONTRIBUTING.md docs/*.md docs/guides/*.md man/*.in
} | xargs -n 1 | sed "s|^|$srcdir/|" >texts
found() { python3 "$srcdir/tests/meta/named_commands.py" "$@" >raw && sed "s|$srcdir/||g" raw; }
read_by_az() {
	python3 "$srcdir/tests/meta/parse_commands.py" "$p11ca" "$top_builddir" "$srcdir/tests/meta/cmdlets.txt" "$WORK/bin/az"
}
# shellcheck disable=SC2046
found $(cat texts) explain.json >commands 2>detail
ok "the texts are read" detail
read_by_az <commands >read 2>detail
ok "az is asked for each command of its own" detail
tab=$(printf '\t')
while IFS=$tab read -r status name said; do
	echo "$said" >detail
	[ "$status" = ok ]
	ok "$name" detail
done <read
[ "$(grep -c "^ok" read)" -ge 8 ]; ok "$(grep -c "^ok" read) commands were read by az"

# Its own mistakes, one of each kind: a root as text in place of its file is what once stood in the remedy.
cat >wrong.md <<'X'
`az network vnet-gateway nosuch -g G -n N`, `az network vnet-gateway show -g G -n N --nosuch`,
`az network vnet-gateway show -g G`, `az network vnet-gateway root-cert create -g G --gateway-name N -n X --public-cert-data MIID`,
`az network vpn-server-config show -g G -n N`, `az resource show … --nosuch x`,
`az network vnet-gateway vpn-client generate -g G -n N --authentication-method NoSuch`.
X
found wrong.md | read_by_az >read
[ "$(grep -c '^not ok' read)" -eq 7 ] && [ "$(wc -l <read)" -eq 7 ]; ok "7 wrong commands of az are all seen" read
plan
