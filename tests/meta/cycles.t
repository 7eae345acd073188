#!/bin/sh
# SPDX-License-Identifier: MIT
# cycles.t - no two source files depend on each other, directly or through others: a file can be understood and tested
# with the files below it.  Function calls and uses of tables count, as the object files show them.
. "$srcdir/tests/tap.sh"
command -v python3 >/dev/null && command -v nm >/dev/null || skip_all "no python3 or nm"

# Files that are still in a cycle, each with a symbol that it needs there.  Remove a line when its cycle is gone.
cat >"$WORK/known" <<'KNOWN'
KNOWN
# cycles KNOWN SOURCE-DIR BUILD-DIR FOLDER... : cycles that are not in KNOWN, into $WORK/found
cycles() { python3 "$srcdir/tests/meta/cycles.py" "$@" >"$WORK/found" 2>&1; }

cycles "$WORK/known" "$srcdir" "$top_builddir" src tokens
ok "the source files depend on each other without a cycle" "$WORK/found"

# Planted: three files in a cycle, in two folders, and one that only uses them
mkdir -p "$WORK/planted/one" "$WORK/planted/two"
cd "$WORK/planted" || bail "no folder"
echo 'extern const int table[]; int first(void); int first(void) { return table[0]; }' >one/first.c
echo 'int third(void); int (*const table[])(void) = { third };' >two/second.c
echo 'int first(void); int third(void); int third(void) { return first(); }' >two/third.c
echo 'int first(void); int user(void); int user(void) { return first(); }' >one/user.c
for name in one/first two/second two/third one/user; do
	$CC -c -o "$name.o" "$name.c" || bail "cannot compile $name.c"
done
! cycles /dev/null . . one two && grep -qxF \
    'cycle: one/first.c -> two/second.c (table) -> two/third.c (third) -> one/first.c (first)' "$WORK/found"
ok "a planted cycle of three files is found, with the symbol of each step" "$WORK/found"
printf '%s\n' 'one/first.c table' 'two/second.c third' 'two/third.c first' >"$WORK/all"
cycles "$WORK/all" . . one two
ok "a cycle whose files are all listed is accepted" "$WORK/found"
sed 2d "$WORK/all" >"$WORK/some"
! cycles "$WORK/some" . . one two && grep -qx '  in it: two/second.c third' "$WORK/found"
ok "a file of a cycle that is not listed is reported" "$WORK/found"
echo 'one/user.c first' >>"$WORK/all"
! cycles "$WORK/all" . . one two && [ "$(cat "$WORK/found")" = 'no longer in a cycle: one/user.c first' ]
ok "a listed file that is in no cycle is reported" "$WORK/found"
rm two/third.c
cycles /dev/null . . one two
ok "an object file whose source file is gone does not count" "$WORK/found"
plan
