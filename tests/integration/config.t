#!/bin/sh
# SPDX-License-Identifier: MIT
# config.t - p11ca.conf: what it knows, and that it knows nothing else.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm alice
root vpn hsm
conf=$P11CA_HOME/p11ca.conf
# wrong LINE-NUMBER TEXT : refused, by file and line
wrong() {
	printf '%b' "$2" >"$conf"
	check "wrong: $(sed -n "$1p" "$conf")" 3 "$p11ca" root list
	check_has "in line $1" err "$conf, line $1"
}
wrong 1 'modul = /x.so\n'
wrong 3 '# a comment\n\nmodules = /x.so\n'
wrong 2 '[roots]\nallow-names = *\n'
wrong 2 '[root vpn]\nallow-name = *\n'
wrong 2 '[root vpn]\ndays = many\n'
wrong 2 '[root vpn]\ndays = -1\n'
wrong 2 '[root vpn]\ntemplate =\n'
wrong 3 '[root vpn]\ndays = 3\ndays = 4\n'
wrong 2 '[module]\ninit = x\n'
wrong 2 '[module /lib/x.so]\ninit = x\n'
wrong 2 '[module x]\ninits = x\n'
wrong 1 'nonsense\n'
wrong 2 '[root vpn]\npin = 123456\n'
check_lacks "what a secret may be is not repeated" err 123456
chmod 000 "$conf"
[ "$(id -u)" -eq 0 ] || check "a file that cannot be read" 9 "$p11ca" root list
chmod 600 "$conf"

printf '[root vpn]\ntemplate = vpn-client\ndays = 20\n' >"$conf"
check "template and days" 0 "$p11ca" --json client enroll --shared-card alice -t alice $pins --root vpn --key ec:p256
check_json "are the root's" '.result | .template_name == "vpn-client" and (.not_after | fromdateiso8601) - now < 21 * 86400'
for form in UTF-16LE UTF-16BE; do
	if [ $form = UTF-16LE ]; then printf '\377\376'; else printf '\376\377'; fi >"$conf"
	printf '[root vpn]\r\ntemplate = vpn-client\r\ndays = 20\r\n' | iconv -t $form >>"$conf"
	check "a configuration in $form is read" 0 "$p11ca" --json client enroll --shared-card "in-$form" -t alice $pins --root vpn --key ec:p256
	check_json "and counts: $form" '.result | .template_name == "vpn-client" and (.not_after | fromdateiso8601) - now < 21 * 86400'
done
printf '\377\376[\000r' >"$conf"
check "half a character of UTF-16 is refused" 3 "$p11ca" root list
printf '[root vpn]\ntemplate = vpn-client\ndays = 20\n' >"$conf"
request "$WORK/r.csr" /CN=x
check "of client issue too" 0 issue "$WORK/r.csr" --cn bob --json
check_json "for as long" '.certificates[0].not_after | fromdateiso8601 - now < 21 * 86400'
card dora alice --days 30
check "an option goes before them" 0 "$p11ca" --json client show dora
check_json "for as long as it says" '.client.not_after | fromdateiso8601 - now > 29 * 86400'
card erin alice
check "with one root, --root is not needed" 0 "$p11ca" --json client show erin
check_json "for its settings" '.client.template_name == "vpn-client"'
printf '[root vpn]\nteam = Field \033[31msales\n' >"$conf"
check "the team that a root serves is listed" 0 "$p11ca" --json root list
check_json "is listed" '.roots[0].team == "Field \u001b[31msales"'
check "to a person" 0 "$p11ca" root show vpn
check_has "too" out "Team: Field"
printf '[root vpn]\ntemplate = nosuch\n' >"$conf"
check "a template that does not exist is refused" 4 "$p11ca" client enroll --shared-card carol -t alice $pins --root vpn
plan
