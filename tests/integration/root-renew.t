#!/bin/sh
# SPDX-License-Identifier: MIT
# root-renew.t - the same key with new dates: clients from before and after verify under either certificate.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool
cd "$WORK" || bail "no folder"
tokens hsm other alice bob
root vpn hsm --days 400
card alice alice --out alice
"$p11ca" root export vpn --format pem --out old.pem || bail "no root"
old=$("$p11ca" --json root show vpn | jq -r .root.serial)
snapshot >before
check "a dry run" 0 "$p11ca" --json root renew vpn --dry-run
check_json "signs the root's certificate" '[.steps[] | select(.state == "todo") | .name] | index("sign the root certificate") != null'
snapshot >after
cmp before after >detail; ok "and changes nothing" detail
check "a wrong PIN" 5 "$p11ca" root renew vpn --pin-source env:WRONG --batch
rm -rf "$XDG_STATE_HOME" # where the failed PIN is remembered
check "root renew" 0 "$p11ca" --json root renew vpn --days 800 $pin
check_json "is another certificate" ".result.serial != \"$old\" and .result.renews == \"$old\" and .result.installed"
check_has "says who must know" err "new thumbprint"
"$p11ca" root export vpn --format pem --out new.pem || bail "no new root"
for what in subject pubkey 'ext subjectKeyIdentifier'; do
	openssl x509 -in old.pem -noout -$what >a && openssl x509 -in new.pem -noout -$what | cmp - a >detail; ok "the same $what" detail
done
card bob bob --out bob
for root in old new; do
	for who in alice bob; do
		check "openssl verifies $who under the $root one" 0 openssl verify -x509_strict -CAfile $root.pem $who/$who.pem
	done
done
id=$("$p11ca" --json root show vpn | jq -r .root.cka_id)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o card.der >detail 2>&1
openssl x509 -in new.pem -outform DER | cmp - card.der >detail 2>&1; ok "the new one alone lies beside the key" detail
check "and again" 0 "$p11ca" --json root renew vpn $pin
check "a name that is none" 4 "$p11ca" root renew nosuch $pin
check "a template that is none of roots" 2 "$p11ca" root renew vpn --template azure-client $pin
check "without its token" 4 "$p11ca" root renew vpn --token other $pin
"$p11ca" -q root retire vpn --confirm vpn >/dev/null || bail "not retired"
check "a retired one" 7 "$p11ca" --json root renew vpn $pin
check_json "has a code" '.error.code == "root-retired"'
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
