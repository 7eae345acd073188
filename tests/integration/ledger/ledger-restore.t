#!/bin/sh
# SPDX-License-Identifier: MIT
# ledger-restore.t - the ledger is lost, and begun again from a backup: serials new, revocations back, CRL number higher.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3 openssl unshare
tokens hsm alice
ledger=$P11CA_HOME/ledger.db
restore() { "$p11ca" --json ledger restore "$@"; }
crl() { "$p11ca" --json root crl vpn --out "$@" $pin; }
serial() { openssl x509 -in "$1" -noout -serial | sed 's/.*=//' | tr A-F a-f; }
# what CERT : what openssl says of it with the newest CRL
judged() { openssl verify -crl_check -CAfile "$WORK/root.pem" -CRLfile "$2" "$1"; }
root vpn hsm
card alice alice --out "$WORK/a"
"$p11ca" root export vpn --format pem --out "$WORK/root.pem" || bail "no root"
# Half done when the backup is made: finished afterwards, so the same certificate comes out of it twice, or never.
real=$PKCS11_MODULE_PATH
use_proxy
with_fault C_Sign@3=kill "$p11ca" client enroll --shared-card late -t alice $pins --root-module "$PKCS11_MODULE_PATH" >/dev/null 2>&1
PKCS11_MODULE_PATH=$real
"$p11ca" -q ledger checkpoint -t hsm --out "$WORK/old.pem" $pins >/dev/null || bail "no checkpoint"
"$p11ca" -q ledger backup --out "$WORK/copy.db" >/dev/null || bail "no backup"
backed_up=$(sqlite3 "$WORK/copy.db" "SELECT n_events FROM ledger")

# After the backup: bob's card, alice is revoked, a CRL says so, and somebody keeps a checkpoint.
card bob alice --device laptop --out "$WORK/b"
"$p11ca" -q client revoke alice --reason keyCompromise >/dev/null || bail "not revoked"
check "an unfinished operation is finished before the restore" 0 "$p11ca" ledger recover --finish $pin
"$p11ca" client export late --format der >"$WORK/late.der" && "$p11ca" -q client revoke late --reason superseded >/dev/null || bail "not revoked"
check "the last CRL before the restore is written" 0 crl "$WORK/last.crl"
last_number=$(field .crl.number)
"$p11ca" -q ledger checkpoint -t hsm --out "$WORK/new.pem" $pins >/dev/null || bail "no checkpoint"
bob=$(serial "$WORK/b/bob.pem") alice=$(serial "$WORK/a/alice.pem")
used=$(sqlite3 "$ledger" "SELECT serial FROM certificates")

check "an existing ledger is not overwritten" 9 restore "$WORK/copy.db"
check_has "the message says that no ledger is overwritten" err "p11ca does not overwrite a ledger"
check "acknowledge succeeds for a ledger in use" 0 "$p11ca" --json ledger acknowledge --note x
check_json "the ledger in use stays in use" '.location.state == "in use"'
mv "$ledger" "$WORK/lost.db"
: >"$ledger-wal"
check "a journal that is left prevents the restore" 9 restore "$WORK/copy.db"
check_has "the message names the journal" err "ledger.db-wal"
rm -f "$ledger-wal" "$ledger-shm"

# Refused, and nothing is left behind.
before=$(cd "$P11CA_HOME" && find . | sort)
nothing_left() {
	[ "$before" = "$(cd "$P11CA_HOME" && find . | sort)" ]
	ok "$1: nothing is left behind"
}
head -c 20000 "$WORK/copy.db" >"$WORK/half.db"
check "half a copy is refused" 8 restore "$WORK/half.db"
nothing_left "half a copy"
cp "$WORK/copy.db" "$WORK/edited.db"
sqlite3 "$WORK/edited.db" "UPDATE certificates SET name = 'mallory' WHERE name = 'alice'"
check "an edited copy is refused" 8 restore "$WORK/edited.db"
check_json "the refusal lists the fault of the copy" '.error.code == "copy-faulty" and any(.faults[]; .code == "ledger-row-edited")'
nothing_left "an edited copy"
check "a copy that does not exist is not found" 4 restore "$WORK/nowhere.db"
check "a text file is refused as a copy" 8 restore "$WORK/root.pem"
check_has "the message says what a copy is" err "give a copy of ledger.db"
check "--root without --checkpoint is refused" 2 restore "$WORK/copy.db" --root "$WORK/root.pem"
mkdir "$WORK/other"
P11CA_HOME=$WORK/other "$p11ca" -q root create lab -t hsm $pin >/dev/null || bail "no other root"
P11CA_HOME=$WORK/other "$p11ca" -q ledger backup --out "$WORK/stranger.db" >/dev/null || bail "no other backup"
check "a copy of another ledger than the checkpoint's is refused" 7 restore "$WORK/stranger.db" --checkpoint "$WORK/new.pem" --root "$WORK/root.pem"
check_json "the refusal has the code of another ledger" '.error.code == "copy-not-of-checkpoint"'
check "a restore is shown by a dry run" 0 restore "$WORK/copy.db" --dry-run
check_json "the dry run verifies the copy" '.ledger.verdict == "clean"'
nothing_left "a dry run"
check "a dry run does not find a copy that does not exist" 4 restore "$WORK/nowhere.db" --dry-run
check "a dry run refuses a text file" 8 restore "$WORK/root.pem" --dry-run
check "a dry run refuses an edited copy" 8 restore "$WORK/edited.db" --dry-run
check_json "the dry run lists the fault of the copy" '.error.code == "copy-faulty" and any(.faults[]; .code == "ledger-row-edited")'
nothing_left "a dry run of those"
for full in 4096 30000 60000; do
	check "a disk that is full after $full bytes" 9 sh -c 'ulimit -f $(($1 / 512)) && trap "" XFSZ && shift && exec "$@"' sh "$full" \
	    "$p11ca" ledger restore "$WORK/copy.db"
	nothing_left "a full disk"
