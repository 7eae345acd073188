#!/bin/sh
# SPDX-License-Identifier: MIT
# language.t - texts, comments, pages and check names do not use the words that tests/meta/language.py lists.
. "$srcdir/tests/tap.sh"
command -v python3 >/dev/null || skip_all "no python3"
language="$srcdir/tests/meta/language.py"
cd "$srcdir" || bail "no sources"

# A planted violation of each kind of place, and words that only look like one.
cd "$WORK" || bail "no folder"
cat >page.md <<'X'
A name that is none is refused, whoever asks for it.
Where there is none of them, the root is none of ours, and nothing amends the pages of a warehouse.
X
echo '/* Sealed for ever. */ static const char *hint = "it was taken off";' >planted.c
printf '#!/bin/sh\ncheck "nobody mends it" 0 true\n' >planted.t
! python3 "$language" page.md planted.c planted.t >found 2>detail
ok "excluded words are found" detail
cut -d: -f1-3 found | sort >got
printf '%s\n' 'page.md:1: is none' 'page.md:1: whoever' 'planted.c:1: for ever' 'planted.c:1: taken off' 'planted.t:2: mends' |
	diff - got >detail
ok "each planted word is found, in a page, a comment, a text and a check name, and no other word" detail

cd "$srcdir" || bail "no sources"
find src tokens man docs tests softhsm-fixtures completion bench README.md CONTRIBUTING.md NEWS.md SECURITY.md setup -type f \
    \( -name '*.[ch]' -o -name '*.def' -o -name '*.mk' -o -name '*.in' -o -name '*.md' -o -name '*.t' -o -name '*.sh' \
    -o -name '*.py' -o -name '*.faults' -o -name setup \) ! -path 'tests/data/*' | sort >"$WORK/files"
[ "$(wc -l <"$WORK/files")" -gt 500 ]; ok "the texts of the program are there" "$WORK/files"
xargs python3 "$language" <"$WORK/files" >"$WORK/found" 2>&1
ok "no text, comment, page or check name uses an excluded word" "$WORK/found"
plan
