#!/bin/sh
# SPDX-License-Identifier: MIT
# guides.t - the README and each guide run from start to end as they are written, in a folder and on a SoftHSM of their own.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/package.sh"
needs() { for needed; do command -v "$needed" >/dev/null || skip_all "no $needed"; done; }
needs jq openssl pkcs11-tool python3 softhsm2-util
[ -f /usr/lib/softhsm/libsofthsm2.so ] || skip_all "no SoftHSM where the guides have it"
[ -x "$top_builddir/tests/integration/make-package" ] || skip_all "no cmocka: no make-package"
azure_root "$WORK/gateway.pem"
mkdir "$WORK/bin" || bail "no folder"
ln -s "$p11ca" "$WORK/bin/p11ca" || bail "no link"

# Azure, as the guides use it: the state of the gateway after the scripts of the guide, and the client package of the portal.
cat >"$WORK/bin/az" <<'AZ'
#!/bin/sh
[ "$1 $2 $3" = "network vnet-gateway show" ] || { echo "no such command here: az $*" >&2; exit 1; }
. "$srcdir/tests/package.sh"
bail() { echo "$1" >&2; exit 1; }
ours= revoked='[]'
[ ! -e VNet1GW.sh ] || ours=$(p11ca root export contoso) || exit 1
[ ! -e close.sh ] || revoked=$(p11ca client export alice@contoso.com --format der | sha1sum |
	jq -R '[{ name: "alice", thumbprint: .[:40] }]') || exit 1
jq --arg ours "$ours" --argjson revoked "$revoked" '.name = "VNet1GW" | .resourceGroup = "rg-vpn" | .id |= sub("/test/"; "/rg-vpn/") | .vpnClientConfiguration |=
	(.vpnClientRevokedCertificates = $revoked | .vpnClientRootCertificates =
	[select($ours != "") | { name: "contoso", publicCertData: $ours }])' "$srcdir/tests/data/gateway/vnet-gateway.json" || exit 1
[ -e VNet1GW.zip ] || {
	p11ca root export contoso --format pem --out .root.pem &&
		package_folder .package "$GATEWAY_ROOT" .root.pem && package_zip VNet1GW.zip .package
} >&2
AZ
chmod +x "$WORK/bin/az"

# guide FILE
skipped=0
guide() {
	guide_name=${1##*/}
	mkdir "$WORK/home-$guide_name" && cd "$WORK/home-$guide_name" || bail "no folder"
	env -u P11CA_HOME -u XDG_STATE_HOME HOME="$PWD" GATEWAY_ROOT="$WORK/gateway.pem" srcdir="$srcdir" \
	    top_builddir="$top_builddir" PATH="$WORK/bin:$PATH" \
	    python3 "$srcdir/tests/integration/guides.py" "$1" "$WORK/run-$guide_name" >"$WORK/verdicts" 2>"$WORK/errors"
	ok "$guide_name can be read" "$WORK/errors"
	grep -q '^ok ' "$WORK/verdicts"
	ok "$guide_name has commands" "$WORK/verdicts"
	while IFS= read -r line; do
		case $line in
		"ok "*) ok "$guide_name: ${line#ok }" ;;
		"fail "*) ! :; ok "$guide_name: ${line#fail }" "$WORK/verdicts" ;;
		"skipped "*) skipped=$((skipped + ${line#skipped })) ;;
		esac
	done <"$WORK/verdicts"
}
for file in "$srcdir"/docs/guides/*.md "$srcdir/README.md"; do
	guide "$file"
done
echo "# blocks that are not run: $skipped"
[ "$skipped" -le 1 ]; ok "at most one block is not run"
plan
