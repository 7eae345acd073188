#!/bin/sh
# SPDX-License-Identifier: MIT
# enter.sh ROOT FOLDER COMMAND... - runs COMMAND in ROOT, where FOLDER is as here; to be run in mount and network
# name spaces of its own.  Only the loopback is there, and Azure's names are those of 127.0.0.1.
set -eu
root=$1 folder=$2
shift 2
inside=$folder/azure/inside
mkdir -p "$inside"
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$inside"
cd "$inside"
mkdir -p usr etc/ssl/certs dev proc tmp "$inside$folder"
mount --bind "$root/usr" usr
mount -o remount,bind,ro usr
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
mount --rbind /dev dev
mkdir -p "$inside$folder" # /dev/shm is another file system now
mount --bind "$folder" "$inside$folder"
mount --rbind /proc proc
echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
echo '127.0.0.1 localhost management.azure.com login.microsoftonline.com' >etc/hosts
cp "$folder/azure/ca.pem" etc/ssl/certs/ca-certificates.crt
ip link set lo up
exec chroot "$inside" "$@"
