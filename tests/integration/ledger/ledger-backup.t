#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-backup.t - a copy of one moment, which others read.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3
tokens hsm alice
check "no ledger" 4 "$p11ca" ledger backup --out "$WORK/copy.db"
[ ! -e "$WORK/copy.db" ]; ok "no copy"
root vpn hsm
card alice alice
head=$("$p11ca" --json ledger verify | jq -r .ledger.head)
check "dry run" 0 "$p11ca" ledger backup --out "$WORK/copy.db" --dry-run
[ ! -e "$WORK/copy.db" ]; ok "writes nothing"

# A reader keeps the newest events in the WAL: a plain copy of ledger.db would miss them.
check "a copy" 0 "$p11ca" --json ledger backup --out "$WORK/copy.db" --note weekly
check_json "clean, and of that moment" ".ledger | .verdict == \"clean\" and .head == \"$head\""
[ "$(stat -c %a "$WORK/copy.db")" = 600 ]; ok "for its owner alone"
sqlite3 "$WORK/copy.db" "PRAGMA integrity_check" >"$WORK/out"
check_has "sqlite3 finds no fault" out ok
for table in keys roots certificates; do
	for db in "$P11CA_HOME/ledger.db" "$WORK/copy.db"; do sqlite3 "$db" "SELECT * FROM $table" >"$WORK/${db##*/}.rows"; done
	cmp "$WORK/ledger.db.rows" "$WORK/copy.db.rows" >"$WORK/detail"; ok "the same $table" "$WORK/detail"
done
check "the event is in the ledger" 0 "$p11ca" --json ledger log
check_json "with the note" '.events[-1] | .kind == "backup-written" and .note == "weekly"'
before=$(sha256sum <"$WORK/copy.db")
check "never over another file" 9 "$p11ca" ledger backup --out "$WORK/copy.db"
check_has "and no --force is offered" err "does not overwrite a backup: choose another file name"
check_lacks "which it has not" err --force
check "not to standard output" 2 "$p11ca" ledger backup --out -
[ ! -e - ]; ok "no file of that name"
ln -s nowhere "$WORK/link"
check "nor through a link" 9 "$p11ca" ledger backup --out "$WORK/link"
[ "$before" = "$(sha256sum <"$WORK/copy.db")" ]; ok "which is as it was"
check "no such folder" 9 "$p11ca" ledger backup --out "$WORK/nowhere/copy.db"

# Read alone: no home, no configuration, nothing written.
mkdir "$WORK/audit" && mv "$WORK/copy.db" "$WORK/audit/"
auditor() { env -i "$p11ca" --json ledger verify "$@"; }
check "an auditor has the file alone" 0 auditor "$WORK/audit/copy.db"
[ "$(ls -A "$WORK/audit")" = copy.db ]; ok "and leaves nothing beside it"
check_json "the same head" ".ledger.head == \"$head\""
check "the head was noted" 0 auditor "$WORK/audit/copy.db" --head "$head"
check "in capital letters" 0 auditor "$WORK/audit/copy.db" --head "$(echo "$head" | tr a-f A-F)"
check "a home beside a file" 2 "$p11ca" --home "$WORK" ledger verify "$WORK/audit/copy.db"
check "no file" 4 auditor "$WORK/audit/nothing.db"
echo nonsense >"$WORK/audit/text"
check "no ledger" 8 auditor "$WORK/audit/text"
check_has "what to give instead" err "give a copy of ledger.db"
check "no head" 2 auditor "$WORK/audit/copy.db" --head abcd
check_has "with a hint" err "give the complete hash"
check "a checkpoint alone" 2 auditor "$WORK/audit/copy.db" --checkpoint x
check_has "with a hint" err "p11ca root export"

# Many at once: each copy is of one moment.
for i in 1 2 3; do
	"$p11ca" ledger backup --out "$WORK/many$i.db" >"$WORK/many$i.out" 2>&1 &
	pids="${pids:-} $!"
done
for pid in $pids; do
	wait "$pid"; ok "one of three at once" "$WORK/many1.out"
done
check "the ledger is clean" 0 "$p11ca" ledger verify
plan
