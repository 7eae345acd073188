#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-move.t - a ledger goes to another machine: sealed here, whole there.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl unshare
tokens hsm alice
a=0123456789abcdef0123456789abcdef b=fedcba9876543210fedcba9876543210
here() { on_machine $a "$p11ca" --json "$@"; }
there() { on_machine $b "$p11ca" --home "$WORK/there" --json "$@"; }
check "no ledger" 4 here ledger move --out "$WORK/moved.db"
check "a root" 0 here root create vpn -t hsm $pin
check "a client" 0 here client enroll --shared-card alice -t alice $pins
"$p11ca" root export vpn --format pem --out "$WORK/root.pem" || bail "no root"
check "a dry run" 0 here ledger move --out "$WORK/moved.db" --dry-run
[ ! -e "$WORK/moved.db" ]; ok "writes nothing"
check "not to standard output" 2 here ledger move --out -
[ ! -e - ]; ok "no file of that name"
check "no folder for the copy" 9 here ledger move --out "$WORK/nowhere/moved.db"
check "does not seal it" 0 here ledger backup --out "$WORK/backup.db"

# Somebody is at work, at a token that takes its time.
real=$PKCS11_MODULE_PATH
use_proxy
P11FAULT_WAKE=$WORK/wake && export P11FAULT_WAKE
with_fault C_Sign@1=sleep=120000 on_machine $a "$p11ca" client enroll --shared-card slow -t alice --root-module "$PKCS11_MODULE_PATH" $pins >"$WORK/slow" 2>&1 &
slow=$!
PKCS11_MODULE_PATH=$real
tries=0
until grep -qs "^C_SignInit " "$WORK/calls"; do [ $((tries += 1)) -le 300 ] || bail "nobody signs"; sleep 0.1; done
check "the ledger is not moved while a client is being enrolled" 7 here ledger move --out "$WORK/moved.db"
check_json "the refusal has the code of a running operation" '.error.code == "operation-running"'
: >"$WORK/wake"
wait $slow; ok "the client that was being enrolled is finished" "$WORK/slow"

check "moved" 0 here ledger move --out "$WORK/moved.db" --note "new machine"
check_json "the copy is clean, and says so" '.ledger | .verdict == "clean" and .state == "moved"'
check "sealed: nothing is issued" 7 here client enroll --shared-card bob -t alice $pins
check_json "by its code" '.error.code == "ledger-moved"'
check "nor does a dry run say otherwise" 7 here client enroll --shared-card bob -t alice $pins --dry-run
check_json "by its code" '.error.code == "ledger-moved"'
check "doctor" 10 here doctor
check_json "says it" '[.findings[].code] | index("ledger-moved") != null'
azure_root "$WORK/gateway.pem" && package_folder "$WORK/package" "$WORK/gateway.pem" "$WORK/root.pem" ||
	bail "no package"
sha256sum "$P11CA_HOME/ledger.db" >"$WORK/sum"
check "a package is checked" 0 here package check "$WORK/package"
check "a PIN is changed, with a word" 0 here token pin alice --pin-source env:PIN --new-pin-source env:PIN
check_json "about the ledger" '[.warnings[].code] == ["ledger-moved"]'
check "a dry run of that" 0 here token pin alice --dry-run --pin-source env:PIN --new-pin-source env:PIN
check "no token is emptied" 7 here token clean alice --orphan 01 $pin
sha256sum "$P11CA_HOME/ledger.db" | cmp - "$WORK/sum"; ok "and nothing is in it of all that"
check "nor backed up" 7 here ledger backup --out "$WORK/backup2.db"
check "but read" 0 here ledger verify
check_json "as what it is" '.ledger.state == "moved"'
check "the copy was lost: another one" 0 here ledger move --out "$WORK/again.db"
check "never over a file" 9 here ledger move --out "$WORK/again.db"
cmp "$WORK/moved.db" "$WORK/again.db" >"$WORK/detail"; ok "the same" "$WORK/detail"

check "it goes on there" 0 there ledger restore "$WORK/moved.db"
check_json "in a new epoch, held until somebody says that it is the first time" '.location | .state == "held" and .epoch == 2 and .events_missing == null'
check_json "which is said" '.warnings[0].message | test("first restore")'
check "said" 0 there ledger acknowledge --note "the first restore of the moved copy"
check "there it issues" 0 there client enroll --shared-card bob -t alice --out "$WORK/bob" $pins
check "and openssl agrees" 0 openssl verify -CAfile "$WORK/root.pem" "$WORK/bob/bob.pem"
check "not here" 7 on_machine $a "$p11ca" --home "$WORK/there" --json client enroll --shared-card eve -t alice $pins
check_json "where it no longer is" '.error.code == "ledger-other-host"'
check "as doctor says" 10 on_machine $a "$p11ca" --home "$WORK/there" --json doctor
check_json "by the same code" '[.findings[].code] | index("ledger-other-host") != null'
check "a PIN is not the ledger's affair" 0 on_machine $a "$p11ca" --home "$WORK/there" token pin alice \
    --pin-source env:PIN --new-pin-source env:PIN
check "there doctor names no more than that its keys are in files" 10 there doctor
check_json "by one code" '[.findings[].code] | unique == ["root-in-file"]'
check "clean" 0 there ledger verify
# The older backup is another history from there on: it may be restored, and is held.
check "the backup from before" 0 on_machine $b "$p11ca" --home "$WORK/older" --json ledger restore "$WORK/backup.db"
check_json "is held" '.location.state == "held"'
check "a test ledger goes anywhere" 0 on_machine $a "$p11ca" --home "$WORK/test" root create t -t hsm --test $pin
check "without a word" 0 on_machine $b "$p11ca" --home "$WORK/test" ledger backup --out "$WORK/test.db"
plan
