#!/bin/sh
# SPDX-License-Identifier: MIT
# root.sh FOLDER - unpacks Debian 13's azure-cli and all that it needs into FOLDER, unless it is there.
#
# Debian 12's azure-cli cannot load `az network`, and the two releases' packages do not mix: so it has a root of its own.
# FOLDER/seed is a configuration folder of az that has its index of commands, which takes az long to make.
# See tests/roots/make.sh for the mirror.  Only root can do this; anybody can use what is there.
set -eu

# az ROOT ARGUMENT... : with the root's own files only, and no network
az() {
	az_root=$1
	shift
	env -i PATH="$PATH" LC_ALL=C.UTF-8 AZURE_CONFIG_DIR=/seed AZURE_CORE_COLLECT_TELEMETRY=no \
	    unshare -n chroot "$az_root" /usr/bin/az "$@"
}

# warm ROOT : compiles what az loads, and has az make its index of commands
warm() {
	for name in bin lib lib64; do [ -e "$1/$name" ] || ln -s "usr/$name" "$1/$name"; done
	mkdir -p "$1/etc/ssl/certs" "$1/seed"
	cat "$1"/usr/share/ca-certificates/mozilla/*.crt >"$1/etc/ssl/certs/ca-certificates.crt" # requests wants it to be there
	az "$1" network vnet-gateway root-cert create --help >/dev/null
	az "$1" resource update --help >/dev/null
	chmod -R a+rX "$1/seed"
	env -u PYTHONDONTWRITEBYTECODE chroot "$1" /usr/bin/python3 -m compileall -q /usr/lib/python3/dist-packages/msal \
	    /usr/lib/python3/dist-packages/azure/core /usr/lib/python3/dist-packages/azure/cli/core >/dev/null
}

if [ "$1" = --warm ]; then
	warm "$2"
	exit
fi
here=$(cd "$(dirname "$0")" && pwd)
exec sh "$here/../roots/make.sh" "$1" trixie "$here/root.sh" --variant=extract --include=azure-cli \
    --extract-hook="sh '$here/root.sh' --warm \"\$1\""
