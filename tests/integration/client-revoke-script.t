#!/bin/sh
# SPDX-License-Identifier: MIT
# client-revoke-script.t - the script that closes a revocation: as bash reads it, and what az is asked by it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl bash
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

check "no gateway is known" 4 revoke "$alice" --script close.sh
check_json "and what to do" '.error.hint | contains("gateway add")'
[ ! -e close.sh ] && [ "$(state "$alice")" = issued ]; ok "nothing is revoked, nothing written"
"$p11ca" -q gateway add one --resource-group "Gruppe(Süd)" --root vpn --subscription 'Sub "1"' >/dev/null
"$p11ca" -q gateway add wan --resource-group rg --root vpn --shape vwan >/dev/null
"$p11ca" -q gateway add elsewhere --resource-group rg --root other >/dev/null
check "a dry run" 0 revoke "$alice" --script close.sh --dry-run
check_json "shows the step" '.steps | map(.name) | index("write the script") != null'
[ ! -e close.sh ] && [ "$(state "$alice")" = issued ]; ok "and does nothing"
echo "of somebody" >close.sh
check "a file that is there, in a dry run" 9 revoke "$alice" --script close.sh --dry-run
[ "$(state "$alice")" = issued ]; ok "revokes nothing"
check "a file that is there" 9 revoke "$alice" --script close.sh
[ "$(cat close.sh)" = "of somebody" ] && [ "$(state "$alice")" = revoked ]; ok "stays, and she is revoked all the same"
check_json "which is said, and how to get the script" '.error.hint | contains("the revocation is recorded") and contains("another file")'
mkdir nowhere && chmod 500 nowhere
[ "$(id -u)" -eq 0 ] || check "a folder that cannot be written" 9 revoke "$alice" --script nowhere/close.sh
check "no folder" 9 revoke "$alice" --script nosuch/close.sh
check_json "likewise" '.error.hint | contains("the revocation is recorded")'
ln -s nosuch link.sh
check "a link to nothing" 9 revoke "$alice" --script link.sh
check "standard output" 2 revoke "$alice" --script -
check "force without a script" 2 revoke "$alice" --force
check "with force" 0 revoke "$alice" --script close.sh --force
[ "$(state "$alice")" = revoked ]; ok "revoked" out
[ "$(stat -c %a close.sh)" = 700 ]; ok "for its owner alone"
cp close.sh alice.sh
check "again" 0 revoke "$alice" --script close.sh
cmp close.sh alice.sh >detail; ok "the script is the same" detail
check "another" 9 revoke "$bob" --script close.sh
cmp close.sh alice.sh >detail && [ "$(state "$bob")" = revoked ]; ok "is not written over it, and he is revoked" detail
for one in "$bob:bob.sh" "$ob:odd.sh" "$carol:carol.sh"; do
	check "revoked, ${one#*:}" 0 revoke "${one%%:*}" --script "${one#*:}"
	check "bash reads it" 0 bash -n "${one#*:}"
	check "it has no line that is another's" 1 grep -n "$(printf '\033')" "${one#*:}"
done

# az, as far as the scripts ask it: the gateways are files, and every call is written down.
mkdir bin
cat >bin/az <<'AZ'
#!/bin/bash
printf '%s\n' "$@" -- >>"$WORK/calls"
value() { while [ $# -gt 1 ]; do [ "$1" != "$wanted" ] || { printf '%s' "$2"; return; }; shift; done; }
of() { wanted=$1; shift; value "$@"; }
case "$1 $2 $3 $4" in
*" revoked-cert create")
	jq --arg n "$(of -n "$@")" --arg t "$(of --thumbprint "$@")" '.vpnClientConfiguration.vpnClientRevokedCertificates |=
		(map(select(.name != $n)) + [{ name: $n, thumbprint: $t }])' "$WORK/$(of --gateway-name "$@").json" >"$WORK/new" &&
		mv "$WORK/new" "$WORK/$(of --gateway-name "$@").json" ;;
"resource update "*)
	jq --argjson entry "$(of properties.vpnClientRevokedCertificates "$@")" '.vpnClientRevokedCertificates += [$entry]' \
	    "$WORK/wan.json" >"$WORK/new" && mv "$WORK/new" "$WORK/wan.json" ;;
"resource show "*) case "$*" in *RevokedCertificates*) jq -r ".vpnClientRevokedCertificates[].thumbprint" "$WORK/wan.json"; exit ;; esac
	printf '/subscriptions/s/p2sVpnGateways/hub1\n/subscriptions/s/p2sVpnGateways/hub2\n' ;;
*" vpn-client show-health") printf 'alice\tIKEv2_a1\nbob\tOpenVPN_b1\nalice\tOpenVPN_a2\n%s\tIKEv2_o1\n' "$ODD" ;;
"network vnet-gateway show "*) case "$*" in *thumbprint*)
	jq -r ".vpnClientConfiguration.vpnClientRevokedCertificates[].thumbprint" "$WORK/$(of -n "$@").json"; exit ;; esac
	cat "$WORK/$(of -n "$@").json" ;;
