#!/bin/sh
# SPDX-License-Identifier: MIT
# manual.t - the pages say what the help says, and nothing that the program does not know.
. "$srcdir/tests/tap.sh"
command -v mandoc >/dev/null && command -v col >/dev/null || skip_all "no mandoc or no col"
pages=$top_builddir/man

# plain PAGE : as a reader sees it, but so wide that no line is broken; each page is formatted once
plain() {
	plain_page=$WORK/plain.${1##*/}
	[ -f "$plain_page" ] || mandoc -T ascii -O width=990 "$1" | col -bx >"$plain_page"
	cat "$plain_page"
}
# section HEADING : the lines below a subsection's heading; text is indented by five, headings by less
section() { awk -v h="   $1" '$0 == h { on = 1; next } /^ ? ? ?[A-Za-z]/ { on = 0 } on'; }
# items : options that begin a line, as in a list of them; what explains an item is indented by more
items() { sed -n 's/^ \{0,6\}\(-[a-zA-Z], \)\{0,1\}\(--[a-z][a-z-]*\).*/\2/p' | sort -u; }
# mentioned : options anywhere
mentioned() { grep -oE '(^|[^a-zA-Z-])--[a-z][a-z-]*[a-z]' | sed 's/^[^-]*//' | sort -u; }
# part HEADING : of a help text, up to the next blank line
part() { sed -n "/^$1:/,/^\$/p"; }
squeeze() { tr -s ' ' | sed 's/^ //'; }
# same NAME A B
same() { diff "$2" "$3" >"$WORK/detail"; ok "$1" "$WORK/detail"; }

"$p11ca" --help >"$WORK/help" || bail "no help"
part 'options for all commands, anywhere on the line' <"$WORK/help" | items >"$WORK/global"
part commands <"$WORK/help" | sed -n 's/^  \([a-z ]*[a-z]\)  .*/\1/p' >"$WORK/commands"
[ -s "$WORK/global" ] && [ -s "$WORK/commands" ]; ok "the help has commands and options"

cp "$WORK/global" "$WORK/known"
while read -r path; do
	"$p11ca" $path --help >"$WORK/command"
	items <"$WORK/command" | tee -a "$WORK/known" | comm -23 - "$WORK/global" >"$WORK/want"
	page=$(grep -lx "\.Ss $path" "$pages"/*.1)
	[ "$(echo "$page" | wc -l)" -eq 1 ] && [ -f "$page" ]; ok "$path has a section, on one page"
	[ -f "$page" ] || continue
	plain "$page" | section "$path" >"$WORK/section"
	items <"$WORK/section" >"$WORK/have"
	same "$path: the same options" "$WORK/want" "$WORK/have"
	sed -n 's/^usage: //p' "$WORK/command" | squeeze >"$WORK/want"
	sed -n 1p "$WORK/section" | squeeze >"$WORK/have"
	same "$path: SYNOPSIS = usage" "$WORK/want" "$WORK/have"
	plain "$page" | squeeze | grep -F -x -f "$WORK/want" | sed -n '$=' | grep -qx '[2-9]'; ok "$path: also at the page's top"
	part prints <"$WORK/command" | sed -n 's/^ \{2,12\}\([a-z][a-z0-9_]*\)\( .*\)\{0,1\}$/\1/p' | sort -u >"$WORK/want"
	sed -n 's/^ *\([a-z][a-z0-9_]*\) ([a-z][a-zA-Z0-9 ,()]*)$/\1/p' "$WORK/section" | sort -u >"$WORK/have"
	same "$path: the same output fields" "$WORK/want" "$WORK/have"
done <"$WORK/commands"

plain "$pages/p11ca.1" >"$WORK/main"
items <"$WORK/main" | comm -23 "$WORK/global" - >"$WORK/detail"
[ ! -s "$WORK/detail" ]; ok "p11ca.1 has the options for all commands" "$WORK/detail"
part 'exit status' <"$WORK/help" | sed -n 's/^  \([0-9]*\) .*/\1/p' >"$WORK/want"
awk '/^EXIT STATUS/ { on = 1; next } /^[A-Z]/ { on = 0 } on && /^ *[0-9]+( |$)/ { print $1 }' "$WORK/main" >"$WORK/have"
same "and the exit statuses" "$WORK/want" "$WORK/have"

sed -n 's/^PROFILE(\(.*\))/\1/p' "$srcdir/src/profiles/formats.def" | tr _ - | sort >"$WORK/want"
sed -n '/^Formats for/,/^\.El/s/^\.It Cm //p' "$srcdir/man/p11ca-profile.1.in" | sort >"$WORK/have"
same "p11ca-profile.1 has each format of profile write" "$WORK/want" "$WORK/have"
grep -A1 '^`--for` takes' "$srcdir/README.md" | tr -d ' \n' | sed 's/;.*//; s/^`--for`takes//; s/and\([a-z-]*\)$/,\1/' |
	tr ',' '\n' | grep . | sort >"$WORK/have"
same "README.md has each format of profile write" "$WORK/want" "$WORK/have"

sort -u "$WORK/known" >"$WORK/sorted"
for page in "$pages"/*.1; do
	name=${page##*/}
	plain "$page" | mentioned | comm -23 - "$WORK/sorted" >"$WORK/detail"
	[ ! -s "$WORK/detail" ]; ok "$name: each option it names exists" "$WORK/detail"
	mandoc -T lint -W warning "$page" >"$WORK/detail" 2>&1; ok "$name: mandoc finds nothing" "$WORK/detail"
	{ plain "$page" | grep -oE '(^|[^a-z0-9-])p11ca [a-z]+ [a-z]+' | sed 's/.*p11ca //'
	sed -n 's/^\.Cm \([a-z]* [a-z]*\).*/\1/p' "$page"; } | sort -u |
		awk -v commands="$WORK/commands" '
			BEGIN { while ((getline line < commands) > 0) { known[line] = 1; n = split(line, w); if (n > 1) noun[w[1]] = 1 } }
			noun[$1] && !known[$0]' >"$WORK/detail"
	[ ! -s "$WORK/detail" ]; ok "$name: each command it names exists" "$WORK/detail"
done
plan
