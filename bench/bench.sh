#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh - `make bench`: how fast p11ca is beside what cannot be left out, as ratios of one machine.
#
# SoftHSM is the token.  Each figure is the median of RUNS rounds (5), with the lowest and the highest; a round runs
# what it compares one after the other.  N: how many certificates (1024); JOBS: sessions and threads (2).  "On disk" is
# below TMPDIR, where a ledger would be; "in memory" is /dev/shm, so that no time is spent waiting for the disk.
# ONLY="batch cold slow": these parts.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool awk
: "${N:=1024}" "${JOBS:=2}" "${RUNS:=5}" "${ONLY:=batch cold slow}"
[ "$N" -ge 512 ] || bail "N must be 512 at least"
reference=$top_builddir/bench/reference
softhsm_up "$WORK" rsa ec cold slow || bail "no SoftHSM"
cd "$WORK" || bail "no folder"
memory=$(mktemp -d /dev/shm/p11ca-bench.XXXXXX) || bail "no folder in memory"
trap 'rm -rf "$WORK" "$memory"' EXIT
mkdir requests
"$reference" requests requests "$N" || bail "no requests"

seconds() { date +%s.%N; }
calculate() { awk "BEGIN { printf \"%.4f\", $1 }"; }
# note FIGURE VALUE : one round's value
note() { printf '%s\t%s\n' "$1" "$2" >>results; }
# figures : for each figure its median, lowest and highest value
figures() {
	awk -F '\t' '
	!($1 in n) { order[++figures] = $1 }
	{ value[$1, ++n[$1]] = $2 }
	END {
		for (f = 1; f <= figures; f++) {
			name = order[f]
			for (i = 2; i <= n[name]; i++)
				for (j = i; j > 1 && value[name, j] + 0 < value[name, j - 1] + 0; j--) {
					swap = value[name, j]; value[name, j] = value[name, j - 1]; value[name, j - 1] = swap
				}
			printf "%-66s %9.4g  (%.4g to %.4g)\n", name, value[name, int((n[name] + 1) / 2)], value[name, 1], value[name, n[name]]
		}
	}' results
	rm -f results
}
# root NAME KEY : a root on the token NAME, and a copy of its home from which each run starts
bench_root() {
	P11CA_HOME=$WORK/home-$1
	"$p11ca" -q root create "$1" -t "$1" --template vpn-root --key "$2" $pin >/dev/null 2>&1 || bail "no root"
	id=$("$p11ca" --json root show "$1" | jq -r .root.cka_id)
	"$p11ca" root export "$1" --format pem >"$1.pem"
}
# issued NAME FOLDER JOBS FIRST COUNT [OPTION...] : $took, the seconds of a whole process of p11ca with a fresh ledger below FOLDER
issued() {
	rm -rf "${2:?}/home" "$2/out" && cp -r "$WORK/home-$1" "$2/home" || bail "no home"
	P11CA_HOME=$2/home
	issued_root=$1 issued_out=$2/out issued_jobs=$3 issued_first=$4 issued_last=$(($4 + $5 - 1))
	shift 5
	from=$(seconds)
	# shellcheck disable=SC2046 # names of files
	"$p11ca" -q client issue $(seq -f 'requests/%06.0f.csr' "$issued_first" "$issued_last") --root "$issued_root" --trust-names \
	    --template vpn-client --out "$issued_out" --jobs "$issued_jobs" --batch $pin "$@" >issued.log 2>&1 ||
		bail "client issue: $(tail -n 3 issued.log)"
	took=$(calculate "$(seconds) - $from")
}

# batch NAME KEY LOOP-AIM RAW-AIM
batch() {
	bench_root "$1" "$2"
	for round in $(seq "$RUNS"); do
		raw=$("$reference" sign "$PKCS11_MODULE_PATH" "$1" "$PIN" "$id" "$JOBS" "$N") || bail "no signatures"
		loop=$("$reference" issue "$PKCS11_MODULE_PATH" "$1" "$PIN" "$id" "$JOBS" "$N" "$1.pem" requests) || bail "no loop"
		note "$2 root: C_Sign alone, per second" "$raw"
		note "$2 root: reference loop, per second" "$loop"
		for where in "on disk" "in memory"; do
			folder=$WORK/run
			[ "$where" = "on disk" ] || folder=$memory
			mkdir -p "$folder"
			issued "$1" "$folder" "$JOBS" 0 "$N"
			note "$2 root: client issue --jobs $JOBS, $where, per second" "$(calculate "$N / $took")"
			note "  $where, of the loop (aim on disk: at least $3)" "$(calculate "$N / $took / $loop")"
			note "  $where, of C_Sign (aim on disk: at least $4)" "$(calculate "$N / $took / $raw")"
		done
	done
	figures
}

