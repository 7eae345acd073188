#!/bin/sh
# SPDX-License-Identifier: MIT
# concurrency.t - many processes at one ledger and one token.
. "$srcdir/tests/faults/lib.sh"
command -v jq >/dev/null || skip_all "no jq"
PROCESSES=16 REQUESTS=5
tokens_up root alice
PKCS11_MODULE_PATH=$module # no proxy: SoftHSM itself
check "a root" 0 root_create_rsa
save

# all N COMMAND : N at once, each with its number; "status N" lines in $WORK/ends
all() {
	rm -f "$WORK/ends"
	all_i=0
	while [ "$all_i" -lt "$1" ]; do
		all_i=$((all_i + 1))
		{ "$2" "$all_i" >"$WORK/out.$all_i" 2>"$WORK/err.$all_i"; echo "$? $all_i" >>"$WORK/ends"; } &
	done
	wait
	: >"$WORK/out"
	cat "$WORK"/err.* >"$WORK/err"
}
ended() { grep -c "^$1 " "$WORK/ends"; }

# One key serves many requests: a request is what is unique here, by its name and key.
i=0
while [ "$i" -lt $((PROCESSES * REQUESTS)) ]; do
	i=$((i + 1))
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj "/CN=client$i" \
	    -out "$WORK/$(((i - 1) % PROCESSES + 1))-$i.csr" 2>/dev/null || bail "no request"
done
issue() {
	p11ca client issue --trust-names --template vpn-client --pin-source env:PIN --out "$WORK/certs.$1" "$WORK/$1"-*.csr
}
all $PROCESSES issue
[ "$(ended 0)" -eq $PROCESSES ]; ok "$PROCESSES processes issue $REQUESTS certificates each" "$WORK/err"
want=$((PROCESSES * REQUESTS))
[ "$(db "SELECT count(DISTINCT serial) FROM certificates WHERE state = 'issued' AND is_root = 0")" -eq $want ]
ok "$want serials, none twice"
[ "$(db "SELECT count(*) FROM certificates")" -eq $((want + 1)) ]; ok "and no other row but the root's"
check "the ledger is clean" 0 "$p11ca" ledger verify
check "export, to be counted" 0 "$p11ca" ledger export --format json
[ "$(jq '[.certificates[] | select(.kind == "client" and .state == "issued")] | length' "$WORK/out")" -eq $want ]
ok "the export counts the same"
jq -r '.certificates[] | select(.kind == "client") | .fingerprint' "$WORK/out" | sort >"$WORK/in-ledger"
for pem in "$WORK"/certs.*/client*.pem; do
	openssl x509 -in "$pem" -outform DER | sha256sum | cut -d' ' -f1
done | sort >"$WORK/on-disk"
cmp "$WORK/in-ledger" "$WORK/on-disk" >"$WORK/detail" 2>&1; ok "the files are the ledger's certificates" "$WORK/detail"
"$p11ca" root export corp --format pem >"$WORK/root.pem"
openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK"/certs.*/client*.pem >"$WORK/detail" 2>&1
ok "openssl verifies all" "$WORK/detail"

# The rest depends on who comes first, so it is done several times.
enroll_it() { enroll; }
create_it() { root_create; }
# race TIMES COMMAND KIND NAME : one result; the later process refuses, or finds it made
race() {
	race_i=0
	while [ "$race_i" -lt "$1" ]; do
		race_i=$((race_i + 1))
		load
		all 2 "$2"
		[ "$(ended 0)" -ge 1 ] || complain "nobody made it"
		[ $(($(ended 0) + $(ended 7) + $(ended 8) + $(ended 9))) -eq 2 ] || complain "statuses: $(xargs <"$WORK/ends")"
		must "not one result" is_finished "$3" "$4"
		must "the ledger is not clean" ledger_is_clean
		must "something is left" "$p11ca" ledger recover
		passed "$2 twice at once, $race_i"
	done
}
is_full && times=10 || times=3
race $times enroll_it client alice
rm -rf "$WORK/saved/home" "$WORK/saved/tokens"
rm -rf "${WORK:?}/tokens" "$WORK/home"
tokens_up root
save
race $times create_it root corp
plan
