#!/bin/sh
# SPDX-License-Identifier: MIT
# card-owner.t - no command puts a client's key or certificate on another client's card, unless that is allowed.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq pkcs11-tool
tokens hsm ben eva free shared asked
root vpn hsm
card ben@contoso.com ben
card eva@contoso.com eva
keys() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$1" --login --pin "$USER_PIN" -O --type privkey 2>/dev/null | grep -c '^Private Key'; }
one_key() { [ "$(keys "$1")" -eq 1 ]; ok "$2: the card has its client's key alone"; }
is_refused() { check_json "$1: by the code" '.error.code == "card-of-other-client" and (.error.message | test("ben@contoso.com"))'; }

check "enrolment on a card of another client" 7 "$p11ca" --json client enroll frank@contoso.com -t ben $pins
is_refused "enroll"
one_key ben enroll
check "a dry run says it, too" 7 "$p11ca" --json client enroll frank@contoso.com -t ben --dry-run $pins
is_refused "dry run"
check "a request on it" 7 "$p11ca" --json client request frank@contoso.com -t ben --out "$WORK/f.csr" $pin
is_refused "request"
check "a renewal that goes to it" 7 "$p11ca" --json client renew eva@contoso.com -t ben $pins
is_refused "renew"
one_key ben renew
printf 'cn,token\nfrank@contoso.com,ben\ngus@contoso.com,free\n' >"$WORK/people.csv"
check "of a list, the one whose card is another client's" 10 "$p11ca" --json client enroll --from "$WORK/people.csv" $pins
check_json "is refused, the other enrolled" '[.clients[] | .outcome] == ["refused", "enrolled"] and (.clients[0].message | test("ben@contoso.com"))'
one_key ben list
check "another device of the same client" 0 "$p11ca" -q client enroll ben@contoso.com --device laptop -t ben $pins
check "the ledger is clean" 0 "$p11ca" ledger verify
check "the card's own client, in other letters" 0 "$p11ca" -q client request BEN@contoso.com -t ben --out "$WORK/b.csr" $pin

# The key of a request that was made without the ledger, and its certificate.
check "a key made elsewhere" 0 "$p11ca" -q --home "$WORK/elsewhere" client request ida@contoso.com -t eva --out "$WORK/i.csr" $pin
check "gets a certificate" 0 "$p11ca" -q client issue "$WORK/i.csr" --cn ida@contoso.com --out "$WORK/ida" $pin
pem=$(find "$WORK/ida" -name '*ida*.pem' | head -n 1)
check "which is not written to another client's card" 7 "$p11ca" --json client install "$pem" -t eva $pin
check_json "by the code" '.error.code == "card-of-other-client"'
check "unless that is meant" 0 "$p11ca" -q client install "$pem" -t eva --shared-card $pin

# Keys of the CA itself: the client that has the card could sign with them.
is_kept_away() { check_json "$1: by the code" '.error.code == "card-of-other-client" and (.error.hint | test("--shared-card"))'; }
check "a root's key on a client's card" 7 "$p11ca" --json root create second -t ben $pin
is_kept_away "root create"
check "a dry run of it" 7 "$p11ca" --json root create second -t ben --dry-run $pin
is_kept_away "dry run of root create"
check "a root that another CA signs" 7 "$p11ca" --json root request sub -t ben --out "$WORK/sub.csr" $pin
is_kept_away "root request"
check "the ledger's key" 7 "$p11ca" --json ledger checkpoint -t ben --out "$WORK/point.pem" $pins
is_kept_away "ledger checkpoint"
pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label ben --login --pin "$USER_PIN" --keypairgen --key-type rsa:2048 --id c1 \
    --label other --usage-sign >"$WORK/detail" 2>&1
ok "a key that another program made on the card" "$WORK/detail"
check "cannot become a root's" 7 "$p11ca" --json root create second -t ben --existing-key 'pkcs11:id=%c1' $pin
is_kept_away "root create with an existing key"
check "a request whose certificate is not issued yet" 0 "$p11ca" -q client request lea@contoso.com -t asked --out "$WORK/l.csr" $pin
check "makes the card its client's" 7 "$p11ca" --json client enroll max@contoso.com -t asked $pins
check_json "by the same code" '.error.code == "card-of-other-client" and (.error.message | test("lea@contoso.com"))'
check "the client itself gets another device on it" 0 "$p11ca" -q client enroll lea@contoso.com --device two -t asked $pins

# What the option is for, and when a card is free again.
check "a token that is shared" 0 "$p11ca" -q client enroll hal@contoso.com -t shared $pins
check "takes another client's key where that is said" 0 "$p11ca" -q client enroll ian@contoso.com -t shared --shared-card $pins
[ "$(keys shared)" -eq 2 ]; ok "it holds both"
check "a card whose client's certificate" 0 "$p11ca" -q client revoke gus@contoso.com --reason superseded
check "is revoked may be given to another" 0 "$p11ca" -q client enroll frank@contoso.com -t free $pins

# A client that comes back with its old card.
check "the client's certificate on the card is revoked" 0 "$p11ca" -q client revoke frank@contoso.com --reason affiliationChanged
check "the client is enrolled on the same card again" 7 "$p11ca" --json client enroll frank@contoso.com -t free $pins
check_json "the hint says how the card is erased" '.error.code == "id-taken" and (.error.hint | test("p11ca token init TOKEN --erase"))'
SO_PIN_OF_FREE=$SO_PIN
export SO_PIN_OF_FREE
check "the card is erased as the hint says" 0 "$p11ca" -q --batch token init free --label free --erase --confirm free --so-pin-source env:SO_PIN_OF_FREE --new-pin-source env:PIN
check "the client is enrolled on it" 0 "$p11ca" -q client enroll frank@contoso.com -t free $pins
check "no key is left over" 0 "$p11ca" --json ledger recover $pins
check_json "the erased key is not looked for on the card" '[.. | strings | select(test("frank"))] == []'
check "the client leaves again" 0 "$p11ca" -q client revoke frank@contoso.com --reason affiliationChanged
serial=$("$p11ca" --json token show free | jq -r .token.serial)
softhsm2-util --init-token --serial "$serial" --label free --pin "$USER_PIN" --so-pin "$SO_PIN" >"$WORK/detail" 2>&1
ok "another program erases the card" "$WORK/detail"
check "the client cannot be enrolled, as the key is missing" 4 "$p11ca" --json client enroll frank@contoso.com -t free $pins
check_json "the hint says how the ledger learns that the card was erased" '.error.code == "key-missing" and (.error.hint | test("p11ca token init TOKEN --erase"))'
check "the card is erased as this hint says" 0 "$p11ca" -q --batch token init free --label free --erase --confirm free --so-pin-source env:SO_PIN_OF_FREE --new-pin-source env:PIN
check "the client is enrolled on it again" 0 "$p11ca" -q client enroll frank@contoso.com -t free $pins
check "a root may share a card where that is said" 0 "$p11ca" -q root create second -t asked --shared-card --key rsa:3072 $pin
check "a client's key may be on the root's token where that is said" 0 "$p11ca" -q client enroll mia@contoso.com -t hsm --same-token --root vpn $pins
check "which takes another root still" 0 "$p11ca" -q root create third -t hsm $pin
check "the ledger is clean at the end" 0 "$p11ca" ledger verify
plan
