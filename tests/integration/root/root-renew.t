#!/bin/sh
# SPDX-License-Identifier: MIT
# root-renew.t - the same key with new dates: clients from before and after verify under either certificate.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl pkcs11-tool p11tool
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
# Cards that were filled before have the old certificate under the id that the new one wants.
check "a client from before is renewed" 0 "$p11ca" --json client renew alice --out alice2 $pins
openssl verify -x509_strict -CAfile new.pem alice2/alice.pem >detail 2>&1; ok "openssl verifies her new certificate" detail
on_card() { # FILE : how many certificates on alice's card are just that one
	openssl x509 -in "$1" -outform DER >want.der
	n=0
	for cert in $(p11tool --provider "$PKCS11_MODULE_PATH" --list-all-certs --only-urls 'pkcs11:token=alice' 2>/dev/null); do
		p11tool --provider "$PKCS11_MODULE_PATH" --export "$cert" 2>/dev/null | openssl x509 -outform DER 2>/dev/null | cmp -s - want.der && n=$((n + 1))
	done
	echo $n
}
[ "$(on_card new.pem)" = 1 ]; ok "the root's new certificate is on her card"
[ "$(on_card old.pem)" = 0 ]; ok "in the place of the old one"
check "enrolled again" 0 "$p11ca" --json client enroll --shared-card bob -t bob $pins
check_json "nothing is left to do" .result.existing
# What is not the root's is left alone, and told before anything is signed.
"$p11ca" -q client request --shared-card eve -t other --out eve.csr $pin >/dev/null || bail "no request"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --write-object want.der --type cert \
    --id "$("$p11ca" --json root show vpn | jq -r .root.cka_id)" --label theirs >detail 2>&1 || bail "$(cat detail)"
test_key stranger.key
openssl req -x509 -new -subj /CN=stranger -key stranger.key -outform DER -out stranger.der 2>detail
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --delete-object --type cert --label theirs >detail 2>&1
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --write-object stranger.der --type cert \
    --id "$("$p11ca" --json root show vpn | jq -r .root.cka_id)" --label theirs >detail 2>&1 || bail "$(cat detail)"
n=$("$p11ca" --json client list --all | jq '.clients | length')
check "another's certificate has the root's id" 7 "$p11ca" --json client enroll --shared-card eve -t other $pins
check_json "which is told" '.error.code == "id-taken"'
[ "$("$p11ca" --json client list --all | jq '.clients | length')" = "$n" ]; ok "before anything is signed"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label other --login --pin "$PIN" --delete-object --type cert --label theirs >detail 2>&1
request carol.csr /CN=carol
issued=batch
check "a batch" 0 issue carol.csr --cn carol
cp old.pem batch/root.cer
check "into a folder with the root's old certificate" 0 issue carol.csr --cn carol
openssl x509 -in batch/root.cer -outform DER >have.der && openssl x509 -in new.pem -outform DER | cmp - have.der >detail; ok "has the new one then" detail
cp stranger.key batch/root.cer
check "but anything else stays" 9 issue carol.csr --cn carol
cmp stranger.key batch/root.cer >detail; ok "as it was" detail
id=$("$p11ca" --json root show vpn | jq -r .root.cka_id)
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label hsm --read-object --type cert --id "$id" -o card.der >detail 2>&1
openssl x509 -in new.pem -outform DER | cmp - card.der >detail 2>&1; ok "the new one alone lies beside the key" detail
check "and again" 0 "$p11ca" --json root renew vpn $pin
check "an unknown name is refused" 4 "$p11ca" root renew nosuch $pin
check "a template that is not for roots is refused" 2 "$p11ca" root renew vpn --template azure-client $pin
check "without its token" 4 "$p11ca" root renew vpn --token other $pin
"$p11ca" -q root retire vpn --confirm vpn >/dev/null || bail "not retired"
check "a retired one" 7 "$p11ca" --json root renew vpn $pin
check_json "has a code" '.error.code == "root-retired"'
check "the ledger verifies" 0 "$p11ca" ledger verify
plan
