#!/bin/sh
# SPDX-License-Identifier: MIT
# machine.sh SUITE FOLDER COMMAND... - runs COMMAND as root in a new, minimal Debian of this suite
#
# COMMAND begins in /p11ca, a copy of the files of this source tree that git tracks.  FOLDER is replaced by the root of
# that Debian; it is removed if COMMAND succeeds.  The root has what every machine has: a proc, pseudo-terminals,
# /dev/shm, /etc/hosts, this machine's network and mirror, and the right to make namespaces.  All mounts and processes
# are in namespaces of their own: the kernel removes them when COMMAND ends or machine.sh is killed.  MACHINE_FILES is a
# folder or file that is copied into /p11ca as well.
set -eu

# seed ROOT : what mmdebstrap leaves out
seed() {
	printf '127.0.0.1 localhost %s\n::1 localhost\n' "$(hostname)" >"$1/etc/hosts"
	[ ! -e /etc/resolv.conf ] || cat /etc/resolv.conf >"$1/etc/resolv.conf"
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" # no package starts a service
	chmod 755 "$1/usr/sbin/policy-rc.d"
	echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/unsafe-io"
	mkdir -p "$1/p11ca"
	cd "$top"
	for file in $(git ls-files); do [ ! -e "$file" ] || echo "$file"; done >"$1/p11ca/files"
	tar -c -T "$1/p11ca/files" --owner=0 --group=0 | tar -x -C "$1/p11ca"
	rm "$1/p11ca/files"
	[ -z "${MACHINE_FILES:-}" ] || cp -r "$MACHINE_FILES" "$1/p11ca/"
}

# enter ROOT COMMAND... : in mount and PID namespaces of its own.  chroot(2) would forbid further user namespaces.
enter() {
	mount --bind "$1" "$1"
	cd "$1"
	shift
	mount -t proc proc proc
	mount --rbind /sys sys
	mount --rbind /dev dev
	mount -t tmpfs -o mode=1777 tmpfs dev/shm
	mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
	pivot_root . .
	umount -l .
	cd /p11ca
	exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
	    ${JOBS:+"JOBS=$JOBS"} ${SEED:+"SEED=$SEED"} ${FULL:+"FULL=$FULL"} ${SUITE_SECONDS:+"SUITE_SECONDS=$SUITE_SECONDS"} "$@"
}

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case $1 in
--seed) seed "$2" && exit ;;
--enter) shift && enter "$@" ;;
esac
[ "$(id -u)" -eq 0 ] || { echo "only root can enter another Debian" >&2; exit 1; }
suite=$1
mkdir -p "$2"
root=$(cd "$2" && pwd)
shift 2
rm -rf "$root"
sh "$here/make.sh" "$root" "$suite" "$here/machine.sh" --variant=minbase \
    --customize-hook="sh '$here/machine.sh' --seed \"\$1\""
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private \
    sh "$here/machine.sh" --enter "$root" "$@" &
trap 'kill -KILL $!; exit 1' HUP INT TERM
wait $!
rm -rf "$root" "$root.apt" "$root.lock" "$root.log"
