#!/bin/sh
# SPDX-License-Identifier: MIT
# wrong-answers.t - a token that answers CKR_OK and something else than the truth: noticed, or without effect on what is made.
. "$srcdir/tests/faults/lib.sh"
command -v pkcs11-tool >/dev/null || skip_all "no pkcs11-tool"
tokens_up root alice

# What p11ca says of the key and what the token holds are one: nothing that was misread got in.
is_true() {
	is_finished "$1" "$2" || return 1
	id=$(db "SELECT cka_id FROM keys WHERE state = 'proved' AND name = '$2'")
	pkcs11-tool --module "$module" --token-label "$3" -r --type pubkey --id "$id" -o "$WORK/spki" || return 1
	sum=$(sha256sum <"$WORK/spki")
	[ "${sum%% *}" = "$(db "SELECT spki_sha256 FROM keys WHERE state = 'proved' AND name = '$2'")" ] || return 1
	[ "${sum%% *}" = "$(db "SELECT spki_sha256 FROM certificates WHERE state = 'issued' AND name = '$2'")" ]
}

finish() { "$1" || { p11ca ledger recover --close; "$1"; }; }

# point COMMAND KIND NAME TOKEN FUNCTION N LIE
point() {
	load
	with_fault "$5@$6=$7" "$1"
	if ! grep -q "^$5 $6 .* delivered\$" "$WORK/log"; then # a call that gives nothing back: then there is nothing to notice
		[ "$status" -eq 0 ] || complain "no lie was told, and the exit status is $status"
		must "no lie was told, and what was made is not right" is_true "$2" "$3" "$4"
		passed "$1: $5@$6 $7, where nothing is given back"
		n_untold=$((n_untold + 1))
		return
	fi
	n_delivered=$((n_delivered + 1))
	if [ "$status" -eq 0 ]; then
		must "not noticed, and not right" is_true "$2" "$3" "$4"
	else
		n_told=$((n_told + 1))
		case $status in 3 | 4 | 6 | 7) ;; *) complain "exit status $status";; esac
		[ "$(grep -c '^p11ca: error:' "$WORK/err")" -eq 1 ] || complain "not one error line"
	fi
	must "the ledger is not clean" ledger_is_clean
	cp "$WORK/err" "$WORK/first"
	must "recover and the same command do not finish" finish "$1"
	must "and what they made is not right" is_true "$2" "$3" "$4"
	cat "$WORK/first" >>"$WORK/err"
	passed "$1: $5@$6 $7"
}

# lie COMMAND KIND NAME TOKEN FUNCTION...
lie() {
	command=$1 kind=$2 name=$3 token=$4
	shift 4
	points "$command"
	for fn; do grep "^$fn " "$WORK/points"; done | sample 30 >"$WORK/lies"
	n_told=0 n_untold=0 n_delivered=0
	while read -r fn nth; do
		point "$command" "$kind" "$name" "$token" "$fn" "$nth" wrong
		point "$command" "$kind" "$name" "$token" "$fn" "$nth" short
	done <"$WORK/lies"
	[ "$n_delivered" -gt "$n_untold" ]; ok "$command: $n_delivered lies were told, $n_untold could not be"
}

save
lie root_create root corp root C_GetAttributeValue C_GenerateKeyPair C_Sign C_FindObjects
[ "$n_told" -ge 4 ]; ok "root create: lies are noticed: $n_told of $n_delivered"
load
check "a root" 0 root_create_rsa
save
lie enroll client alice alice C_Sign
[ "$n_delivered" -ge 4 ] && [ "$n_told" -eq "$n_delivered" ]
ok "enroll: each signature that is wrong or cut in half is noticed: $n_told of $n_delivered"
plan