done

check "the copy is restored" 0 restore "$WORK/copy.db" --checkpoint "$WORK/new.pem" --root "$WORK/root.pem" --note "disk died"
check_json "the restored ledger has a new epoch in which issuing is suspended" '.location | .epoch == 2 and .state == "held" and .acknowledged_at == null'
check_json "the checkpoint proves how many events are missing" ".location | .events_before == $backed_up and .events_missing > 5"
check_json "a warning says that issuing is suspended" '[.warnings[].code] == ["ledger-issuing-suspended"]'
check_json "the restored ledger was verified" '.ledger.verdict == "clean" and .ledger.epoch == 2'
[ "$(stat -c %a "$ledger")" = 600 ] && [ ! -e "$ledger.restoring" ]; ok "the ledger has mode 600 and its final name"
check "the log of the restored ledger is printed" 0 "$p11ca" --json ledger log
check_json "the last two events are the restore and its location, with the note" '.events[-2:] | map(.kind) == ["ledger-restored", "ledger-placed"] and all(.note == "disk died")'

# Held: roots sign nothing, and nobody is asked for a PIN to learn that.
held() { # NAME COMMAND...
	held_name=$1
	shift
	check "$held_name is held" 7 "$@"
	check_json "the refusal has the code of a suspended ledger" '.error.code == "ledger-issuing-suspended"'
}
held enrolment "$p11ca" --json client enroll --shared-card carol -t alice --batch
request "$WORK/dave.csr" /CN=dave
held issuing "$p11ca" --json client issue "$WORK/dave.csr" --cn dave --out "$WORK/d" --batch
held "a CRL" "$p11ca" --json root crl vpn --out "$WORK/held.crl" --batch
held "renewing the root" "$p11ca" --json root renew vpn --batch
held "another root" "$p11ca" --json root create second -t hsm $pin
held "moving it" "$p11ca" --json ledger move --out "$WORK/moved.db"
held "cleaning a token" "$p11ca" --json token clean alice --orphan 77 --confirm 77 $pin
[ ! -e "$WORK/held.crl" ] && [ ! -e "$WORK/d" ]; ok "the refused commands write no file"

# What is missing comes back: bob by his receipt, alice's revocation from the CRL.
check "a client from after the backup is unknown" 4 "$p11ca" client show bob
check "a CRL with the serial number of an unfinished operation is not imported" 7 "$p11ca" --json client import --root vpn --revoked-from "$WORK/last.crl"
check_json "the refusal has the code and the command that helps" '.error.code == "operation-running" and (.error.hint | test("ledger recover"))'
check "the unfinished operation is finished while issuing is suspended" 0 "$p11ca" ledger recover --finish $pin
"$p11ca" client export late --format der | cmp - "$WORK/late.der" >"$WORK/detail" 2>&1; ok "its certificate is the same, byte for byte" "$WORK/detail"
check "certificates and revocations from after the backup are imported" 0 "$p11ca" --json client import "$WORK/b/receipt.json" --root vpn --revoked-from "$WORK/last.crl"
check_json "one certificate and two revocations are imported" '.import | .certificates_imported == 1 and .certificates_revoked == 2'
check "the imported client is shown" 0 "$p11ca" --json client show bob
check_json "the imported client has the device and template of its receipt" '.client | .device == "laptop" and .template_name == "azure-client"'
check "acknowledge without a note is refused" 2 "$p11ca" ledger acknowledge
check_has "the message names --note" err "--note"
check "issuing is still suspended" 7 "$p11ca" --json root crl vpn --out "$WORK/held.crl" --batch
check "the restore is acknowledged" 0 "$p11ca" --json ledger acknowledge --note "bob and the last CRL are all that there was"
check_json "the result counts what was imported" '.location | .state == "in use" and .certificates_imported == 1 and .certificates_revoked == 2 and .crls_imported == 1 and .acknowledged_at != null'
check "acknowledging again succeeds" 0 "$p11ca" --json ledger acknowledge --note again

