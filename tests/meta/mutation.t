#!/bin/sh
# SPDX-License-Identifier: MIT
# mutation.t - the list of seeded faults fits the code: each can be put in, and names tests that exist.
. "$srcdir/tests/tap.sh"
command -v python3 >/dev/null || skip_all "no python3"
mutate() { python3 "$srcdir/tests/mutation/mutate.py" check "$1"; }

check "every seeded fault fits the code" 0 mutate "$srcdir"
grep -q '^[1-9][0-9]* faults$' "$WORK/out"; ok "there are seeded faults" "$WORK/out"

# refuses NAME TEXT LINE... : a list with this fault is refused with TEXT
refuses() {
	refuses_name=$1 refuses_text=$2
	shift 2
	mkdir -p "$WORK/tree/tests/mutation" "$WORK/tree/src"
	printf 'if (a)\n\tf();\nif (b)\n\tf();\n' >"$WORK/tree/src/a.c"
	: >"$WORK/tree/tests/a.t"
	printf '%s\n' "id: one" "promise: 1" "$@" >"$WORK/tree/tests/mutation/a.faults"
	check "$refuses_name is refused" 1 mutate "$WORK/tree"
	check_has "$refuses_name is named" out "$refuses_text"
}
refuses "a text that the file does not contain" "is 0 times in src/a.c" "file: src/a.c" "tests: tests/a.t" "from: if (c)" "to: if (d)"
refuses "a text that the file contains twice" "is 2 times in src/a.c" "file: src/a.c" "tests: tests/a.t" "from: f();" "to: g();"
refuses "a fault that changes nothing" "changes nothing" "file: src/a.c" "tests: tests/a.t" "from: if (a)" "to: if (a)"
refuses "a file that does not exist" "there is no src/b.c" "file: src/b.c" "tests: tests/a.t" "from: if (a)" "to: if (b)"
refuses "a test that does not exist" "there is no tests/b.t" "file: src/a.c" "tests: tests/b.t" "from: if (a)" "to: if (c)"
refuses "a fault without tests" "lacks tests" "file: src/a.c" "from: if (a)" "to: if (c)"
printf '%s\n' "id: one" "promise: 1" "file: src/a.c" "tests: tests/a.t" "after: if (b)" "from: f();" "to: g();" \
    >"$WORK/tree/tests/mutation/a.faults"
check "a place behind another text is found" 0 mutate "$WORK/tree"
plan
