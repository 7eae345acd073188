#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh BUILD_DIR [FOLDER] - the main job on SoftHSM, in a private folder: a root on one token, alice's card on another.
#
# The PINs are test PINs, the tokens are files: this shows the road, it is no place for a real root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
p11ca=$(cd "$1" && pwd)/p11ca
folder=${2:-${TMPDIR:-/tmp}/p11ca-demo-$(id -u)}
[ -x "$p11ca" ] || { echo "demo.sh: no p11ca in $1; build it first" >&2; exit 1; }
. "$here/softhsm.sh"

say() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }
# run WORD... : shows the command as a person would type it, then runs it
run() {
	printf '$ p11ca'
	printf ' %s' "$@"
	printf '\n'
	"$p11ca" "$@"
}

# A folder of an earlier demo is ours to remove only where the demo's mark lies in it.
if [ -e "$folder" ]; then
	[ -f "$folder/.p11ca-demo" ] && [ -O "$folder" ] ||
		{ echo "demo.sh: $folder is not a folder of this demo; name another one" >&2; exit 1; }
	rm -rf "$folder"
fi
mkdir -m 700 "$folder"
: >"$folder/.p11ca-demo"
cd "$folder"
softhsm_up "$folder/softhsm" root alice
P11CA_HOME=$folder/home XDG_STATE_HOME=$folder/state PIN=$USER_PIN
export P11CA_HOME XDG_STATE_HOME PIN

say "1. Create a root: the token generates the key, p11ca proves it, and the root signs its own certificate"
run root create contoso --token root --pin-source env:PIN
say "2. Enrol Alice: her card generates the key, the root issues the certificate, and p11ca writes it to the card"
run client enroll alice@contoso.com --token pkcs11:token=alice --pin-source env:PIN --root-pin-source env:PIN --out alice
say "3. Show the card"
run token show alice --login --pin-source env:PIN
say "4. Export the root for Azure: one line of base64"
run root export contoso --format base64 --out contoso.base64
cut -c 1-72 contoso.base64 | sed 's/$/.../'
say "5. Show and verify the ledger, which records every key and every signature"
run ledger log
run ledger verify
say "6. Verify the certificate with OpenSSL"
printf '$ openssl verify -x509_strict -CAfile alice/root.cer alice/alice@contoso.com.pem\n'
openssl verify -x509_strict -CAfile alice/root.cer alice/alice@contoso.com.pem

say "Created"
cat <<TXT
  a root 'contoso' on token 'root', and alice@contoso.com's key, certificate and chain on token 'alice'
  $folder/contoso.base64        the line for the gateway: Point-to-site configuration, Root certificates, Public certificate data
  $folder/alice/                certificate, chain, root and receipt.json
  $folder/home/ledger.db        the ledger

Try next (the PIN of both tokens is $USER_PIN):
  export SOFTHSM2_CONF=$SOFTHSM2_CONF PKCS11_MODULE_PATH=$PKCS11_MODULE_PATH P11CA_HOME=$P11CA_HOME \\
    XDG_STATE_HOME=$XDG_STATE_HOME
  $p11ca token audit alice
  $p11ca check $folder/alice/alice@contoso.com-chain.pem
  $p11ca client show alice@contoso.com --json
TXT
