#!/bin/sh
# SPDX-License-Identifier: MIT
# weak-keys.t - roots with a key that is refused today, in a ledger that took it: every command that uses the key says so.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl sqlite3 python3
python3 -c 'import cryptography' 2>/dev/null || skip_all "no python3-cryptography"
tokens hsm spare third
root good hsm
cd "$WORK" || bail "no folder"
keys=$srcdir/tests/data/keys
request old.csr /CN=client
issue old.csr --cn client --root good >detail 2>&1 || bail "$(cat detail)"
"$p11ca" -q gateway add gw --resource-group rg --root good >detail 2>&1 || bail "$(cat detail)"
cp home/ledger.db before.db

# older.py DB ROOT CERT.der ID : the root's key and certificate become those of CERT, as an older release had taken them
cat >older.py <<'PY'
import hashlib, sqlite3, sys
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
db, root, path, cka_id = sys.argv[1:]
der = open(path, "rb").read()
def element(data, at):
    n = data[at + 1]
    head = 2
    if n & 0x80:
        head = 2 + (n & 0x7F)
        n = int.from_bytes(data[at + 2:at + head], "big")
    return at + head, at + head + n
inside, _ = element(der, 0)
at, _ = element(der, inside)
for _ in range(6):              # version, serial, algorithm, issuer, validity, subject
    _, at = element(der, at)
spki = der[at:element(der, at)[1]]
cert = x509.load_der_x509_certificate(der)
n = cert.public_key().public_numbers().n
value = hashlib.sha256(b"rsa:%x" % n if (n.bit_length() + 7) // 8 * 2 == len("%x" % n) else b"rsa:0%x" % n).hexdigest()
c = sqlite3.connect(db)
for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    c.execute(f"DROP TRIGGER {name}")
key, cert_id = c.execute("SELECT key_id, cert_id FROM roots WHERE name = ?", (root,)).fetchone()
of = hashlib.sha256(spki).hexdigest()
c.execute("UPDATE keys SET spki = ?, spki_sha256 = ?, key_sha256 = ?, cka_id = ? WHERE id = ?", (spki, of, value, cka_id, key))
c.execute("UPDATE certificates SET der = ?, spki_sha256 = ?, key_sha256 = ?, fingerprint = ?, thumbprint = ?, serial = ?,"
          " not_after = 4102444800 WHERE id = ?", (der, of, value, hashlib.sha256(der).hexdigest(), hashlib.sha1(der).hexdigest(),
                                                   "%x" % cert.serial_number, cert_id))
c.commit()
PY

# weak CODE CKA_ID CERT.pem KEY.pem : the ledger's root has this key
weak() {
	code=$1 id=$2
	openssl x509 -in "$3" -outform DER -out weak.der 2>detail || bail "$(cat detail)"
	softhsm_key hsm "$id" "$4" || bail "no key"
	softhsm_key spare "$id" "$4" || bail "no key"
	rm -f home/ledger.db-wal home/ledger.db-shm && cp before.db home/ledger.db
	python3 older.py home/ledger.db good weak.der "$id" >detail 2>&1 || bail "$(cat detail)"
	request "new$id.csr" /CN=new
	"$p11ca" --json root renew good $pin >out 2>err
	says "$code: the root is not renewed" 7
	jq -e '.error.hint | test("root create")' out >detail; ok "$code: the hint is another root" out
	if [ "$code" != key-encoding ]; then # on a token, that key has its canonical encoding
		"$p11ca" --json root attach good -t spare $pin >out 2>err
		says "$code: another token is not attached to it" 7
	fi
	"$p11ca" --json doctor >out 2>err
	[ $? -eq 10 ] && jq -e --arg code "$code" '[.findings[] | select(.code == $code and .severity == "fail" and (.remedy | length > 10))] | length == 1' out >detail
	ok "$code: doctor reports the root's key, with a remedy" out
}
# says NAME STATUS : that status and the code
says() {
	says_status=$?
	[ "$says_status" -eq "$2" ] && jq -e --arg code "$code" '.error.code == $code and (.error.hint | length > 10)' out >detail
	ok "$1" out
}
self() { openssl req -x509 -new -key "$1" -subj /CN=good -days 700 -addext keyUsage=critical,keyCertSign,cRLSign -out "$2" 2>detail || bail "$(cat detail)"; }
"$p11ca" --json doctor >out 2>err
jq -e '[.findings[].code | select(startswith("key-"))] == []' out >detail; ok "doctor has nothing against a good key" out
n=10
while read -r code file; do
	n=$((n + 1))
	self "$keys/$file.pem" "$file.crt"
	weak "$code" "$n" "$file.crt" "$keys/$file.pem"
done <<'EOF'
key-roca test-rsa-roca
key-close-primes test-rsa-close-primes
key-exponent test-rsa-exponent-3
key-size test-rsa-1024
EOF
openssl genrsa -out odd.pem 2048 2>detail
python3 "$srcdir/tests/integration/encodings.py" roots odd.pem roots || bail "no encodings"
weak key-encoding 20 roots/no-parameters.pem odd.pem

# Renewal of a client with a weak key, by its request.
rm -f home/ledger.db-wal home/ledger.db-shm && cp before.db home/ledger.db
while read -r code file; do
	openssl req -new -key "$keys/$file.pem" -subj /CN=client -out "$file.csr" 2>detail
	"$p11ca" --json client renew client --csr "$file.csr" $pin --out "renewed-$n" >out 2>err
	says "$code: a client is not renewed with such a key" 7
	! grep -F "(null)" out err >detail; ok "$code: the error names the key" err
done <<'EOF'
request-roca test-rsa-roca
request-close-primes test-rsa-close-primes
request-exponent test-rsa-exponent-3
template-key-size test-rsa-1024
EOF

# A subordinate root: its key is judged again when the other CA's certificate is installed.
openssl req -x509 -newkey rsa:2048 -nodes -keyout top.key -subj /CN=top -days 900 -out top.pem 2>detail
check "a request for a subordinate root" 0 "$p11ca" --json root request sub -t third --out sub.csr $pin
n=30
while read -r code file; do
	n=$((n + 1))
	cp home/ledger.db keep.db
	subject=$(sqlite3 home/ledger.db "SELECT subject FROM roots WHERE name = 'sub'" | sed 's/^CN=//')
	openssl req -new -key "$keys/$file.pem" -subj "/CN=$subject" -out sub-weak.csr 2>detail
	printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' >ext
	openssl x509 -req -in sub-weak.csr -CA top.pem -CAkey top.key -days 500 -extfile ext -out sub.pem 2>detail || bail "$(cat detail)"
	cat sub.pem top.pem >answer.pem
	softhsm_key third "$n" "$keys/$file.pem" || bail "no key"
	openssl x509 -in sub.pem -outform DER -out weak.der
	sed "s/^key, cert_id = .*/key, cert_id = c.execute(\"SELECT key_id, 0 FROM roots WHERE name = ?\", (root,)).fetchone()/" older.py >sub.py
	python3 sub.py home/ledger.db sub weak.der "$n" >detail 2>&1 || bail "$(cat detail)"
	"$p11ca" --json root install sub --cert answer.pem $pin >out 2>err
	says "$code: the certificate of a root with such a key is not installed" 7
	rm -f home/ledger.db-wal home/ledger.db-shm && cp keep.db home/ledger.db
done <<'EOF'
key-roca test-rsa-roca
key-close-primes test-rsa-close-primes
key-exponent test-rsa-exponent-3
key-size test-rsa-1024
EOF
plan
