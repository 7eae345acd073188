#!/bin/sh
# SPDX-License-Identifier: MIT
# enroll-list.t - client enroll --from a list that names a token for each; tests/tokens/card-by-card.t waits for cards.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm one two three four five six seven eight
root vpn hsm
"$p11ca" root export vpn --format pem --out root.pem || bail "no root"
list() { "$p11ca" --json client enroll --from people.csv --out made "$@" $pins; }
# wrong WHAT STATUS TEXT : the list is refused as a whole
wrong() {
	printf '%b' "$3" >people.csv
	check "$1" "$2" list
}
snapshot >before
wrong "no header" 3 'alice,one\n'
check_has "the hint names the columns" err "cn,device,token"
wrong "a column twice" 3 'cn,cn\nalice,bob\n'
wrong "no name" 3 'cn,token\n,one\n'
wrong "a column too few" 3 'cn,token\nalice\n'
check_has "in its line" err "line 2"
wrong "a client twice" 3 'cn,token\nalice,one\nbob,two\nalice,three\n'
wrong "nobody" 3 'cn,token\n'
wrong "a list that names no token for any entry" 2 'cn,token\nalice,\nbob,\n'
check_has "the hint names the column" err 'column `token`'
check "a list and a name" 2 "$p11ca" client enroll alice --from people.csv $pins
check "neither" 2 "$p11ca" client enroll $pins
check "--wait for one" 2 "$p11ca" client enroll alice -t one --wait $pins
check "a list and --device" 2 list --device x
check "a list and --token without --wait" 2 list --token one
check "no file" 9 "$p11ca" client enroll --from nowhere.csv $pins
snapshot >after
cmp before after >detail; ok "none of them did anything" detail

# Entries that cannot be enrolled, of each kind: every one has its row and its code, and the others go on.
printf 'cn,device,token\nali\342\200\213ce,,one\nbob,x\033[1my,one\ncarol,,pkcs11:token=%%zz\ndave,,\n"erin\nx",,one\n%s,,one\nfay,,eight\n' \
    "$(printf '%065d' 0)" >people.csv
check "a list with six bad entries and a good one ends with status 10" 10 list
check_json "every entry has its row" '.clients | length == 7'
check_json "the bad entries are refused" '[.clients[0:6][].outcome] | unique == ["refused"]'
check_json "each refusal has a code and a reason" '[.clients[0:6][] | (.code | type == "string") and (.message | length > 10)] == [true, true, true, true, true, true]'
check_json "the codes of a token that cannot be read and of none" '[.clients[2:4][].code] == ["token-not-named", "token-not-named"]'
check_json "the good entry is enrolled" '.clients[6] | .outcome == "enrolled" and .serial != null'
check "a dry run of the list has the same rows" 10 list --dry-run
check_json "the bad entries are refused, the good one exists" '[.clients[].outcome] == ["refused", "refused", "refused", "refused", "refused", "refused", "existing"]'
snapshot >before

