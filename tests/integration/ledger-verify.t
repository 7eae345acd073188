#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-verify.t - the ledger as evidence: what anybody changes shows.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3
tokens hsm alice
check "no ledger" 4 "$p11ca" ledger verify
root vpn hsm
card alice alice
check "clean" 0 "$p11ca" --json ledger verify
check_json "with its head" '.ledger | .verdict == "clean" and .faults == 0 and .events > 10 and (.head | length == 64)'
head=$(field .ledger.head)

# The chain by other means: each event's bytes hash to what is stored, and begin with the hash before.
sqlite3 "$P11CA_HOME/ledger.db" "PRAGMA integrity_check" >"$WORK/out"
check_has "sqlite3 finds no fault" out ok
sqlite3 "$P11CA_HOME/ledger.db" "SELECT hash FROM events ORDER BY seq DESC LIMIT 1" >"$WORK/out"
check_has "its last event is the head" out "$head"
sqlite3 "$P11CA_HOME/ledger.db" "SELECT writefile('$WORK/event-' || seq, body) FROM events" >/dev/null
sqlite3 "$P11CA_HOME/ledger.db" "SELECT hash || '  $WORK/event-' || seq FROM events" >"$WORK/sums"
check "sha256sum agrees with every event's hash" 0 sha256sum -c "$WORK/sums"
for seq in 2 3 4; do
	grep -qF "$(sed -n "$((seq - 1))s/ .*//p" "$WORK/sums")" "$WORK/event-$seq"; ok "event $seq has the hash of the one before it"
done
check "events cannot be changed by accident" 19 sqlite3 "$P11CA_HOME/ledger.db" "UPDATE events SET body = 'x' WHERE seq = 3"
check "nor deleted" 19 sqlite3 "$P11CA_HOME/ledger.db" "DELETE FROM events WHERE seq = 3"

# changed CODE SQL : somebody who knows how leaves a trace
changed() {
	rm -rf "$WORK/copy"
	cp -r "$P11CA_HOME" "$WORK/copy"
	sqlite3 "$WORK/copy/ledger.db" >/dev/null 2>"$WORK/sql.err" "PRAGMA recursive_triggers = OFF; PRAGMA writable_schema = ON;
	    DELETE FROM sqlite_schema WHERE type = 'trigger'; PRAGMA writable_schema = RESET; $2" || bail "$(cat "$WORK/sql.err")"
	check "$2" 10 "$p11ca" --home "$WORK/copy" --json ledger verify
	check_json "is $1" "[.faults[].code] | index(\"$1\") != null"
	check_json "is faulty" '.ledger.verdict == "faulty"'
}
changed ledger-schema "SELECT 1"
changed ledger-event-edited "UPDATE events SET body = replace(body, 'vpn', 'lab') WHERE seq = 3"
changed ledger-event-missing "DELETE FROM events WHERE seq = 3"
changed ledger-head "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)"
changed ledger-row-edited "UPDATE certificates SET name = 'mallory' WHERE name = 'alice'"
changed ledger-row-missing "DELETE FROM certificates WHERE name = 'alice'"

# Work that a killed run left is shown, and no fault.
use_proxy
with_fault C_Sign@3=kill "$p11ca" client enroll bob -t alice $pins --root-module "$PKCS11_MODULE_PATH" >/dev/null 2>&1
check "after a kill" 0 "$p11ca" --json ledger verify
check_json "clean, with what is left" '.ledger.verdict == "clean" and (.faults | length > 0 and all(.severity == "info"))'

# An auditor has a copy and may write nowhere.
mkdir "$WORK/audit" && cp "$P11CA_HOME/ledger.db" "$WORK/audit/" && chmod 500 "$WORK/audit" && chmod 400 "$WORK/audit/ledger.db"
check "a copy that cannot be written to" 0 "$p11ca" --home "$WORK/audit" ledger verify
chmod 700 "$WORK/audit"
plan
