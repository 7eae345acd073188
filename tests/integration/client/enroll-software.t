#!/bin/sh
# SPDX-License-Identifier: MIT
# enroll-software.t - a key made in memory for a client: handed over once, encrypted, and nowhere else.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
needs jq openssl gdb plistutil
cd "$WORK" || bail "no folder"
PFXPASS='test PFX password'
export PFXPASS
tokens hsm signer
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
card desk signer
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder folder gateway.pem ours.pem
package_zip gw.zip folder
soft() { "$p11ca" --json client enroll --software-key --pfx-pin-source env:PFXPASS --root-pin-source env:PIN "$@"; }

check "not allowed by the configuration" 7 soft alice --out alice
check_json "says so" '.error.code == "software-keys-not-allowed"'
echo 'allow-software-keys = perhaps' >home/p11ca.conf
check "neither yes nor no" 3 soft alice --out alice
echo 'allow-software-keys = yes' >home/p11ca.conf
check "a token and a software key" 2 soft alice --out alice -t hsm
check "nowhere to write" 2 soft alice
check "a token's URI signs nothing here" 2 soft alice --out alice --for mobileconfig
check "an empty password" 7 env PFXPASS= "$p11ca" client enroll --software-key --pfx-pin-source env:PFXPASS \
    --root-pin-source env:PIN alice --out alice
for weak in a elevenchars "$(printf '\303\244%.0s' 1 2 3 4 5 6 7 8 9 10 11)"; do
	check "the password '$weak' is too short" 7 env PFXPASS="$weak" "$p11ca" --json client enroll --software-key \
	    --pfx-pin-source env:PFXPASS --root-pin-source env:PIN alice --out alice
	check_json "its code says so" '.error.code == "pfx-password-short"'
done
[ ! -e alice ] && ! "$p11ca" ledger log | grep -q generated-for-client; ok "nothing was made for a short password"
check "two sources of one password" 2 soft alice --generate-password --out alice
mkdir taken && echo mine >taken/alice.pfx
check "a file that is there" 9 soft alice --out taken
[ "$(cat taken/alice.pfx)" = mine ]; ok "stays"
check "a dry run" 0 soft alice --out alice --dry-run
check "a wrong root PIN" 5 "$p11ca" client enroll --software-key --pfx-pin-source env:PFXPASS \
    --root-pin-source env:WRONG alice --out alice
made=$("$p11ca" ledger log | grep -c generated-for-client)
check "a signer that is not there" 4 soft alice --package gw.zip --for mobileconfig --sign-with nosuch --out alice
check "nothing that is signed" 2 soft alice --package gw.zip --for openvpn --sign-with signer --out alice
check "a wrong PIN of the signer" 5 soft alice --package gw.zip --for mobileconfig --sign-with signer --out alice \
    --pin-source env:WRONG
[ "$("$p11ca" ledger log | grep -c generated-for-client)" -eq "$made" ]; ok "before there is a key that could be lost"
check "log in again" 0 "$p11ca" token audit signer --pin-source env:PIN
[ ! -e alice ] && [ "$("$p11ca" --json client list --all | jq '[.clients[] | select(.name == "alice")] | length')" -eq 0 ]
ok "none of them issued anything"

check "an iPhone" 0 soft alice --device iphone --package gw.zip --for mobileconfig,openvpn,pfx --out alice \
    --sign-with signer --pin-source env:PIN