printf 'device,cn,token\r\n,alice@contoso.com,one\r\nphone,"bob, the builder",pkcs11:token=two\r\n,carol,nowhere\r\n,dave,three\r\n' >people.csv
check "a dry run of a list with a token that is not there ends with status 10" 10 list --dry-run
check_json "the dry run refuses that client, and has the token of each other" '[.clients[] | [.outcome, .code, .token_label]] == [["todo", null, "one"], ["todo", null, "two"], ["refused", "token-not-found", null], ["todo", null, "three"]]'
snapshot >after
cmp before after >detail; ok "and does nothing" detail
check "three of four" 10 list
check_json "each with what became of it" '[.clients[].outcome] == ["enrolled", "enrolled", "refused", "enrolled"]'
check_json "and why" '.clients[2].message | test("nowhere")'
for file in made/alice@contoso.com/alice@contoso.com.pem made/bob__the_builder-phone-*/*.pem made/dave/dave.pem; do
	case $file in *-chain.pem) continue ;; esac
	openssl verify -CAfile root.pem "$file" >detail 2>&1; ok "openssl verifies $file" detail
done
check "what is on the token" 0 "$p11ca" --json client show "bob, the builder"
check_json "is of the device" '.client.device == "phone" and .client.installed_at != null'
sed 's/nowhere/hsm/' people.csv >again.csv && mv again.csv people.csv
check "the same list, the token that was missing is the root's" 10 list
check_json "is refused alone" '[.clients[] | [.outcome, .name]] == [["existing", "alice@contoso.com"], ["existing", "bob, the builder"], ["refused", "carol"], ["existing", "dave"]]'
check "by word" 0 list --same-token
check_json "carol has hers" '.clients[2] | .outcome == "enrolled" and .serial != null'
check "to a person" 0 "$p11ca" client enroll --from people.csv --out made $pins
check_has "as a table" out "NAME"
grep -Eq '^alice@contoso.com +- +existing +one +20[0-9-]{8}T' out; ok "each row has the label of the token and the end of validity" out
check_has "of all" out "bob, the builder"

# A folder that was deleted is written again, if the card is there
cp -r made kept && rm -r made/alice@contoso.com made/dave/receipt.json made/dave/root.cer || bail "no folders"
check "the same list after folders were deleted" 0 list
check_json "these clients exist already" '[.clients[].outcome] == ["existing", "existing", "existing", "existing"] and .warnings == []'
diff -r -x receipt.json kept made >detail; ok "their files are as before" detail
serial=$("$p11ca" --json client show dave | jq -r .client.token_serial)
rm made/dave/root.cer && check "the same list with letters" 0 list --letter
[ -s made/dave/root.cer ] && [ -s made/dave/letter.html ]; ok "a file that is missing is written again, and a letter that was not asked for before"
"$p11ca" -q client renew "bob, the builder" --out renewed $pins >detail 2>&1 || bail "$(cat detail)"
check "the same list after a renewal" 10 list
check_json "a folder with the files of the older certificate is refused" '[.clients[] | select(.name | test("^bob")) | .outcome] == ["refused"]'
check "the same list with --force" 0 list --force
cmp -s renewed/bob*[0-9a-f].pem made/bob*/bob*[0-9a-f].pem; ok "--force writes the files of the newer certificate"
rm -r made/dave || bail "no folder"
stored=$(echo tokens/*"${serial#????}") && mv "$stored" away || bail "no token"
check "the same list while the card is elsewhere" 0 list
check_json "a warning names the client whose folder is missing" '.warnings[0] | .code == "enroll-folder-missing" and (.message | contains("dave"))'
[ ! -e made/dave ]; ok "no folder is made without the card"
mv away "$stored" && cp -r kept/dave made/dave || bail "no token"

# The token of the root is no card, also if it matches the URI of the cards.
printf 'cn\nzoe\n' >wait.csv
timeout 10 "$p11ca" client enroll --from wait.csv --wait --token pkcs11:token=hsm $pins >waited 2>wait.err
[ $? -eq 124 ] && grep -q "Insert the card for zoe. (token 'hsm' has the key of root 'vpn')" wait.err && ! grep -q refused waited
ok "a list waits while only the token of the root is there, and says so" wait.err
if "$p11ca" client show zoe >detail 2>&1; then ! :; else :; fi; ok "nobody is enrolled on the token of the root" detail

# A PIN that is wrong ends the run: the next token keeps its tries.
printf 'cn,token\nerin,one\nfred,two\n' >people.csv
check "a wrong PIN" 5 "$p11ca" client enroll --from people.csv --shared-card --pin-source env:WRONG --root-pin-source env:PIN --batch
check_has "names who" err "erin"
"$p11ca" --json client enroll --from people.csv --shared-card --pin-source env:WRONG --root-pin-source env:PIN --batch >out 2>err
check_json "the entry whose PIN is wrong is refused, the one behind it was not tried" '[.clients[].outcome] == ["refused", "not tried"]'
"$p11ca" --json token show one | jq -e '.token.pin_count_low == true' >detail; ok "whose token was tried" detail
"$p11ca" --json token show two | jq -e '.token.pin_count_low == false' >detail; ok "and nobody else's" detail
# What Excel writes.
printf '\357\273\277cn;device;token\r\nalice@contoso.com;;one\r\n;;\r\n' >people.csv
check "a list with a byte order mark, semicolons and an empty row is read" 0 list
check_json "it has one client" '[.clients[].name] == ["alice@contoso.com"]'
printf '\377\376' >people.csv && printf 'cn\ttoken\r\nbob, the builder\tseven\r\nM\303\274ller\tsix\r\n' | iconv -t UTF-16LE >>people.csv
check "a list in UTF-16 with tabs is read" 0 list --dry-run
check_json "its names are as they were written" '[.clients[].name] == ["bob, the builder", "Müller"]'
printf 'cn,token\nM\374ller,one\n' >people.csv
check "a list in Windows' code page is refused" 3 list
check_has "the hint names the encoding to choose" err "CSV UTF-8"

# Names that were one folder: not ASCII, in another case, or a device that is part of another name.
printf 'cn,device,token\nJan Müller,,four\nJan Möller,,five\njan-b,,six\njan,b,seven\n' >people.csv
check "clients whose names differ by an umlaut are enrolled" 0 "$p11ca" --json client enroll --from people.csv --out umlauts $pins
check_json "each entry has a folder of its own" '[.clients[].folder] | unique | length == 4'
find umlauts -name receipt.json -exec cat {} + | jq -rs 'map(.result.name) | sort | join(",")' >detail
[ "$(cat detail)" = "Jan Möller,Jan Müller,jan,jan-b" ]; ok "each folder has the receipt of its client" detail
snapshot_of() { find umlauts -type f -exec sha256sum {} + | sort; }
snapshot_of >before
check "enrolling the list again with --force succeeds" 0 "$p11ca" --json client enroll --from people.csv --out umlauts --force $pins
snapshot_of >after
cmp before after >detail; ok "it overwrites no file of another client" detail
folder=$(find umlauts -maxdepth 1 -name 'Jan_M*' | head -n 1)
check "enrolling another client into that folder is refused, even with --force" 9 \
    "$p11ca" --json client enroll alice@contoso.com -t one --out "$folder" --force $pins
check_json "the refusal has the code folder-of-other-client" '.error.code == "folder-of-other-client"'
check "another device of the client is refused there, too" 9 \
    "$p11ca" --json client enroll "jan" -t seven --device c --out "$(dirname "$(grep -l '"device": "b"' umlauts/*/receipt.json)")" --force $pins
