#!/bin/sh
# SPDX-License-Identifier: MIT
# requirements.sh - what the test suite needs apart from packages: prints one line for each thing that is missing
#
# Exits with 1 if something is missing.  Root and other users need the same, apart from tests/roots and tests/azure.
set -u

# require SHELL-COMMAND TEXT... : the command fails where what the text names is missing
require() {
	require_probe=$1
	shift
	timeout 20 sh -c "$require_probe" >/dev/null 2>&1 </dev/null && return
	echo "missing for the tests: $*"
	missing=1
}

missing=0 map=
[ "$(id -u)" -eq 0 ] || map=-r # another user needs a user namespace for each of the others

require 'script -qec "test -t 0" /dev/null' "pseudo-terminals (a devpts on /dev/pts, and /dev/ptmx)"
require 'unshare -U true && unshare -r -m true' "user namespaces (user.max_user_namespaces; not after chroot(2))"
require "unshare $map -m sh -c 'mount -t tmpfs tmpfs /run'" "mount namespaces, and the right to mount a tmpfs"
require "unshare $map -m -n sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up && ip netns add x'" "network namespaces"
require "unshare $map -m -p --fork --mount-proc true" "PID namespaces with a /proc"
require "unshare $map -i true" "IPC namespaces"
require 'file=$(mktemp /dev/shm/p11ca.XXXXXX) && rm "$file"' "a writable /dev/shm"
require "unshare $map -m sh -c '[ -c /dev/net/tun ] && : <>/dev/net/tun'" "/dev/net/tun"
require '[ -c /dev/fuse ] && : <>/dev/fuse' "/dev/fuse"
require 'strace -qq -e trace=none -e inject=close:delay_enter=1 true' "ptrace(2) of child processes"
require "unshare $map -m mount --bind /etc/hosts /etc/hosts" "an /etc/hosts, and the right to mount a file over it"
exit "$missing"
