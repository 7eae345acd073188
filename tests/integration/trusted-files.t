#!/bin/sh
# SPDX-License-Identifier: MIT
# trusted-files.t - p11ca.conf, templates, PIN files and modules are used only where nobody else can change them.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
umask 022
tokens hsm
root vpn hsm
cd "$WORK" || bail "no folder"
conf=$P11CA_HOME/p11ca.conf
request r.csr /CN=eve@contoso.com

# refused WHAT CODE : the next command does not follow the configuration
refused() {
	check "$1" 7 issue r.csr --batch --json
	check_json "has the code $2" ".error.code == \"$2\""
	check_has "names the file or folder with $1" out "p11ca.conf"
	check "$1 stops a command that reads, too" 7 "$p11ca" --json client list
	check_json "with the code $2" ".error.code == \"$2\""
}
printf '[root vpn]\nallow-names = *\n' >"$conf"
chmod 666 "$conf"
refused "a configuration that everybody may write to" home-writable
chmod 660 "$conf"
refused "a configuration that its group may write to" home-writable
rm "$conf"
printf '[root vpn]\nallow-names = *\n' >elsewhere
ln -s "$WORK/elsewhere" "$conf"
refused "a configuration that is a link" home-not-a-file
rm "$conf"
cp elsewhere "$conf"
chmod 777 "$P11CA_HOME"
refused "a configuration in a folder that everybody may write to" home-writable
chmod 700 "$P11CA_HOME"
mkdir -m 777 open && mv home open/home
P11CA_HOME=$WORK/open/home conf=$WORK/open/home/p11ca.conf
refused "a home in such a folder" home-writable
mv open/home home
P11CA_HOME=$WORK/home conf=$WORK/home/p11ca.conf
if [ "$(id -u)" -eq 0 ]; then
	chown 1234 "$conf"
	refused "a configuration of another user" home-other-owner
	chown 0 "$conf"
	cp -r home theirs && chown 1234 theirs theirs/p11ca.conf
	check "the home of another user is read" 0 "$p11ca" --json --home "$WORK/theirs" client list
	check_has "without its configuration" out "is not read"
	printf 'nonsense\n' >theirs/p11ca.conf
	check "whatever is in it" 0 "$p11ca" --json --home "$WORK/theirs" client list
fi
check "a configuration of this user alone" 0 issue r.csr --batch --json

# Templates
mkdir "$P11CA_HOME/templates"
printf 'base = azure-client\ndays = 7\n' >"$P11CA_HOME/templates/week.ini"
check "a template of this user alone" 0 "$p11ca" --json template show week
for way in "chmod 666 templates/week.ini" "chmod 777 templates"; do
	(cd "$P11CA_HOME" && $way)
	check "a template after $way" 7 "$p11ca" --json template show week
	check_json "is refused after $way" '.error.code == "home-writable"'
	check "$way stops the list" 7 "$p11ca" --json template list
	(cd "$P11CA_HOME" && chmod 755 templates && chmod 644 templates/week.ini)
done
mv "$P11CA_HOME/templates/week.ini" week.ini && ln -s "$WORK/week.ini" "$P11CA_HOME/templates/week.ini"
check "a template that is a link" 7 "$p11ca" --json template show week
check_json "is refused as a link" '.error.code == "home-not-a-file"'
rm -r "$P11CA_HOME/templates"
mkdir -m 777 opened && cp week.ini opened && ln -s "$WORK/opened" "$P11CA_HOME/templates"
check "a folder of templates that is a link into an open one" 7 "$p11ca" --json template show week
check_json "is refused for what it leads to" '.error.code == "home-writable"'
rm "$P11CA_HOME/templates"

# PIN files
(umask 077; printf %s "$PIN" >own.pin)
pinned() { "$p11ca" --json --batch client issue r.csr --cn "$1" --pin-source "file:$2" --out issued --force; }
request r2.csr /CN=x
mkdir -m 777 drop && cp -p own.pin drop/own.pin && ln -s "$WORK/own.pin" drop/link.pin && ln -s drop/own.pin good-looking.pin
for file in drop/own.pin drop/link.pin good-looking.pin; do
	check "the PIN in $file" 5 "$p11ca" --json token show hsm --login --pin-source "file:$file"
	check_json "is not read from $file" '.error.code == "pin-file-untrusted"'
done
ln -s own.pin link.pin
check "the PIN through a link of this user" 0 "$p11ca" --json token show hsm --login --pin-source file:link.pin
if [ "$(id -u)" -eq 0 ]; then
	cp own.pin theirs.pin && chmod 600 theirs.pin && chown 1234 theirs.pin
	check "the PIN in a file of another user" 5 "$p11ca" --json token show hsm --login --pin-source file:theirs.pin
	check_json "is not read either" '.error.code == "pin-file-untrusted"'
fi
check_lacks "no PIN is printed" out "$PIN"

# Modules
mkdir -m 777 libs && ln -s "$PKCS11_MODULE_PATH" libs/module.so && ln -s libs linked
for module in libs/module.so linked/module.so; do
	check "a module through $module" 7 "$p11ca" --json token list --module "$WORK/$module"
	check_json "is not loaded through $module" '.error.code == "module-untrusted"'
done
mkdir safe && ln -s "$PKCS11_MODULE_PATH" safe/module.so
if [ "$(id -u)" -eq 0 ]; then
	cp "$PKCS11_MODULE_PATH" safe/theirs.so && chown 1234 safe/theirs.so
	check "a module of another user" 7 "$p11ca" --json token list --module "$WORK/safe/theirs.so"
	check_json "is not loaded" '.error.code == "module-untrusted" and (.error.message | test("belongs to another user"))'
fi
check "a module through a link of this user" 0 "$p11ca" --json token list --module "$WORK/safe/module.so"
plan
