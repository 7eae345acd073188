#!/bin/sh
# SPDX-License-Identifier: MIT
# scaling.sh - commands about gateways with N clients in the ledger and N entries on the gateway, and with FACTOR times
# as many: seconds of the processor, and the ratio of the two.  Linear is FACTOR.  usage: [N=20000] [FACTOR=2] scaling.sh
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3 python3
n=${N:-20000} factor=${FACTOR:-2}
cd "$WORK" || exit 1
tokens hsm
root vpn hsm
"$p11ca" -q gateway add test-gw --resource-group test --pool 172.16.9.0/24 >/dev/null || bail "no gateway"
line=$("$p11ca" root export vpn --format base64)
cp -r "$P11CA_HOME" "$WORK/empty"

# many N FOLDER : a home with N clients, every other one revoked, and a state that refuses N, half of them ours.  Rows
# alone: issuing them would take longer than what is measured.
many() {
	cp -r "$WORK/empty" "$2"
	sqlite3 "$2/ledger.db" "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO certificates (state, root_id, is_root, name, name_key, device, template_name, serial, subject,
		    spki_sha256, request_sha256, thumbprint, fingerprint, not_before, not_after, created_at, issued_at, installed_at,
		    revoked_at, revoke_reason, writer)
		SELECT iif(i % 2, 'revoked', 'issued'), 1, 0, 'client' || i, 'client' || i, '', 'azure-client',
		    printf('%016x%016x', i, i), 'CN=client' || i, printf('%064x', i), '', printf('%040x', i), printf('%064x', i), 1, 4000000000, 1, 1, 0,
		    iif(i % 2, 1790000000, 0), iif(i % 2, 'superseded', ''), '' FROM n" || bail "no certificates"
	N=$1 LINE=$line python3 - "$srcdir/tests/data/gateway/vnet-gateway.json" >"$2.json" <<'PY' || bail "no state"
import json, os, sys
n, s = int(os.environ["N"]), json.load(open(sys.argv[1]))
c = s["vpnClientConfiguration"]
s["name"] = "test-gw"
c["vpnClientRootCertificates"] = [{"name": "x", "publicCertData": os.environ["LINE"]}]
c["vpnClientRevokedCertificates"] = [{"name": f"r{i}", "thumbprint": "%040x" % i} for i in range(1, 2 * n, 2)]
json.dump(s, sys.stdout)
PY
}
# seconds COMMAND... : of the processor
seconds() {
	python3 -c 'import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
if status not in (0, 10): sys.exit(status)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.2f" % (use.ru_utime + use.ru_stime))' "$@" || echo "failed: $*" >&2
}
many "$n" small
many $((factor * n)) large
{ echo "csr,cn"; echo one.csr,one; seq "$n" | sed 's/.*/&.csr,client&@contoso.com/'; } >small.csv
{ echo "csr,cn"; echo one.csr,one; seq $((factor * n)) | sed 's/.*/&.csr,client&@contoso.com/'; } >large.csv
request one.csr /CN=x
for command in "gateway diff test-gw --state @.json" "gateway render test-gw --state @.json" \
    "gateway check test-gw --state @.json" "gateway diff test-gw --state @.json --record" "gateway show test-gw" "doctor" \
    "client issue one.csr --names @.csv --out out --dry-run"; do
	for size in small large; do
		P11CA_HOME=$WORK/$size
		seconds "$p11ca" --batch $(echo "$command" | sed "s/@/$size/") >"$size.s"
	done
	echo "$command" | awk -v n="$n" -v factor="$factor" -v a="$(cat small.s)" -v b="$(cat large.s)" '
		{ printf "%-50s %6.2f s with %d, %6.2f s with %d: ratio %.2f\n", $0, a, n, b, factor * n, b / (a > 0 ? a : 0.01) }'
done
