#!/bin/sh
# SPDX-License-Identifier: MIT
# client-recipe.t - what a stock machine needs: the scripts run as they are written, the INF read by Microsoft's table.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl python3
cd "$WORK" || bail "no folder"
KPASS='test key passphrase' PPASS='test P12 password'
export KPASS PPASS
tokens hsm
root vpn hsm
"$p11ca" -q root export vpn --format pem --out root.pem || bail "no root"
recipe() { env P11CA_HOME="$WORK/none" "$p11ca" --json client recipe "$@"; }
# Of every syntax that it goes through, what that takes for its own.
hostile='o'\''neil "x" $(touch pwned) `touch pwned` %PATH% /O=x+C=y,é;#'

# run_recipe MACHINE CN : request.sh, issue, finish.sh, as RECIPE.md says
run_recipe() {
	rm -rf machine issued pwned
	check "$1: a recipe" 0 recipe "$2" --for "$1" --out machine
	check_json "$1: four files" \
	    '[.files[].path | sub(".*/"; "")] == ["request.sh", "finish.sh", "RECIPE.md", "OPERATOR.md"]'
	check "$1: request.sh" 0 sh -c 'cd machine && KEY_PASS=env:KPASS sh request.sh'
	csr=$(find machine -name '*.csr') key=$(find machine -name '*.key')
	check_has "$1: says what to send back" out "$(basename "$csr")"
	[ "$(stat -c %a "$key")" = 600 ] && grep -q ENCRYPTED "$key"; ok "$1: the key is encrypted, for its owner only"
	[ "$(stat -c %a "$csr")" = 600 ]; ok "$1: whatever is made here is for its owner only" # of openssl's own accord, a key is
	openssl req -in "$csr" -noout -subject -nameopt utf8,sep_multiline,-esc_msb,-esc_ctrl,-esc_2253 >subject
	[ "$(sed -n 's/^ *CN=//p' subject)" = "$2" ] && [ "$(grep -c = subject)" -le 2 ]; ok "$1: the name arrives as it is" subject
	check "$1: again" 1 sh -c 'cd machine && KEY_PASS=env:KPASS sh request.sh'
	check_has "$1: overwrites nothing" err "exists already"
	mv "$csr" lost && sha256sum "$key" >sum
	check "$1: a request that was lost" 0 sh -c 'cd machine && KEY_PASS=env:KPASS sh request.sh'
	sha256sum -c sum >detail; ok "$1: comes from the same key" detail
	check "$1: issued" 0 issue "$csr" --cn "$2"
	cp "$issued"/*.pem machine/cert.pem && cp root.pem machine
	check "$1: finish.sh" 0 env PATH="$WORK/bin:$PATH" HOME="$WORK/machine" KEY_PASS=env:KPASS P12_PASS=env:PPASS \
	    sh -c 'cd machine && sh finish.sh cert.pem root.pem'
	check "$1: again" 1 sh -c 'cd machine && sh finish.sh cert.pem root.pem'
	p12=$(find machine -name '*.p12')
	[ "$(stat -c %a "$p12")" = 600 ]; ok "$1: the PKCS#12 is for its owner only"
	openssl pkcs12 -in "$p12" -passin env:PPASS -nodes -out opened.pem
	[ "$(grep -c 'BEGIN CERTIFICATE' opened.pem)" -eq 2 ] && grep -q 'PRIVATE KEY' opened.pem; ok "$1: all of it in one file"
	rm -f opened.pem
	[ ! -e pwned ] && [ ! -e machine/pwned ] && ! find machine -name '*.part' | grep .; ok "$1: and nothing else"
}
# macOS's own program is not here: what it is called with is written down.
mkdir bin
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"%s/security.args"\n' "$WORK" >bin/security
chmod +x bin/security
run_recipe openssl alice@contoso.com
run_recipe openssl "$hostile"
run_recipe macos carol
[ "$(sed -n 1p security.args)" = import ] && grep -qx carol.p12 security.args; ok "macos: security imports it" security.args
openssl pkcs12 -in machine/carol.p12 -passin env:PPASS -info -noout 2>info
grep -q 'MAC: sha1' info && grep -q 3-KeyTripleDES info; ok "macos: as its keychains take it" info
grep -q /usr/bin/openssl machine/request.sh; ok "macos: its own openssl"

# An INF as Windows reads it, judged by the keys that Microsoft documents for certreq.
cat >inf.py <<'PY'
import re, sys
documented = {
    "Version": {"Signature": None},
    "NewRequest": dict.fromkeys("""Subject Exportable ExportableEncrypted HashAlgorithm KeyAlgorithm KeyContainer
        KeyLength KeySpec KeyUsage KeyUsageProperty MachineKeySet NotBefore NotAfter PrivateKeyArchive
        EncryptionAlgorithm EncryptionLength ProviderName ProviderType RenewalCert RequesterName RequestType
        SecurityDescriptor AlternateSignatureAlgorithm Silent SMIME UseExistingKeySet KeyProtection SuppressDefaults
        FriendlyName ValidityPeriodUnits ValidityPeriod""".split()),
    "Extensions": {"2.5.29.37": None, "2.5.29.17": None, "2.5.29.19": None},
}
data = open(sys.argv[1], "rb").read()
wide = data.startswith(b"\xff\xfe")
text = data.decode("utf-16") if wide else data.decode("ascii")
assert "\r\n" in text and not re.search(r"(?<!\r)\n", text), "lines end with CR LF"

def value(raw):
    if not raw.startswith('"'):
        assert not re.search(r'[";%,]', raw), raw
        return raw
    m = re.fullmatch(r'"((?:[^"]|"")*)"', raw)
    assert m, raw
    inner = m.group(1).replace('""', '"')
    assert "%" not in inner.replace("%%", ""), raw
    return inner.replace("%%", "%")

found, section = {}, None
for line in text.split("\r\n"):
    if line == "":
        continue
    m = re.fullmatch(r"\[(\w+)\]", line)
    if m:
        section = m.group(1)
        assert section in documented and section not in found, section
        found[section] = {}
        continue
    key, raw = line.split(" = ", 1)
    assert key in documented[section] and key not in found[section], key
    found[section][key] = value(raw)
request = found["NewRequest"]
cn = re.fullmatch(r'CN="((?:[^"]|"")*)"', request["Subject"])
assert cn, request["Subject"]
assert cn.group(1).replace('""', '"') == sys.argv[2], cn.group(1)
assert request["FriendlyName"] == sys.argv[2]
assert request["ProviderName"] == sys.argv[3]
assert found["Version"]["Signature"] == "$Windows NT$"
assert found["Extensions"]["2.5.29.37"] == "{text}1.3.6.1.5.5.7.3.2"
want = dict(RequestType="PKCS10", KeyAlgorithm="RSA", KeyLength=sys.argv[4], HashAlgorithm="sha256", Exportable="FALSE",
            MachineKeySet="FALSE")
for key, text in want.items():
    assert request[key] == text, key
assert int(request["KeyUsage"], 16) & 0x80
assert wide == (not sys.argv[2].isascii())
PY
software='Microsoft Software Key Storage Provider' tpm='Microsoft Platform Crypto Provider'
check "windows: a recipe" 0 recipe alice@contoso.com --for windows --out w1
check "the INF" 0 python3 inf.py w1/alice@contoso.com.inf alice@contoso.com "$software" 2048
check "windows-tpm: a hostile name" 0 recipe "$hostile" --for windows-tpm --out w2 --key rsa:3072 --device "it's mine"
check "the INF" 0 python3 inf.py w2/*.inf "$hostile" "$tpm" 3072
! python3 inf.py w2/*.inf "$hostile" "$software" 3072 2>detail; ok "(another provider would be seen)" detail
sed 's/Exportable = FALSE/Exportble = FALSE/' w1/*.inf >bad.inf
! python3 inf.py bad.inf alice@contoso.com "$software" 2048 2>detail; ok "(an unknown key would be seen)" detail
grep -q 'certreq -new ' w1/RECIPE.md && grep -q 'certreq -accept ' w1/RECIPE.md; ok "both steps of certreq are told"
grep -q 'addstore Root' w1/RECIPE.md && grep -q 'Current User' w1/RECIPE.md; ok "root and store, too"
# The command of the recipe is a line for a shell: its words are those that were given.
! grep -l p11ca w1/RECIPE.md w2/RECIPE.md machine/RECIPE.md >detail; ok "the user's page asks nothing of p11ca" detail
grep 'p11ca client issue' w2/OPERATOR.md | sed 's/^ *p11ca/printf "%s\\n"/' >words.sh
sh words.sh >words
grep -Fqx -e "$hostile" words && grep -Fqx "it's mine" words; ok "the operator's command quotes the names" words

# TPMs: most make keys of 2048 bits only.
for size in 2048 3072 4096; do
	for machine in windows-tpm windows; do
		check "$machine with rsa:$size" 0 recipe alice --for $machine --key rsa:$size --out "$machine-$size"
		if [ $machine = windows-tpm ] && [ $size -gt 2048 ]; then
			check_has "is said to fail on most TPMs" err recipe-tpm-key-size
			grep -q 'ask for a recipe with rsa:2048' $machine-$size/RECIPE.md; ok "and its page says what to do then"
		else
			check_silent "a recipe without a TPM, or with 2048 bits, has no warning" err
			! grep -q 'rsa:2048' $machine-$size/RECIPE.md; ok "nor has its page"
		fi
	done
done
check "again" 0 recipe alice@contoso.com --for windows --out w1
echo mine >w1/RECIPE.md
check "a file that is somebody's" 9 recipe alice@contoso.com --for windows --out w1
[ "$(cat w1/RECIPE.md)" = mine ]; ok "stays"
check "unless --force is given" 0 recipe alice@contoso.com --for windows --out w1 --force
check "no such machine" 2 recipe alice --for amiga --out w3
check "no name" 7 recipe ' ' --for windows --out w3
check "DOMAIN\\user" 7 recipe 'CONTOSO\alice' --for windows --out w3
check "no note, which no ledger keeps" 2 recipe alice --for windows --note why --out w3
check "a key that Azure does not take" 2 recipe alice --for windows --key ec:p256 --out w3
check "a dry run" 0 recipe alice --for windows --out w3 --dry-run
[ ! -e w3 ] && [ ! -e none ]; ok "none of them left anything, nor a ledger"

# The files of two recipes have the same names: a folder is one client's, whatever --force says.
recipe dora --device lap --for openssl --out dora >detail || bail "no recipe"
sums() { find dora -type f -exec sha256sum {} + | sort; }
sums >before
other() {
	check "$1: another recipe is refused in the folder, even with --force" 9 recipe "$2" --device "$3" --for "$4" --out dora --force
	check_json "$1: the refusal has the code folder-of-other-client" '.error.code == "folder-of-other-client"'
	sums >after
	cmp before after >detail; ok "$1: the folder is as it was" detail
}
other "another client" emil lap openssl
other "a client whose name ends alike" xdora lap openssl
other "a client whose name is longer" dora-lap2 lap openssl
other "another device" dora pc openssl
other "another kind" emil lap windows
check "the same client's recipe is written again with --force" 0 recipe dora --device lap --key rsa:3072 --for openssl --out dora --force
check "so is its recipe of another kind" 0 recipe dora --device lap --for windows --out dora --force
for left in OPERATOR.md RECIPE.md request.sh; do
	rm -rf dora && recipe dora --device lap --for openssl --out dora >detail || bail "no recipe"
	find dora -type f ! -name "$left" -exec rm {} +
	sums >before
	other "with only $left left" emil lap openssl
done
rm -rf dora && mkdir dora && printf '{"result": {"name": "dora", "device": "lap"}}' >dora/receipt.json
sums >before
other "a receipt" emil lap openssl
printf '# Cooking\n\nSee the list.\n' >dora/RECIPE.md && rm dora/receipt.json
check "a page that is no recipe of a client is overwritten with --force" 0 recipe emil --for openssl --out dora --force
plan
