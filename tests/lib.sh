# SPDX-License-Identifier: MIT
# lib.sh - what integration tests share beyond tap.sh: tokens, a root, requests, the fault proxy.  Source it after tap.sh.
# Every key here is a test key, made for one run.
. "$srcdir/softhsm-fixtures/softhsm.sh"
PIN=$USER_PIN SOPIN=$SO_PIN WRONG=987650
export PIN SOPIN WRONG
pin="--pin-source env:PIN" pins="--pin-source env:PIN --root-pin-source env:PIN" # to be split: no quotes

# needs PROGRAM... : skips the file without one of them
needs() { for needed; do command -v "$needed" >/dev/null || skip_all "no $needed"; done; }

# tokens LABEL... : a SoftHSM of its own
tokens() { softhsm_up "$WORK" "$@" || skip_all "no SoftHSM"; }

# fixture SET : the tokens of a set of softhsm-fixture, and $files, the folder of its certificates and requests
fixture() {
	softhsm_find >/dev/null 2>&1 || skip_all "no SoftHSM"
	"$srcdir/softhsm-fixtures/softhsm-fixture" up --set "$1" "$WORK/$1" >"$WORK/fixture.out" 2>&1 &&
		eval "$("$srcdir/softhsm-fixtures/softhsm-fixture" env "$WORK/$1")" || bail "no fixture: $(cat "$WORK/fixture.out")"
	# shellcheck disable=SC2034 # for the test
	files=$SOFTHSM_FIXTURE_FILES
}

# root NAME TOKEN [OPTION...]
root() {
	root_name=$1 root_token=$2
	shift 2
	# shellcheck disable=SC2086
	prepared "$p11ca" -q root create "$root_name" -t "$root_token" $pin "$@" >"$WORK/root.out" || bail "no root $root_name"
}

# card NAME TOKEN [OPTION...] : an enrolled client; a token may hold several, as tokens are scarce in tests
card() {
	card_name=$1 card_token=$2
	shift 2
	# shellcheck disable=SC2086
	prepared "$p11ca" -q client enroll "$card_name" -t "$card_token" --shared-card $pins "$@" >"$WORK/card.out" || bail "no card $card_name"
}

# rsa_pool : $rsa_file is an RSA key of 2048 bits, another one for each call of a test.  All tests of a build share the keys, as
# to make one takes longer than most commands.
rsa_pool() {
	rsa_n=$((${rsa_n:-0} + 1)) rsa_file=$top_builddir/tests/rsa-keys/$rsa_n.pem
	[ ! -f "$rsa_file" ] || return 0
	mkdir -p "${rsa_file%/*}" && openssl genrsa -out "$rsa_file.$$" 2048 2>"$WORK/openssl.err" ||
		bail "no key: $(cat "$WORK/openssl.err")"
	ln "$rsa_file.$$" "$rsa_file" 2>/dev/null # the first of two tests makes it
	rm "$rsa_file.$$"
}
# rsa_key FILE : one of them, in FILE
rsa_key() { rsa_pool && cp "$rsa_file" "$1" || bail "no key"; }
# prepared COMMAND... : runs it; if it has SoftHSM generate a key of RSA 2048, SoftHSM gets one of these: tests/prepared_rsa.c
prepared() {
	rsa_pool && rsa_preload=$top_builddir/.libs/prepared_rsa.so && [ -f "$rsa_preload" ] || bail "no $rsa_preload"
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 LD_PRELOAD=$rsa_preload \
	P11CA_TEST_RSA_KEY=$rsa_file "$@"
}

# request FILE SUBJECT [OPTION...] : made by openssl req, with a new key in FILE.key; -key FILE.key takes an old one
request() {
	request_file=$1 request_subject=$2
	shift 2
	case " $* " in
	*" -newkey "*) set -- -keyout "$request_file.key" "$@" ;;
	*" -key "*) ;;
	*) rsa_key "$request_file.key" && set -- -key "$request_file.key" "$@" ;;
	esac
	openssl req -new -batch -nodes -out "$request_file" -subj "$request_subject" "$@" \
	    2>"$WORK/openssl.err" || bail "no request: $(cat "$WORK/openssl.err")"
}

# issue CSR... [OPTION...] : client issue into $issued
issued=$WORK/issued
issue() {
	# shellcheck disable=SC2086
	"$p11ca" client issue $pin --out "$issued" "$@"
}

