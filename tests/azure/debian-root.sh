#!/bin/sh
# SPDX-License-Identifier: MIT
# debian-root.sh FOLDER - unpacks Debian 13's azure-cli and all that it needs into FOLDER, unless it is there.
#
# Debian 12's azure-cli cannot load `az network`, and the two releases' packages do not mix: so it has a root of its own.
# FOLDER/seed is a configuration folder of az that has its index of commands, which takes az long to make.
# AZURE_CLI_MIRROR is the mirror; otherwise it is that of this machine's apt, or mmdebstrap's default.
# Root has to do this; anybody can use what is there.
set -eu
suite=trixie packages=azure-cli

# mirror : of this machine's own Debian packages; nothing where apt knows none
mirror() {
	# shellcheck disable=SC2016 # apt-get's own
	apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian Debian //p' | head -n 1
}

# unpack FOLDER
unpack() {
	# The proxy and the like of this machine's apt: mmdebstrap reads none of its configuration.
	apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https | grep -v '""' >"$folder.apt" || :
	mmdebstrap --variant=extract --include="$packages" --extract-hook="'$self' --warm \"\$1\"" --aptopt="$folder.apt" \
	    "$suite" "$1" ${AZURE_CLI_MIRROR:+"$AZURE_CLI_MIRROR"}
}

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

self=$(cd "$(dirname "$0")" && pwd)/debian-root.sh
if [ "$1" = --warm ]; then
	warm "$2"
	exit
fi
folder=$1
made_of="$suite $packages $(cksum <"$self")"
is_there() { [ "$(cat "$folder/made-of" 2>/dev/null)" = "$made_of" ]; }
is_there && exit
[ "$(id -u)" -eq 0 ] || { echo "root has to run: tests/azure/debian-root.sh $folder" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { echo "no mmdebstrap" >&2; exit 1; }
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
is_there && exit
: "${AZURE_CLI_MIRROR=$(mirror)}"
rm -rf "$folder" "$folder.new"
unpack "$folder.new" >"$folder.log" 2>&1 || { tail -n 20 "$folder.log" >&2; exit 1; }
echo "$made_of" >"$folder.new/made-of"
mv "$folder.new" "$folder"
