#!/bin/sh
# SPDX-License-Identifier: MIT
# private-values.t - promise 1: no call passes a buffer for a private value, none wraps, copies or derives a key.
. "$srcdir/tests/faults/lib.sh"
command -v pkcs11-tool >/dev/null || skip_all "no pkcs11-tool"
tokens_up root alice
whole_stacks # Ed25519 keys, see tests/lsan.supp
P11FAULT_ATTRIBUTES=$WORK/attributes
export P11FAULT_ATTRIBUTES

request() { p11ca client request --shared-card "$1" --token alice --key "$2" --out "$WORK/$1.csr" --pin-source env:PIN; }
check "root create" 0 root_create_rsa
check "client enroll" 0 enroll
check "client request, RSA" 0 request bob rsa:2048
check "client request, P-384" 0 request carol ec:p384
check "client request, Ed25519" 0 request dave ed25519
check "client issue" 0 p11ca client issue "$WORK"/*.csr --trust-names --template vpn-client --out "$WORK/issued" \
    --pin-source env:PIN
check "token show" 0 p11ca token show alice
check "token audit" 0 p11ca token audit alice --pin-source env:PIN
check "token audit of the root" 0 p11ca token audit root --pin-source env:PIN
P11FAULT_ATTRIBUTES=

# CKO_PRIVATE_KEY 0x3, CKO_SECRET_KEY 0x4; CKA_VALUE 0x11, CKA_PRIVATE_EXPONENT 0x123 to CKA_COEFFICIENT 0x128
secret='^class=0x[34] type=0x\(11\|12[3-8]\)'
n_reads=$(grep -c '^C_GetAttributeValue .* forwarded' "$WORK/log")
[ "$n_reads" -gt 0 ] && [ "$(wc -l <"$WORK/attributes")" -ge "$n_reads" ]
ok "each of $n_reads calls that read attributes logged at least one" "$WORK/attributes"
grep -c '^class=0x3 type=0x162 buffer$' "$WORK/attributes" >"$WORK/detail"
ok "of private keys, too: CKA_EXTRACTABLE" "$WORK/attributes"
grep -q "$secret length\$" "$WORK/attributes"; ok "the length of secrets is asked for" "$WORK/attributes"
! grep "$secret buffer\$" "$WORK/attributes" >"$WORK/detail"; ok "a secret never" "$WORK/detail"
grep -v '^class=0x[1234] ' "$WORK/attributes" >"$WORK/detail"
[ $? -eq 1 ]; ok "each of an object whose class is known" "$WORK/detail"
for fn in C_WrapKey C_UnwrapKey C_CopyObject C_DeriveKey C_GetOperationState C_Decrypt C_DecryptInit C_SetAttributeValue; do
	! grep "^$fn " "$WORK/log" >"$WORK/detail"; ok "$fn is never called" "$WORK/detail"
done

# The log sees what there is to see: a program that does read a secret is caught.
theirs() {
	module=$1
	shift
	pkcs11-tool --module "$module" --token-label alice --login --pin "$USER_PIN" "$@" >"$WORK/detail" 2>&1
}
theirs "$module" --keygen --key-type AES:16 --id ae --extractable; ok "a secret that may be read" "$WORK/detail"
P11FAULT_ATTRIBUTES=$WORK/theirs
theirs "$proxy" --read-object --type secrkey --id ae -o "$WORK/secret"; ok "another program reads it" "$WORK/detail"
grep -q "$secret buffer\$" "$WORK/theirs"; ok "and is seen to do so" "$WORK/theirs"
plan
