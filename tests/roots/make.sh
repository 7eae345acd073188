#!/bin/sh
# SPDX-License-Identifier: MIT
# make.sh FOLDER SUITE SCRIPT MMDEBSTRAP-OPTION... - makes a root of this suite of Debian in FOLDER, unless it is there.
#
# A root that another version of this script or of SCRIPT, the caller, made is replaced.
# DEBIAN_MIRROR is the mirror (default: that of this machine's apt, or mmdebstrap's default).  Only root can make a root.
set -eu

# mirror : of this machine's own Debian packages; nothing where apt knows none
mirror() {
	# shellcheck disable=SC2016 # apt-get's own
	apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian Debian //p' | head -n 1
}

# unpack MMDEBSTRAP-OPTION... : into $folder.new
unpack() {
	# The proxy and the like of this machine's apt: mmdebstrap reads none of its configuration.
	apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https | grep -v '""' >"$folder.apt" || :
	mmdebstrap "$@" --aptopt="$folder.apt" "$suite" "$folder.new" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
}

folder=$1 suite=$2 script=$3
shift 3
made_of="$suite $(cat "$0" "$script" | cksum)"
is_there() { [ "$(cat "$folder/made-of" 2>/dev/null)" = "$made_of" ]; }
is_there && exit
[ "$(id -u)" -eq 0 ] || { echo "only root can make the root $folder" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { echo "no mmdebstrap" >&2; exit 1; }
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
is_there && exit
: "${DEBIAN_MIRROR=$(mirror)}"
rm -rf "$folder" "$folder.new"
unpack "$@" >"$folder.log" 2>&1 || { tail -n 20 "$folder.log" >&2; exit 1; }
echo "$made_of" >"$folder.new/made-of"
mv "$folder.new" "$folder"
