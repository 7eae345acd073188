#!/bin/sh
# SPDX-License-Identifier: MIT
# file-limits.t - each file that is read whole has a limit: one that is larger is refused by a code, with little memory.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
cd "$WORK" || bail "no folder"
"$p11ca" -q gateway add azure --resource-group rg --root vpn >detail 2>&1 || bail "$(cat detail)"
request one.csr /CN=one
truncate -s 3G huge pin && chmod 600 pin && mkdir conf && truncate -s 3G conf/p11ca.conf && chmod 600 conf/p11ca.conf || skip_all "no sparse files"
issue one.csr --cn old >detail 2>&1 || bail "$(cat detail)"
request one.csr /CN=one
printf 'csr,cn\none.csr,one\n' >names.csv

# limited COMMAND... : with 1 GiB of address space; a sanitizer needs all of it
case $(ldd "$p11ca") in *asan*) limited() { "$@"; } ;; *) limited() { (ulimit -v 1048576; exec "$@"); } ;; esac

# too_large COMMAND... : is refused by the code of files, or that of what the file should have been
too_large() {
	limited "$p11ca" --json --batch "$@" >out 2>err
	status=$?
	code=$(jq -r '[.error.code, .certificates[]?.code, .findings[]?.code, .files[]?.code | select(. != null)] | join(" ")' out 2>/dev/null)
	case "$status $code" in
	*file-too-large* | *-limit* | *receipt-format* | *gateway-template-format*) ;;
	*) echo "p11ca $*: status $status, codes '$code'"; cat out err ;;
	esac
	tr '\0' x <err | grep -E '(larger|more) than' >/dev/null || { echo "p11ca $*: no limit is named"; cat err; }
}
limits() {
	too_large client issue huge --cn x --out issued $pin
	too_large client issue one.csr --names huge --out issued $pin
	too_large client renew old --csr huge --out issued $pin
	too_large client enroll --from huge --out issued $pin
	too_large client install huge -t hsm $pin
	too_large client import huge
	too_large client import --revoked-from huge
	too_large client bundle --key-file huge --cert huge --out x.pfx --pfx-pin-source env:PIN
	too_large client bundle --key-file one.csr.key --cert huge --out x.pfx --pfx-pin-source env:PIN
	too_large root adopt other -t hsm --cert huge $pin
	too_large root install vpn --cert huge $pin
	too_large check huge
	too_large check one.csr --root huge
	too_large ledger verify --checkpoint huge --root huge
	too_large template check huge
	too_large --home conf ledger log
	too_large package check huge
	too_large package show huge
	too_large profile write huge --client old --for openvpn --out profiles
	too_large gateway check azure --state huge
	too_large gateway check azure --state "$srcdir/tests/data/gateway/vnet-gateway.json" --template huge
	too_large gateway render azure --state huge
	too_large doctor --client-report huge
	too_large doctor --package huge
	too_large token audit hsm --pin-source file:pin
	too_large client issue one.csr --cn one --out issued --pin-source file:pin
}
limits >bad
[ ! -s bad ]; ok "a file of 3 GiB is refused by a code wherever a file is read" bad

awk 'BEGIN { print "csr,cn"; for (i = 0; i < 150000; i++) print i ".csr," i }' >many.csv
check "a list of more than 100,000 names is refused" 3 limited "$p11ca" --json --batch client issue one.csr --names many.csv --out issued $pin
check_json "the error of a list of names has the code list-too-long" '.error.code == "list-too-long"'
check_has "the error names the line" err "line 100001"
printf 'cn\n' >people.csv
seq 150000 >>people.csv
check "so is a list of people to enrol" 3 limited "$p11ca" --json --batch client enroll --from people.csv --out issued $pins
check_json "the error of a list of people has the code list-too-long" '.error.code == "list-too-long"'
check "a list that is short is read" 0 limited "$p11ca" --json --batch client issue one.csr --names names.csv --out issued $pin
plan