by_certtool() {
	certtool --provider "$PKCS11_MODULE_PATH" --generate-certificate --load-request "requests/$1.csr" --load-ca-certificate cold.pem \
	    --load-ca-privkey "pkcs11:token=cold;object=cold;type=private" --template certtool.cfg --outfile one.pem
}
by_openssl() {
	openssl x509 -req -in "requests/$1.csr" -CA cold.pem -CAkeyform engine -engine pkcs11 \
	    -CAkey "pkcs11:token=cold;type=private;pin-value=$PIN" -days 1 -set_serial 1 -out one.pem
}
by_p11ca() {
	"$p11ca" -q client issue "requests/$1.csr" --root cold --trust-names --template vpn-client --out "out-$where" --batch $pin
}
# ten COMMAND FIRST : $took, the mean seconds of ten processes
ten() {
	from=$(seconds)
	for i in $(seq -f %06.0f "$2" "$(($2 + 9))"); do "$1" "$i" >ten.log 2>&1 || bail "$1: $(cat ten.log)"; done
	took=$(calculate "($(seconds) - $from) / 10")
}
# One certificate by a process for each certificate, under an RSA-2048 root.
cold() {
	printf 'tls_www_client\nsigning_key\nexpiration_days = 1\n' >certtool.cfg
	GNUTLS_PIN=$PIN
	export GNUTLS_PIN
	bench_root cold rsa:2048
	cp -r home-cold "$memory/home-cold"
	for round in $(seq "$RUNS"); do
		ten by_certtool "$((10 * round))"
		certtool_took=$took
		ten by_openssl "$((10 * round))"
		openssl_took=$took
		note "one certificate: certtool, seconds" "$certtool_took"
		note "one certificate: openssl x509 -engine pkcs11, seconds" "$openssl_took"
		for where in "on disk" "in memory"; do
			P11CA_HOME=$WORK/home-cold
			[ "$where" = "on disk" ] || P11CA_HOME=$memory/home-cold
			ten by_p11ca "$((10 * round))"
			note "one certificate: p11ca, ledger $where, seconds" "$took"
			note "  $where, of certtool (aim on disk: at most 1.0)" "$(calculate "$took / $certtool_took")"
			note "  $where, of openssl (aim on disk: at most 0.5)" "$(calculate "$took / $openssl_took")"
		done
	done
	figures
}

# A token that takes 20 ms for a signature.
slow() {
	bench_root slow rsa:2048
	use_proxy
	unset P11FAULT_LOG
	P11FAULT=$(seq -f 'C_Sign@%g=sleep=20' -s ' ' 1 300)
	export P11FAULT
	mkdir -p slow
	for round in $(seq "$RUNS"); do
		for jobs in 1 8; do
			issued slow "$WORK/slow" $jobs 0 256 --root-module "$PKCS11_MODULE_PATH" --allow-untrusted-module
			note "20 ms a signature, --jobs $jobs, per second" "$(calculate "256 / $took")"
			eval "took_$jobs=\$took"
		done
		note "  jobs 8 of jobs 1 (aim: at least 7.5)" "$(calculate "$took_1 / $took_8")"
	done
	unset P11FAULT
	figures
}

"$p11ca" --version | head -n 1
echo "$N certificates, $(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg); median of $RUNS rounds (lowest to highest)"
for part in $ONLY; do
	case $part in
	batch)
		batch rsa rsa:2048 1.4 0.7
		batch ec ec:p256 2.5 0.2
		;;
	cold | slow) $part ;;
	*) bail "ONLY: batch, cold, slow" ;;
	esac
done
