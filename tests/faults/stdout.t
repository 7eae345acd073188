#!/bin/sh
# SPDX-License-Identifier: MIT
# stdout.t - with a full or closed stdout, or a closed pipe, each command exits with 9 and the ledger stays clean.
. "$srcdir/tests/faults/lib.sh"
. "$srcdir/tests/package.sh"
tokens_up root alice
PKCS11_MODULE_PATH=$module
request() { p11ca client request --shared-card bob --token alice --key ec:p256 --out "$WORK/bob.csr" --pin-source env:PIN; }
orphan() { p11ca client request --shared-card eve --token alice --key ec:p256 --out "$WORK/eve.csr" --pin-source env:PIN; }

check "a root" 0 root_create_rsa
check "a client" 0 enroll
check "a request" 0 request
check "its certificate" 0 p11ca client issue "$WORK/bob.csr" --cn bob --template vpn-client --out "$WORK/bob" \
    --pin-source env:PIN
check "a client of the gateway" 0 p11ca client enroll --shared-card frank --token alice --out "$WORK/frank" --pin-source env:PIN \
    --root-pin-source env:PIN
check "a client on hold" 0 p11ca client enroll --shared-card gina --token alice --out "$WORK/gina" --key ec:p256 --template vpn-client \
    --pin-source env:PIN --root-pin-source env:PIN
check "a root that is retired" 0 p11ca root create gone --token root --key ec:p256 --template vpn-root --pin-source env:PIN
check "a gateway" 0 p11ca gateway add gw1 --resource-group test
check "a root for another CA to sign" 0 p11ca root request sub --token root --out "$WORK/sub.csr" --pin-source env:PIN
check "by its name" 0 p11ca root retire gone --confirm gone
check "it is" 0 p11ca client revoke gina --reason certificateHold
package_root "$WORK/gateway.pem" "/CN=Test Gateway Root"
"$p11ca" root export corp --format pem --out "$WORK/corp.pem" || bail "no root"
package_folder "$WORK/package" "$WORK/gateway.pem" "$WORK/corp.pem"
cp -r "$WORK/package" "$WORK/renamed"
line() { openssl x509 -in "$1" -outform DER | openssl base64 -A; }
sed -e "s|@CLIENT_ROOT_DATA@|$(line "$WORK/corp.pem")|" -e "s|@OTHER_ROOT_DATA@|$(line "$WORK/gateway.pem")|" \
    -e s/test-gw/gw1/g "$srcdir/tests/data/gateway/vnet-gateway.json" >"$WORK/gw1.json"
find "$WORK/renamed" -type f -exec sed -i s/azuregateway-7e570000/azuregateway-7e570009/g {} +
check "its profile" 0 p11ca profile write "$WORK/package" --client frank --for swanctl --out "$WORK/frank"
PKCS11_MODULE_PATH=$proxy
with_fault C_Sign@1=0x30 orphan
PKCS11_MODULE_PATH=$module
check "an orphan" 0 p11ca ledger recover --close
orphan=$(db "SELECT cka_id FROM keys WHERE state = 'orphan'")
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=taken -keyout "$WORK/taken.key" -out "$WORK/taken.pem" 2>/dev/null
softhsm_key root 77 "$WORK/taken.key" || bail "no key"
openssl req -newkey rsa:2048 -nodes -subj /CN=soft -keyout "$WORK/soft.key" -out "$WORK/soft.csr" 2>/dev/null
openssl x509 -req -in "$WORK/soft.csr" -CA "$WORK/taken.pem" -CAkey "$WORK/taken.key" -out "$WORK/soft.pem" 2>/dev/null ||
    bail "no certificate of a software key"
printf 'basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n' >"$WORK/sub.cnf"
openssl x509 -req -in "$WORK/sub.csr" -CA "$WORK/taken.pem" -CAkey "$WORK/taken.key" -extfile "$WORK/sub.cnf" -out "$WORK/sub.pem" 2>/dev/null ||
    bail "no certificate of another CA"
cp "$WORK/files/alice.pem" "$WORK/bob"/bob*.pem "$WORK"
mv "$WORK"/bob-*.pem "$WORK/bob.pem"
check "a copy of the ledger" 0 p11ca ledger backup --out "$WORK/spare.db"
save

