# SPDX-License-Identifier: MIT
# cards.sh - readers and simulated cards, in namespaces of their own.  Source it after matrix.sh.
#
# vpcd listens on every address, and pcscd on one socket per machine: so both live where there is no other address and
# a /run of their own, and end with the shell that brought them.
readers=4242 # port of the first reader; vpcd takes the next one for the second

# inside FILE TOOL... : runs FILE again in the namespaces; goes on only there
inside() {
	inside_file=$1
	shift
	needs ip "$@"
	for inside_path in /usr/sbin/pcscd /usr/lib/pcsc/drivers/serial/libifdvpcd.so /usr/bin/python3; do
		[ -e "$inside_path" ] || skip_all "no $inside_path"
	done
	/usr/bin/python3 -c 'import cryptography' 2>/dev/null || skip_all "no python3-cryptography"
	alone "$inside_file" -n 'mount -t tmpfs tmpfs /run && ip link set lo up'
}

# reader NAME : pcscd with two readers of that name, no card in either
reader() {
	printf 'FRIENDLYNAME "%s"\nDEVICENAME /dev/null:0x%x\nLIBPATH %s\nCHANNELID 0x%x\n' "$1" "$readers" \
	    /usr/lib/pcsc/drivers/serial/libifdvpcd.so "$readers" >"$WORK/reader.conf"
	reader_option= # pcscd 2 asks polkit, which is not there, whether it may serve
	! /usr/sbin/pcscd --help | grep -q -e --disable-polkit || reader_option=--disable-polkit
	# shellcheck disable=SC2086
	spawn "$WORK/pcscd.log" /usr/sbin/pcscd --foreground $reader_option --config "$WORK/reader.conf"
	until_there /run/pcscd/pcscd.comm || bail "no pcscd: $(cat "$WORK/pcscd.log")"
}

# held NAME COMMAND... : fails and says why while another program has the card for itself, and works when that has ended
held() {
	held_name=$1
	shift
	setpriv --pdeathsig TERM /usr/bin/python3 "$srcdir/tests/tokens/hold.py" >"$WORK/held" 2>&1 &
	held_by=$!
	held_tries=0
	until [ -s "$WORK/held" ]; do
		[ $((held_tries += 1)) -le 100 ] || bail "the card is not held"
		sleep 0.05
	done
	check "$held_name while another program has the card" 4 "$@"
	check_has "is told so" err "rule: reader-in-use"
	check_has "and by which reader" err "has reader '$(cat "$WORK/held")' for itself"
	check "which the list of tokens says, too" 0 p token list
	check_has "as a warning" err "has reader '$(cat "$WORK/held")' for itself"
	# What is in no reader is not gone because of one.
	if [ -n "${SOFTHSM2_CONF:-}" ] && softhsm=$(softhsm_find 2>/dev/null); then
		check "a token of an HSM with another name" 4 "$p11ca" --module "$softhsm" token show nobody
		check_has "is told of by what it is" err "see \`p11ca token list\` for the tokens that are there"
		check_has "and by the reader, which may matter" err "has reader '$(cat "$WORK/held")' for itself"
		! grep -q "rule: reader-in-use" "$WORK/err"; ok "not as the reason" "$WORK/err"
	fi
	kill "$held_by"
	wait "$held_by" 2>/dev/null
	check "$held_name when that has ended" 0 "$@"
}

# pull CARD READER : out of it, and the reader has seen that it is
pull() {
	kill "$1"
	pull_tries=0
	while timeout 20 opensc-tool -r "$2" --atr >/dev/null 2>&1; do
		[ $((pull_tries += 1)) -le 50 ] || bail "the card stays"
		sleep 0.1
	done
}

# slide SIMULATOR [READER] : a card into the first reader, 0, or the second, 1; its faults are lines of $WORK/faults, or
# faults-1; it leaves when $card_in is ended
slide() {
	PYTHONDONTWRITEBYTECODE=1
	export PYTHONDONTWRITEBYTECODE
	slide_reader=${2:-0} slide_faults=faults${2:+-$2}
	spawn "$WORK/card-$slide_reader.log" /usr/bin/python3 "$srcdir/tests/tokens/$1" $((readers + slide_reader)) \
	    --faults "$WORK/$slide_faults"
	card_in=$!
}
# insert SIMULATOR [READER] : the same, and the reader has seen it; asking resets the card, so nobody may be at work with it
insert() {
	insert_reader=${2:-0}
	slide "$@"
	insert_tries=0
	until timeout 20 opensc-tool -r "$insert_reader" --atr >"$WORK/detail" 2>&1; do
		[ $((insert_tries += 1)) -le 20 ] || bail "no card: $(cat "$WORK/card-$insert_reader.log" "$WORK/detail")"
		sleep 0.1
	done
}
