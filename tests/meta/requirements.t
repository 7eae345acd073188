#!/bin/sh
# SPDX-License-Identifier: MIT
# What tests/requirements.sh prints: one line for each thing that the suite needs and this machine does not have.
. "$srcdir/tests/tap.sh"
command -v unshare >/dev/null || skip_all "no unshare"
unshare -r -m true 2>/dev/null || skip_all "no user namespaces"

# missing TEXT COMMAND : where COMMAND has hidden something, a line begins with TEXT
missing() {
	check "requirements.sh fails without $1" 1 unshare -r -m sh -c "$2"' && exec sh "$0"' "$srcdir/tests/requirements.sh"
	grep -q "^missing for the tests: $1" "$WORK/out"; ok "requirements.sh names $1" "$WORK/detail"
}
# limit KIND : COMMAND that allows no more namespaces of this kind
limit() { echo "echo 0 >/proc/sys/user/max_$1_namespaces"; }

check "requirements.sh succeeds where nothing is hidden" 0 sh "$srcdir/tests/requirements.sh"
check_silent "requirements.sh prints nothing where nothing is hidden" out
missing "pseudo-terminals" 'mount -t tmpfs tmpfs /dev/pts'
[ "$(wc -l <"$WORK/out")" -eq 1 ]; ok "requirements.sh prints one line where one thing is missing" "$WORK/detail"
missing "user namespaces" "$(limit user)"
missing "mount namespaces" "$(limit mnt)"
missing "network namespaces" "$(limit net)"
missing "PID namespaces" "$(limit pid)"
missing "IPC namespaces" "$(limit ipc)"
missing "a writable /dev/shm" 'mount -t tmpfs -o ro tmpfs /dev/shm'
missing "/dev/net/tun" "mount --bind '$WORK/out' /dev/net/tun"
missing "/dev/fuse" "mount --bind '$WORK/out' /dev/fuse"
missing "an /etc/hosts" 'mount -t tmpfs tmpfs /etc'
plan