echo "base = vpn-client" >"$WORK/users.ini"
# One row per command: its name, and what it needs.  PIN and folders are those of this test.
cat >"$WORK/rows" <<-END
	token list
	token show     alice
	token init     --free --label new --new-pin-source env:PIN --so-pin-source env:PIN
	token pin      alice --pin-source env:PIN --new-pin-source env:PIN
	token audit    alice --pin-source env:PIN
	token clean    alice --orphan $orphan --confirm $orphan --pin-source env:PIN
	root create    next --token root --key ec:p256 --template vpn-root --pin-source env:PIN
	root adopt     taken --token root --cert $WORK/taken.pem --accept-imported --pin-source env:PIN
	root attach    corp --token root --pin-source env:PIN
	root request   other --token root --out $WORK/other.csr --force --pin-source env:PIN
	root install   sub --cert $WORK/sub.pem --chain $WORK/taken.pem --pin-source env:PIN
	root list
	root show      corp
	root export    corp
	client enroll  carol --shared-card --root corp --token alice --key ec:p256 --template vpn-client --out $WORK/files --pin-source env:PIN --root-pin-source env:PIN
	client request dave --shared-card --token alice --key ec:p256 --out $WORK/files --pin-source env:PIN
	client recipe  dave --for windows --out $WORK/files/recipe
	client issue   $WORK/bob.csr --cn bob --root corp --template vpn-client --out $WORK/files --pin-source env:PIN
	client install $WORK/bob.pem --shared-card --token alice --pin-source env:PIN
	client bundle  --key-file $WORK/soft.key --cert $WORK/soft.pem --root-cert $WORK/taken.pem --out $WORK/files/soft.pfx --force --generate-password
	client renew   frank --shared-card --key ec:p256 --template vpn-client --pin-source env:PIN --root-pin-source env:PIN
	client list
	client show    alice
	client export  alice
	client letter  alice --out $WORK/files/letter.html --force
	report         --out $WORK/files/report.html --force
	check          $WORK/alice.pem
	doctor --json
	explain
	template list
	template show  azure-client
	template check $WORK/users.ini
	root renew     corp --pin-source env:PIN
	root rollover  corp --to gone
	root retire    corp --confirm corp
	root crl       corp --out $WORK/corp.crl --force --pin-source env:PIN
	client revoke  alice --reason certificateHold
	client restore gina
	client import  $WORK/alice.pem --root corp
	gateway add    gw2 --resource-group rg
	gateway list
	gateway show   gw1
	gateway render gw1
	gateway diff   gw1 --state $WORK/gw1.json
	gateway check  gw1 --json --state $WORK/gw1.json
	ledger verify
	ledger log
	ledger recover --json
	ledger export
	ledger checkpoint --root corp --token root --key ec:p256 --out $WORK/files/checkpoint.pem --force --pin-source env:PIN --root-pin-source env:PIN
	ledger backup  --out $WORK/files/copy.db
	ledger restore $WORK/spare.db --home $WORK/files/elsewhere
	ledger acknowledge --note nothing
	ledger move    --out $WORK/files/moved.db
	package show   $WORK/package
	package check  $WORK/package
	package diff   $WORK/package $WORK/renamed
	profile write  $WORK/package --client frank --for swanctl --out $WORK/profiles
	profile stale  $WORK/renamed
END
sed -n 's/^COMMAND(\(.*\))$/\1/p' "$srcdir/src/cli/commands.def" | tr _ ' ' >"$WORK/commands"
while read -r command; do
	grep "^$command\( \|\$\)" "$WORK/rows" || echo "no row for $command"
done <"$WORK/commands" | grep '^no row' >"$WORK/detail"
[ $? -eq 1 ]; ok "each command has a row" "$WORK/detail"

# spoilt full|closed|pipe ARGUMENT... : $status, $WORK/err
spoilt() {
	load
	case $1 in
	full) shift; p11ca "$@" >/dev/full 2>"$WORK/err";;
	closed) shift; p11ca "$@" >&- 2>"$WORK/err";;
	pipe) # the reader closes the pipe before the command begins
		shift
		rm -f "$WORK/pipe" "$WORK/gone" && mkfifo "$WORK/pipe" "$WORK/gone" || bail "no pipe"
		{ exec 8<"$WORK/pipe"; exec 8<&-; : >"$WORK/gone"; } &
		( exec >"$WORK/pipe"; : <"$WORK/gone"; p11ca "$@" ) 2>"$WORK/err"
	esac
	status=$?
}
# expect WHAT ARGUMENT...
expect() {
	: >"$WORK/out"
	spoilt "$@"
	what="$1 stdout: $2 ${3:-}"
	[ "$status" -eq 9 ] || complain "exit status $status"
	errors=1
	[ "$1" != pipe ] || errors=0 # as with other programs, a closed pipe causes no message
	[ "$(grep -c '^p11ca: error: ' "$WORK/err")" -eq "$errors" ] || complain "not $errors error lines"
	must "the ledger is not clean" "$p11ca" ledger verify
	shift
	case "$1 ${2:-}" in
	"root create" | "client enroll" | "client issue" | "client install") # what was done is found, and shown
		must "the same command does not finish" p11ca "$@";;
	esac
	passed "$what"
}
sed 's/^/full /; p; s/^full/closed/' "$WORK/rows" | sample 4 >"$WORK/spoilt"
while read -r row; do
	# shellcheck disable=SC2086 # options of the row
	expect $row
done <"$WORK/spoilt"
for row in "token list" "root show corp" "client list" "ledger export --format csv" "ledger export --format jsonl"; do
	# shellcheck disable=SC2086
	expect full --json $row
done
for command in "root create" "client enroll" "client issue" "client list"; do
	# shellcheck disable=SC2046 # options of the row
	expect pipe $(grep "^$command" "$WORK/rows")
done
for row in --help --version "client enroll --help"; do
	# shellcheck disable=SC2086
	expect full $row
done
plan
