#!/bin/sh
# SPDX-License-Identifier: MIT
# json-schemas.t - docs/json is what p11ca-doc writes, valid as schemas, and a key has one type in all of them.
. "$srcdir/tests/tap.sh"
command -v python3 >/dev/null || skip_all "no python3"
schemas() { python3 "$srcdir/tests/json_schemas.py" "$@"; }
mkdir "$WORK/made" "$WORK/planted" "$WORK/outputs"
check "p11ca-doc writes the schemas" 0 "$top_builddir/p11ca-doc" schemas "$WORK/made"
[ "$(find "$WORK/made" -name '*.json' | wc -l)" -gt 55 ]; ok "there are schemas of many commands" "$WORK/out"
diff -r "$srcdir/docs/json" "$WORK/made" >"$WORK/detail"
ok "docs/json is current: \`p11ca-doc schemas docs/json\` writes it" "$WORK/detail"
check "a key has the same type in all schemas" 0 schemas types "$srcdir/docs/json"

# Planted violations: a key of another type, deep in a list; an output with an unknown member, and without a needed one.
cp "$srcdir"/docs/json/*.json "$WORK/planted"
sed 's/"serial": {/"serial": { "const": 5 }, "other": {/' "$srcdir/docs/json/client-list.json" >"$WORK/planted/client-list.json"
check "a key of another type is found" 1 schemas types "$WORK/planted"
check_has "the message names the key and both types" out "integer in client-list"
printf '%s\n' '{"schema_version": 2, "tokens": [], "warnings": [], "extra": 1}' >"$WORK/outputs/1"
echo "p11ca --json token list" >"$WORK/outputs/1.command"
check "an unknown member is found" 1 schemas outputs "$srcdir/docs/json" "$WORK/outputs"
printf '%s\n' '{"schema_version": 2, "tokens": []}' >"$WORK/outputs/1"
check "a missing member is found" 1 schemas outputs "$srcdir/docs/json" "$WORK/outputs"
printf '%s\n' '{"schema_version": 2, "tokens": [], "warnings": []}' >"$WORK/outputs/1"
check "a valid output is accepted" 0 schemas outputs "$srcdir/docs/json" "$WORK/outputs"
plan
