#!/bin/sh
# SPDX-License-Identifier: MIT
# key-compromise.t - a key that is found stolen later: whatever its certificate was revoked for, it is never certified again.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3
cd "$WORK" || bail "no folder"
tokens hsm other
root vpn hsm
issued=$WORK/issued
"$p11ca" -q gateway add hub --resource-group rg --root vpn >/dev/null || bail "no gateway"

n=0
# stolen REASON : revoked for it, and found stolen afterwards
stolen() {
	n=$((n + 1))
	request "$n.csr" /CN=x
	issue "$n.csr" --cn "client$n" --batch >/dev/null 2>&1 || bail "no client$n"
	serial=$("$p11ca" --json client show "client$n" | jq -r .client.serial)
	"$p11ca" -q client revoke "client$n" --reason "$1" >/dev/null || bail "not revoked for $1"
	at=$("$p11ca" --json client show "$serial" | jq -r .client.revoked_at)
	sleep 1
	check "revoked for $1, found stolen" 0 "$p11ca" --json client revoke "$serial" --reason keyCompromise --script "close$n.sh"
	check_json "has the new reason" '.certificates[0] | .state == "revoked" and .reason == "keyCompromise"'
	check_json "since it was revoked first" ".certificates[0].revoked_at == \"$at\""
	thumbprint=$(field '.certificates[0].thumbprint')
	grep -qi "$thumbprint" "close$n.sh"; ok "the script for the gateway has it after $1"
	check "the same key for the same client after $1" 7 issue "$n.csr" --cn "client$n" --batch --json
	check_json "is never certified again" '[.error.code, .certificates[0].code] | index("key-compromised") != null'
	check "nor for another client after $1" 7 issue "$n.csr" --cn "other$n" --batch --json
	check_json "either" '[.error.code, .certificates[0].code] | index("key-compromised") != null'
	check "the same decision again" 0 "$p11ca" --json client revoke "$serial" --reason keyCompromise
	check "keyCompromise cannot become another reason" 7 "$p11ca" --json client revoke "$serial" --reason superseded
	check_json "the last reason stands" '.error.code == "revoked-before"'
	check "the revocation cannot be lifted" 7 "$p11ca" client restore "$serial"
	events=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT count(*) FROM events WHERE body LIKE '%kind: certificate-revoked%certificate $serial%' AND body LIKE '%revoke_reason: keyCompromise'")
	[ "$events" = 1 ]; ok "one event records it after $1"
}
for reason in superseded cessationOfOperation privilegeWithdrawn unspecified affiliationChanged certificateHold; do stolen "$reason"; done
check "another reason does not become superseded" 7 "$p11ca" --json client revoke "$serial" --reason superseded
"$p11ca" -q root crl vpn --out crl.pem $pin || bail "no CRL"
openssl crl -in crl.pem -noout -text >crl.txt
[ "$(grep -c "Key Compromise" crl.txt)" -eq "$n" ]; ok "the CRL has the new reason of all" crl.txt

# Every certificate of a client, also those that were revoked before.
for i in a b; do
	request "$i.csr" /CN=x
	issue "$i.csr" --cn zoe@contoso.com --device "$i" --batch >/dev/null 2>&1 || bail "no zoe"
done
"$p11ca" -q client revoke --all zoe@contoso.com --device a --confirm zoe@contoso.com --reason superseded >/dev/null || bail "not superseded"
check "everything of a client" 0 "$p11ca" --json client revoke --all ZOE@contoso.com --confirm ZOE@contoso.com --reason keyCompromise
check_json "is compromised" '[.certificates[].reason] == ["keyCompromise", "keyCompromise"]'

# A root
check "a root whose key is stolen" 0 "$p11ca" --json root retire vpn --reason keyCompromise --confirm vpn
reasons=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT state || ' ' || revoke_reason FROM certificates WHERE is_root = 1")
[ "$reasons" = "revoked keyCompromise" ]; ok "its certificate has the reason"
check "again" 0 "$p11ca" root retire vpn --reason keyCompromise --confirm vpn
root second other
"$p11ca" -q root retire second --confirm second >/dev/null || bail "not retired"
check "a root that is retired already" 0 "$p11ca" root retire second --reason keyCompromise --confirm second
id=$(sqlite3 "$P11CA_HOME/ledger.db" "SELECT k.cka_id FROM keys k JOIN roots r ON r.key_id = k.id WHERE r.name = 'second'" | sed 's/../%&/g')
check "its key as another root" 7 "$p11ca" --json root create third -t other --existing-key "pkcs11:id=$id" $pin --accept-imported
check_json "is refused" '.error.code | . == "key-compromised" or . == "key-recorded"'
check "the CRL of a root whose key is stolen" 0 "$p11ca" root crl vpn --out crl2.pem $pin
check "the ledger is in order" 0 "$p11ca" ledger verify
plan
