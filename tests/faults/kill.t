#!/bin/sh
# SPDX-License-Identifier: MIT
# kill.t - kill -9 anywhere in `root create` and `client enroll`: the ledger stays clean, recover names what is left,
# and the same command finishes.
#
# Calls of root create and client enroll, see `sample`, and moments of client enroll, drawn by lot: SEED repeats a run.
. "$srcdir/tests/faults/lib.sh"
for tool in pkcs11-tool jq awk; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
: "${SEED:=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"
is_full && moments=25 stride=16 || moments=2 stride=200
echo "# SEED=$SEED"
tokens_up root alice
n_left=0

# The tokens themselves: SoftHSM empties a token's file for a moment at each login, and may be caught at it.
token_is_there() {
	pkcs11-tool --module "$module" --token-label "$1" --login --pin "$USER_PIN" -O >"$WORK/objects" 2>&1 &&
		! grep -q 'No slot with token' "$WORK/objects"
}
restore_tokens() {
	for label in root alice; do
		token_is_there $label && continue
		echo "# SoftHSM was caught half-writing token $label: what it had emptied is restored"
		for folder in "$WORK"/saved/tokens/*; do # a login comes before all that is written under it
			[ -s "$WORK/tokens/${folder##*/}/token.object" ] || cp "$folder/token.object" "$WORK/tokens/${folder##*/}"
		done
		token_is_there $label || complain "token $label cannot be repaired"
	done
}

n_of() { db "SELECT count(*) FROM $1"; }
# Unfinished rows and what recover says of them are the same.
recover_tells() {
	[ -f "$WORK/home/ledger.db" ] || return 0
	left=$(($(n_of "keys WHERE state IN ('planned', 'made')") + $(n_of "certificates WHERE state = 'signing'")))
	"$p11ca" ledger recover --json >"$WORK/recover"
	[ $? -eq $((left > 0 ? 10 : 0)) ] || return 1
	n_left=$((n_left + (left > 0)))
	[ "$(jq '.unfinished | length' "$WORK/recover")" -eq "$left" ]
}
# A key that the ledger calls proved is on its token.
proved_are_there() {
	[ -f "$WORK/home/ledger.db" ] || return 0
	db "SELECT token_label, cka_id FROM keys WHERE state = 'proved'" | tr '|' ' ' >"$WORK/proved"
	while read -r label id; do
		token_is_there "$label" && grep -A3 '^Private Key Object' "$WORK/objects" | grep -q "ID: *$id" || return 1
	done <"$WORK/proved"
}

# look KIND NAME COMMAND WHERE : after a kill
look() {
	restore_tokens
	must "the ledger is not clean" ledger_is_clean
	must "recover does not tell what is left" recover_tells
	must "a proved key is not on its token" proved_are_there
	with_fault "" "$3"
	[ "$status" -eq 0 ] || complain "the same command does not finish: $status"
	must "what it made is not right" is_finished "$1" "$2"
	must "the ledger is not clean afterwards" ledger_is_clean
	must "something is left afterwards" "$p11ca" ledger recover
	passed "$3, killed $4"
}

# killed_at KIND NAME COMMAND FUNCTION N
killed_at() {
	load
	with_fault "$4@$5=kill" "$3"
	[ "$status" -eq 137 ] || complain "it was not killed"
	look "$1" "$2" "$3" "at $4@$5"
}

# killed_after KIND NAME COMMAND MICROSECONDS : sooner, when it was done by then
killed_after() {
	status=0 wait_us=$4
	while [ "$status" -eq 0 ]; do
		load
		under=exec
		"$3" >"$WORK/out" 2>"$WORK/err" &
		under='timeout -k 1 30'
		child=$!
		sleep "$((wait_us / 1000000)).$(printf %06d $((wait_us % 1000000)))"
		kill -9 "$child" 2>/dev/null
		wait "$child" 2>/dev/null
		status=$?
		wait_us=$((wait_us * 2 / 3))
	done
	[ "$status" -eq 137 ] || complain "exit status $status"
	look "$1" "$2" "$3" "after $((wait_us * 3 / 2)) us"
}

save
points root_create
sample 40 <"$WORK/points" >"$WORK/calls"
while read -r fn nth; do
	killed_at root corp root_create "$fn" "$nth"
done <"$WORK/calls"
[ "$n_left" -gt 0 ]; ok "ledger recover lists what a killed root create left, $n_left times"

load
check "a root" 0 root_create_rsa
save
points enroll
start=$(date +%s%N)
load
enroll >"$WORK/out" 2>&1
took_us=$((($(date +%s%N) - start) / 1000))
FULL=0 sample $stride <"$WORK/points" >"$WORK/calls"
awk -v n=$moments -v seed="$SEED" -v us="$took_us" 'BEGIN { srand(seed); for (; n > 0; n--) print int(rand() * us) }' >"$WORK/when"
n_left=0
while read -r fn nth; do
	killed_at client alice enroll "$fn" "$nth"
done <"$WORK/calls"
while read -r us; do
	killed_after client alice enroll "$us"
done <"$WORK/when"
[ "$n_left" -gt 0 ]; ok "ledger recover lists what a killed client enroll left, $n_left times"
plan
