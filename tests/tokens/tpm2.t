#!/bin/sh
# SPDX-License-Identifier: MIT
# tpm2.t - the matrix on tpm2-pkcs11 over a software TPM, by a socket of its own: no port, no network.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq pkcs11-tool openssl swtpm swtpm_setup tpm2_flushcontext setpriv
PKCS11_MODULE_PATH=$(first_of /usr/lib/*/libtpm2_pkcs11.so.1 /usr/lib/libtpm2_pkcs11.so.1) || skip_all "no tpm2-pkcs11"
kind=tpm2 SOPIN=officer
module_leaks # tpm2-pkcs11 1.9: the point of each EC key
TPM2TOOLS_TCTI=swtpm:path=$WORK/tpm TPM2_PKCS11_TCTI=swtpm:path=$WORK/tpm
TPM2_PKCS11_STORE=$WORK/store TPM2_PKCS11_LOG_LEVEL=0 TSS2_LOG=all+NONE
export PKCS11_MODULE_PATH TPM2TOOLS_TCTI TPM2_PKCS11_TCTI TPM2_PKCS11_STORE TPM2_PKCS11_LOG_LEVEL TSS2_LOG

mkdir "$WORK/state" "$WORK/store"
swtpm_setup --tpm2 --tpmstate "$WORK/state" --overwrite --pcr-banks sha256 >"$WORK/detail" 2>&1 ||
	bail "no TPM: $(cat "$WORK/detail")"
spawn "$WORK/swtpm.log" swtpm socket --tpm2 --tpmstate "dir=$WORK/state" --server "type=unixio,path=$WORK/tpm" \
	--ctrl "type=unixio,path=$WORK/tpm.ctrl" --flags not-need-init,startup-clear
until_there "$WORK/tpm" || bail "no swtpm: $(cat "$WORK/swtpm.log")"
# A TPM holds three transient objects, and without a resource manager each process leaves some behind.  An audit has all
# keys of a token in use, so there are two tokens.
between() { tpm2_flushcontext -t; }
for token in rsa ec; do
	case $token in
	rsa) specs=rsa:2048 ;;
	ec) specs="ec:p256 ed25519" ;;
	esac
	matrix
done
plan
