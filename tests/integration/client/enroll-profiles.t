#!/bin/sh
# SPDX-License-Identifier: MIT
# enroll-profiles.t - client enroll --package --for: a card, and what that person's machine installs, in one command.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm alice bob
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder folder gateway.pem ours.pem
package_zip gw.zip folder
use_proxy
enroll() { "$p11ca" --json client enroll "$@" $pins; }
# nothing NAME : the last check made no folder, no key, no client, and asked for no PIN
nothing() {
	[ ! -e none ] && ! grep -E '^(C_Login|C_GenerateKeyPair|C_Sign) ' calls >detail; ok "$1: before any login" detail
	"$p11ca" --json client list >clients
	jq -e '.clients == []' clients >detail; ok "$1: no client" clients
}
# refused STATUS CODE ARGUMENT...
refused() {
	refused_status=$1 refused_code=$2
	shift 2
	rm -f calls
	check "refused: $*" "$refused_status" enroll alice@contoso.com -t alice "$@"
	[ "$refused_code" = - ] || check_json "$*: $refused_code" ".error.code == \"$refused_code\""
	nothing "$*"
}

refused 7 profile-key --package gw.zip --for swanctl,mobileconfig --out none
check_has "names what to use instead" err "Tunnelblick"
refused 7 profile-key --package gw.zip --for sswan --out none
refused 2 - --package gw.zip --for swanctl,nosuch --out none
refused 2 - --package gw.zip --out none
refused 2 - --for swanctl --out none
refused 2 - --package gw.zip --for swanctl
refused 9 - --package nosuch.zip --for swanctl --out none
package_old old gateway.pem ours.pem
refused 7 profile-tunnel --package old --for openvpn --out none
make_package bad.zip Generic/VpnSettings.xml=folder/Generic/VpnSettings.xml ../x=ours.pem
refused 3 package-name --package bad.zip --for swanctl --out none
refused 9 - --package gw.zip --for swanctl --out ours.pem

rm -f calls
check "a dry run" 0 enroll alice@contoso.com -t alice --package gw.zip --for swanctl,openvpn --out none --dry-run
check_json "has the step" '[.steps[] | select(.name == "write the profiles") | .state] == ["todo"]'
nothing "a dry run"

check "swanctl, OpenVPN and Windows" 0 enroll alice@contoso.com -t alice --package gw.zip --for swanctl,openvpn,windows --out alice
cp out first
check_json "each has files" '[.files[].kind] | unique == ["certificate", "chain", "openvpn", "receipt", "root", "swanctl", "windows"]'
jq -r '.files[].path' first | sort >listed
find alice -type f | sort | diff listed - >detail; ok "what is listed is what is there" detail
jq -r '.files[] | select(.sha256 != null) | .sha256 + "  " + .path' first >sums
check "each has the sum that was printed" 0 sha256sum -c sums
# in_receipt : the receipt names every file beside itself
in_receipt() {
	find alice -type f ! -name receipt.json | sort >there
	jq -r '.files[].path' alice/receipt.json | sort | diff there - >detail
}
in_receipt; ok "the receipt names every file" detail
[ "$(stat -c %a alice/openvpn/Test-vnet-alice_contoso-com.ovpn)" = 600 ]; ok "the .ovpn is private"
find alice -type f ! -name '*.ovpn' ! -perm 644 >bad; [ ! -s bad ]; ok "all else is public" bad
id=$(jq -r .result.cka_id first)
grep -q "handle = $id" alice/swanctl/swanctl.conf; ok "the profile names the card's key"
"$p11ca" -q profile write gw.zip --client alice@contoso.com --for swanctl,openvpn,windows --out apart || bail "no profiles"
for format in swanctl openvpn windows; do diff -r apart/$format alice/$format; done >detail
ok "the same files as profile write makes" detail

check "again" 0 enroll alice@contoso.com -t alice --package gw.zip --for swanctl,openvpn,windows --out alice
check_json "returns what was issued" ".result | .existing and .cka_id == \"$id\""
check_json "and lists it" "[.files[].path] | sort == $(jq -c '[.files[].path] | sort' first)"
check "nothing has changed" 0 sha256sum -c sums
rm -r alice/swanctl
check "what was lost" 0 enroll alice@contoso.com -t alice --package gw.zip --for swanctl,openvpn,windows --out alice
check "comes back" 0 sha256sum -c sums
check "another format later" 0 enroll alice@contoso.com -t alice --package gw.zip --for networkmanager --out alice
check_json "is listed" '[.files[].kind] | index("networkmanager") != null'
cat alice/networkmanager/*.nmconnection >detail; ok "and written"
check "and the receipt names it" 0 jq -e '[.files[].kind] | index("networkmanager") and index("certificate")' alice/receipt.json
echo mine >alice/swanctl/swanctl.conf
rm -f calls
check "a file that is another" 9 enroll alice@contoso.com -t alice --package gw.zip --for swanctl --out alice
[ "$(cat alice/swanctl/swanctl.conf)" = mine ]; ok "stays"
! grep C_Login calls >detail; ok "and nobody had to log in" detail
check "unless --force is given" 0 enroll alice@contoso.com -t alice --package gw.zip --for swanctl --out alice --force
grep -v receipt.json sums >profiles
check "then all is as it was" 0 sha256sum -c profiles

mkdir -p taken/swanctl && echo mine >taken/swanctl/swanctl.conf && rm -f calls
check "a first enrolment into a folder of somebody's" 9 enroll bob -t bob --package gw.zip --for swanctl --out taken
check_has "names it" err "taken/swanctl"
! grep C_Login calls >detail; ok "before anybody logs in" detail
[ "$("$p11ca" --json client list --all | jq '[.clients[] | select(.name == "bob")] | length')" -eq 0 ]; ok "and issues nothing"
check "first the card alone" 0 enroll bob -t bob --out bob
check "then its profiles" 0 enroll bob -t bob --package gw.zip --for swanctl --out bob
check "the receipt names them" 0 jq -e '[.files[].kind] | index("swanctl") != null' bob/receipt.json
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
