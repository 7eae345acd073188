#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-verify.t - the ledger as evidence: what anybody changes shows.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3 openssl unshare
tokens hsm alice
check "no ledger" 4 "$p11ca" ledger verify
root vpn hsm
card alice alice
"$p11ca" root export vpn --format pem --out "$WORK/root.pem" || bail "no root"
"$p11ca" -q ledger checkpoint -t hsm --out "$WORK/checkpoint.pem" $pins >/dev/null || bail "no checkpoint"
card carol alice
check "clean" 0 "$p11ca" --json ledger verify
check_json "with its head" '.ledger | .verdict == "clean" and .fault_count == 0 and .event_count > 10 and (.head | length == 64)'
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

# tampered SQL : on a copy, by somebody who knows how
tampered() {
	rm -rf "$WORK/copy"
	mkdir "$WORK/copy"
	"$p11ca" -q ledger backup --out "$WORK/copy/ledger.db" >/dev/null || bail "no backup"
	sqlite3 -cmd ".dbconfig defensive off" "$WORK/copy/ledger.db" >/dev/null 2>"$WORK/sql.err" "CREATE TABLE temp.t AS SELECT sql FROM sqlite_schema WHERE type = 'trigger';
	    PRAGMA recursive_triggers = OFF; PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger';
	    PRAGMA writable_schema = RESET; $1" || bail "$(cat "$WORK/sql.err")"
}
# changed CODE SQL [OPTION...] : it leaves a trace
changed() {
	changed_code=$1 changed_sql=$2
	shift 2
	tampered "$changed_sql"
	check "$changed_sql" 10 "$p11ca" --json ledger verify "$WORK/copy/ledger.db" "$@"
	check_json "is $changed_code" "[.faults[].code] | index(\"$changed_code\") != null"
	check_json "is faulty" '.ledger.verdict == "faulty"'
}
against="--checkpoint $WORK/checkpoint.pem --root $WORK/root.pem"
changed ledger-schema "SELECT 1"
changed ledger-event-edited "UPDATE events SET body = replace(body, 'vpn', 'lab') WHERE seq = 3"
changed ledger-event-missing "DELETE FROM events WHERE seq = 3"
check "the head is taken in openssl's form" 0 "$p11ca" ledger verify --head "sha256:$(echo "$head" | tr a-f A-F | sed 's/../&:/g;s/:$//')"
check "a head that is too short is refused" 2 "$p11ca" ledger verify --head "${head%??}"
changed ledger-head "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)"
changed ledger-row-edited "UPDATE certificates SET name = 'mallory' WHERE name = 'alice'"
changed ledger-row-missing "DELETE FROM certificates WHERE name = 'alice'" # an event without certificate
changed ledger-event-moved "UPDATE events SET seq = -1 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 5; UPDATE events SET seq = 5 WHERE seq = -1"
changed ledger-event-edited "REPLACE INTO events SELECT seq, at, row_table, row_id, body || ' ', hash FROM events WHERE seq = 4"
changed ledger-row-edited "REPLACE INTO roots SELECT id, name, key_id, cert_id, is_retired, 'CN=mallory', allow_names, created_at, origin, requested_at FROM roots"
changed ledger-row-edited "UPDATE places SET host = ''"
columns=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT group_concat(name) FROM pragma_table_info('certificates') WHERE name NOT IN ('id', 'serial', 'name')")
changed ledger-row-without-event "INSERT INTO certificates (id, serial, name, $columns) SELECT 1000, '77', 'mallory', $columns FROM certificates WHERE name = 'alice'"
changed ledger-certificate-invalid "UPDATE certificates SET der = (SELECT der FROM certificates WHERE name = 'carol') WHERE name = 'alice'"

# Cut and rewritten so that the chain holds by itself: only what somebody else kept shows it.
cut='DELETE FROM events WHERE seq > N; DELETE FROM places; DELETE FROM certificates; DELETE FROM roots; DELETE FROM keys;
    UPDATE ledger SET n_events = N, head = (SELECT hash FROM events WHERE seq = N)'
changed ledger-tail-removed "$(echo "$cut" | sed 's/N/1/g')" $against
changed ledger-head-not-found "$(echo "$cut" | sed 's/N/1/g')" --head "$head"
# the triggers put back: nothing can be seen inside
hide="$(echo "$cut" | sed 's/N/1/g')"
tampered "$hide"
sqlite3 "$P11CA_HOME/ledger.db" "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'" | sqlite3 "$WORK/copy/ledger.db" || bail "no triggers"
check "a ledger that was cut and repaired has no faults by itself" 0 "$p11ca" --json ledger verify "$WORK/copy/ledger.db"
check "not against the checkpoint" 10 "$p11ca" --json ledger verify "$WORK/copy/ledger.db" $against
check_json "which names it, alone" '[.faults[].code] == ["ledger-tail-removed"] and .ledger.checkpoint_state == "differs"'
check "nor against a receipt's head" 10 "$p11ca" --json ledger verify "$WORK/copy/ledger.db" --head "$head"
check_json "which names it, alone" '[.faults[].code] == ["ledger-head-not-found"]'

# Another ledger altogether, longer than the checkpoint's.
mkdir "$WORK/second" && P11CA_HOME=$WORK/second
for i in 1 2 3 4 5; do root "r$i" hsm; done
check "another ledger" 10 "$p11ca" --json ledger verify $against
check_json "is not the checkpoint's" '[.faults[].code] == ["ledger-not-of-checkpoint"]'
P11CA_HOME=$WORK/home

