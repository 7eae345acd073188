#!/bin/sh
# SPDX-License-Identifier: MIT
# dry-run.t - --dry-run logs in to nothing, changes nothing, and refuses what the real run would.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm alice spare
use_proxy
request "$WORK/r.csr" /CN=x
NEWPIN=555555; export NEWPIN

# dry NAME STATUS command... : nothing in folder, token or home changes; no PIN is asked for
dry() {
	dry_name=$1 dry_status=$2
	shift 2
	rm -f "$WORK/calls"
	snapshot >"$WORK/before"
	check "$dry_name" "$dry_status" setsid "$p11ca" "$@" --dry-run
	snapshot | diff "$WORK/before" - >"$WORK/detail"; ok "$dry_name: nothing changed" "$WORK/detail"
	[ -f "$WORK/calls" ] || { : >"$WORK/calls"; echo "$dry_name" >>"$WORK/uncalled"; }
	! grep -E '^(C_Login|C_GenerateKeyPair|C_Sign|C_CreateObject|C_DestroyObject|C_InitToken|C_InitPIN|C_SetPIN) ' "$WORK/calls" >"$WORK/detail"
	ok "$dry_name: looks only" "$WORK/detail"
}

dry "root create, without a home" 0 root create vpn -t hsm
check_has "shows what would be signed" out "CN=vpn"
check_has "with placeholders" out "(random"
[ ! -e "$P11CA_HOME" ]; ok "and makes none"
root vpn hsm
card alice@contoso.com alice --out "$WORK/issued"
"$p11ca" client export alice@contoso.com --out "$WORK/alice.pem" || bail "no certificate"

dry "root create" 0 root create second -t spare
dry "root create of one that is there" 0 root create vpn -t hsm
dry "client enroll" 0 client enroll bob -t spare --out "$WORK/issued/bob"
check_has "shows what would be signed" out "CN=bob"
[ ! -e "$WORK/issued/bob" ]; ok "and makes no folder"
dry "client request" 0 client request bob -t spare --out "$WORK/issued/b.csr"
dry "client recipe" 0 client recipe bob --for macos --out "$WORK/issued/recipe"
dry "client issue" 0 client issue "$WORK/r.csr" --cn carol --out "$WORK/issued/carol"
check_has "shows the name" out carol
dry "client install" 0 client install "$WORK/alice.pem" -t alice
dry "token init" 0 token init --free --label new
dry "token init, with all that is on it" 0 token init spare --erase --label new
dry "token pin" 0 token pin alice
dry "token clean" 0 token clean alice --orphan abcd
dry "ledger recover" 0 ledger recover --close
dry "ledger checkpoint" 0 ledger checkpoint -t spare --out "$WORK/issued/c.pem"
check_has "shows the certificate of its key" out "CN=ledger "
dry "ledger backup" 0 ledger backup --out "$WORK/issued/copy.db"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=taken -keyout "$WORK/taken.key" -out "$WORK/taken.pem" 2>/dev/null
softhsm_key spare 77 "$WORK/taken.key" || bail "no key"
dry "root adopt" 0 root adopt taken -t spare --cert "$WORK/taken.pem" --accept-imported
dry "root attach" 0 root attach vpn -t spare

dry "a second certificate" 7 client enroll alice@contoso.com -t spare
dry "a kind of key that Azure has no use for" 7 client enroll x -t spare --key ec:p256
dry "no name" 7 client enroll ' ' -t spare
dry "a token that is not there" 4 client enroll x -t nosuch
dry "a token with a live key" 7 token init alice --erase --label new
dry "output that is there" 9 client enroll x -t spare --out "$WORK/r.csr"
dry "a request that nobody named" 7 client issue "$WORK/r.csr" --out "$WORK/issued/x" --batch
check "after all this the ledger is clean" 0 "$p11ca" ledger verify
# Those that need no token; every other one looked at one, and its calls were judged.
cat >"$WORK/tokenless" <<'EOF'
a request that nobody named
client issue
client recipe
ledger backup
ledger recover
EOF
sort "$WORK/uncalled" | diff "$WORK/tokenless" - >"$WORK/detail"; ok "only the dry runs that need no token called no module" "$WORK/detail"
plan