snapshot_of >after
cmp before after >detail; ok "the folder is as it was" detail

# The list again, but under another root or template.
printf 'cn,device,token\nalice@contoso.com,,one\n"bob, the builder",phone,two\ncarol,,hsm\ndave,,three\n' >people.csv
check_json_list() { check_json "$1" "[.clients[].outcome] == $2"; }
root second hsm --key rsa:3072
check "the same list under another root is refused, as the certificates are of the first root" 10 \
    "$p11ca" --json client enroll --from people.csv --root second $pins
check_json_list "no entry is reported as existing" '["refused", "refused", "refused", "refused"]'
check_json "each entry names the root of its certificate" '[.clients[].message | test("root .vpn.")] == [true, true, true, true]'
check "the same list with another template is refused" 10 \
    "$p11ca" --json client enroll --from people.csv --root vpn --template vpn-client $pins
check_json_list "no entry is reported as existing with another template" '["refused", "refused", "refused", "refused"]'
check "the same list under the same root" 0 "$p11ca" --json client enroll --from people.csv --root vpn --template azure-client $pins
check_json_list "every entry exists" '["existing", "existing", "existing", "existing"]'
check_json "each entry has its token and end of validity, as in client list" '[.clients[] | .token_serial == .token.serial and (.token_label | length > 0) and (.not_after | test("^20")) and (.fingerprint | length == 64)] == [true, true, true, true]'

