#!/bin/sh
# SPDX-License-Identifier: MIT
# explain.t - codes in plain words, those of faults and warnings too.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
check "all codes" 0 "$p11ca" --json explain
check_json "each with a summary and a remedy" '.codes | length > 50 and all((.summary | length > 10) and (.remedy | length > 3) and .severity != "")'
check_json "in sentences" '[.codes[] | select(.summary | test("^[^a-z].*[.]$|^(p11ca|strongSwan|[a-z]+[A-Z])[^ ]* .*[.]$") | not)] == []'
check_json "what to do, too, and none is cut" '[.codes[] | select(.remedy | test("[.]$") | not)] == []'
check_json "with every member that help names" '.codes | all(has("shown_by") and has("causes") and has("rules"))'
check_json "once" '[.codes[].code] | length == (unique | length)'
field '.codes[].code' | sort >"$WORK/explained"
check "one of them" 0 "$p11ca" --json explain azure-eku-first
check_json "what to do" '.explanation | .code == "azure-eku-first" and (.remedy | length > 10)'
check "no such code" 4 "$p11ca" explain nosuch

# tests/meta/tables.t looks for rules and refusals; faults of the ledger and warnings are string literals at calls.
(cd "$srcdir" && find src tokens -name '*.c' -exec sed -nE \
    's/.*(verify_fault\([^"]*|warn\([^"]*self, )"([a-z0-9]+(-[a-z0-9]+)+)".*/\2/p' {} +) | sort -u >"$WORK/used"
[ "$(wc -l <"$WORK/used")" -gt 15 ]; ok "the sources have codes" "$WORK/used"
comm -23 "$WORK/used" "$WORK/explained" >"$WORK/missing"
[ ! -s "$WORK/missing" ]; ok "each is explained" "$WORK/missing"
plan
