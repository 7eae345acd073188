#!/bin/sh
# SPDX-License-Identifier: MIT
# version.t - configure.ac states the version; what repeats it, and what repeats setup's packages, is equal.
. "$srcdir/tests/tap.sh"
cd "$srcdir" || bail "no sources"
version=$(sed -n 's/^AC_INIT(\[p11ca\],\[\(.*\)\])$/\1/p' configure.ac)
[ -n "$version" ]; ok "configure.ac has a version"
# same NAME FOUND : FOUND is the version
same() {
	echo "$2 instead of $version" >"$WORK/detail"
	[ "$2" = "$version" ]
	ok "$1 has the version of configure.ac" "$WORK/detail"
}
same "p11ca --version" "$("$p11ca" --version | sed 's/^p11ca //')"
same "softhsm-fixture" "$(sed -n 's/^VERSION=\([^ ]*\) .*/\1/p' softhsm-fixtures/softhsm-fixture)"
same "the newest entry of debian/changelog" "$(sed -n '1s/^p11ca (\(.*\)) .*/\1/p' debian/changelog)"
same "the first section of NEWS.md" "$(sed -n 's/^## //p' NEWS.md | head -n 1)"

# The essential packages and build-essential are not listed there.
sed -n "/^BUILD_PACKAGES='/,/'\$/p" setup | sed "s/^[^']*='//; s/'\$//" | xargs -n 1 |
	grep -vE '^(make|gcc|libc6-dev)$' | sort >"$WORK/setup"
sed -n '/^Build-Depends:/,/^[^ ]*: .*/p' debian/control | sed -n 's/^ \([^ ,]*\).*/\1/p' | grep -v '^debhelper-compat' |
	sort >"$WORK/control"
diff "$WORK/setup" "$WORK/control" >"$WORK/detail"
ok "debian/control has the packages that setup installs for building" "$WORK/detail"
[ "$(wc -l <"$WORK/setup")" -gt 10 ]; ok "these are more than ten" "$WORK/setup"
plan