# A ledger of version 1, from before there were locations, is upgraded by the next process that writes to it.
P11CA_HOME=$WORK/old
for words in "root create old -t hsm --pin-source env:PIN" "client enroll dora -t alice $pins" "ledger checkpoint -t hsm --out $WORK/old.pem $pins"; do
	# shellcheck disable=SC2086 # to be split
	on_machine - "$p11ca" -q $words >"$WORK/detail" 2>&1 || bail "$(cat "$WORK/detail")"
done
P11CA_HOME=$WORK/home
# forget DB COLUMN... : the ledger as it was before keys had these columns, in rows and in events
forget() {
	forget_db=$1 forget_prev=$(printf '%064d' 0)
	shift
	forget_no=$(echo "$*" | tr ' ' '|')
	forget_trigger=$(sqlite3 "$forget_db" "SELECT sql FROM sqlite_schema WHERE name = 'events_no_UPDATE'")
	sqlite3 "$forget_db" "DROP TRIGGER events_no_UPDATE; $(printf 'ALTER TABLE keys DROP COLUMN %s; ' "$@")"
	for forget_seq in $(sqlite3 "$forget_db" 'SELECT seq FROM events ORDER BY seq'); do
		sqlite3 "$forget_db" "SELECT body FROM events WHERE seq = $forget_seq" |
			grep -vE "^($forget_no): " | sed "s/^prev: .*/prev: $forget_prev/" >"$WORK/body"
		printf %s "$(cat "$WORK/body")" >"$WORK/body"
		forget_prev=$(sha256sum <"$WORK/body" | cut -d' ' -f1)
		sqlite3 "$forget_db" "UPDATE events SET body = CAST(readfile('$WORK/body') AS TEXT),
			hash = '$forget_prev' WHERE seq = $forget_seq; UPDATE ledger SET head = '$forget_prev'"
	done
	sqlite3 "$forget_db" "$forget_trigger"
}
forget "$WORK/old/ledger.db" on_token private can_sign can_decrypt can_unwrap can_derive can_sign_recover \
    public_on_token public_private can_verify can_encrypt can_wrap public_can_derive can_verify_recover read_again
old_head=$(sqlite3 "$WORK/old/ledger.db" 'SELECT head FROM ledger')
sqlite3 "$WORK/old/ledger.db" "DROP INDEX keys_name_key; DROP INDEX certificates_name_key; ALTER TABLE keys DROP COLUMN name_key; ALTER TABLE keys DROP COLUMN device_key;
	ALTER TABLE certificates DROP COLUMN name_key; ALTER TABLE certificates DROP COLUMN device_key; CREATE INDEX keys_name ON keys (name, device); CREATE INDEX certificates_name ON certificates (name, device);
	DROP INDEX keys_value; DROP INDEX certificates_value; ALTER TABLE keys DROP COLUMN key_sha256; ALTER TABLE certificates DROP COLUMN key_sha256;
	CREATE INDEX keys_spki ON keys (spki_sha256); CREATE INDEX certificates_spki ON certificates (spki_sha256); DROP TABLE places; DROP INDEX keys_renews; ALTER TABLE keys DROP COLUMN renews; DROP INDEX certificates_renews;
	ALTER TABLE certificates DROP COLUMN renews; ALTER TABLE certificates DROP COLUMN issuers; ALTER TABLE roots DROP COLUMN origin; ALTER TABLE roots DROP COLUMN requested_at; DROP TABLE profiles; DROP TABLE sightings; DROP TABLE gateways; DROP TABLE crls; DROP INDEX certificates_revoked; PRAGMA user_version = 1" || bail "not made old"
old_sum=$(sha256sum <"$WORK/old/ledger.db")
check "an old ledger is verified as it is" 0 "$p11ca" --json --home "$WORK/old" ledger verify
check_json "and clean" '.ledger.verdict == "clean"'
check "an old copy by itself, too" 0 "$p11ca" --json ledger verify "$WORK/old/ledger.db"
[ "$(sha256sum <"$WORK/old/ledger.db")" = "$old_sum" ]; ok "neither run changed it"
check "but brought up" 0 "$p11ca" --home "$WORK/old" ledger backup --out "$WORK/new.db"
check "with the same history" 0 "$p11ca" --home "$WORK/old" ledger verify --head "$old_head"

# Work that a killed run left is shown, and no fault.
use_proxy
with_fault C_Sign@3=kill "$p11ca" client enroll --shared-card bob -t alice $pins --root-module "$PKCS11_MODULE_PATH" >/dev/null 2>&1
check "after a kill" 0 "$p11ca" --json ledger verify
check_json "clean, with what is left" '.ledger.verdict == "clean" and (.faults | length > 0 and all(.severity == "info"))'
checked="$(field '[.faults[].code] | unique | join(" ")')"
[ "$checked" = ledger-certificate-unfinished ]; ok "the dead signing row is named" "$WORK/out"

# An auditor has a copy and may write nowhere.
mkdir "$WORK/audit" && cp "$P11CA_HOME/ledger.db" "$WORK/audit/" && chmod 500 "$WORK/audit" && chmod 400 "$WORK/audit/ledger.db"
check "a copy that cannot be written to" 0 "$p11ca" --home "$WORK/audit" ledger verify
chmod 700 "$WORK/audit"
plan
