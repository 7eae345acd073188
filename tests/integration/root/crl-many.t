#!/bin/sh
# SPDX-License-Identifier: MIT
# crl-many.t - 100,000 revoked certificates: openssl reads the list, and memory grows by less than 1 KiB for each.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs openssl sqlite3 python3
cd "$WORK" || bail "no folder"
tokens hsm
root vpn hsm
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
# measured COMMAND... : runs it; the largest resident size in KiB is in the file kib
measured() {
	python3 -c 'import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
open("kib", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)' "$@"
}
check "a list of nobody" 0 measured "$p11ca" root crl vpn --out none.crl $pin
none=$(cat kib)
# Rows alone, without their events: issuing them would take longer than all other tests, and a list does not verify.
sqlite3 "$P11CA_HOME/ledger.db" "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
	INSERT INTO certificates (state, root_id, is_root, name, device, template_name, serial, subject, spki_sha256,
	    request_sha256, thumbprint, fingerprint, not_before, not_after, created_at, issued_at, installed_at, revoked_at,
	    revoke_reason, writer)
	SELECT 'revoked', 1, 0, 'client' || i, '', 'azure-client', printf('01c8b27a%032x', i), 'CN=client' || i, '', '', '', '',
	    1, 4000000000, 1, 1, 0, 1790000000 + i, 'superseded', '' FROM n" || bail "no certificates"
check "a list of 100,000" 0 measured "$p11ca" root crl vpn --out many.crl $pin
each=$((($(cat kib) - none) * 1024 / 100000))
echo "# $none KiB without entries, $(cat kib) KiB with them: $each bytes for each"
if ldd "$p11ca" | grep -q libasan; then
	echo "# the sanitizer's own memory is not measured"
else
	[ "$each" -le 1024 ]; ok "takes at most 1 KiB of memory for each"
fi
check "openssl verifies it" 0 openssl crl -in many.crl -CAfile root.pem -noout -nextupdate
check_has "with the root's key" err "verify OK"
openssl crl -in many.crl -noout -text >crl.txt
[ "$(grep -c 'Serial Number: 01C8B27A' crl.txt)" -eq 100000 ]; ok "it has every serial"
[ "$(grep -c Superseded crl.txt)" -eq 100000 ]; ok "and reason"
grep -q "$(printf 'Serial Number: 01C8B27A%032X' 99999)" crl.txt; ok "as in the ledger"
plan
