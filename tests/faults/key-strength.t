#!/bin/sh
# SPDX-License-Identifier: MIT
# key-strength.t - keys that anybody can compute: refused wherever a key comes from, and by the same rules.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3
tokens hsm other card
cd "$WORK" || bail "no folder"
keys=$srcdir/tests/data/keys

# attributes KEY.pem : the attributes of an RSA key, as the fault proxy reads them: the numbers of RSAPrivateKey
printf '0x%s\n' 120 122 123 124 125 126 127 128 >codes
attributes() {
	openssl rsa -in "$1" -traditional -outform DER -out key.der 2>detail &&
		openssl asn1parse -inform DER -in key.der | sed -n 's/.*INTEGER *://p' | tr A-F a-f | sed 1d >numbers &&
		[ "$(wc -l <numbers)" -eq 8 ] && paste -d ' ' codes numbers
}
root good hsm
softhsm_key other 0a "$keys/test-rsa-roca.pem" && softhsm_key other 0b "$keys/test-rsa-close-primes.pem" &&
	softhsm_key other 0c "$keys/test-rsa-exponent-3.pem" || bail "no keys"

# Keys that were made elsewhere.
set -- a b c
for kind in roca close-primes exponent-3; do
	key=$keys/test-rsa-$kind.pem code=${kind%-3}
	openssl req -x509 -key "$key" -subj "/CN=$kind" -days 700 -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$kind.pem" 2>detail ||
		bail "$(cat detail)"
	openssl req -new -key "$key" -subj "/CN=$kind" -out "$kind.csr" || bail "no request"
	check "$kind: a client's request" 7 issue "$kind.csr" --cn "$kind" --json
	check_json "is refused" ".error.code == \"request-$code\""
	check "$kind: a root that was made elsewhere" 7 "$p11ca" --json root adopt "r-$kind" -t other --cert "$kind.pem" --accept-imported $pin
	check_json "is refused" ".error.code == \"key-$code\""
	check "$kind: a root with a key that is there" 7 "$p11ca" --json root create "e-$kind" -t other --existing-key "pkcs11:id=%0$1" --accept-imported $pin
	check_json "is refused" ".error.code == \"key-$code\""
	check "$kind: check reports it of a certificate" 10 "$p11ca" --json check "$kind.pem"
	check_json "by the same rule" "[.findings[].code] | index(\"key-$code\") != null"
	shift
done

# An audit finds such keys on a token, whichever program put them there.
check "the audit of their token" 10 "$p11ca" --json token audit other $pin
for code in roca close-primes exponent; do
	check_json "names key-$code" "[.keys[].proof] | index(\"key-$code\") != null"
done

# Keys that a token makes: the proxy returns them instead of its own.
use_proxy
P11FAULT_LIES=nothing
export P11FAULT_LIES
# made KIND CODE : each command that has a token make a key
made() {
	while read -r words; do
		case $words in "client enroll"* | "ledger checkpoint"*) how=$pins ;; *) how=$pin ;; esac
		# shellcheck disable=SC2086 # to be split
		check "$1: ${words%% --out*}" 7 with_fault "" "$p11ca" --json $words $how
		check_json "is refused" ".error.code == \"$2\""
		[ "$2" != key-roca ] || check_json "and the firmware is named" '.error.hint + .error.cause | test("firmware is affected") and test("update the firmware")'
	done <<-END
		root create made-$1 -t other
		root request asked-$1 -t other --out $WORK/asked-$1.csr
		client enroll made-$1 -t card
		client request wanted-$1 -t card --out $WORK/wanted-$1.csr
		ledger checkpoint -t card --out $WORK/checkpoint.pem
	END
	[ ! -e "asked-$1.csr" ] && [ ! -e "wanted-$1.csr" ] && [ ! -e checkpoint.pem ]; ok "$1: no file was written"
}
for kind in roca close-primes exponent-3; do
	attributes "$keys/test-rsa-$kind.pem" >"$kind.key" || bail "no attributes"
	P11FAULT_KEY=$WORK/$kind.key
	export P11FAULT_KEY
	made "$kind" "key-${kind%-3}"
done
unset P11FAULT_KEY
P11FAULT_LIES=rsa:exponent-3
made another-exponent key-exponent
P11FAULT_LIES=rsa:1024
made shorter key-not-as-asked
P11FAULT_LIES=nothing
[ "$(sqlite3 home/ledger.db "SELECT count(*) FROM keys WHERE state <> 'orphan' AND name <> 'good'")" -eq 0 ]; ok "none of these keys is in the ledger but as an orphan"
[ "$(sqlite3 home/ledger.db "SELECT count(*) FROM certificates WHERE name <> 'good'")" -eq 0 ]; ok "nothing was signed for one"
check "the names are free for a sound key" 0 with_fault "" "$p11ca" --json client enroll made-roca -t card $pins
check "the ledger is clean" 0 "$p11ca" --json ledger verify
plan
