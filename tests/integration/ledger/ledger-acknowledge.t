#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-acknowledge.t - the hold of a restored ledger ends once, by somebody who says why; ledger-restore.t has the rest.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm alice
check "no ledger" 4 "$p11ca" ledger acknowledge --note x
root vpn hsm
"$p11ca" -q ledger backup --out "$WORK/copy.db" >/dev/null || bail "no backup"
rm -r "$P11CA_HOME"
check "into a home that is not there yet" 0 "$p11ca" --json ledger restore "$WORK/copy.db"
check_json "issuing is suspended, even if nothing proves that events are missing" '.location | .state == "held" and .events_missing == null'
check "nobody says why" 2 "$p11ca" --json ledger acknowledge
check "an empty word" 2 "$p11ca" --json ledger acknowledge --note ""
check "a dry run" 0 "$p11ca" --json ledger acknowledge --note why --dry-run
check "changes nothing" 7 "$p11ca" client enroll --shared-card alice -t alice $pins
check_has "and is said to be" err "p11ca ledger acknowledge --note REASON"
for i in 1 2 3 4; do
	"$p11ca" ledger acknowledge --note "by $i" >"$WORK/ack$i" 2>&1 &
	pids="${pids:-} $!"
done
for pid in $pids; do wait "$pid" || true; done
check "the events are listed" 0 "$p11ca" --json ledger log
check_json "four at once: one ends it" '[.events[] | select(.kind == "ledger-acknowledged")] | length == 1 and (.[0].note | startswith("by "))'
check "nothing is held any more" 0 "$p11ca" --json ledger acknowledge --note late
check_json "which is said, and that the note is not kept" '[.warnings[].code] == ["ledger-issuing-not-suspended"]'
"$p11ca" --json ledger log | jq -e '[.events[] | select(.note == "late")] == []' >/dev/null; ok "as it is not"
check "then it issues" 0 "$p11ca" client enroll --shared-card alice -t alice $pins
check "clean" 0 "$p11ca" --json ledger verify
check_json "and in use" '.ledger | .state == "in use" and .epoch == 2'
plan