# Revocations back, CRL number higher, serials new.
check "a CRL is written after the restore" 0 crl "$WORK/new.crl"
check_json "its number is above that of the last CRL from before" ".crl.number > $last_number and .crl.entry_count == 2"
check "openssl verifies the CRL" 0 openssl crl -in "$WORK/new.crl" -CAfile "$WORK/root.pem" -noout
check "openssl accepts bob" 0 judged "$WORK/b/bob.pem" "$WORK/new.crl"
check "openssl rejects alice" 2 judged "$WORK/a/alice.pem" "$WORK/new.crl"
check_has "openssl rejects alice because she is revoked" err "certificate revoked"
for name in carol dan erin; do
	card "$name" alice --out "$WORK/$name"
	fresh=$(serial "$WORK/$name/$name.pem")
	! echo "$used" | grep -qx "$fresh"; ok "$name has a serial that was never used"
done
check "the clients are listed after the restore" 0 "$p11ca" --json client list
check_json "bob is issued and alice is revoked, with their serial numbers" "[.clients[] | select(.serial == \"$bob\" and .state == \"issued\" or .serial == \"$alice\" and .state == \"revoked\")] | length == 2"
check "the ledger verifies after all this" 0 "$p11ca" --json ledger verify

# A root's own renewal that the backup did not have comes back by its certificate.
"$p11ca" -q ledger backup --out "$WORK/before.db" >/dev/null || bail "no backup"
"$p11ca" -q root renew vpn --days 3000 $pin >"$WORK/detail" 2>&1 || bail "$(cat "$WORK/detail")"
"$p11ca" root export vpn --format pem --out "$WORK/renewed.pem" || bail "not renewed"
P11CA_HOME=$WORK/again
check "a copy from before a root's renewal is restored" 0 restore "$WORK/before.db"
check "the renewed certificate is adopted" 0 "$p11ca" --json root adopt vpn -t hsm --cert "$WORK/renewed.pem" $pin
check "the root is exported after that" 0 "$p11ca" root export vpn --format pem
cmp "$WORK/out" "$WORK/renewed.pem" >"$WORK/detail"; ok "the exported root is the renewed certificate" "$WORK/detail"
check "adopting it again changes nothing" 0 "$p11ca" --json root adopt vpn -t hsm --cert "$WORK/renewed.pem" $pin
check "the certificate from before the renewal is refused as a renewal" 7 "$p11ca" --json root adopt vpn -t hsm --cert "$WORK/root.pem" $pin
check "the ledger with the adopted renewal verifies" 0 "$p11ca" ledger verify
P11CA_HOME=$WORK/home

# An auditor with a checkpoint sees all of it.
check "the ledger verifies against the checkpoint from before the backup" 0 "$p11ca" --json ledger verify --checkpoint "$WORK/old.pem" --root "$WORK/root.pem"
check_json "the old checkpoint agrees" '.ledger.checkpoint_state == "agrees"'
check "the ledger does not verify against the checkpoint from after the backup" 10 "$p11ca" --json ledger verify --checkpoint "$WORK/new.pem" --root "$WORK/root.pem"
check_json "the only fault is that events were lost" '[.faults[].code] == ["ledger-events-lost"]'
check_has "the fault names the last event of the backup" out "with the events up to $backed_up"

# The lost disk turns up again on another machine, or this one is cloned.
a=0123456789abcdef0123456789abcdef b=fedcba9876543210fedcba9876543210
mkdir "$WORK/bound"
check "a root is created on one machine" 0 on_machine $a "$p11ca" --home "$WORK/bound" root create bound -t hsm $pin
sum=$(sha256sum <"$WORK/bound/ledger.db")
check "its ledger is refused on another machine" 7 on_machine $b "$p11ca" --home "$WORK/bound" --json client enroll --shared-card zoe -t alice $pins
check_json "the refusal has the code of another host" '.error.code == "ledger-other-host"'
check "its ledger is refused on a machine without an id" 7 on_machine - "$p11ca" --home "$WORK/bound" ledger backup --out "$WORK/bound.db"
[ "$sum" = "$(sha256sum <"$WORK/bound/ledger.db")" ]; ok "the refused commands do not change the ledger"
check "the ledger can be verified on another machine" 0 on_machine $b "$p11ca" --home "$WORK/bound" ledger verify
check "a backup is made on the first machine" 0 on_machine $a "$p11ca" --home "$WORK/bound" ledger backup --out "$WORK/bound.db"
! grep -qa "$a" "$WORK/bound/ledger.db"; ok "the ledger does not contain the machine's id"
echo "any-host = yes" >"$WORK/bound/p11ca.conf"
check "a machine that p11ca.conf names accepts the ledger" 0 on_machine $b "$p11ca" --home "$WORK/bound" ledger backup --out "$WORK/cluster.db"
rm "$WORK/bound/p11ca.conf"
check "the backup is restored on another machine" 0 on_machine $b "$p11ca" --home "$WORK/clone" --json ledger restore "$WORK/bound.db"
check_json "issuing is suspended there" '.location.state == "held"'
plan
