#!/bin/sh
# SPDX-License-Identifier: MIT
# json.t - --json: one object, of the fields that the help lists, also when something fails.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
tokens hsm alice bob spare
request "$WORK/r.csr" /CN=x
NEWPIN=555555; export NEWPIN
echo text >"$WORK/text"

# documented COMMAND : "key" and "key.field" of each thing that its help says it prints
documented() {
	"$p11ca" $1 --help -v | awk '/^prints:/ { on = 1; next } on && /^[^ ]/ { on = 0 }
	    on && /^  [a-z]/ { key = $1; print key } on && /^    [a-z]/ { print key "." $1 }' | sort -u
}
# printed : the same of what was printed
printed() {
	jq -r 'del(.schema_version, .warnings, .error) | to_entries[] | .key, (.key as $k | .value |
	    if type == "array" then .[0] // {} else . end | objects | keys[] | $k + "." + .)' "$WORK/out" | sort -u
}
# json STATUS WORDS [ARGUMENT...] : WORDS are the command
json() {
	json_status=$1 json_words=$2
	shift 2
	check "$json_words${1:+ $*}" "$json_status" "$p11ca" --json $json_words "$@"
	check_json "$json_words: one object" '.schema_version == 2 and (.warnings | type == "array")'
	[ "$(wc -l <"$WORK/out")" -eq 1 ]; ok "$json_words: one line" "$WORK/out"
	if [ "$json_status" -ne 0 ] && [ "$json_status" -ne 10 ]; then
		check_json "$json_words: with the error" ".error.status == $json_status and (.error.message | length > 0) and (.error.code | test(\"^[a-z0-9-]+\$\"))"
		return
	fi
	documented "$json_words" >"$WORK/documented"
	printed | comm -13 "$WORK/documented" - >"$WORK/unknown"
	[ ! -s "$WORK/unknown" ]; ok "$json_words: only fields that its help lists" "$WORK/unknown"
	json_seen=$WORK/seen-$(echo "$json_words" | tr ' ' -)
	printed >>"$json_seen"
	sort -u -o "$json_seen" "$json_seen"
}
# promised COMMAND : what its help lists was printed by one of its runs
promised() {
	documented "$1" | comm -23 - "$WORK/seen-$(echo "$1" | tr ' ' -)" |
		while IFS= read -r field; do grep -qxF "$1 ${field%%.*}" "$WORK/elsewhere" || echo "$field"; done >"$WORK/unprinted"
	[ ! -s "$WORK/unprinted" ]; ok "$1: each field that its help lists was printed" "$WORK/unprinted"
}

json 0 'token list'
json 0 'token show' hsm
json 4 'token show' nosuch
check_json "a token that is not there has the code token-not-found" '.error.code == "token-not-found"'
json 4 'token show' hsm --module /nosuch.so
check_json "a module that is not there has the code module-not-found" '.error.code == "module-not-found"'
json 4 'root list'
json 0 'root create' vpn -t hsm $pin
json 0 'root create' lab -t hsm --dry-run
json 0 'client request' carol -t alice --out "$WORK/carol.csr" --dry-run
json 0 'token init' spare --erase --label x --dry-run
json 0 'token pin' spare --dry-run
json 0 'token clean' spare --orphan abcd --dry-run
json 0 'root list'
json 0 'root show' vpn
json 4 'root show' nosuch
check_json "a root that is not there has the code root-not-found" '.error.code == "root-not-found"'
json 4 'client show' nosuch
check_json "a client that is not there has the code client-not-found" '.error.code == "client-not-found"'
json 0 'client enroll' alice -t alice $pins --root vpn --out "$WORK/alice"
json 0 'client enroll' carol --shared-card -t alice --root vpn --dry-run
json 5 'client enroll' carol --shared-card -t alice --root vpn --pin-source env:WRONG --root-pin-source env:PIN
json 0 'client request' bob -t bob $pin --out "$WORK/bob.csr"
json 0 'client issue' "$WORK/bob.csr" --cn bob $pin --root vpn --out "$WORK/issued"
json 10 'client issue' "$WORK/r.csr" "$WORK/text" --trust-names $pin --root vpn --out "$WORK/issued"
json 7 'client issue' "$WORK/r.csr" --cn mallory $pin --root vpn --out "$WORK/issued"
json 0 'client install' "$WORK"/issued/bob-*.pem -t bob $pin
json 0 'client recipe' eve --for windows-tpm --out "$WORK/recipe"
json 0 'client request' eve --key-file "$WORK/eve.key" --key-pin-source env:PIN --out "$WORK/eve.csr"
json 0 'client issue' "$WORK/eve.csr" --cn eve $pin --root vpn --out "$WORK/issued"
json 0 'client bundle' --key-file "$WORK/eve.key" --cert "$WORK"/issued/eve-*.pem --key-pin-source env:PIN \
    --generate-password --out "$WORK/eve.pfx"
