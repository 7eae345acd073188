#!/bin/sh
# SPDX-License-Identifier: MIT
# transitions.t - the table of valid transitions in docs/LEDGER.md is the one of the code.
. "$srcdir/tests/tap.sh"
cd "$srcdir" || bail "no sources"
# As docs/LEDGER.md has it: one row for each TRANSITION() of the code.
tr '\n' ' ' <src/ledger/transitions.def | sed 's/TRANSITION(/\n&/g' |
	sed -n 's/^TRANSITION("\([^"]*\)", "\([^"]*\)", "\([^"]*\)", "\([^"]*\)", *\(.*\), *GUARD_\([A-Z_]*\)).*/\1;\2;\3;\4;\5;\6/p' |
	sed 's/" EVIDENCE_COLUMNS "* *LOCATION_COLUMNS/the evidence, the place"/; s/" EVIDENCE_COLUMNS " " LOCATION_COLUMNS/the evidence, the place"/; s/" EVIDENCE_COLUMNS/the evidence"/; s/"//g' |
	awk -F ';' '
		function words(s) { gsub(/\|/, ", ", s); return s }
		BEGIN {
			why["REASON"] = "the reason is a word of RFC 5280"
			why["OTHER_REASON"] = "`certificateHold` becomes another reason, or any reason `keyCompromise`"
			why["SUSPENDED"] = "the reason was `certificateHold`; it is `issued` again if `issued_at` is set"
			why["UNSEEN"] = "only its serial was known, from a CRL"
			why["ABANDONED"] = "its key was an orphan"
			why["ROOT_ISSUED"] = "the certificate was issued, and is a root'"'"'s"
			why["EPOCH"] = "the epoch is a later one"
		}
		{
			to = $4 == "=" ? "the same" : words($4)
			columns = $5 == "*" ? "all" : $5
			printf "| `%s` | `%s` | %s | %s | %s | %s |\n", $1, $2, words($3), to, columns, why[$6]
		}' >"$WORK/code"
sed -n '/^| table | kind | from | to |/,/^$/p' docs/LEDGER.md | sed '1,2d; /^$/d' >"$WORK/docs"
[ "$(grep -c . "$WORK/code")" -eq "$(grep -c '^TRANSITION(' src/ledger/transitions.def)" ]; ok "every transition of the code is read" "$WORK/code"
cmp "$WORK/code" "$WORK/docs" >"$WORK/detail" 2>&1 || diff "$WORK/code" "$WORK/docs" >"$WORK/detail"
cmp -s "$WORK/code" "$WORK/docs"; ok "docs/LEDGER.md has the same transitions as the code" "$WORK/detail"
plan
