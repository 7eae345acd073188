#!/bin/sh
# SPDX-License-Identifier: MIT
# client-show.t - one client, by whatever names it.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl certtool
tokens hsm
root vpn hsm
request "$WORK/a.csr" /CN=x
request "$WORK/b.csr" /CN=x
issue "$WORK/a.csr" --cn alice >/dev/null 2>&1
check "by name" 0 "$p11ca" --json client show alice
check_json "where it stands" '.client | .state == "issued" and .root_name == "vpn" and .template_name == "azure-client" and .revoked_at == null'
for by in serial thumbprint fingerprint; do
	id=$("$p11ca" --json client show alice | jq -r ".client.$by")
	check "by $by" 0 "$p11ca" --json client show "$id"
	check_json "the same" '.client.name == "alice"'
done
serial=$("$p11ca" --json client show alice | jq -r .client.serial)
thumbprint=$("$p11ca" --json client show alice | jq -r .client.thumbprint)
"$p11ca" client export alice --format pem >"$WORK/alice.pem"
mark=$(printf '\342\200\216')
for form in "$(openssl x509 -in "$WORK/alice.pem" -noout -fingerprint -sha1)" \
    "$(openssl x509 -in "$WORK/alice.pem" -noout -fingerprint -sha256)" "$(openssl x509 -in "$WORK/alice.pem" -noout -serial)" \
    "$(openssl x509 -in "$WORK/alice.pem" -noout -fingerprint -sha1 | sed 's/.*=//' | tr : ' ')" \
    "$mark$thumbprint" "Cert Hash(sha1): $thumbprint" "0x$serial" "00$serial" "0x$(echo "$serial" | sed 's/^0//')" \
    "$(certtool -i --infile "$WORK/alice.pem" | sed -n 's/.*\(sha1:[0-9a-f]*\)/\1/p' | head -n 1)"; do
	check "a client is found by the form $form" 0 "$p11ca" --json client show "$form"
	check_json "it is the client with the form $form" '.client.name == "alice"'
done
check "a client is revoked by openssl's form of its fingerprint" 0 "$p11ca" --json client revoke \
    "$(openssl x509 -in "$WORK/alice.pem" -noout -fingerprint -sha1)" --reason keyCompromise --dry-run
check "in capitals" 0 "$p11ca" client show "$(echo "$id" | tr a-f A-F)"
check "16 digits that a serial begins with find the certificate" 0 "$p11ca" --json client show \
    "$(echo "$serial" | cut -c 1-16)"
check_json "it is the certificate with that serial" '.client.name == "alice"'
check "7 digits are too few for a serial" 4 "$p11ca" client show "$(echo "$serial" | cut -c 1-7)"
check "other digits after the first 16 find nothing" 4 "$p11ca" client show "$(echo "$serial" | cut -c 1-16)ffffffffffffffff"
issue "$WORK/b.csr" --cn alice --device phone >/dev/null 2>&1
# A serial begins with its minute: of three certificates, two have the first 8 digits in common.
request "$WORK/c.csr" /CN=x
issue "$WORK/c.csr" --cn carol >/dev/null 2>&1
digits=$("$p11ca" --json client list | jq -r '.clients[].serial[:8]' | sort | uniq -d | head -n 1)
check "8 digits that several serials begin with are ambiguous" 4 "$p11ca" client show "$digits"
check_has "the certificates are listed" err "$("$p11ca" --json client list | jq -r --arg d "$digits" \
    '[.clients[].serial | select(startswith($d))][1]'): "
check "a name that two have" 4 "$p11ca" client show alice
check_has "lists them" err "$("$p11ca" --json client list | jq -r '.clients[1].serial')"
check "nobody" 4 "$p11ca" client show nosuch
check "nothing" 2 "$p11ca" client show
plan
