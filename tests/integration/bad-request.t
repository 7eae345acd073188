#!/bin/sh
# SPDX-License-Identifier: MIT
# bad-request.t - files that are not requests, and requests that prove nothing.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm
root vpn hsm
cd "$WORK" || bail "no folder"
request good.csr /CN=x
openssl req -in good.csr -outform DER -out good.der
"$p11ca" --json ledger log | jq '.events | length' >events
# refused STATUS CODE FILE : with that exit status and code
refused() {
	check "$3: exit status $1" "$1" issue "$3" --cn mallory --json
	check_json "$3: $2" ".error.code == $2"
	[ "$(grep -c 'error:' err)" -eq 1 ]; ok "$3: one error" err
}

echo 'no request' >text.csr && refused 3 '"malformed-input"' text.csr
: >empty.csr && refused 3 '"malformed-input"' empty.csr
head -c 10485760 /dev/zero >10mb.csr && refused 3 '"file-too-large"' 10mb.csr
head -c 200 good.der >half.csr && refused 3 '"malformed-input"' half.csr
{ cat good.der; printf x; } >after.csr && refused 3 '"malformed-input"' after.csr
{ cat good.csr; echo; echo x; } >after-pem.csr && refused 3 '"malformed-input"' after-pem.csr
cat good.csr good.csr >two.csr && refused 3 '"malformed-input"' two.csr
cp good.csr.key key.csr && refused 3 '"malformed-input"' key.csr
"$p11ca" root export vpn --format pem >cert.csr && refused 3 '"malformed-input"' cert.csr

# The last byte belongs to the signature, the one in the middle to the key.
size=$(wc -c <good.der)
spoil() { { head -c "$1" good.der; printf '\001'; tail -c +$(($1 + 2)) good.der; } >"$2"; }
spoil $((size - 1)) signature.csr && refused 7 '"request-signature"' signature.csr
spoil 200 otherkey.csr && refused 7 '"request-signature"' otherkey.csr
request sha1.csr /CN=x -sha1 && refused 7 '"request-signature-weak"' sha1.csr
request md5.csr /CN=x -md5 && refused 7 '"request-signature-weak"' md5.csr
request small.csr /CN=x -newkey rsa:1024 && refused 7 '"request-key-size"' small.csr
request exponent.csr /CN=x -newkey rsa:2048 -pkeyopt rsa_keygen_pubexp:3 && refused 7 '"request-exponent"' exponent.csr
request pss.csr /CN=x -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -sigopt rsa_pss_saltlen:digest && refused 7 '"request-rsa-pss"' pss.csr
request ec.csr /CN=x -newkey ec -pkeyopt ec_paramgen_curve:P-256 && refused 7 '"request-key-type"' ec.csr
check_has "says why" err "RSA"
request explicit.csr /CN=x -newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit &&
	refused 7 '"request-ec-explicit"' explicit.csr
request cns.csr /CN=one/CN=two && refused 7 '"request-cn-count"' cns.csr
request control.csr "/CN=$(printf 'a\001b')" && refused 7 '"request-subject-text"' control.csr

check "no certificate came of these" 0 "$p11ca" --json client list --all
check_json "at all" '.clients == []'
[ -z "$(ls issued | grep -v root.cer)" ]; ok "no file either"
check "the ledger has the refusals" 0 "$p11ca" --json ledger log
check_json "each" '[.events[] | select(.kind == "request-refused")] | length > 15'
check "and verifies" 0 "$p11ca" ledger verify
plan
