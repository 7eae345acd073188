#!/bin/sh
# SPDX-License-Identifier: MIT
# appeared.t - a file that appears between p11ca's check and its write is not overwritten without --force.
. "$srcdir/tests/faults/lib.sh"
command -v strace >/dev/null || skip_all "no strace"
strace -qq -e trace=none -e inject=close:delay_enter=1 true 2>/dev/null || skip_all "strace may not trace here"
tokens_up root
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which cannot be done under strace
export ASAN_OPTIONS
check "a root exists" 0 root_create
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=alice -out "$WORK/alice.csr" \
    2>/dev/null || bail "no request"

# appears NAME STATUS FILE ARGUMENT... : somebody else makes FILE while p11ca waits before it gives its own file that name
appears() {
	a_name=$1 a_want=$2 a_file=$3
	shift 3
	mkdir -p "${a_file%/*}"
	strace -f -qq -o /dev/null -e trace=rename,renameat,renameat2 -e inject=rename,renameat,renameat2:delay_enter=2000000 \
	    "$p11ca" --batch "$@" >"$WORK/out" 2>"$WORK/err" </dev/null &
	a_pid=$!
	for a_wait in $(seq 300); do
		set -- "${a_file%/*}"/*.tmp
		[ ! -e "$1" ] || break
		sleep 0.1
	done
	[ ! -e "$a_file" ] && [ -e "$1" ]; ok "$a_name: the temporary file is there before the file"
	echo "of somebody else" >"$WORK/theirs" && cp "$WORK/theirs" "$a_file"
	wait "$a_pid"
	a_got=$?
	{ echo "exit status $a_got, expected $a_want"; cat "$WORK/err"; } >"$WORK/detail"
	[ "$a_got" -eq "$a_want" ]; ok "$a_name: the exit status is $a_want" "$WORK/detail"
}
# stays FILE : what the other process wrote is still there, and nothing else
stays() {
	cmp -s "$1" "$WORK/theirs"; ok "$a_name: the file of the other process stays"
	[ "$(ls "${1%/*}")" = "${1##*/}" ]; ok "$a_name: no temporary file is left"
}

appears "root export" 9 "$WORK/export/root.pem" root export corp --format pem --out "$WORK/export/root.pem"
stays "$WORK/export/root.pem"
appears "root crl" 9 "$WORK/crl/corp.crl" root crl corp --out "$WORK/crl/corp.crl" --pin-source env:PIN
stays "$WORK/crl/corp.crl"
appears "root export --force" 0 "$WORK/forced/root.pem" root export corp --format pem --force --out "$WORK/forced/root.pem"
openssl x509 -in "$WORK/forced/root.pem" -noout 2>/dev/null; ok "root export --force: the file is replaced"
plan
