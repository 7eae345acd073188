#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-many.t - with four times as many clients and entries, commands about gateways take at most six times as long.
. "$srcdir/tests/tap.sh"
for tool in jq sqlite3 python3 softhsm2-util; do command -v "$tool" >/dev/null || skip_all "no $tool"; done
is_full && n=5000 || n=2000
N=$n FACTOR=4 sh "$srcdir/bench/scaling.sh" >"$WORK/report" 2>"$WORK/err"
[ "$(wc -l <"$WORK/report")" -eq 7 ] && [ ! -s "$WORK/err" ]; ok "every command was measured" "$WORK/err"
while read -r line; do
	echo "$line" | awk '{ exit !($NF > 0 && $NF <= 6) }'
	ok "the time grows no more than the lists: $line"
done <"$WORK/report"
plan
