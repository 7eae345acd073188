#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-stale.t - which clients a new package of the gateway breaks, for what was written from the old one.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm alice bob
package_root gateway.pem "/CN=Test Gateway Root"
package_root other.pem "/CN=Another Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder folder gateway.pem ours.pem
card alice@contoso.com alice
card bob bob
write() { "$p11ca" --json profile write folder --client "$1" --for "$2" --out "written/$1"; }
stale() { "$p11ca" --json profile stale "$@"; }

check "before any profile is written" 0 stale folder
check_json "nobody is stale" '.stale == []'
check "a dry run" 0 "$p11ca" profile write folder --client bob --for swanctl --out written --dry-run
check "alice's profiles" 0 write alice@contoso.com swanctl,openvpn
check "bob's profile" 0 write bob swanctl
PFXPASS='a long password'
export PFXPASS
openssl req -new -newkey rsa:2048 -nodes -keyout carol.key -subj /CN=carol -out carol.csr 2>/dev/null
"$p11ca" -q client issue carol.csr --cn carol --out issued $pins >/dev/null 2>&1 &&
	cp issued/carol*[0-9a-f].pem carol.pem && "$p11ca" -q client bundle --key-file carol.key --cert carol.pem --pfx-pin-source env:PFXPASS \
	    --out carol.pfx >/dev/null 2>&1 || bail "no PFX of carol"
check "carol's PFX" 0 "$p11ca" profile write folder --client carol --for pfx --pfx carol.pfx --out written/carol
check "the package they are of" 0 stale folder
check_json "breaks nobody" '.stale == []'

check "bob's renewal" 0 "$p11ca" client renew bob --same-token --supersede $pins
check "the package whose profiles name the old key" 10 stale folder
check_json "bob needs new profiles of every format" '[.stale[] | [.client_name, .format, .written_at]] == [["bob", null, null]] and (.stale[0].reason | test("renewed"))'
check "written for the new key" 0 "$p11ca" profile write folder --client "$("$p11ca" --json client list | jq -r '.clients[] | select(.name == "bob" and .renewed_by == null) | .serial')" --for swanctl --out renewed/bob
check "then" 0 stale folder
check_json "nobody is stale" '.stale == []'

package_folder renamed gateway.pem ours.pem
find renamed -type f -exec sed -i "s/azuregateway-7e570000/azuregateway-7e570009/g" {} +
check "a gateway of another name" 10 stale renamed
check_json "breaks all" '[.stale[].client_name] | unique == ["alice@contoso.com", "bob"]'
check_json "but a PFX, in which nothing of the gateway is" '[.stale[].format] | index("pfx") == null'
check "written again" 0 "$p11ca" profile write renamed --client bob --for swanctl --out again/bob
check "and alice's" 0 "$p11ca" profile write renamed --client alice@contoso.com --for swanctl --out again/alice
check "is for who has the new profile" 10 stale renamed
check_json "alice's other format stays stale" '[.stale[] | .client_name + " " + .format] == ["alice@contoso.com openvpn"]'

package_old old gateway.pem ours.pem
check "a gateway without OpenVPN" 10 stale old
check_json "breaks alice's .ovpn" '[.stale[] | select(.format == "openvpn") | .client_name] == ["alice@contoso.com"]'

check "as text" 10 "$p11ca" profile stale renamed
check_has "it is a table" out alice@contoso.com
check "a hostile package" 3 stale "$srcdir/README.md"
check "no package" 9 stale nosuch
check "no operand" 2 stale
check "the ledger" 0 "$p11ca" ledger verify
plan
