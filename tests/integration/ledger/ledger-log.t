#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-log.t - what happened, the user who did it, and the reason.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
check "no ledger" 4 "$p11ca" ledger log
root vpn hsm --note 'for the pilot'
check "lists events" 0 "$p11ca" --json ledger log
check_json "without a gap" '[.events[].seq] | . == [range(1; length + 1)]'
check_json "in order" '[.events[].kind] | .[0] == "ledger-created" and index("key-proved") < index("certificate-signing") and index("certificate-signing") < index("certificate-issued")'
check_json "each event has its user" ".events | all(.actor | startswith(\"uid $(id -u) \"))"
check_json "why" '.events | all(.note == "for the pilot")'
n=$(field '.events | length')
check "the last three" 0 "$p11ca" --json ledger log --last 3
check_json "are the last" "[.events[].seq] == [$n - 2, $n - 1, $n]"
for bad in 0 -1 x; do check "no number: $bad" 2 "$p11ca" ledger log --last "$bad"; done
check "more than there are" 0 "$p11ca" --json ledger log -n 9999
check_json "are all" ".events | length == $n"
check "as text" 0 "$p11ca" ledger log
check_has "key-proved" out "root key vpn"
check_lacks "no PIN is in it" out "$USER_PIN"
check "a note with control characters" 0 "$p11ca" -q root create second -t hsm $pin --note "$(printf 'x\033[31m')"
check "is harmless" 0 "$p11ca" ledger log
check_lacks "where it is shown" out "$(printf '\033')"
plan