# check_json NAME FILTER : jq says yes to what the last check printed.  `plan` has all of a file judged by one jq, which needs
# longer to start than to judge; so these checks stand at the end of the log.
json_n=0
check_json() {
	json_n=$((json_n + 1))
	{ [ "$json_n" -gt 1 ] || mkdir "$WORK/.json"; } && cp "$WORK/out" "$WORK/.json/$json_n" || bail "no output of a check"
	printf '%s\n' "$2" >"$WORK/.json/$json_n.filter"
	printf '%s\n' "$tap_command" >"$WORK/.json/$json_n.command"
	tap_expects "jq: $2" /dev/null
	printf '%s\n' "$1$tap_facts" >"$WORK/.json/$json_n.name"
	tap_facts=
}
# json_judge N... : a line "true" or "false" for each of these, as jq -e decides: the last value, and no error before it; fails if
# jq cannot read one
json_judge() {
	for json_i; do
		printf '([$file%d[] | (try ((' "$json_i" && cat "$WORK/.json/$json_i.filter"
		echo ') | [.]) catch null)] | all(. != null) and (last[0] // false) != false),'
		set -- "$@" --slurpfile "file$json_i" "$WORK/.json/$json_i"
		shift
	done >"$WORK/.json/program"
	echo empty >>"$WORK/.json/program"
	jq -n "$@" -f "$WORK/.json/program" 2>"$WORK/.json/error"
}
# json_detail N : what is wrong with one of them
json_detail() {
	echo "expected: jq: $(cat "$WORK/.json/$1.filter")"
	echo actual: && cat "$WORK/.json/$1"
	[ ! -f "$WORK/.json/$1.error" ] || cat "$WORK/.json/$1.error"
}
# json_checks : for `plan`.  If jq cannot read one of the outputs or filters, each gets a jq of its own.
json_checks() {
	[ "$json_n" -gt 0 ] || return 0
	# shellcheck disable=SC2046 # numbers
	json_judge $(seq "$json_n") >"$WORK/.json/verdicts" || for json_each in $(seq "$json_n"); do
		json_judge "$json_each" || { echo false && mv "$WORK/.json/error" "$WORK/.json/$json_each.error"; }
	done >"$WORK/.json/verdicts"
	json_each=0 tap_after=
	while [ "$json_each" -lt "$json_n" ] && json_each=$((json_each + 1)); do
		IFS= read -r json_verdict <&3 || json_verdict=none
		IFS= read -r json_name <"$WORK/.json/$json_each.name"
		[ "$json_verdict" = true ] || json_detail "$json_each" >"$WORK/tap.detail"
		[ "$json_verdict" = true ]
		ok "$json_name" "$WORK/tap.detail"
	done 3<"$WORK/.json/verdicts"
	json_valid
}
# json_valid : what p11ca printed is valid against docs/json; one python3 for a file
json_valid() {
	python3 "$srcdir/tests/json_schemas.py" outputs "$srcdir/docs/json" "$WORK/.json" >"$WORK/tap.detail" 2>&1
	json_status=$?
	[ "$json_status" -ne 77 ] || [ "${P11CA_TESTS_MUST_RUN:-0}" = 1 ] || return 0
	tap_after=
	[ "$json_status" -eq 0 ]; ok "each JSON output is valid against the schema of its command" "$WORK/tap.detail"
}
# field FILTER : of what the last check printed
field() { jq -r "$1" "$WORK/out"; }

# snapshot : what a run that changes nothing leaves as it was; SQLite's shared memory is no content
snapshot() { (cd "$WORK" && find tokens home issued -type f ! -empty ! -name '*-shm' -exec sha256sum {} + 2>/dev/null | sort -k 2); }

# use_proxy : from now on calls go through the fault proxy (P11FAULT=plan), one line each in $WORK/calls
use_proxy() {
	P11FAULT_MODULE=$PKCS11_MODULE_PATH PKCS11_MODULE_PATH=$top_builddir/.libs/p11fault.so P11FAULT_LOG=$WORK/calls
	[ -f "$PKCS11_MODULE_PATH" ] || bail "no fault proxy"
	export P11FAULT_MODULE PKCS11_MODULE_PATH P11FAULT_LOG
}
# calls FUNCTION : how often it was called since $WORK/calls was removed
calls() { grep -c "^$1 " "$WORK/calls" 2>/dev/null; }
# with_fault PLAN command...
with_fault() {
	fault_plan=$1
	shift
	P11FAULT=$fault_plan
	export P11FAULT
	"$@"
	fault_status=$?
	unset P11FAULT
	return "$fault_status"
}

# at WHEN command... : with another clock; the sanitizer wants to be the first library, faketime too
at() {
	at_when=$1
	shift
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 faketime "$at_when" "$@"
}

# on_machine ID COMMAND... : as if on the machine with this id (machine-id(5)), in a name space of its own; - = it has none
on_machine() {
	machine_id=$WORK/machine-$1
	if [ "$1" = - ]; then : >"$machine_id"; else echo "$1" >"$machine_id"; fi
	shift
	if [ -e /etc/machine-id ]; then
		machine_at=/etc/machine-id
	else # nothing to lay it over: a whole /etc has it
		machine_at=/etc
		[ -d "$machine_id.etc" ] || cp -rL /etc "$machine_id.etc" 2>/dev/null
		cp "$machine_id" "$machine_id.etc/machine-id"
		machine_id=$machine_id.etc
	fi
	# shellcheck disable=SC2016 # for the inner shell
	unshare -r -m sh -c 'id=$1 at=$2 && shift 2 && mount --bind "$id" "$at" || exit 99
		exec "$@"' machine "$machine_id" "$machine_at" "$@"
}

# prompted SIZE : the screen has grown beyond SIZE and waits at the end of a line that is not over
prompted() { [ "$(wc -c <"$WORK/screen")" -gt "$1" ] && [ -n "$(tail -c 1 "$WORK/screen")" ]; }

# typed ANSWERS COMMAND : runs it on a terminal and answers each question with the next line, once it is asked
typed() {
	typed_size=0
	rm -f "$WORK/keys" "$WORK/typed-over"
	mkfifo "$WORK/keys" && : >"$WORK/screen" || return 99
	{
		script -qec "$2" /dev/null
		typed_status=$?
		: >"$WORK/typed-over"
		exit "$typed_status"
	} <"$WORK/keys" >"$WORK/screen" &
	typed_child=$!
	exec 9>"$WORK/keys"
	printf '%s\n' "$1" >"$WORK/answers"
	while IFS= read -r typed_answer; do
		typed_tries=0
		until prompted "$typed_size" || [ -e "$WORK/typed-over" ] || [ $((typed_tries += 1)) -gt 100 ]; do
			sleep 0.1
		done
		typed_size=$(wc -c <"$WORK/screen")
		(printf '%s\n' "$typed_answer" >&9) 2>/dev/null || break # it ended without asking
	done <"$WORK/answers"
	wait "$typed_child"
	typed_status=$?
	exec 9>&-
	cat "$WORK/screen"
	return "$typed_status"
}
