#!/bin/sh
# SPDX-License-Identifier: MIT
# networkmanager.t - a NetworkManager in namespaces of its own knows the connection by the name that INSTALL has.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/package.sh"
for tool in unshare dbus-daemon NetworkManager nmcli openssl; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
if [ -z "${NM_INSIDE:-}" ]; then
	flags='-m -n -p --fork --kill-child --mount-proc'
	[ "$(id -u)" -eq 0 ] || flags="-r $flags"
	# shellcheck disable=SC2086
	timeout 20 unshare $flags sh -c 'mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /etc/NetworkManager' 2>/dev/null ||
		skip_all "namespaces are not permitted here"
	rm -rf "$WORK"
	# shellcheck disable=SC2086
	NM_INSIDE=1 exec timeout -k 5 120 unshare $flags sh "$0"
fi
cd "$WORK" || bail "no folder"
mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /etc/NetworkManager && ip link set lo up || bail "no namespaces"
mkdir -p /run/dbus /etc/NetworkManager/system-connections
cat >bus.conf <<'X'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
X
printf '[main]\nplugins=keyfile\nauth-polkit=false\nno-auto-default=*\n[keyfile]\nunmanaged-devices=*\n' \
    >/etc/NetworkManager/NetworkManager.conf
dbus-daemon --config-file="$WORK/bus.conf" --nofork --nopidfile >bus.log 2>&1 &
NetworkManager --no-daemon --config=/etc/NetworkManager/NetworkManager.conf >nm.log 2>&1 &
is_up() { [ "$(timeout 5 nmcli -t -f RUNNING general 2>/dev/null)" = running ]; }
tries=0
until is_up; do
	sleep 0.3
	[ $((tries += 1)) -lt 100 ] || skip_all "NetworkManager does not start: $(tail -n 1 nm.log)"
done

tokens hsm dora
package_root gateway.pem "/CN=Test Gateway Root"
root vpn hsm
"$p11ca" root export vpn --format pem --out ours.pem || bail "no root"
package_folder package gateway.pem ours.pem
card dora.example@contoso.com dora --out enrolled
check "a profile of a client whose name has dots" 0 "$p11ca" profile write package --client dora.example@contoso.com \
    --for networkmanager --out profile
page=$WORK/profile/networkmanager/INSTALL-networkmanager.md
install -m 0600 profile/networkmanager/*.nmconnection /etc/NetworkManager/system-connections/
check "NetworkManager loads the file" 0 nmcli connection reload
sed -n 's/^ *\(nmcli .*\)/\1/p; s/.*`\(nmcli [^`]*\)`.*/\1/p' "$page" >commands
sort -u commands | while read -r line; do
	case $line in *' show --active'*) ;; *) echo "$line" ;; esac
done >named
[ "$(wc -l <named)" -ge 2 ]; ok "the page has commands that name the connection" named
while read -r line; do
	timeout 20 sh -c "$line" </dev/null >out 2>err
	case $line in
	*' show '*) [ $? -eq 0 ] ;;
	# The plugin of strongSwan is not installed here: that is all that may be wanting.
	*) ! grep -qE 'unknown connection|no such connection' err && grep -qE 'strongswan|source connection' err ;;
	esac
	ok "NetworkManager knows the connection of: $line" err
done <named
check "a name that no file has is not known" 10 nmcli connection show Test-vnet-dora-example_contoso-com
plan
