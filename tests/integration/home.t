#!/bin/sh
# SPDX-License-Identifier: MIT
# home.t - homes and ledgers that are not valid, of another user, too new, or from the future.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq sqlite3 bindfs unshare
tokens hsm alice
ledger=$P11CA_HOME/ledger.db
mkdir -m 700 "$P11CA_HOME"
for words in 'root list' 'root show vpn' 'root export vpn' 'client list' 'client show x' 'client export x' \
    'ledger verify' 'ledger log' 'ledger recover' 'ledger export' "client enroll x -t alice $pins" \
    "client issue /dev/null --cn x --out $WORK/o $pin"; do
	check "an empty home: $words" 4 "$p11ca" $words
	check_has "names it" err "$P11CA_HOME"
done
[ -z "$(ls "$P11CA_HOME")" ]; ok "and it stays empty"

root vpn hsm
cp -r "$P11CA_HOME" "$WORK/good"
# restored : the ledger as it was
restored() { rm -rf "$P11CA_HOME" && cp -r "$WORK/good" "$P11CA_HOME"; }
enroll() { "$p11ca" --json client enroll --shared-card x -t alice $pins "$@"; }

sqlite3 "$ledger" "PRAGMA user_version = 99"
check "a ledger of a newer version" 8 enroll
check_has "says which" err "has version 99"
check "is not read either" 8 "$p11ca" ledger verify
rm -f "$P11CA_HOME"/ledger.db*
sqlite3 "$ledger" "CREATE TABLE t (x); INSERT INTO t VALUES (1)"
sum=$(sha256sum <"$ledger")
check "another program's database" 8 enroll
check_has "is said" err "is not a ledger of p11ca"
check "root create leaves it alone" 8 "$p11ca" root create vpn2 -t alice $pin
[ "$sum" = "$(sha256sum <"$ledger")" ]; ok "byte for byte"
echo text >"$ledger"
check "no database" 8 enroll
check_has "is said" err "is not a ledger of p11ca"
restored
head -c 20000 "$WORK/good/ledger.db" >"$ledger"
check "half a ledger" 8 enroll
restored
mv "$ledger" "$WORK/moved.db" && ln -s "$WORK/moved.db" "$ledger"
check "a link" 7 enroll
check_json "has a code" '.error.code == "ledger-not-a-file"'
restored
(umask 0 && "$p11ca" -q --home "$WORK/mask" root create mask -t hsm $pin >"$WORK/detail" 2>&1); ok "a home made under umask 0" "$WORK/detail"
[ -f "$WORK/mask/ledger.db" ] && ! find "$WORK/mask" -perm /077 | grep . >"$WORK/detail"
ok "has files and folders for their owner only" "$WORK/detail"
chmod 777 "$P11CA_HOME"
check "a home for everybody" 7 enroll
check_json "has a code" '.error.code == "home-writable"'
chmod 700 "$P11CA_HOME" && chmod 666 "$ledger"
check "a ledger for everybody" 7 enroll
chmod 660 "$ledger"
check "a ledger that its group may write to" 7 enroll
check_json "has the same code" '.error.code == "home-writable"'
chmod 600 "$ledger" && chmod 770 "$P11CA_HOME"
check "a home that its group may write to" 7 enroll
check_json "has the same code, too" '.error.code == "home-writable"'
chmod 700 "$P11CA_HOME"
if [ "$(id -u)" -eq 0 ]; then
	chown 1234 "$ledger"
	check "a ledger of another user" 7 enroll
	check_json "is not written to" '.error.code == "home-other-owner"'
	chown 0 "$ledger" && chown 1234 "$P11CA_HOME"
	check "a home of another user" 7 enroll
	check_json "is not written to either" '.error.code == "home-other-owner"'
	chown 0 "$P11CA_HOME"
fi
check "a file for a home" 9 "$p11ca" --home "$ledger" root create x -t alice $pin
check "a home that cannot be made" 9 "$p11ca" --home /proc/nosuch root create x -t alice $pin

# remote FOLDER COMMAND... : runs it where FOLDER lies on FUSE, as sshfs brings it, in a name space of its own
remote() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -r -m sh -c 'folder=$1 && shift && bindfs --no-allow-other "$folder" "$folder" || exit 99
		"$@" && status=0 || status=$?
		umount "$folder"
		exit $status' remote "$@"
}
mkdir -m 700 "$WORK/far"
# shellcheck disable=SC2086 # two words
check "a home on a network file system" 7 remote "$WORK/far" "$p11ca" --home "$WORK/far/home" root create far --token alice $pin
check_has "is named" err "is on a network file system (FUSE)"
check_has "with what to do" err "choose another folder with --home"
[ -z "$(ls -A "$WORK/far")" ]; ok "nothing is left there"
cp -r "$WORK/good" "$WORK/far/home"
sum=$(cd "$WORK/far/home" && sha256sum ledger.db)
# shellcheck disable=SC2086
check "a ledger there" 7 remote "$WORK/far" "$p11ca" --home "$WORK/far/home" client enroll --shared-card x --token alice $pin
[ "$sum" = "$(cd "$WORK/far/home" && sha256sum ledger.db)" ]; ok "is not written to"

[ "$("$p11ca" --json token show alice | jq '.objects | length')" -eq 0 ]; ok "none of these made a key"
check "the good one" 0 enroll
check "verifies" 0 "$p11ca" ledger verify

if command -v faketime >/dev/null; then
	check "a clock that went back" 7 at '2020-01-01' "$p11ca" --json client enroll --shared-card y -t alice $pins
	check_json "has a code" '.error.code == "clock-went-back"'
	check "reading goes on" 0 at '2020-01-01' "$p11ca" client list --all
	check "an expired root" 7 at '+11 years' "$p11ca" --json client enroll --shared-card y -t alice $pins
	check_json "issues nothing" '.error.code == "validity-issuer-expired"'
fi
plan