"network vpn-server-config show "*) cat "$WORK/$(of -n "$@").json" ;;
esac
AZ
printf '#!/bin/sh\n[ "$1 $2" != "root crl" ] || set -- "$@" %s\nexec "%s" "$@"\n' "$pin" "$p11ca" >bin/p11ca
chmod 755 bin/az bin/p11ca
root_line=$("$p11ca" root export vpn)
jq -n --arg root "$root_line" '{ name: "one", type: "Microsoft.Network/virtualNetworkGateways", vpnClientConfiguration: {
	vpnClientRootCertificates: [{ name: "r", publicCertData: $root }], vpnClientRevokedCertificates: [], vpnClientProtocols: ["IkeV2"] } }' >one.json
jq '.name = "elsewhere"' one.json >elsewhere.json
jq -n --arg root "$root_line" '{ name: "wan", type: "Microsoft.Network/vpnServerConfigurations",
	vpnClientRootCertificates: [{ name: "r", publicCertData: $root }], vpnClientRevokedCertificates: [], vpnProtocols: ["IkeV2"] }' >wan.json
close() { WORK=$WORK ODD=$odd SESSIONS=${sessions-} PATH="$WORK/bin:$PATH" P11CA_HOME= bash "$@"; }
# asked WORD... : az was called with these, one after the other
asked() { printf '%s\n' "$@" >words; awk 'NR == FNR { w[++n] = $0; next } { l[++m] = $0 } END { for (i = 1; i <= m; i++) { for (k = 1;
	k <= n && l[i + k - 1] == w[k]; k++); if (k > n) exit 0 } exit 1 }' words calls; }

check "alice's, while sessions of Virtual WAN are not named" 1 close alice.sh
check_has "says where to find them" err "SESSIONS='ID ID'"
asked network vnet-gateway revoked-cert create -g "Gruppe(Süd)" --gateway-name one --subscription 'Sub "1"' -n "p11ca-$(printf %.16s "$alice")" \
    --thumbprint "$(thumb "$alice")"
ok "the gateway gets her thumbprint" calls
asked disconnect-vpn-connections -g "Gruppe(Süd)" -n one --subscription 'Sub "1"' --vpn-connections IKEv2_a1 OpenVPN_a2 -o none
ok "her sessions end, and nobody else's" calls
! grep -q OpenVPN_b1 calls; ok "bob's stays" calls
! grep -q elsewhere calls; ok "no gateway of another root is asked" calls
jq -e --arg t "$(thumb "$alice")" '.vpnClientRevokedCertificates | map(.thumbprint) == [$t]' wan.json >detail; ok "Virtual WAN, too" wan.json
! grep -q '^disconnect$' calls; ok "its sessions wait" calls
openssl crl -in vpn.crl -noout -text >out && grep -qi "Serial Number: $alice" out; ok "the CRL has her" out
check "her certificate is pending nowhere" 0 "$p11ca" --json client show "$alice"
check_json "as the ledger has seen" '.pending == []'
rm calls
sessions='S1 S2'
check "again, with the sessions" 0 close alice.sh
asked p2s-vpn-gateway disconnect --ids /subscriptions/s/p2sVpnGateways/hub1 --vpn-connection-ids S1 S2 -o none
ok "hub 1" calls
asked --ids /subscriptions/s/p2sVpnGateways/hub2 --vpn-connection-ids S1 S2; ok "hub 2" calls
! grep -qE '^(create|update)$' calls; ok "what is there already is not put there again" calls
rm calls
check "a name that a shell would take for its own" 0 close odd.sh
[ ! -e pwned ]; ok "is a name" out
asked --vpn-connections IKEv2_o1 -o none; ok "and found" calls
rm calls
jq '.vpnClientConfiguration.vpnClientRootCertificates = []' one.json >elsewhere.json && jq '.name = "elsewhere"' elsewhere.json >new && mv new elsewhere.json
check "carol has another root" 0 close carol.sh
[ "$(grep -c '^--gateway-name$' calls)" -eq 1 ] && grep -qx elsewhere calls; ok "and another gateway" calls
check_has "no session of hers" out "no session of carol is up at elsewhere"

# On a machine without p11ca, from another folder, and without room.
check "a home named from here" 0 "$p11ca" --json --home "$(basename "$P11CA_HOME")" client revoke "$carol" --reason superseded --script here.sh
cmp here.sh carol.sh >detail; ok "is named from everywhere in the script" here.sh
mkdir bare
for tool in bash jq grep mktemp rm mv cat; do ln -s "$(command -v $tool)" bare/$tool; done
cp bin/az bare/az
bare() { env PATH="$WORK/bare" WORK="$WORK" ODD="$odd" TMPDIR="$1" P11CA_HOME= bash "$2"; }
check "without p11ca" 0 bare "$WORK" carol.sh
check_has "the CRL is somebody else's" err "p11ca is not here: whoever reads CRLs needs a new one"
rm -f calls
check "no temporary folder" 1 bare "$WORK/nosuch" carol.sh
[ ! -e calls ]; ok "ends it before anything is asked" calls
check_has "in clear words" err "nothing is closed"

printf '#!/bin/sh\nexit 3\n' >bin/az
check "az fails" 1 close bob.sh
check_has "which is said" err "not everything is closed"
check "and the rest was done" 0 openssl crl -in vpn.crl -noout
check "bob is pending" 0 "$p11ca" --json client show "$bob"
check_json "still" '.pending | length == 2'
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