# Refusals of each kind: the dry run has the same rows as the real run.  A key of another type than the template allows, a
# certificate from a request and a revoked one, the files of another client, and a card that the list names twice.
"$p11ca" -q client revoke dave --reason superseded >/dev/null || bail "not revoked"
"$p11ca" -q client request erin -t four --shared-card --key ec:p256 --out erin.csr $pin >/dev/null || bail "no request"
request csr.csr /CN=x && "$p11ca" -q client issue csr.csr --cn csr --root vpn --out csr $pin >/dev/null || bail "not issued"
mkdir -p made/grace && cp made/dave/receipt.json made/grace || bail "no receipt"
for label in nine ten eleven; do
	softhsm2-util --init-token --free --label $label --pin "$PIN" --so-pin "$SOPIN" >/dev/null || bail "no token"
done
cat >people.csv <<'END'
cn,token
nobody,nowhere
hugo,two
iris,hsm
dave,three
erin,four
csr,nine
vpn,nine
grace,nine
kurt,ten
kate,ten
alice@contoso.com,one
END
# same_codes ROWS OPTION... : the dry run and the real run have the same codes, in ROWS rows at least
same_codes() {
	same_rows=$1
	shift
	snapshot >before
	list --dry-run "$@" >dry 2>err
	snapshot | diff before - >detail; ok "the dry run changes nothing ($*)" detail
	list "$@" >out 2>err
	jq -c '.clients[] | [.name, .code]' dry >dry.codes
	jq -c '.clients[] | [.name, .code]' out | diff dry.codes - >detail; ok "the dry run refuses what the real run refuses ($*)" detail
	[ "$(grep -vc ',null]' dry.codes)" -ge "$same_rows" ]; ok "that are $same_rows refusals or more ($*)" dry.codes
}
same_codes 9 --root vpn
jq -rs '[.[] | .[1] // "-"] | join(" ")' dry.codes >detail
[ "$(cat detail)" = "token-not-found card-of-other-client same-token id-taken key-type client-has-certificate rfc5280-issuer-name folder-of-other-client - card-of-other-client -" ]
ok "each refusal has the code of its reason" detail
printf 'cn,token\nlea,eleven\nalice@contoso.com,one\n' >people.csv
same_codes 1
same_codes 1 --root nowhere
same_codes 1 --root vpn --days 9999
check "a dry run that waits for cards" 0 list --root vpn --wait --token pkcs11:manufacturer=x --dry-run
check_json "checks the card that is there" '.clients[0] | .outcome == "todo" and .token.label == "eleven"'
printf 'cn,token\nlea,away\nmax,\nvpn,\ncsr,\nbob@contoso.com,two\n' >people.csv
check "a dry run without the cards" 10 list --root vpn --wait --token pkcs11:manufacturer=x --dry-run
check_json "checks everything else" '[.clients[] | .code // .outcome] == ["todo", "todo", "rfc5280-issuer-name", "client-has-certificate", "card-of-other-client"]'

# On a terminal, with root and cards on one module: each prompt names its client, and the root's PIN is asked once.
printf 'cn,device,token\nlea,,eleven\nmia,phone,nine\n' >people.csv
printf '%s\t%s\n' "$PIN $PIN $PIN" "$p11ca client enroll --from people.csv --root vpn" >table
mkdir screens && python3 "$srcdir/tests/integration/terminal.py" 200 screens table >faults; ok "a list is enrolled on a terminal" faults
grep -q 'prompts=3 ' faults; ok "the root's PIN is asked once, and that of each card" faults
grep -o 'Enter PIN for [^:]*' screens/1 | sed 's/ (serial [0-9a-f]*)//' >detail
printf 'Enter PIN for %s\n' "token 'eleven' (lea, 1 of 2)" "the root's token 'hsm' (lea, 1 of 2)" "token 'nine' (mia 'phone', 2 of 2)" |
    cmp - detail >>detail 2>&1; ok "each prompt names the client" detail
grep -Eq "p11ca: mia 'phone', 2 of 2: [0-9]+/10 issue the certificate" screens/1; ok "the progress line names the client" screens/1
[ "$("$p11ca" --json client list --root vpn | jq '[.clients[] | select(.name == "lea" or .name == "mia")] | length')" = 2 ]; ok "both clients have a certificate"

check "clean" 0 "$p11ca" ledger verify
plan