check_json "what it made" '[.files[].kind] | unique == ["certificate", "chain", "mobileconfig", "openvpn", "pfx", "receipt", "root"]'
check_json "where the key came from" '.result.origin == "generated-for-client" and .result.cka_id == null'
find alice -name '*.pfx' -o -name '*.p12' -o -name '*.mobileconfig' -o -name '*.ovpn' >private
[ "$(wc -l <private)" -eq 5 ] && [ -z "$(xargs -a private -I{} find {} ! -perm 600)" ]; ok "what holds the key is its owner's only" private
# opens FILE CERTIFICATES : into opened.pem
opens() {
	openssl pkcs12 -in "$1" -passin env:PFXPASS -nodes -out opened.pem && [ "$(grep -c 'BEGIN CERT' opened.pem)" -eq "$2" ] &&
		[ "$(openssl pkey -in opened.pem -pubout)" = "$(openssl x509 -in alice/alice.pem -noout -pubkey)" ]
}
check "openssl opens the PFX, with the chain" 0 opens alice/alice.pfx 2
cp opened.pem key.pem
openssl pkcs12 -in alice/alice.pfx -passin env:PFXPASS -info -noout 2>info
grep -q 'MAC: sha256' info && grep -q AES-256-CBC info; ok "today's encryption" info
check "Apple's identity: the certificate alone" 0 opens alice/mobileconfig/client.p12 1
openssl pkcs12 -in alice/mobileconfig/client.p12 -passin env:PFXPASS -info -noout 2>info
grep -q 'MAC: sha1' info && grep -q 3-KeyTripleDES info; ok "as Apple's keychains take it" info
cmp alice/alice.pfx alice/pfx/*.pfx; ok "the format pfx is the same file"
grep -q 'Current User' alice/pfx/INSTALL-pfx.md; ok "with its steps"
check "openssl cms verifies the profile" 0 openssl cms -verify -purpose any -inform DER -CAfile ours.pem \
    -in alice/mobileconfig/*.mobileconfig -out plain
check "plistutil reads it" 0 plistutil -f bin -i plain -o profile.bin
check "and writes it again" 0 plistutil -f xml -i profile.bin -o profile.xml
tr -d ' \t\n' <profile.xml | grep -qF "$(openssl base64 -A -in alice/mobileconfig/client.p12)"
ok "whose payload is that PKCS#12"
sed -n '/<pkcs12>/,/<\/pkcs12>/p' alice/openvpn/*.ovpn | grep -v pkcs12 | openssl base64 -d >inline.p12
check "OpenVPN has it inline" 0 opens inline.p12 2
"$p11ca" ledger log >log
grep -q generated-for-client log && grep -q handed-to-client log; ok "the ledger says it" log
check "the password is generated" 0 "$p11ca" --json client enroll --software-key --generate-password --root-pin-source env:PIN \
    zoe --out zoe
check_json "the files are listed, the password without a hash" \
    '[.files[] | select(.kind == "password") | .path, .sha256] == ["zoe/zoe.pfx.password", null]'
[ "$(stat -c %a zoe/zoe.pfx.password)" = 600 ]; ok "only its owner can read the password"
grep -qxE '([a-km-np-z2-9]{5}-){4}[a-km-np-z2-9]{5}' zoe/zoe.pfx.password; ok "it is 25 random characters in groups" zoe/zoe.pfx.password
openssl pkcs12 -in zoe/zoe.pfx -passin file:zoe/zoe.pfx.password -noout; ok "it opens the PFX"
! grep -rqF "$(cat zoe/zoe.pfx.password)" out err home zoe/receipt.json; ok "it is in no output and in no file of the ledger"
check "again" 7 soft alice --device iphone --out again
check_json "the key is nowhere to be had" '.error.code == "client-has-certificate"'
check_has "says what to do" err "client revoke"
[ ! -e again ]; ok "and makes nothing"
check "profiles from the PFX, later" 0 "$p11ca" profile write gw.zip --client alice --pfx alice/alice.pfx --for openvpn --out later


# The key appears nowhere else: its primes are looked for as they stand in DER and as BIGNUMs have them in memory.
# needles KEY : four lines of hex
needles() {
	openssl rsa -in "$1" -noout -text 2>/dev/null | awk '/^[^ ]/ { if (on) print ""; on = /^prime[12]:/; next }
		on { gsub(/[ :]/, ""); printf "%s", $0 }' | sed 's/^00//' | while read -r hex; do
		echo "$hex" | cut -c 1-64
		echo "$hex" | fold -w 2 | tac | tr -d '\n' | cut -c 1-64
	done
}
cat >seek.py <<'PY'
import sys
needles = [bytes.fromhex(line) for line in open(sys.argv[1]).read().split()]
assert len(needles) == 4 and all(len(n) == 32 for n in needles)
found = [name for name in sys.argv[2:] if any(n in open(name, "rb").read() for n in needles)]
print("\n".join(found))
sys.exit(1 if found else 0)
PY
needles key.pem >alice.needles
openssl rsa -in key.pem -outform DER -out control.der 2>/dev/null
! python3 seek.py alice.needles control.der >detail 2>&1; ok "the search finds a key that is there" detail
rm -f control.der key.pem opened.pem
find "$WORK" -type f -size +0 ! -name '*.needles' -print0 | xargs -0 python3 seek.py alice.needles >detail 2>&1
ok "the key is in no file: ledger, state, temporary or handed over" detail
! grep -rl -e '-----BEGIN.*PRIVATE KEY' home state alice >detail 2>\&1; ok "nor as text" detail

# stopped NAME FUNCTION COMMAND... : an enrolment under gdb, stopped where it enters FUNCTION
stopped() {
	stopped_name=$1 stopped_at=$2
	shift 2
	printf '%s\n' "$@" >gdb.commands
	cat >gdb.script <<-GDB
	set pagination off
	set confirm off
	set breakpoint pending on
	tbreak $stopped_at
	run
	source gdb.commands
	GDB
	(ulimit -c unlimited; gdb -q -batch -x gdb.script --args "$p11ca" -q client enroll "$stopped_name" --software-key \
	    --pfx-pin-source env:PFXPASS --root-pin-source env:PIN --out "$stopped_name") >gdb.log 2>&1
}
if ! nm "$p11ca" | grep -q __asan_init; then # its shadow memory fills any disk
	# Where the root's PIN is asked for, the key is there, and has signed its request.
	stopped bob issuer_login "pipe info proc | sed -n 's/^process //p' | xargs -I{} cat /proc/{}/limits /proc/{}/coredump_filter >limits" \
	    'printf "dumpable: %d\n", ((int (*)(int, long, long, long, long))prctl)(3, 0, 0, 0, 0)' "gcore core.default" "set use-coredump-filter off" "gcore core.filtered" \
	    "set dump-excluded-mappings on" "gcore core.all" "catch syscall exit_group" "continue" "gcore core.end" "continue"
	openssl pkcs12 -in bob/bob.pfx -passin env:PFXPASS -nodes -out key.pem; ok "an enrolment under a debugger ends well" gdb.log
	grep -q '^Max core file size  *0 ' limits; ok "while the key is in memory, core images have at most 0 bytes" limits
	grep -qx '00*' limits; ok "core images that a debugger writes have no memory of the process" limits
	grep -q '^dumpable: 0$' gdb.log; ok "and another process of the same user may not look into the memory" gdb.log
	needles key.pem >bob.needles
	rm -f key.pem
	for core in core.default core.filtered; do
		if [ -f "$core" ]; then python3 seek.py bob.needles "$core" >detail 2>\&1; else grep -i 'core' gdb.log >detail; fi
		ok "the key is not in $core" detail
	done
	if [ "$(id -u)" -eq 0 ]; then # others may not even look
		! python3 seek.py bob.needles core.all >detail 2>\&1; ok "although it was in memory: locked, and no part of a core image" detail
		python3 seek.py bob.needles core.end >detail 2>\&1; ok "at the end nothing of it is left in memory" gdb.log
	fi
	rm -rf core.* bob

	# Killed where the certificate is signed and the key not handed over.
	stopped carol software_pack "signal SIGABRT"
	grep -q 'terminated with signal SIGABRT' gdb.log; ok "a run that dies before it hands the key over" gdb.log
	find . -name 'core*' >detail; [ ! -s detail ]; ok "leaves no core image" detail
	[ ! -e carol ]; ok "and no PFX"
	lost=$("$p11ca" --json client show carol | jq -r '.. | .serial? // empty' | head -n 1)
	check "run again" 0 soft carol --out carol
	check_has "tells of the key" err client-key-lost
	check_json "its certificate is another" ".result.serial != \"$lost\""
	openssl pkcs12 -in carol/carol.pfx -passin env:PFXPASS -noout; ok "and its PFX opens"
	check "the lost one" 0 "$p11ca" --json client show "$lost"
	check_json "is revoked" '[.. | .state? // empty] | index("revoked") != null'
	"$p11ca" ledger log >log
	grep -q "client-key-lost.*$lost" log; ok "the ledger tells it" log
fi
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
