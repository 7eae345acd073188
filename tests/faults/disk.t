#!/bin/sh
# SPDX-License-Identifier: MIT
# disk.t - a disk that is full, at each write to the ledger and to the files that are handed out; see `sample`.
. "$srcdir/tests/faults/lib.sh"
for tool in strace jq awk; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
strace -qq -e trace=none -e inject=fsync:error=ENOSPC true 2>/dev/null || skip_all "strace may not trace here"
tokens_up root alice
PKCS11_MODULE_PATH=$module
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which cannot be done under strace
export ASAN_OPTIONS
calls=write,pwrite64,fsync,fdatasync,ftruncate,fallocate,openat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat

openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=alice \
    -out "$WORK/alice.csr" 2>/dev/null || bail "no request"
issue() {
	p11ca client issue "$WORK/alice.csr" --cn alice --template vpn-client --out "$WORK/files" --pin-source env:PIN
}

# traced EXPRESSION COMMAND : $status, $WORK/trace
traced() {
	under="timeout -k 1 30 strace -f --seccomp-bpf -y -qq -o $WORK/trace -e trace=$calls $1"
	"$2" >"$WORK/out" 2>"$WORK/err"
	status=$?
	under='timeout -k 1 30'
}
# disk_points COMMAND : "CALL N" for each that writes in the home or the folder of files; SoftHSM's are its own affair
disk_points() {
	load
	traced "" "$1"
	[ "$status" -eq 0 ]; ok "$1: no fault, no failure" "$WORK/err"
	awk -v home="$WORK/home" -v files="$WORK/files" '
		{ call = $2; sub(/\(.*/, "", call); n[call]++ }
		call == "openat" && !/O_CREAT/ { next }
		index($0, home) || index($0, files) { print call, n[call] }' "$WORK/trace" >"$WORK/points"
	[ "$(wc -l <"$WORK/points")" -gt 20 ]; ok "$1 writes $(wc -l <"$WORK/points") times" "$WORK/trace"
}

# A file is there in full, or not at all.
files_are_whole() {
	[ -d "$WORK/files" ] || return 0
	find "$WORK/files" -type f | while read -r file; do
		case $file in
		*.pem) openssl x509 -in "$file" -noout || echo "broken: $file";;
		*/root.cer) openssl x509 -in "$file" -noout || echo "broken: $file";;
		*/receipt.json) jq -e .ledger_head "$file" >/dev/null || jq -e . "$file" >/dev/null || echo "broken: $file";;
		*) echo "left: $file";;
		esac
	done >"$WORK/files-found"
	cat "$WORK/files-found"
	[ ! -s "$WORK/files-found" ]
}
one_certificate() {
	[ "$(db "SELECT count(*) FROM certificates WHERE state = 'issued' AND name = 'alice'")" = 1 ] || return 1
	"$p11ca" root export corp --format pem >"$WORK/root.pem" || return 1
	openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK"/files/alice*.pem
}

# full COMMAND CALL N
full() {
	load
	traced "-e inject=$2:error=ENOSPC:when=$3" "$1"
	grep -q '(INJECTED)' "$WORK/trace" || complain "not delivered"
	cp "$WORK/err" "$WORK/first"
	case $status in
	8 | 9) [ "$(grep -c '^p11ca: error: ' "$WORK/err")" -eq 1 ] || complain "not one error line";;
	0) must "not told, and the files are not there" one_certificate;;
	*) complain "exit status $status";;
	esac
	must "the files are not whole" files_are_whole
	must "the ledger is not clean" ledger_is_clean
	with_fault "" "$1"
	[ "$status" -eq 0 ] || complain "the same command does not finish: $status"
	must "what it made is not right" one_certificate
	must "the files are not whole afterwards" files_are_whole
	must "something is left" "$p11ca" ledger recover
	grep INJECTED "$WORK/trace" >"$WORK/log"
	cat "$WORK/first" >>"$WORK/err"
	passed "$1: the disk is full at $2 $3"
}

check "a root" 0 root_create_rsa
save
for command in issue enroll; do
	disk_points $command
	sample 20 <"$WORK/points" >"$WORK/writes"
	while read -r call nth; do
		full $command "$call" "$nth"
	done <"$WORK/writes"
done
plan
