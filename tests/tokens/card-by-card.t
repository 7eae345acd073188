#!/bin/sh
# SPDX-License-Identifier: MIT
# card-by-card.t - client enroll --from --wait: a list of people, and cards that are put in one after the other.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
. "$srcdir/tests/tokens/cards.sh"
needs jq openssl opensc-tool
inside "$0"
ykcs11=$(first_of /usr/lib/*/libykcs11.so.2 /usr/lib64/libykcs11.so.2) || skip_all "no ykcs11"
tokens hsm
module_leaks # ykcs11
root vpn hsm
use_proxy # counts what the root's token is asked
proxied=$PKCS11_MODULE_PATH ROOTPIN=$PIN PIN=123456
MANAGEMENT=010203040506070801020304050607080102030405060708 # what every new YubiKey comes with
export ROOTPIN MANAGEMENT
"$p11ca" root export vpn --format pem --out "$WORK/root.pem" || bail "no root"
reader "Yubico YubiKey CCID"
cat >"$WORK/people.csv" <<'END'
cn,device
alice@contoso.com,
bob@contoso.com,card
carol@contoso.com,
END
# desk [OPTION...] : the run, in the background; what it says is in $WORK/said, its JSON in $WORK/made
desk() {
	: >"$WORK/said"
	timeout 150 "$p11ca" --json client enroll --from "$WORK/people.csv" --wait --module "$ykcs11" --token "pkcs11:manufacturer=Yubico%20%28www.yubico.com%29" \
	    --root-module "$proxied" --slot 9a --out "$WORK/desk" --pin-source env:PIN --root-pin-source env:ROOTPIN --so-pin-source env:MANAGEMENT "$@" \
	    >"$WORK/made" 2>"$WORK/said" &
	desk_pid=$!
}
# says N TEXT : within a while, TEXT has been said N times
says() {
	says_tries=0
	until [ "$(grep -cF "$2" "$WORK/said")" -ge "$1" ]; do
		[ $((says_tries += 1)) -le 300 ] || { cp "$WORK/said" "$WORK/detail"; return 1; }
		sleep 0.1
	done
}
# put SERIAL : a new card into the reader; take : out of it
put() { echo "serial $1" >"$WORK/faults" && slide piv_card.py; }
take() { pull "$card_in" 0; }

rm -f "$WORK/calls"
desk
says 1 "Insert the card for alice@contoso.com."; ok "asks for the first" "$WORK/detail"
put 1001
says 1 "Remove the card, and insert the card for bob@contoso.com."; ok "fills it, and asks for the next" "$WORK/detail"
take
says 1 "Insert the card for bob@contoso.com."; ok "sees that it is out" "$WORK/detail"
put 1002
says 1 "insert the card for carol@contoso.com."; ok "fills the second" "$WORK/detail"
take
# Enough for today: the desk is closed, and goes on tomorrow with who is left.
says 1 "Insert the card for carol@contoso.com."; ok "waits for the third" "$WORK/detail"
kill -INT "$(pgrep -P "$desk_pid" || echo "$desk_pid")"
wait "$desk_pid"
[ $? -eq 11 ]; ok "interrupted while it waits" "$WORK/said"
[ "$(calls C_Login)" = 1 ]; ok "the root was logged in once" "$WORK/calls"
for name in alice bob; do
	set -- "$WORK"/desk/$name@contoso.com*/$name@contoso.com.pem
	openssl verify -x509_strict -CAfile "$WORK/root.pem" "$1" >"$WORK/detail" 2>&1; ok "$name's certificate is good" "$WORK/detail"
done
set -- "$WORK"/desk/bob@contoso.com-card-*/receipt.json
[ -e "$1" ]; ok "bob's device is in the folder's name"

desk
says 1 "Insert the card for carol@contoso.com."; ok "tomorrow: alice and bob are not asked for again" "$WORK/said"
! grep -qF "the card for alice" "$WORK/said"; ok "nobody else is" "$WORK/said"
put 1002 # by mistake
says 1 "This card belongs to bob@contoso.com. Insert the card for carol@contoso.com."; ok "another's card is known" "$WORK/detail"
take
says 2 "Insert the card for carol@contoso.com."; ok "that it is out again, too" "$WORK/detail"
put 1003
wait "$desk_pid"; ok "the last one is filled, and the run is over" "$WORK/said"
cp "$WORK/made" "$WORK/out"
check_json "who was there before, and who is new" '[.clients[] | [.name, .outcome]] == [["alice@contoso.com", "existing"], ["bob@contoso.com", "existing"], ["carol@contoso.com", "enrolled"]]'
check_json "on which card" '.clients[2].token.serial == "1003" and (.clients[2].thumbprint | length == 40)'
openssl verify -x509_strict -CAfile "$WORK/root.pem" "$WORK/desk/carol@contoso.com/carol@contoso.com.pem" >"$WORK/detail" 2>&1; ok "carol's certificate is good" "$WORK/detail"
check "again: nobody is left" 0 timeout 60 "$p11ca" --json client enroll --from "$WORK/people.csv" --wait --module "$ykcs11" --token x --out "$WORK/desk" --batch
check_json "and no card is asked for" 'all(.clients[]; .outcome == "existing")'

# A wrong PIN ends the run before the next card loses a try, too.
printf 'cn\ndave\nerin\n' >"$WORK/people.csv"
take
put 1004
PIN=654321
desk --batch
wait "$desk_pid"
[ $? -eq 5 ]; ok "a wrong PIN ends the run" "$WORK/said"
grep -qF "erin" "$WORK/said"; [ $? -ne 0 ]; ok "erin's card is not asked for" "$WORK/said"
check "the ledger is whole" 0 "$p11ca" ledger verify
plan
