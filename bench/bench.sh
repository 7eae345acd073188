#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh - `make bench`: how fast p11ca is beside what cannot be left out, in one run on one machine.
#
# SoftHSM is the token.  N: how many certificates (2000); JOBS: sessions and threads (2).  The ledger lies below TMPDIR,
# on a disk as a user's would; where it says so in memory, so that no time is spent waiting for the disk.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool awk
: "${N:=2000}" "${JOBS:=2}"
[ "$N" -ge 512 ] || bail "N must be 512 at least"
reference=$top_builddir/bench/reference
softhsm_up "$WORK" rsa ec disk memory slow || bail "no SoftHSM"
cd "$WORK" || bail "no folder"
mkdir requests
"$reference" requests requests "$N" || bail "no requests"

seconds() { date +%s.%N; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
rate() { awk -v n="$1" -v from="$2" -v to="$3" 'BEGIN { printf "%.1f", n / (to - from) }'; }
row() { printf '%-62s %10s %s\n' "$1" "$2" "$3"; }

# issued TOKEN NAME : certificates a second, a whole process of p11ca with the ledger on disk
issued() {
	from=$(seconds)
	"$p11ca" -q client issue requests/*.csr --root "$1" --trust-names --template vpn-client --out "out-$1" --jobs "$JOBS" \
	    --batch $pin >/dev/null || bail "client issue failed"
	rate "$N" "$from" "$(seconds)"
}

# batch TOKEN KEY : a root of that key
batch() {
	P11CA_HOME=$WORK/home-$1
	"$p11ca" -q root create "$1" -t "$1" --template vpn-root --key "$2" $pin >/dev/null || bail "no root"
	id=$("$p11ca" --json root show "$1" | jq -r .root.cka_id)
	"$p11ca" root export "$1" --format pem >"$1.pem"
	signs=$("$reference" sign "$PKCS11_MODULE_PATH" "$1" "$PIN" "$id" "$JOBS" "$N") || bail "no signatures"
	plain=$("$reference" issue "$PKCS11_MODULE_PATH" "$1" "$PIN" "$id" "$JOBS" "$N" "$1.pem" requests) || bail "no loop"
	ours=$(issued "$1")
	row "$2 root: C_Sign alone" "$signs" "a second"
	row "$2 root: the plain way, no ledger" "$plain" "a second"
	row "$2 root: client issue --jobs $JOBS, ledger on disk" "$ours" "a second"
	row "  of the plain way" "$(divide "$ours" "$plain")" "(aim: $3)"
	row "  of C_Sign alone" "$(divide "$ours" "$signs")" "(aim: $4)"
}

# each COMMAND ARGUMENT : seconds for one of ten runs
each() {
	from=$(seconds)
	for i in 0 1 2 3 4 5 6 7 8 9; do
		"$1" "$2" "$(printf %06d $i)" >each.log 2>&1 || bail "$1: $(cat each.log)"
	done
	awk -v from="$from" -v to="$(seconds)" 'BEGIN { printf "%.4f", (to - from) / 10 }'
}
ours() {
	"$p11ca" -q client issue "requests/$2.csr" --root "$1" --trust-names --template vpn-client --out "out-$1" --batch $pin
}
by_certtool() {
	certtool --provider "$PKCS11_MODULE_PATH" --generate-certificate --load-request "requests/$2.csr" --load-ca-certificate "$1.pem" \
	    --load-ca-privkey "pkcs11:token=$1;object=$1;type=private" --template certtool.cfg --outfile one.pem
}
by_openssl() {
	openssl x509 -req -in "requests/$2.csr" -CA "$1.pem" -CAkeyform engine -engine pkcs11 \
	    -CAkey "pkcs11:token=$1;type=private;pin-value=$PIN" -days 1 -set_serial 1 -out one.pem
}

# One certificate by a process for each certificate, under an RSA-2048 root.
cold() {
	printf 'tls_www_client\nsigning_key\nexpiration_days = 1\n' >certtool.cfg
	for where in disk memory; do
		P11CA_HOME=$WORK/home-$where
		[ $where = disk ] || P11CA_HOME=$memory/home
		"$p11ca" -q root create $where -t $where --template vpn-root $pin >/dev/null || bail "no root"
		"$p11ca" root export $where --format pem >$where.pem
		took=$(each ours $where)
		row "one certificate: p11ca, ledger on $where" "$took" "seconds"
		[ $where != disk ] || on_disk=$took
	done
	GNUTLS_PIN=$PIN
	export GNUTLS_PIN
	theirs=$(each by_certtool memory)
	row "one certificate: certtool" "$theirs" "seconds"
	row "  p11ca in memory, of certtool" "$(divide "$took" "$theirs")" "(aim: 1.00 at most)"
	theirs=$(each by_openssl memory)
	row "one certificate: openssl x509 -engine pkcs11" "$theirs" "seconds"
	row "  p11ca on disk, of openssl" "$(divide "$on_disk" "$theirs")" "(aim: 2.00 at most)"
}

# A token that takes 20 ms for a signature.
slow() {
	P11CA_HOME=$WORK/home-slow
	"$p11ca" -q root create slow -t slow --template vpn-root $pin >/dev/null || bail "no root"
	use_proxy
	unset P11FAULT_LOG
	P11FAULT=$(seq -f 'C_Sign@%g=sleep=20' -s ' ' 1 300)
	export P11FAULT
	for jobs in 1 8; do
		first=$((jobs == 1 ? 0 : 256)) # others than those before: a key is certified once
		from=$(seconds)
		"$p11ca" -q client issue $(seq -f 'requests/%06.0f.csr' "$first" "$((first + 255))") --root slow --trust-names \
		    --root-module "$PKCS11_MODULE_PATH" --allow-untrusted-module \
		    --template vpn-client --out out-slow --jobs $jobs --batch $pin >/dev/null || bail "client issue failed"
		eval "slow_$jobs=\$(rate 256 \"$from\" \"\$(seconds)\")"
		eval "row '20 ms a signature, --jobs $jobs' \"\$slow_$jobs\" 'a second'"
	done
	unset P11FAULT
	row "  jobs 8 of jobs 1" "$(divide "$slow_8" "$slow_1")" "(aim: 7.00)"
}

row "p11ca $("$p11ca" --version | head -n 1), $N certificates, $(nproc) processors" "" ""
batch rsa rsa:2048 "1.40 at least" "0.70 at least"
batch ec ec:p256 "2.50 at least" "0.20 at least"
memory=$(mktemp -d /dev/shm/p11ca-bench.XXXXXX) || bail "no folder in memory"
trap 'rm -rf "$WORK" "$memory"' EXIT
cold
slow
