# SPDX-License-Identifier: MIT
# lib.sh - what the tests of this folder share.  Source it instead of tap.sh; needs SoftHSM, openssl and sqlite3.
#
# A case runs a command under a fault, looks at what is left, and lets the same command finish.  Cases start
# from a copy of tokens, home and state, so none depends on another; each is one check that lists its complaints.
#
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
for tool in openssl sqlite3; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
proxy=$top_builddir/.libs/p11fault.so # libtool's place; the .la beside Makefile is no module
under='timeout -k 1 30'               # against hanging, nothing else

# tokens_up LABEL... : tokens behind the proxy, whose log is $WORK/log
tokens_up() {
	softhsm_up "$WORK" "$@" || skip_all "no SoftHSM"
	[ -f "$proxy" ] || bail "the fault proxy was not built"
	module=$PKCS11_MODULE_PATH
	P11FAULT='' P11FAULT_MODULE=$module PKCS11_MODULE_PATH=$proxy P11FAULT_LOG=$WORK/log PIN=$USER_PIN
	export P11FAULT P11FAULT_MODULE PKCS11_MODULE_PATH P11FAULT_LOG PIN
}

p11ca() { $under "$p11ca" --batch "$@"; }
# The commands under test: P-256, so that hundreds of runs take seconds.
root_create() { p11ca root create corp --token root --key ec:p256 --template vpn-root --pin-source env:PIN; }
root_create_rsa() { p11ca root create corp --token root --pin-source env:PIN; }
enroll() {
	p11ca client enroll alice --token alice --key ec:p256 --template vpn-client --out "$WORK/files" \
	    --pin-source env:PIN --root-pin-source env:PIN
}

# save, load : where each case begins
save() {
	mkdir -p "$WORK/saved" "$WORK/home" "$WORK/state"
	cp -r "$WORK/tokens" "$WORK/home" "$WORK/state" "$WORK/saved"
}
load() {
	rm -rf "${WORK:?}/tokens" "$WORK/home" "$WORK/state" "$WORK/files" "$WORK/log"
	cp -r "$WORK/saved/tokens" "$WORK/saved/home" "$WORK/saved/state" "$WORK"
}

# with_fault PLAN COMMAND : $status (137: SIGKILL, 124: it hung), $WORK/out, $WORK/err, $WORK/log
with_fault() {
	P11FAULT=$1
	"$2" >"$WORK/out" 2>"$WORK/err"
	status=$?
	P11FAULT=
}

# points COMMAND : "FUNCTION N" for each call that a run without faults makes, in $WORK/points
points() {
	load
	with_fault "" "$1"
	[ "$status" -eq 0 ]; ok "$1: no fault, no failure" "$WORK/err"
	sed 's/^\([^ ]* [0-9]*\) .*/\1/' "$WORK/log" >"$WORK/points"
	[ "$(wc -l <"$WORK/points")" -gt 100 ]; ok "every call goes through the proxy" "$WORK/points"
}

# complain TEXT, must TEXT command... : notes what is wrong with the case;  passed NAME: is there a complaint?
complain() { echo "$1" >>"$WORK/complaints"; }
must() {
	must_what=$1
	shift
	"$@" >"$WORK/must" 2>&1 || { complain "$must_what"; cat "$WORK/must" >>"$WORK/complaints"; }
}
passed() {
	[ ! -s "$WORK/complaints" ] && { ok "$1"; return; }
	cat "$WORK/out" "$WORK/err" "$WORK/log" >>"$WORK/complaints" 2>/dev/null
	false
	ok "$1" "$WORK/complaints"
	rm -f "$WORK/complaints"
}

db() { sqlite3 -readonly "$WORK/home/ledger.db" "$1"; }
# Whatever happened before: a run that got no further than looking has no ledger yet.
ledger_is_clean() { [ ! -f "$WORK/home/ledger.db" ] || "$p11ca" ledger verify; }

# is_finished root|client NAME : one issued certificate, for the one proved key, and openssl verifies it
is_finished() {
	[ "$(db "SELECT count(*) FROM certificates WHERE state = 'issued' AND name = '$2'")" = 1 ] || return 1
	[ "$(db "SELECT count(*) FROM keys WHERE state = 'proved' AND name = '$2'")" = 1 ] || return 1
	"$p11ca" root export corp --format pem >"$WORK/root.pem" || return 1
	case $1 in
	root) openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK/root.pem";;
	client) openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK/files/$2.pem";;
	esac
}
