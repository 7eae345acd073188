#!/bin/sh
# SPDX-License-Identifier: MIT
# explain.t - explain states problem, consequence and solution of each code.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
check "all codes" 0 "$p11ca" --json explain
for part in problem consequence solution; do
	check_json "each code has a $part, in sentences" "[.codes[] | select((.$part // \"\" |
		length > 11 and test(\"^([^a-z]|p11ca |[a-z0-9]+[A-Z.]).*[.]\$\")) | not) | .code] == []"
done
check_json "each code has a severity" '.codes | length > 400 and all(.severity != "")'
check_json "with every member that help names" '.codes | all(has("shown_by") and has("causes") and has("rules"))'
check_json "once" '[.codes[].code] | length == (unique | length)'
field '.codes[].code' | sort >"$WORK/explained"
check "one of them" 0 "$p11ca" --json explain azure-eku-first
check_json "it has a solution" '.explanation | .code == "azure-eku-first" and (.solution | length > 10)'
check "explain prints text" 0 "$p11ca" explain azure-eku-first
[ "$(grep -oE '^(Problem|Consequence|Solution):' "$WORK/out" | xargs)" = "Problem: Consequence: Solution:" ]
ok "the problem comes first, then the consequence and the solution" "$WORK/out"
check "the code of an error that a token returned" 0 "$p11ca" --json explain pin-incorrect
check_json "is explained with the token's return value" '.explanation.code == "CKR_PIN_INCORRECT"'
check "the code of other errors" 0 "$p11ca" --json explain malformed-input
check_json "is explained with the exit status" '.explanation.code == "3"'
check "no such code" 4 "$p11ca" explain nosuch

# tests/meta/tables.t looks for rules and refusals; faults of the ledger and warnings are string literals at calls.
(cd "$srcdir" && find src tokens -name '*.c' -exec sed -nE \
    's/.*(verify_fault\([^"]*|warn\([^"]*self, )"([a-z0-9]+(-[a-z0-9]+)+)".*/\2/p' {} +) | sort -u >"$WORK/used"
[ "$(wc -l <"$WORK/used")" -gt 15 ]; ok "the sources have codes" "$WORK/used"
comm -23 "$WORK/used" "$WORK/explained" >"$WORK/missing"
[ ! -s "$WORK/missing" ]; ok "each is explained" "$WORK/missing"

# explained NAME : $WORK/want, whose lines are codes, has lines, and each is explained
explained() {
	sort -u "$WORK/want" | comm -23 - "$WORK/explained" >"$WORK/missing"
	[ -s "$WORK/want" ] && [ ! -s "$WORK/missing" ]; ok "$1" "$WORK/missing"
}
cd "$srcdir" || bail "no sources"
sed -n 's/^STATUS([A-Z_]*, \([0-9]*\),.*/\1/p' src/util/status.def >"$WORK/want"
explained "each exit status is explained"
sed -n 's/^CKR(\(CKR_[A-Z_]*\),.*/\1/p' tokens/ckr.def >"$WORK/want"
explained "each return value of PKCS#11 is explained"
{ sed -n 's/^\t{ "\([A-Z]*\)", offsetof(struct key_evidence.*/\1/p' src/pki/token/token_audit.c; printf "%s\n" CRT CRO; } >"$WORK/want"
explained "each risk of token audit is explained"
sed -n 's/^RULE("\([^"]*\)".*/\1/p' src/pki/explain/*.def >"$WORK/want"
explained "each rule that explain describes is a rule"
sed -n 's/^| `[a-z0-9-]*` | `\([a-z0-9-]*\)` |$/\1/p' docs/renamed.md >"$WORK/want"
explained "each code that docs/renamed.md gives as new is explained"
plan
