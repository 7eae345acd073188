#!/bin/sh
# SPDX-License-Identifier: MIT
# wiped.t - promise 7: when p11ca ends, no PIN and no password is left anywhere in its memory, on success and on failure.
#
# A library that is loaded with p11ca searches all of its writable memory at the end of the process.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs python3 openssl
residue=$top_builddir/.libs/residue.so
[ -f "$residue" ] || bail "residue.so was not built"
# Rare enough not to be in any library's data.
USER_PIN=Zq7-wipe-Kx3 SO_PIN=Wv5-admin-Jp8
PIN=$USER_PIN SOPIN=$SO_PIN
tokens root alice bob eve
mkdir "$WORK/secrets"
secret() { (umask 077 && printf '%s' "$2" >"$WORK/secrets/$1"); }
secret pin "$USER_PIN"
secret so "$SO_PIN"
secret wrong Xk2-wrong-Qb6
secret new Hn4-fresh-Lt9
secret password 'Rm6-transport-Yc1'
unset PIN SOPIN
source_of() { echo "file:$WORK/secrets/$1"; }

# masked SECRET-NAME : as residue.c wants it
masked() { python3 -c 'import sys; print("".join("%02x" % (b ^ 0xa5) for b in open(sys.argv[1], "rb").read()))' "$WORK/secrets/$1"; }

# leaves_none NAME SECRET STATUS ARGUMENT... : p11ca with these ends with STATUS, and SECRET is not in its memory
leaves_none() {
	ln_name=$1 ln_secret=$2 ln_want=$3
	shift 3
	rm -f "$WORK/residue"
	env RESIDUE_HEX="$(masked "$ln_secret")" RESIDUE_LOG="$WORK/residue" LD_PRELOAD="$residue" \
	    "$p11ca" --batch -q "$@" >"$WORK/out" 2>"$WORK/err" </dev/null
	ln_got=$?
	{ echo "exit status $ln_got, expected $ln_want"; cat "$WORK/err" "$WORK/residue"; } >"$WORK/detail" 2>&1
	[ "$ln_got" -eq "$ln_want" ] && grep -q '^scanned [1-9]' "$WORK/residue" && ! grep -q '^found' "$WORK/residue"
	ok "$ln_name" "$WORK/detail"
}

# The search works: a secret in the environment of a program that does not remove it is found.
env RESIDUE_HEX="$(masked pin)" RESIDUE_LOG="$WORK/residue" LD_PRELOAD="$residue" LEFT="$USER_PIN" "$p11ca" --version \
    >/dev/null
grep -q '^found' "$WORK/residue"; ok "a secret that is left in memory is found" "$WORK/residue"

pin="--pin-source $(source_of pin)" both="--pin-source $(source_of pin) --root-pin-source $(source_of pin)"
# shellcheck disable=SC2086
{
	leaves_none "root create leaves no PIN" pin 0 root create corp -t root --key ec:p256 --template vpn-root $pin
	leaves_none "client enroll leaves no PIN" pin 0 client enroll alice -t alice --key ec:p256 --template vpn-client \
	    --out "$WORK/alice" $both
	leaves_none "token audit leaves no PIN" pin 0 token audit root $pin
	leaves_none "ledger checkpoint leaves no PIN" pin 0 ledger checkpoint -t alice --shared-card --key ec:p256 --root corp \
	    --out "$WORK/point.pem" $both
	leaves_none "root crl leaves no PIN" pin 0 root crl corp --out "$WORK/corp.crl" $pin
	leaves_none "a refused PIN is not left in memory" wrong 5 token audit eve --pin-source "$(source_of wrong)"
	leaves_none "an unknown token leaves no PIN" pin 4 token audit nobody $pin
	leaves_none "token pin leaves no old PIN" pin 0 token pin bob $pin --new-pin-source "$(source_of new)"
	leaves_none "token pin leaves no new PIN" new 0 token pin bob --unblock --so-pin-source "$(source_of so)" \
	    --new-pin-source "$(source_of new)"
	leaves_none "token pin leaves no SO PIN" so 0 token pin bob --unblock --so-pin-source "$(source_of so)" \
	    --new-pin-source "$(source_of pin)"
}
echo 'allow-software-keys = yes' >>"$WORK/home/p11ca.conf"
leaves_none "client request leaves no password of a key file" password 0 client request carol --key-file "$WORK/carol.key" \
    --key ec:p256 --key-pin-source "$(source_of password)" --out "$WORK/carol.csr"
check "a certificate for the key in a file" 0 "$p11ca" client issue "$WORK/carol.csr" --cn carol --template vpn-client \
    --pin-source "$(source_of pin)" --out "$WORK/carol"
cat "$WORK"/carol/carol*.pem >"$WORK/carol.pem"
leaves_none "client bundle leaves no password of a key file" password 0 client bundle --key-file "$WORK/carol.key" \
    --cert "$WORK/carol.pem" --out "$WORK/carol.pfx" --key-pin-source "$(source_of password)" \
    --pfx-pin-source "$(source_of password)"
leaves_none "a wrong password of a key file is not left in memory" wrong 5 client bundle --key-file "$WORK/carol.key" \
    --cert "$WORK/carol.pem" --out "$WORK/other.pfx" --key-pin-source "$(source_of wrong)" \
    --pfx-pin-source "$(source_of password)"
leaves_none "client enroll with a software key leaves no password" password 0 client enroll dora --software-key \
    --template vpn-client --key ec:p256 --root-pin-source "$(source_of pin)" --pfx-pin-source "$(source_of password)" \
    --out "$WORK/dora"
plan
