#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-export.t - every certificate, for other programs.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm alice
check "no ledger" 4 "$p11ca" ledger export
root vpn hsm
card 'alice, "the first"' alice
check "CSV" 0 "$p11ca" ledger export
[ "$(wc -l <"$WORK/out")" -eq 3 ]; ok "a heading and two rows" "$WORK/out"
check_has "quoted as RFC 4180 wants" out '"alice, ""the first"""'
head -n 1 "$WORK/out" | tr -d '\r' | tr , '\n' >"$WORK/columns"
check "JSON" 0 "$p11ca" ledger export --format json
check_json "the same rows" '.certificates | length == 2 and .[1].name == "alice, \"the first\""'
check "with --json" 0 "$p11ca" --json ledger export
check_json "as well" '.certificates | length == 2'
field '.certificates[1] | keys_unsorted[]' >"$WORK/keys"
cmp "$WORK/columns" "$WORK/keys"; ok "of the same columns" "$WORK/columns"
check "one object a line" 0 "$p11ca" ledger export --format jsonl
[ "$(jq -c . "$WORK/out" | wc -l)" -ge 2 ]; ok "each valid" "$WORK/out"
check "text" 0 "$p11ca" ledger export --format text
check "no such format" 2 "$p11ca" ledger export --format xml
check "a full disk" 9 sh -c "\"$p11ca\" ledger export >/dev/full"

# A calendar, read by a program that is not ours
/usr/bin/python3 -c 'import icalendar' 2>/dev/null || skip_all "no python3-icalendar"
check "ics" 0 "$p11ca" ledger export --format ics
cp "$WORK/out" "$WORK/all.ics"
n=$("$p11ca" ledger export --format jsonl | jq -s '[.[] | select(.state == "issued")] | length')
cat >"$WORK/read.py" <<'PYTHON'
import datetime, icalendar, sys
raw = open(sys.argv[1], "rb").read()
assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
assert len({e["UID"] for e in events}) == len(events)
for e in events:
    assert e["DTSTART"].dt > datetime.datetime.now(datetime.timezone.utc)
    assert e.walk("VALARM")[0]["TRIGGER"].dt == datetime.timedelta(days=-30)
    print(e["SUMMARY"], "|", e["DESCRIPTION"].replace("\n", " "))
PYTHON
check "icalendar reads it" 0 /usr/bin/python3 "$WORK/read.py" "$WORK/all.ics"
[ "$(wc -l <"$WORK/out")" -eq "$n" ]; ok "an event for each certificate that is issued" "$WORK/out"
check_has "roots too" out "VPN root of"
check_has "with what to do" out "p11ca client renew"
check "ics and --json" 2 "$p11ca" --json ledger export --format ics
check "--all without ics is refused" 2 "$p11ca" ledger export --all
root lab hsm
request "$WORK/b.csr" /CN=x
issue "$WORK/b.csr" --cn bob --root lab >/dev/null 2>&1
"$p11ca" client list --format ics --root lab >"$WORK/lab.ics"
check "icalendar reads the calendar of one root's clients" 0 /usr/bin/python3 "$WORK/read.py" "$WORK/lab.ics"
[ "$(wc -l <"$WORK/out")" -eq 1 ] && grep -q "VPN certificate of bob ends" "$WORK/out"; ok "it has one event, for the client" "$WORK/out"
check "the calendar of expiring certificates has the exit status of the list" 10 "$p11ca" client list --format ics --expiring 366
check "the list as CSV" 0 "$p11ca" client list --format csv bob
[ "$(wc -l <"$WORK/out")" -eq 2 ]; ok "the CSV has a heading and the client" "$WORK/out"
check "a calendar as JSON is refused" 2 "$p11ca" --json client list --format ics
"$p11ca" -q root retire lab --confirm lab >/dev/null
"$p11ca" ledger export --format ics >"$WORK/retired.ics"
check "icalendar reads the calendar after a root was retired" 0 /usr/bin/python3 "$WORK/read.py" "$WORK/retired.ics"
grep -q "VPN root of vpn" "$WORK/out" && grep -q "of bob ends" "$WORK/out" && ! grep -q "VPN root of lab" "$WORK/out"
ok "the calendar has the root in use and the client, but not the retired root" "$WORK/out"
plan
