#!/bin/sh
# SPDX-License-Identifier: MIT
# batch.t - `client issue` of more requests than one group, while several threads read, sign and write: after a fault in
# the middle every file has a certificate that the ledger has as issued, and the same command goes on.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3 strace python3 openssl
strace -qq -e trace=none -e inject=fsync:error=ENOSPC true 2>/dev/null || skip_all "strace may not trace here"
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which cannot be done under strace
export ASAN_OPTIONS
fixture many
use_proxy
"$p11ca" -q root adopt root --test --token root --cert "$files/root.pem" $pin >"$WORK/root.out" || bail "no root"
cp -r "$WORK/home" "$WORK/saved"
requests() { seq -f "$files/%03g.csr.der" "$1" "$2"; }
# shellcheck disable=SC2046 # file names
hundred() { $under "$p11ca" client issue $(requests 1 100) --trust-names --jobs 4 --out "$issued" $pin; }
# traced OPTION... : a hundred under strace, which counts the calls of each thread
traced() {
	under="strace -f -qq -o /dev/null $*"
	hundred
	traced_status=$?
	under=
	return "$traced_status"
}
under=
db() { sqlite3 -readonly "$WORK/home/ledger.db" "$1"; }
n_clients() { db "SELECT count(*) FROM certificates WHERE is_root = 0 AND state IN ($1)"; }
fresh() { rm -rf "$WORK/home" "$issued" "$WORK/calls" && cp -r "$WORK/saved" "$WORK/home"; }
# handed_out : each file in the folder is the certificate of a row that is issued; prints how many
handed_out() {
	db "SELECT lower(hex(der)) FROM certificates WHERE state = 'issued' AND is_root = 0" >"$WORK/recorded"
	python3 - "$WORK/recorded" "$issued"/*.pem <<-'END'
		import base64, sys
		recorded = set(open(sys.argv[1]).read().split())
		files = [''.join(open(f).read().split('-----')[2].split()) for f in sys.argv[2:]]
		unknown = [f for f in files if base64.b64decode(f).hex() not in recorded]
		print(len(files) if not unknown else f'{len(unknown)} unrecorded')
	END
}
# goes_on FAULT : what every fault leaves, and that the same command finishes the run
goes_on() {
	n_files=$(handed_out)
	[ "$n_files" -ge 1 ] && [ "$n_files" -lt 100 ]
	ok "$1: some of the files are written, with certificates that the ledger has as issued: $n_files"
	finishes "$1"
}
# finishes FAULT : the same command finishes the run.  A group is prepared while the token signs the group before it.
finishes() {
	check "$1: the same command goes on" 0 with_fault C_Sign@1=sleep=200 hundred
	[ "$(handed_out)" = 100 ] && [ "$(n_clients "'issued'")" = 100 ] && [ "$(n_clients "'signing', 'unknown'")" = 0 ]
	ok "$1: then each request has one certificate, in the ledger and in a file"
	check "$1: and the ledger verifies" 0 "$p11ca" ledger verify
}

# The first signature takes so long that the second group is prepared while the first one is signed.
echo text >"$WORK/bad.csr"
# shellcheck disable=SC2046
check "a run with a bad request, and with a request that is given twice" 10 with_fault C_Sign@1=sleep=300 "$p11ca" --json \
    client issue $(requests 1 16) "$files/001.csr.der" "$WORK/bad.csr" $(requests 17 100) --trust-names --jobs 4 --out "$issued" $pin
check_json "each request has a row, in the order of the command" \
    '[.certificates[].file | split("/")[-1][0:3]] | .[0:19] == ["001", "002", "003", "004", "005", "006", "007", "008", "009",
    "010", "011", "012", "013", "014", "015", "016", "001", "bad", "017"] and length == 102 and .[101] == "100"'
check_json "the second request for one certificate gets the first one's" \
    '.certificates[16] | .outcome == "existing" and .serial != null'
check_json "100 are issued, one is refused" \
    '[.certificates[].outcome] | (map(select(. == "issued")) | length) == 100 and (map(select(. == "refused")) | length) == 1'
[ "$(handed_out)" = 100 ]; ok "the certificates in the files are those in the ledger"

fresh
check "a run that is killed while it signs" 137 with_fault C_Sign@80=kill hundred
[ "$(n_clients "'void', 'unknown'")" = 0 ]; ok "killed: nothing that may be signed is void"
goes_on killed

fresh
check "a run that is killed when two groups have begun" 137 with_fault "C_Sign@1=sleep=500 C_Sign@17=kill" hundred
[ "$(n_clients "'signing'")" -gt 16 ]; ok "killed in two groups: both are unfinished"
finishes "killed in two groups"

fresh
check "a run whose token fails once" 6 with_fault C_Sign@80=0x30 hundred
[ "$(n_clients "'signing'")" = 1 ]; ok "failed: only the failed signature is unfinished"
[ "$(handed_out)" = "$(n_clients "'issued'")" ]; ok "failed: what is issued is in a file"
goes_on failed

fresh
check "a run whose token is pulled" 6 with_fault C_Sign@80=remove hundred
goes_on pulled

fresh
under=exec P11FAULT=$(seq -f 'C_Sign@%g=sleep=10' -s ' ' 1 100)
export P11FAULT
hundred >"$WORK/out" 2>"$WORK/err" &
child=$!
under=
unset P11FAULT
until grep -q '^C_Sign 40 ' "$WORK/calls" || ! kill -0 $child; do sleep 0.02; done 2>/dev/null
kill -TERM $child # as SIGINT, which a shell lets its background processes ignore
wait $child
[ $? -eq 11 ]; ok "a run that is interrupted says so" "$WORK/err"
[ "$(n_clients "'signing'")" = 0 ]; ok "interrupted: nothing is unfinished"
[ "$(handed_out)" = "$(n_clients "'issued'")" ]; ok "interrupted: what is issued is in a file"
goes_on interrupted

fresh
check "a run whose disk has no room for more files" 9 traced --seccomp-bpf -e trace=renameat2 \
    -e inject=renameat2:error=ENOSPC:when=5+
[ "$(n_clients "'signing', 'void'")" = 0 ]; ok "no room for files: what was signed is recorded"
goes_on "no room for files"

fresh
check "a run whose disk has no room for the ledger" 9 traced -P "$WORK/home/ledger.db-wal" \
    -e inject=pwrite64:error=ENOSPC:when=200+
goes_on "no room for the ledger"
plan