json 0 'client list'
json 0 'client show' alice
json 0 'token audit' alice $pin
json 0 'token init' spare --erase --confirm spare --label new --so-pin-source env:SOPIN --new-pin-source env:PIN
json 0 'token pin' new $pin --new-pin-source env:NEWPIN
json 4 'token clean' new --orphan abcd --confirm abcd --pin-source env:NEWPIN
json 0 'check' "$WORK/alice/root.cer" "$WORK/r.csr"
json 3 'check' "$WORK/tokens/../softhsm2.conf"
json 0 'explain'
json 0 'explain' azure-eku-first
json 0 'template list'
json 0 'template show' vpn-client
json 0 'ledger verify'
json 0 'ledger log'
json 0 'ledger recover'
json 0 'ledger export'
json 2 'token list' --nosuch
json 2 'root create' x
json 0 'root export' vpn --out "$WORK/line"
json 0 'client export' alice --out "$WORK/alice.out"
# What their lists and optional members have in them, so that no field is promised in vain.
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$WORK/ec.key" -subj /CN=e -out "$WORK/ec.csr" 2>/dev/null
json 10 'check' "$WORK/ec.csr"
json 0 'root export' vpn
json 0 'client export' alice
json 0 'token show' hsm
json 0 'client recipe' eve --for openssl --out "$WORK/recipe2" --dry-run
json 0 'client install' "$WORK"/issued/bob-*.pem -t bob --dry-run
json 0 'client bundle' --key-file "$WORK/eve.key" --cert "$WORK"/issued/eve-*.pem --key-pin-source env:PIN \
    --generate-password --out "$WORK/eve2.pfx" --dry-run
printf 'cn,token\nfrank,nosuch\n' >"$WORK/people.csv"
json 10 'client enroll' --from "$WORK/people.csv" --out "$WORK/people" --root vpn $pins
"$p11ca" -q gateway add gw --resource-group rg --root vpn >"$WORK/detail" 2>&1 || bail "no gateway"
"$p11ca" -q client revoke eve --reason superseded >"$WORK/detail" 2>&1 || bail "not revoked"
json 0 'client show' eve
# Those that take a fault, another CA, a state of a gateway or an orphan to be printed, which other tests have.
cat >"$WORK/elsewhere" <<'EOF'
client install files
client show enforced_by
ledger recover unfinished
ledger verify faults
root create files
root show issuers
token clean token
EOF
# Each command of the table reports a usage error, and its help, as JSON; json_valid looks for the schema of each.
"$p11ca" --json --help | jq -r '.commands[].command' >"$WORK/commands"
[ "$(wc -l <"$WORK/commands")" -gt 50 ]; ok "the help lists the commands" "$WORK/commands"
while IFS= read -r words; do
	check "$words with an unknown option" 2 "$p11ca" --json $words --no-such-option
	check_json "$words: a usage error" '.error.code == "usage" and .error.status == 2'
	check "$words --help" 0 "$p11ca" --json $words --help
	check_json "$words: its options" ".help.command == \"$words\" and (.help.options | length > 5)"
	[ -f "$srcdir/docs/json/$(echo "$words" | tr ' ' -).json" ]; ok "$words: there is a schema"
done <"$WORK/commands"
for seen in "$WORK"/seen-*; do
	promised "$(basename "$seen" | sed 's/^seen-//; s/-/ /')"
done
plan
