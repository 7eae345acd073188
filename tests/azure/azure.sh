# SPDX-License-Identifier: MIT
# azure.sh - Debian 13's own azure-cli, unchanged, logged in at a mock of Azure.  Source it after tap.sh and lib.sh.
#
# azure_up starts the mock, in a network name space of its own, and puts `az` into $WORK/bin, which enters that name space.
# Nothing that az does can leave it.  What az may see of this machine's files is $WORK.
AZURE=$WORK/azure
AZURE_ROOT=${P11CA_AZURE_ROOT:-$top_builddir/debian13-azure-cli}
AZURE_CONFIG_DIR=$AZURE/config
AZURE_CORE_COLLECT_TELEMETRY=no
SUBSCRIPTION=7e570000-0000-4000-8000-000000000000
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY
unset AZURE_CORE_OUTPUT REQUESTS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY http_proxy https_proxy

azure_down() {
	for azure_down_pid in ${azure_server_pid:-} ${azure_pid:-}; do kill "$azure_down_pid" 2>/dev/null; done
}

# azure_certificate : of the names that az asks
azure_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$AZURE/key.pem" -out "$AZURE/ca.pem" -subj /CN=mock -days 3 \
	    -addext 'subjectAltName=DNS:management.azure.com,DNS:login.microsoftonline.com' 2>"$AZURE/openssl.err" &&
		cat "$AZURE/key.pem" "$AZURE/ca.pem" >"$AZURE/tls.pem"
}

# azure_wait FILE PID LOG : until the file is there
azure_wait() {
	azure_tries=0
	until [ -e "$1" ]; do
		kill -0 "$2" 2>/dev/null && [ $((azure_tries += 1)) -le 600 ] || bail "it does not start: $(cat "$3")"
		sleep 0.1
	done
}

# azure_program : $WORK/bin/az, see az_server.py, and a sleep that is as much faster than time as that of az
azure_program() {
	mkdir -p "$WORK/bin"
	azure_enter="nsenter -t $azure_pid $azure_flags -m -n -r"
	cat >"$WORK/bin/az" <<-AZ
		#!/bin/sh
		exec $azure_enter --wdns="\$PWD" /usr/bin/python3 -I -S $AZURE/az_client.py $AZURE/az $AZURE_CONFIG_DIR "\$@"
	AZ
	printf '#!/bin/sh\nexec %s "$(awk "BEGIN { print $1 / 40 }")"\n' "$(command -v sleep)" >"$WORK/bin/sleep"
	chmod 755 "$WORK/bin/az" "$WORK/bin/sleep"
	# shellcheck disable=SC2086
	env -u PYTHONDONTWRITEBYTECODE LC_ALL=C.UTF-8 $azure_enter -w/ /usr/bin/python3 "$AZURE/az_server.py" "$AZURE/az" \
	    >"$AZURE/az.log" 2>&1 </dev/null &
	azure_server_pid=$!
	azure_wait "$AZURE/az" "$azure_server_pid" "$AZURE/az.log"
}

# azure_up : skips where there can be no root, or no name spaces
azure_up() {
	needs unshare nsenter flock ip openssl jq
	azure_unshare='-m -n' azure_flags=
	[ "$(id -u)" -eq 0 ] || azure_unshare='-r -m -n' azure_flags='-U --preserve-credentials'
	# shellcheck disable=SC2086
	unshare $azure_unshare true 2>/dev/null || skip_all "name spaces are not permitted here"
	sh "$srcdir/tests/azure/root.sh" "$AZURE_ROOT" >"$WORK/root.log" 2>&1 ||
		skip_all "no Debian 13 root: $(tail -n 1 "$WORK/root.log")"
	mkdir -p "$AZURE/resources" && cp -r "$AZURE_ROOT/seed" "$AZURE_CONFIG_DIR" || bail "no folder for az"
	cp "$srcdir"/tests/azure/*.py "$AZURE"
	azure_certificate || bail "no certificate for the mock"
	jq -n --arg id "$SUBSCRIPTION" --arg name "${AZURE_SUBSCRIPTION_NAME:-Test}" '[{ id: $id, name: $name }]' \
	    >"$AZURE/subscriptions.json"
	echo '{}' >"$AZURE/sessions.json"
	# shellcheck disable=SC2086
	unshare $azure_unshare sh "$srcdir/tests/azure/enter.sh" "$AZURE_ROOT" "$WORK" \
	    /usr/bin/python3 "$AZURE/arm_mock.py" "$AZURE" >"$AZURE/mock.log" 2>&1 &
	azure_pid=$!
	trap 'azure_down; rm -rf "$WORK"' EXIT
	azure_wait "$AZURE/ready" "$azure_pid" "$AZURE/mock.log"
	azure_program
	PATH=$WORK/bin:$PATH
	azure_login
}

# azure_login : as a service principal, for nobody is here to type into a browser
azure_login() {
	az login --service-principal -u "$SUBSCRIPTION" -p secret --tenant 7e570000-0000-4000-8000-00000000000a -o none \
	    >"$AZURE/login.out" 2>&1 || bail "az cannot log in: $(cat "$AZURE/login.out" "$AZURE/mock.log")"
}

# azure_has FILE : a resource as Azure Resource Manager returns it
azure_has() { cp "$1" "$AZURE/resources/$(jq -r '.type | split("/")[1]' "$1")-$(jq -r .name "$1").json"; }
# azure_state TYPE NAME : what Azure has now
azure_state() { cat "$AZURE/resources/$1-$2.json"; }
# azure_test_state FILE DATA DATA : a file of tests/data/gateway with certificates in it
azure_test_state() {
	sed -e "s|@CLIENT_ROOT_DATA@|$2|" -e "s|@OTHER_ROOT_DATA@|$3|" "$srcdir/tests/data/gateway/$1"
}
# azure_sessions ID-OF-GATEWAY [SESSION USER]... : the sessions that are up there
azure_sessions() {
	azure_gateway=$1
	shift
	for azure_word; do echo "$azure_word"; done | jq -R . | jq -s --arg id "$azure_gateway" --slurpfile old "$AZURE/sessions.json" \
	    '. as $w | $old[0] + { ($id | ascii_downcase): [range(0; length; 2) | { vpnConnectionId: $w[.], vpnUserName: $w[. + 1] }] }' \
	    >"$AZURE/sessions.new" && mv "$AZURE/sessions.new" "$AZURE/sessions.json"
}
# azure_sessions_of ID-OF-GATEWAY : those that are up
azure_sessions_of() { jq -r --arg id "$1" '.[$id | ascii_downcase][].vpnConnectionId' "$AZURE/sessions.json"; }
# azure_fail JSON : which requests fail, counted from now on; no argument: none
azure_fail() { : >"$AZURE/log"; echo "${1:-}" >"$AZURE/fail"; : >"$AZURE/meanwhile"; }
# azure_meanwhile REGEX AT TIMES FILE : before the requests that match, from the ATth, somebody else makes FILE of its resource
azure_meanwhile() {
	jq -n --arg match "$1" --argjson at "$2" --argjson times "$3" --slurpfile to "$4" \
	    '{ match: $match, at: $at, times: $times, resource: $to[0] }' >"$AZURE/meanwhile"
}
# azure_sent FILTER : of the list of requests since azure_fail, by jq
azure_sent() { jq -s "$@" "$AZURE/log"; }
