#!/bin/sh
# SPDX-License-Identifier: MIT
# examples.t - p11ca reads each file of examples/: settings, templates and lists.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq openssl
cd "$WORK" || bail "no folder"
tokens hsm card1 card2 card3
root contoso hsm
examples=$srcdir/examples

# p11ca.conf: as it is, and with every setting in use.
cp "$examples/p11ca.conf" "$P11CA_HOME/p11ca.conf"
check "p11ca.conf as it is" 0 "$p11ca" root list
sed 's/^#\([a-z[]\)/\1/' "$examples/p11ca.conf" >"$P11CA_HOME/p11ca.conf"
check "p11ca.conf with every setting in use" 0 "$p11ca" --json root list
check_has "which has an effect: the team of the root" out network
grep -c '^[a-z]' "$P11CA_HOME/p11ca.conf" >count
sed -n 's/^\t\(CHARS\|YES\|COUNT\)("\([a-z-]*\)".*/\2/p' "$srcdir/src/pki/config.c" | sort >known
sed -n 's/^\([a-z-]*\) = .*/\1/p' "$P11CA_HOME/p11ca.conf" | sort | diff known - >detail
ok "it has every setting that p11ca knows" detail
echo 'nosuch = yes' >>"$P11CA_HOME/p11ca.conf"
check "an unknown setting would be refused" 3 "$p11ca" root list
cp "$examples/p11ca.conf" "$P11CA_HOME/p11ca.conf"

# Templates.
n=0
for file in "$examples"/*.ini; do
	n=$((n + 1))
	check "template check ${file##*/}" 0 "$p11ca" template check "$file"
done
[ "$n" -ge 2 ]; ok "there are templates"

# Lists.
check "people.csv" 0 "$p11ca" --json client enroll --from "$examples/people.csv" --dry-run
check_json "has three clients" '[.clients[].outcome] == ["todo", "todo", "todo"]'
check "people-wait.csv" 0 "$p11ca" --json client enroll --from "$examples/people-wait.csv" --wait --token hsm --dry-run
check_json "has two clients" '[.clients[].outcome] == ["todo", "todo"]'
request dora.csr /CN=ignored
request erik.csr /CN=ignored
check "names.csv" 0 "$p11ca" client issue dora.csr erik.csr --names "$examples/names.csv" --out issued --dry-run
check "the names of the list are used" 0 issue dora.csr erik.csr --names "$examples/names.csv"
check "the device, too" 0 "$p11ca" --json client show erik@contoso.com
check_has "which the list states" out tablet

# expiry-mail.sh, with a mail command that keeps what it is given.
mkdir bin && printf '#!/bin/sh\n{ echo "$*"; cat; } >"$WORK/mail"\n' >bin/mail && chmod +x bin/mail && ln -s "$p11ca" bin/p11ca ||
	bail "no programs"
export WORK
# mailed STATUS DAYS
mailed() { check "expiry-mail.sh for the next $2 days" "$1" env PATH="$WORK/bin:$PATH" sh "$examples/expiry-mail.sh" ca@example.com "$2"; }
mailed 0 1
cp mail out 2>/dev/null || : >out
! grep -q dora@contoso.com out; ok "a certificate that is valid for longer is not in a mail" out
rm -f mail
mailed 0 9000
cp mail out
check_has "the subject and the address are in the mail" out "-s p11ca: findings ca@example.com"
check_has "certificates that expire are in the mail" out dora@contoso.com
cp -r "$P11CA_HOME" whole && echo damage >"$P11CA_HOME/ledger.db"
mailed 1 1
cp mail out
check_has "a mail says that the check failed" out "the check failed"
rm -r "$P11CA_HOME" && mv whole "$P11CA_HOME"
if command -v systemd-analyze >/dev/null; then
	mkdir units && cp "$examples"/p11ca-doctor.* units
	sed -i 's,^ExecStart=.*,ExecStart=/bin/true,' units/*.service
	check "systemd reads the units" 0 systemd-analyze verify units/p11ca-doctor.timer units/p11ca-doctor.service
	! grep p11ca-doctor err; ok "systemd finds nothing to warn about in the units" err
	grep -q "examples/expiry-mail.sh ca@" "$examples/p11ca-doctor.service"; ok "the service runs the script"
fi

# Each file is described, and installed.
for file in "$examples"/*; do
	name=${file##*/}
	[ "$name" = README ] || [ "$name" = local.mk ] || grep -q "^$name " "$examples/README"
	ok "README describes $name"
	[ "$name" = local.mk ] || grep -q "examples/$name\b" "$examples/local.mk"
	ok "local.mk installs $name"
done
plan
