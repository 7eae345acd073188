#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-unreadable.t - an entry of a gateway's lists that cannot be read is a finding; the others are judged.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl base64 iconv
cd "$WORK" || bail "no folder"
tokens hsm card
root vpn hsm
card alice@contoso.com card
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
package_root gateway.pem "/CN=Test Gateway Root"
package_folder gw gateway.pem root.pem
"$p11ca" -q gateway add test-gw --resource-group test --pool 172.16.9.0/24 >/dev/null || bail "no gateway"
request bob.csr /CN=bob
issue bob.csr --cn bob >/dev/null 2>&1 || bail "no bob"
thumbprint=$("$p11ca" --json client show bob | jq -r .client.thumbprint)
fingerprint=$("$p11ca" --json client show bob | jq -r .client.fingerprint)
"$p11ca" -q client revoke bob --reason superseded >/dev/null || bail "bob is not revoked"
line=$("$p11ca" root export vpn --format base64)
expired=$(openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=other -days 20 -outform DER 2>/dev/null | base64 -w0)
sed -e "s|@CLIENT_ROOT_DATA@|$line|" -e "s|@OTHER_ROOT_DATA@|$expired|" "$srcdir/tests/data/gateway/vnet-gateway.json" |
	jq '.name = "test-gw"' >good.json
pem() { openssl x509 -in root.pem; }
colons=$(echo "$thumbprint" | sed 's/../&:/g; s/:$//')
mark=$(printf '\342\200\216')

# unreadable LIST CODE PROBLEM DATUM : the datum in the list's second entry, in every command that reads a state
unreadable() {
	list=$1 code=$2 problem=$3 datum=$4
	if [ "$code" = gateway-root-unreadable ]; then key=publicCertData; else key=thumbprint; fi
	jq --arg datum "$datum" --arg list "$list" --arg key "$key" '.vpnClientConfiguration[$list] |=
		(map(select(.name != "odd")) + [{ name: "odd", ($key): $datum }])' good.json >state.json || bail "no state"
	check "gateway check goes on: $problem" 10 "$p11ca" --json gateway check test-gw --state state.json
	check_json "the finding names the entry and the cause: $problem" ".findings[] | select(.code == \"$code\") |
		.severity == \"fail\" and (.message | contains(\"'odd'\") and contains(\"$problem\"))"
	check_json "the other root is judged beside it: $problem" '[.findings[].code] | index("gateway-root-expires-30") != null'
	check "gateway diff goes on: $problem" 10 "$p11ca" --json gateway diff test-gw --state state.json
	check_json "it keeps the entry: $problem" '[.roots[], .revoked[]] | map(select(.name == "odd")) | .[0] |
		.change == "keep" and .thumbprint == null and (.reason | contains("cannot be read"))'
	for format in arm bicep; do
		check "gateway render writes $format: $problem" 0 "$p11ca" gateway render test-gw --state state.json --format "$format"
		check_has "the warning names the entry in $format: $problem" err "'odd' on the gateway cannot be read"
	done
	check "gateway render writes a script: $problem" 0 "$p11ca" gateway render test-gw --state state.json
	check "gateway render --format arm: $problem" 0 "$p11ca" gateway render test-gw --state state.json --format arm
	if jq -e --arg list "$list" '.properties.vpnClientConfiguration | has($list)' out >detail; then
		check_json "the entry is in the list byte for byte: $problem" ".properties.vpnClientConfiguration.$list |
			map(select(.name == \"odd\")) | .[0].properties.$key == $(printf %s "$datum" | jq -Rs .)"
	fi
	check "gateway render can remove the entry: $problem" 0 "$p11ca" gateway render test-gw --state state.json \
	    --format arm --prune-unreadable
	check_json "the entry is gone: $problem" ".properties.vpnClientConfiguration.$list | map(.name) |
		index(\"odd\") == null and length > 0"
	check "package check goes on: $problem" 10 "$p11ca" --json package check gw --root vpn --state state.json
	check_json "it has the finding, too: $problem" "[.findings[].code] | index(\"$code\") != null"
	"$p11ca" --json doctor --state state.json --package gw >out 2>err
	check_json "doctor goes on with a warning: $problem" "[.warnings[].code] | index(\"$code\") != null"
	check "client import goes on: $problem" 0 "$p11ca" --json client import --root vpn --revoked-from state.json --dry-run
	check_json "client import warns: $problem" "[.warnings[].code] | index(\"$code\") != null"
}
roots=vpnClientRootCertificates revoked=vpnClientRevokedCertificates
# Each entry or, by default, a sample
root_entry() { ! is_sampled 4 root || unreadable $roots gateway-root-unreadable "$@"; }
revoked_entry() { ! is_sampled 4 revoked || unreadable $revoked gateway-revoked-unreadable "$@"; }
root_entry "it is encoded twice" "$(pem | base64 -w0)"
root_entry "there are blanks between its base64 characters" "$(echo "$line" | fold -w 64 | tr '\n' ' ')"
root_entry "it is a thumbprint" "$thumbprint"
root_entry "there is nothing in it" ""
root_entry "it is encoded twice" "$(pem | iconv -t UTF-16 | base64 -w0)"
root_entry "characters that are not ASCII" "$mark$line"
root_entry "damaged" "$(echo "$line" | cut -c1-200)"
root_entry "there are quotation marks around it" "\"$line\""
root_entry "it is not a certificate" "$(openssl req -in bob.csr -outform DER | base64 -w0)"
revoked_entry "a SHA-256 fingerprint" "$fingerprint"
revoked_entry "cannot be seen" "$mark$thumbprint"
revoked_entry "has colons" "$colons"
revoked_entry "blanks" "$(echo "$colons" | tr : ' ')"
revoked_entry "40 hex digits" "bob"
revoked_entry "40 hex digits" "${thumbprint%?}"

# The revocation that was meant is known, and is added beside it; a name that is taken is free once the entry goes.
jq --arg datum "$colons" --arg name "p11ca-$("$p11ca" --json client show bob | jq -r .client.serial | cut -c1-32)" \
    '.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: $name, thumbprint: $datum }]' good.json >state.json
check "the plan knows the certificate that the entry was meant for" 10 "$p11ca" --json gateway diff test-gw --state state.json --prune-unreadable
check_json "the unreadable entry goes, and the right one comes" '[.revoked[] | select(.subject == "bob") | .change] | sort == ["add", "remove"]'
check "a script for az cannot find the entry" 7 "$p11ca" --json gateway render test-gw --state state.json --prune-unreadable
check_json "the refusal has a code" '.error.code == "gateway-unreadable-format"'
check "without a state nothing can be removed" 2 "$p11ca" gateway render test-gw --prune-unreadable
jq '.vpnClientConfiguration.vpnClientRevokedCertificates += [{ name: "none" }]' good.json >state.json
check "an entry without a thumbprint is a finding" 10 "$p11ca" --json gateway check test-gw --state state.json
check_json "the finding says so" '[.findings[] | select(.code == "gateway-revoked-unreadable") | .message | contains("it has no thumbprint")] == [true]'
check "explain knows the error of Azure" 0 "$p11ca" explain VpnClientRootCertificateExpired
check_has "explain names the cause" out "encoded as base64"
plan
