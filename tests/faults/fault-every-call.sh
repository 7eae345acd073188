# SPDX-License-Identifier: MIT
# fault-every-call.sh - each Cryptoki call of a command fails once, in turn, with CKR_DEVICE_ERROR; see `sample`.
#
#	sweep COMMAND root|client NAME

# Clean-up at the end of a run that did its work.
is_cleanup() {
	case $1 in C_Finalize | C_Logout | C_CloseSession) return 0;; esac
	return 1
}
# While tokens are looked for, one that cannot be read is passed over, and looked at again where none is left.
is_looking() {
	case $1 in C_GetSlotInfo | C_GetTokenInfo) return 0;; esac
	return 1
}

told() {
	[ "$status" -eq 6 ] || complain "exit status $status, not 6"
	[ "$(grep -c '^p11ca: error:' "$WORK/err")" -eq 1 ] || complain "not one error line"
	grep -q 'CKR_DEVICE_ERROR (0x00000030)' "$WORK/err" || complain "the CKR is not named"
}

# A key is proved by the first signature of a run: no sooner.
no_key_without_proof() {
	[ -f "$WORK/home/ledger.db" ] || return 0
	grep -q '^C_Sign 1 0x0 forwarded' "$WORK/log" && return 0
	[ "$(db "SELECT count(*) FROM keys WHERE state = 'proved' AND name = '$1'")" = 0 ]
}

sessions_are_closed() {
	[ "$(grep -c '^C_OpenSession .* 0x0 ' "$WORK/log")" -eq "$(grep -c '^C_CloseSession ' "$WORK/log")" ]
}

# is_restart : the call ended the module's use in order to read the key back: then a failure proves nothing
is_restart() { grep -q "while initialising module '.*' again" "$WORK/first"; }

# point COMMAND KIND NAME FUNCTION N
point() {
	load
	with_fault "$4@$5=0x30" "$1"
	cp "$WORK/err" "$WORK/first"
	grep -q "^$4 $5 0x30 delivered\$" "$WORK/log" || complain "not delivered"
	if [ "$status" -eq 0 ]; then
		is_cleanup "$4" || is_looking "$4" || complain "not noticed"
		must "its result does not stand" is_finished "$2" "$3"
	else
		! is_cleanup "$4" || is_restart || complain "clean-up spoils the result"
		told
	fi
	must "a key is called proved without proof" no_key_without_proof "$3"
	must "a session is left open" sessions_are_closed
	must "the ledger is not clean" ledger_is_clean
	with_fault "" "$1"
	[ "$status" -eq 0 ] || complain "the same command does not finish: $status"
	must "and what it made is not right" is_finished "$2" "$3"
	must "and the ledger is not clean" ledger_is_clean
	cat "$WORK/first" >>"$WORK/err"
	passed "$1: $4@$5"
}

sweep() {
	points "$1"
	sample 40 <"$WORK/points" >"$WORK/sweep"
	while read -r fn nth; do
		point "$1" "$2" "$3" "$fn" "$nth"
	done <"$WORK/sweep"
}
