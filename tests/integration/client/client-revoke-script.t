#!/bin/sh
# SPDX-License-Identifier: MIT
# client-revoke-script.t - the script that closes a revocation: what it changes where, and what it states without az.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
root other hsm --key rsa:2048
odd="o'brien \$(touch pwned) \"x\""
for name in alice bob "$odd"; do
	request one.csr "/CN=x"
	issue one.csr --root vpn --cn "$name" >/dev/null 2>&1 || bail "no certificate for $name"
done
request one.csr /CN=x
issued=$WORK/issued2
issue one.csr --root other --cn carol >out 2>&1 || bail "no certificate for carol: $(cat out)"
serial() { "$p11ca" --json client list --all | jq -r --arg name "$1" '.clients[] | select(.name == $name) | .serial'; }
thumb() { "$p11ca" --json client show "$1" | jq -r .client.thumbprint; }
alice=$(serial alice) bob=$(serial bob) ob=$(serial "$odd") carol=$(serial carol)
revoke() { "$p11ca" --json client revoke "$@" --reason superseded; }
state() { "$p11ca" --json client show "$1" | jq -r .client.state; }

check "a dry run while no gateway is known" 4 revoke "$bob" --script close.sh --dry-run
[ "$(state "$bob")" = issued ]; ok "nothing is revoked"
check "no gateway is known: the revocation is recorded" 10 revoke "$bob" --script close.sh
check_json "the result is the revoked certificate, with a warning that the script is not written" '.certificates[0].state == "revoked" and .error == null and (.warnings | any(.code == "script-not-written"))'
[ ! -e close.sh ] && [ "$(state "$bob")" = revoked ]; ok "the certificate is revoked, and no script is written"
"$p11ca" -q gateway add one --resource-group "Gruppe(Süd)" --root vpn --subscription 'Sub "1"' >/dev/null
"$p11ca" -q gateway add wan --resource-group rg --root vpn --type vpn-server-config >/dev/null
"$p11ca" -q gateway add elsewhere --resource-group rg --root other >/dev/null
check "a dry run" 0 revoke "$alice" --script close.sh --dry-run
check_json "shows the step" '.steps | map(.name) | index("write the script") != null'
[ ! -e close.sh ] && [ "$(state "$alice")" = issued ]; ok "and does nothing"
echo "of somebody" >close.sh
check "a file that is there, in a dry run" 9 revoke "$alice" --script close.sh --dry-run
[ "$(state "$alice")" = issued ]; ok "revokes nothing"
check "a file that is there" 10 revoke "$alice" --script close.sh
[ "$(cat close.sh)" = "of somebody" ] && [ "$(state "$alice")" = revoked ]; ok "the existing file stays, and alice is revoked"
check_json "the result has a warning that names the file" '.certificates[0].state == "revoked" and (.warnings | any(.code == "script-not-written" and (.message | contains("close.sh"))))'
mkdir nowhere && chmod 500 nowhere
[ "$(id -u)" -eq 0 ] || check "a folder that cannot be written" 10 revoke "$alice" --script nowhere/close.sh
check "no folder" 10 revoke "$alice" --script nosuch/close.sh
check_json "the warning names the folder" '.warnings | any(.code == "script-not-written" and (.message | contains("nosuch")))'
ln -s nosuch link.sh
check "a link to nothing" 10 revoke "$alice" --script link.sh
check "standard output" 2 revoke "$alice" --script -
check "force without a script" 2 revoke "$alice" --force
check "with force" 0 revoke "$alice" --script close.sh --force
[ "$(state "$alice")" = revoked ]; ok "revoked" out
[ "$(stat -c %a close.sh)" = 700 ]; ok "for its owner alone"
cp close.sh alice.sh
check "again" 0 revoke "$alice" --script close.sh
cmp close.sh alice.sh >detail; ok "the script is the same" detail
check "another" 10 revoke "$bob" --script close.sh
cmp close.sh alice.sh >detail; ok "is not written over it" detail
for one in "$bob:bob.sh" "$ob:odd.sh" "$carol:carol.sh"; do
	check "revoked, ${one#*:}" 0 revoke "${one%%:*}" --script "${one#*:}"
	check "sh reads it" 0 sh -n "${one#*:}"
	check "it has no line that is another's" 1 grep -n "$(printf '\033')" "${one#*:}"
done

# lines SCRIPT GATEWAY : what the script adds to the gateway's list of revoked certificates
lines() { awk -v use="^use .*'$2'" '/^use / { is_it = $0 ~ use } is_it && /^(add|remove) /' "$1"; }
for gateway in one wan; do
	[ "$(lines alice.sh $gateway)" = "add p11ca-$(printf %.16s "$alice") $(thumb "$alice")" ]
	ok "gateway '$gateway' gets the thumbprint of alice" alice.sh
done
! grep -q elsewhere alice.sh; ok "the gateway of another root is not in the script" alice.sh
check_has "with group and subscription" alice.sh "use virtualNetworkGateways 'Gruppe(Süd)' 'one' 'Sub \"1\"'"
check_has "sessions are found by the name" alice.sh "printf '%s\\n' 'alice' | sort -u"
[ "$(lines carol.sh elsewhere)" = "add p11ca-$(printf %.16s "$carol") $(thumb "$carol")" ]; ok "carol's is for the other gateway" carol.sh
! grep -qE "^use .*'(one|wan)'" carol.sh; ok "and for no other" carol.sh

# Without az nothing is known, and nothing is claimed.
mkdir bare
for tool in sh mktemp rm cat grep; do ln -s "$(command -v $tool)" bare/$tool; done
bare() { env PATH="$WORK/bare" TMPDIR="$1" P11CA_HOME= sh "$2"; }
check "az is not installed" 1 bare "$WORK" alice.sh
check_has "is stated" err "NOT DETERMINED: what the gateways refuse: az is not installed"
check_has "with the sum" err "Not everything is closed: 0 failed, 1 not determined."
check_silent "no session is said to be absent: nothing is printed as a result" out
check "no temporary folder" 1 bare "$WORK/nosuch" carol.sh
check "a name that a shell would take for its own" 1 bare "$WORK" odd.sh
[ ! -e pwned ]; ok "is a name" out
check "a home named from here" 0 "$p11ca" --json --home "$(basename "$P11CA_HOME")" client revoke "$carol" --reason superseded --script here.sh
cmp here.sh carol.sh >detail; ok "is named from everywhere in the script" here.sh
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
