#!/bin/sh
# SPDX-License-Identifier: MIT
# invisible.t - characters that cannot be seen, in names from anywhere: on the terminal they are escaped.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl python3
tokens hsm card
root vpn hsm
cd "$WORK" || bail "no folder"

# Python's tables judge: what has one of these categories, or a width of nothing, is not for a terminal.
# Each file is what one command printed; its first line says which.
cat >seen.py <<'PY'
import sys, unicodedata
wrong = False
for path in sys.argv[1:]:
    where, _, text = open(path, encoding="utf-8", newline="").read().partition("\n")
    bad = {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Zl", "Zp")
           or c in "\u00a0\u115f\u2800\u3000\u3164\ufe0f\U000e0100"}
    if bad or not text:
        wrong = True
        print(where + ":", *("U+%04X" % ord(c) for c in sorted(bad)) if text else ["nothing is printed"])
sys.exit(wrong)
PY
printf 'x\na\342\200\213b' >raw && ! python3 seen.py raw >detail; ok "the judge sees a zero width space" detail
printf 'x\n' >raw && ! python3 seen.py raw >detail; ok "the judge sees that nothing is printed" detail
mkdir printed

# shown WHERE COMMAND... : keeps what is printed, as text and as JSON, whether the command refuses or not
n_shown=0
shown() {
	shown_where=$1
	shift
	for shown_how in "" --json; do
		n_shown=$((n_shown + 1))
		echo "$shown_where $shown_how" >printed/$n_shown
		# shellcheck disable=SC2086
		"$p11ca" --batch $shown_how "$@" >>printed/$n_shown 2>err
		cat err >>printed/$n_shown
	done
}
openssl genrsa -out key.pem 2048 2>detail
cat >characters <<'EOF'
char U+200B \342\200\213
char U+202E \342\200\256
char U+00AD \302\255
char U+FEFF \357\273\277
char U+2028 \342\200\250
char U+0085 \302\205
char U+00A0 \302\240
char U+E0041 \363\240\201\201
char U+3164 \343\205\244
EOF
sample 5 <characters >sampled
while read -r _ code char; do
	name=$(printf "ali%bce" "$char")
	openssl req -new -utf8 -key key.pem -subj "/CN=$name" -out "$code.csr" 2>detail || bail "$code: no request"
	cp "$code.csr" "$name.csr"
	printf 'csr,cn\n%s,%s\n' "$code.csr" "$name" >names.csv
	printf 'cn\n%s\n' "$name" >people.csv
	printf 'csr,%s\n' "$name" >header.csv
	mkdir -p "home-$code" && printf '[root vpn]\n%s = 1\n' "$name" >"home-$code/p11ca.conf"
	chmod 700 "home-$code" && chmod 600 "home-$code/p11ca.conf"
	shown "$code in a request" client issue "$code.csr" --trust-names --out issued $pin
	shown "$code in a request that nobody names" client issue "$code.csr" --out issued $pin
	shown "$code in a request that is checked" check "$code.csr"
	shown "$code in an option" client issue "$code.csr" --cn "$name" --out issued $pin
	shown "$code in a list" client issue "$code.csr" --names names.csv --out issued $pin
	shown "$code in a list to enrol" client enroll --from people.csv --out issued $pins
	shown "$code in a header" client issue "$code.csr" --names header.csv --out issued $pin
	shown "$code in a file's name" client issue "$name.csr" --cn bob --dry-run --out "issued-$name" $pin
	shown "$code in the name of a file that is not there" check "none-$name"
	shown "$code in a client's name" client show "$name"
	shown "$code in a token's name" token show "$name"
	shown "$code in a command" "$name"
	shown "$code in p11ca.conf" --home "home-$code" root list
done <sampled
python3 seen.py printed/* >bad 2>&1; ok "no invisible character reaches the terminal, wherever a name comes from" bad
[ -s printed/$(($(wc -l <sampled) * 13 * 2)) ]; ok "each of 13 commands was run with each character, with and without --json"

# A program still gets the name itself.
name=$(printf 'no\342\200\213body')
check "a client with an invisible character in its name is not there" 4 "$p11ca" --json client show "$name"
python3 -c 'import json, sys; sys.exit("\u200b" not in json.load(open("out"))["error"]["message"])'; ok "JSON has the character as an escape" out
grep -qF 'no\u200bbody' out; ok "which any parser reads" out
plan
