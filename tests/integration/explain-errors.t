#!/bin/sh
# SPDX-License-Identifier: MIT
# explain-errors.t - explain describes the errors of other programs, with causes and the rules that find them beforehand.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
# Every error of Azure's, Windows', Apple's, strongSwan's and OpenVPN's documents on point-to-site.
for code in 798 0x80090326 0x800B0109 13801 13806 812 800 809 0x80092013 853 certificate-data-invalid \
    resource-name-invalid VpnClientRootCertificateExpired VpnServerConfigurationCertificateExpired \
    VpnClientConfigurationCertificateAuthParamVpnClientRootCertificatesIsNotSpecified ike-not-responding no-certificate-listed macos-no-connection \
    gateway-certificate-changed target-uri-not-specified unknown-ca NO_PROPOSAL_CHOSEN INVALID_KE_PAYLOAD \
    openvpn-reconnects; do
	check "explain $code" 0 "$p11ca" --json explain "$code"
	check_json "$code has a program that shows it, a problem, a consequence, causes and a solution" '.explanation |
		(.shown_by | length > 5) and ([.problem, .consequence, .causes[], .solution] | all(length > 5)) and (.causes | length > 0)'
	field '.explanation.rules[]' >>"$WORK/rules"
done
check "hex digits in lower case" 0 "$p11ca" --json explain 0x800b0109
check_json "are the same code" '.explanation.code == "0x800B0109"'
check "as text" 0 "$p11ca" explain 798
check_has "with the rules" out "package-root-unknown-to-gateway"
[ "$(grep -oE '^(Problem|Consequence|Causes|Solution):' "$WORK/out" | xargs)" = "Problem: Consequence: Causes: Solution:" ]
ok "the problem comes first, then the consequence, the causes and the solution" "$WORK/out"
sort -u "$WORK/rules" | while read -r rule; do
	"$p11ca" explain "$rule" >/dev/null 2>&1 || echo "$rule"
done >"$WORK/bad"
[ ! -s "$WORK/bad" ]; ok "every rule that is named exists" "$WORK/bad"
[ "$(sort -u "$WORK/rules" | wc -l)" -gt 20 ]; ok "and they are many" "$WORK/rules"
# And the other way: no row without its test.
sed -n 's/^SYMPTOM("\([^"]*\)".*/\1/p' "$srcdir/src/pki/error_index.def" | while read -r code; do
	grep -qw -- "$code" "$0" || echo "$code"
done >"$WORK/bad"
[ ! -s "$WORK/bad" ]; ok "every error is in this test" "$WORK/bad"
plan
