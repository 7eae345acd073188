#!/bin/sh
# SPDX-License-Identifier: MIT
# manual.t - the pages say what the help says, and nothing that the program does not know.
. "$srcdir/tests/tap.sh"
for tool in mandoc col python3; do command -v "$tool" >/dev/null || skip_all "no $tool"; done
pages=$top_builddir/man
# judged PAGES : prints TAP
judged() { python3 "$srcdir/tests/meta/manual.py" "$p11ca" "$1" "$srcdir"; }

judged "$pages" >"$WORK/read" 2>&1
while IFS= read -r line; do
	case $line in
	'ok '*) ok "${line#* - }" ;;
	'not ok '*)
		grep -F -x -A 9 -e "$line" "$WORK/read" >"$WORK/detail"
		! :
		ok "${line#* - }" "$WORK/detail"
		;;
	esac
done <"$WORK/read"
grep -q "^1\.\.$tap_n\$" "$WORK/read"; ok "the pages were read to the end" "$WORK/read"

# After an installation, man finds a page by the words of a command.
if command -v man >/dev/null; then
	make -s -C "$top_builddir" install-man install-aliases DESTDIR="$WORK/dest" mandir=/man >"$WORK/detail" 2>&1
	ok "the pages can be installed" "$WORK/detail"
	for page in p11ca p11ca-client p11ca-client-enroll p11ca-root-create p11ca-doctor p11ca-explain p11ca.conf; do
		MANPATH=$WORK/dest/man MANWIDTH=78 man "$page" >"$WORK/page" 2>"$WORK/detail" && [ ! -s "$WORK/detail" ] &&
			[ "$(wc -l <"$WORK/page")" -gt 40 ]
		ok "man $page shows a page, without a warning" "$WORK/detail"
	done
fi

# Each kind of check sees its fault.
cp -r "$pages" "$WORK/man" || bail "no pages"
sed 's/^\.It Fl -uris/.It Fl -urls/; s/^\.It Va tokens/.It Va cards/; s/^\.Ss token show/.Ss token shows/
	/^\.Ss token init/,/^\.Ss/s/^\.Cm token init/.Cm token list/; /^\.Sh SYNOPSIS/,/^\.Sh/s/^\.Cm token pin/.Cm token list/
	s/^\.Fl -json/.Fl -jason/; s/^\.Ic p11ca token show/.Ic p11ca token shows/; s/^\.El$//' "$pages/p11ca-token.1" >"$WORK/man/p11ca-token.1"
sed 's/^\.It Fl -json/.It Fl -jason/; /^\.Sh EXIT STATUS/,/^\.Sh/s/^\.It 6/.It 66/' "$pages/p11ca.1" >"$WORK/man/p11ca.1"
sed 's/^\.It Cm team/.It Cm teams/; s/^\.El$//' "$pages/p11ca.conf.5" >"$WORK/man/p11ca.conf.5"
judged "$WORK/man" >"$WORK/spoilt" 2>&1
while read -r name; do
	grep -q "^not ok [0-9]* - $name" "$WORK/spoilt"; ok "a page where this differs is seen: $name" "$WORK/spoilt"
done <<'NAMES'
token list: the same options
token list: the same output fields
token show has a section, on one page
token init: SYNOPSIS = usage
token pin: also at the page's top
p11ca-token.1: each option it names exists
p11ca-token.1: each command it names exists
p11ca-token.1: mandoc finds nothing
p11ca.1 has the options for all commands
p11ca.1 has the exit statuses
p11ca.conf.5 has each setting
p11ca.conf.5: mandoc finds nothing
NAMES
[ "$(grep -c '^not ok' "$WORK/spoilt")" -lt 20 ]; ok "the other pages and commands are as they were" "$WORK/spoilt"
plan
