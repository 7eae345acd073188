#!/bin/sh
# SPDX-License-Identifier: MIT
# durable.t - promise 3: the TBS is on the disk before the token signs it, the certificate before anyone receives it, and
# every file that p11ca writes is complete on the disk before it has its name.  strace records the order of the calls.
. "$srcdir/tests/faults/lib.sh"
for tool in strace python3 jq; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
strace -qq -e trace=none true 2>/dev/null || skip_all "strace may not trace here"
tokens_up root alice
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which cannot be done under strace
export ASAN_OPTIONS
calls=openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat
mkdir "$WORK/out"

# durable NAME NAMES SIGNATURES ARGUMENT... : p11ca with these gives at least so many files their names, and asks the token
# for so many signatures, in the right order
durable() {
	d_name=$1 d_names=$2 d_signatures=$3
	shift 3
	rm -f "$WORK/log"
	# shellcheck disable=SC2086 # no argument, or one
	strace -f -y -qq -s 4096 -o "$WORK/trace" -e trace=$calls "$p11ca" --batch -q "$@" >"$WORK/stdout" 2>"$WORK/err" </dev/null
	d_got=$?
	python3 "$srcdir/tests/faults/durable.py" "$WORK/trace" "$WORK/log" "$WORK/home" "$WORK/out" $d_pipeline >"$WORK/verdict"
	d_status=$?
	read -r d_n _ d_m _ <<-END
		$(tail -n 1 "$WORK/verdict")
	END
	{ echo "exit status $d_got; expected $d_names names, $d_signatures signatures"; cat "$WORK/err" "$WORK/verdict"; } >"$WORK/detail"
	[ "$d_got" -eq 0 ] && [ "$d_status" -eq 0 ] && [ "$d_n" -ge "$d_names" ] && [ "$d_m" -eq "$d_signatures" ]
	ok "$d_name: the order on the disk is right" "$WORK/detail"
}

csr() { openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$WORK/$1.key" -subj "/CN=$1" -out "$WORK/$1.csr" 2>/dev/null; }
csr bob && csr carol && csr dave || bail "no requests"
many=
for i in $(seq 40); do csr "many$i" && many="$many $WORK/many$i.csr" || bail "no requests"; done
d_pipeline=
pin="--pin-source env:PIN" both="--pin-source env:PIN --root-pin-source env:PIN"
# shellcheck disable=SC2086
{
	durable "root create" 0 2 root create corp --token root --key ec:p256 --template vpn-root $pin
	durable "client enroll" 4 3 client enroll alice --token alice --key ec:p256 --template vpn-client --out "$WORK/out/alice" $both
	durable "client issue of one request" 2 1 client issue "$WORK/bob.csr" --cn bob --template vpn-client --out "$WORK/out/bob" $pin
	durable "client issue of several requests" 2 2 client issue "$WORK/carol.csr" "$WORK/dave.csr" --trust-names \
	    --template vpn-client --jobs 2 --out "$WORK/out/two" $pin
	d_pipeline=pipeline
	durable "client issue of more requests than one group" 41 40 client issue $many --trust-names \
	    --template vpn-client --jobs 2 --out "$WORK/out/many" $pin
	d_pipeline=
	durable "client export" 1 0 client export bob --out "$WORK/out/bob.pem"
	durable "root export" 1 0 root export corp --out "$WORK/out/corp.pem"
	durable "client revoke" 0 0 client revoke bob --reason superseded
	durable "root crl" 1 1 root crl corp --out "$WORK/out/corp.crl" $pin
	durable "root crl over an older file" 1 1 root crl corp --force --out "$WORK/out/corp.crl" $pin
	durable "ledger checkpoint" 1 4 ledger checkpoint --token alice --shared-card --key ec:p256 --root corp --out "$WORK/out/point.pem" $both
	durable "ledger backup" 1 0 ledger backup --out "$WORK/out/copy.db"
}
plan
