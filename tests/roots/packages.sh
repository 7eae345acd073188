#!/bin/sh
# SPDX-License-Identifier: MIT
# packages.sh FOLDER - in a new Debian, as root: installs the packages in FOLDER, and runs debian/tests as autopkgtest would
#
# softhsm-fixtures is installed with the command of the examples, and p11ca with nothing but what it depends on.  Each test
# runs as a user without rights.  The last line counts the tests.
set -eu
top=$PWD
debs=$(cd "$1" && pwd)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
work=$(mktemp -d)
chmod 755 "$work"
user() { setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs "$@"; }
install() { apt-get install -q -y --no-install-recommends "$@"; }

# install_line FILE : the line of an example that installs the fixtures, without sudo
install_line() {
	sed -n 's/sudo //g; s/^.*\(apt-get update && apt-get install .*\)$/\1/p' "$1" | grep . ||
		{ echo "no line that installs in $1" >&2; return 1; }
}
mkdir "$work/ci"
cp "$debs"/p11ca*.deb "$work/ci"
rm -f "$work"/ci/*-dbgsym_*.deb
cd "$work"
for service in gitlab-ci github-actions azure-pipelines; do
	install_line "$top/softhsm-fixtures/examples/$service.yml" >install.sh
	sh -e install.sh
done
install ./ci/p11ca_*.deb

cd "$top"
passed=0 failed=0
while read -r name depends; do
	# Go is 700 MB; tests/fixtures/examples.t runs this example too.
	[ "$name" != ci-example-go ] || [ "${FULL:-0}" = 1 ] || continue
	echo "== $name"
	folder=$work/$name
	mkdir "$folder" && chown nobody:nogroup "$folder"
	# shellcheck disable=SC2086 # names of packages
	if install $depends && user env HOME="$folder" TMPDIR="$folder" AUTOPKGTEST_TMP="$folder" "debian/tests/$name" </dev/null; then
		passed=$((passed + 1))
	else
		echo "not ok - debian/tests/$name"
		failed=$((failed + 1))
	fi
done <<LIST
$(awk '/^Tests:/ { name = $2 } /^Depends:/ { $1 = ""; gsub(",", ""); print name $0 }' debian/tests/control)
LIST
rm -rf "$work"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
