#!/bin/sh
# SPDX-License-Identifier: MIT
# key-migration.t - a ledger of an older release, which knew keys by one encoding: now it knows them by their value.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl python3 sqlite3 faketime
python3 -c 'import cryptography' 2>/dev/null || skip_all "no python3-cryptography"
tokens hsm
cd "$WORK" || bail "no folder"
data=$srcdir/tests/data
softhsm_key hsm 0a "$data/keys/test-rsa-2048.pem" || bail "no key"
mkdir -p -m 700 home && printf 'any-host = yes\n' >home/p11ca.conf && chmod 600 home/p11ca.conf
sqlite3 home/ledger.db <"$data/ledger/version-8.sql" >detail 2>&1 && chmod 600 home/ledger.db || bail "$(cat detail)"
then_() { at "2026-07-02 12:00:00" "$@"; }
ca() { then_ "$p11ca" --json "$@"; }
old=$(sqlite3 home/ledger.db 'SELECT head FROM ledger')
[ "$(sqlite3 home/ledger.db 'SELECT count(DISTINCT spki_sha256) FROM certificates')" -eq 7 ]; ok "the old release took seven encodings for seven keys"

# Keys are made known by their value when the ledger is first written to.
check "a command that writes brings it up" 0 ca ledger backup --out backup.db
check "a head of before still leads to it" 0 ca ledger verify --head "$old"
check_json "with nothing wrong" '.faults == []'
[ "$(sqlite3 home/ledger.db "SELECT count(*) FROM certificates WHERE key_sha256 = ''")" -eq 0 ]; ok "each certificate has a value of its key"
[ "$(sqlite3 home/ledger.db 'SELECT count(DISTINCT key_sha256) FROM certificates')" -eq 4 ]; ok "there are four keys"
for pair in "alice alice-again" "alice alice-third" "erik erik-again"; do
	# shellcheck disable=SC2086 # two words
	set -- $pair
	[ "$(sqlite3 home/ledger.db "SELECT count(DISTINCT key_sha256) FROM certificates WHERE name IN ('$1', '$2')")" -eq 1 ]
	ok "$1 and $2 have one key"
done
[ "$(sqlite3 home/ledger.db "SELECT k.key_sha256 = c.key_sha256 FROM keys k JOIN certificates c ON c.is_root = 1")" -eq 1 ]
ok "the root's key and its certificate have one value"
value=$(printf 'rsa:%s' "$(openssl rsa -in "$data/ledger/test-client-rsa.pem" -noout -modulus | sed 's/.*=//' | tr A-F a-f)" | sha256sum | cut -d' ' -f1)
[ "$(sqlite3 home/ledger.db "SELECT key_sha256 FROM certificates WHERE name = 'alice-third'")" = "$value" ]
ok "which is the hash of the modulus, also for a modulus with zeros before it"
point=$(openssl pkey -in "$data/ledger/test-client-ec.pem" -pubout -outform DER | tail -c 65 | od -An -v -tx1 | tr -d ' \n')
value=$(printf 'ec:p256:%s' "$point" | sha256sum | cut -d' ' -f1)
[ "$(sqlite3 home/ledger.db "SELECT key_sha256 FROM certificates WHERE name = 'erik'")" = "$value" ]
ok "and of the uncompressed point, also for a compressed one"

# The key was revoked as compromised in one encoding: it is in each of them.
for kind in rsa ec; do
	key=$data/ledger/test-client-$kind.pem
	openssl req -new -key "$key" -subj /CN=x -out "$kind.csr" || bail "no request"
	check "$kind: a key that was compromised in another encoding" 7 then_ "$p11ca" --json client issue "$kind.csr" --cn new --template vpn-client $pin --out "$issued"
	check_json "is recognised" '.error.code == "key-compromised"'
done
python3 "$srcdir/tests/integration/encodings.py" requests "$data/ledger/test-client-rsa.pem" enc || bail "no encodings"
check "with another exponent, too" 7 then_ "$p11ca" --json client issue enc/exponent-65539.csr --cn new $pin --out "$issued"
check_json "by the same code" '.error.code == "key-compromised"'
openssl req -new -key "$data/keys/test-rsa-2048.pem" -subj /CN=x -out root.csr
check "the root's key is not certified" 7 then_ "$p11ca" --json client issue root.csr --cn new $pin --out "$issued"
check_json "as it is the root's" '.error.code == "key-is-root"'
request new.csr /CN=new
check "a new key is" 0 then_ "$p11ca" --json client issue new.csr --cn new $pin --out "$issued"
check "and old certificates are still shown" 0 ca client show alice-third
check "and can be revoked" 0 then_ "$p11ca" --json client revoke alice-third --reason superseded
check "the ledger verifies" 0 ca ledger verify

# A copy of the old ledger comes back in the same way.
mkdir -m 700 restored
sqlite3 copy.db <"$data/ledger/version-8.sql" >detail 2>&1
check "a copy is restored" 0 ca --home restored ledger restore copy.db
[ "$(sqlite3 restored/ledger.db 'SELECT count(DISTINCT key_sha256) FROM certificates')" -eq 4 ]; ok "with the values of its keys" detail
plan
