#!/bin/sh
# SPDX-License-Identifier: MIT
# gateway-faults.t - a script that `gateway render` wrote fails at each of its requests: nothing is lost, and the next run completes.
. "$srcdir/tests/azure/begin.sh"
vpn_and_bob
somebody one.pem Somebody
one=$(data one.pem)

# answer N : what Azure answers to the Nth request of a script: one kind after the other
answer() {
	case $(($1 % 4)) in
	0) echo '"status": 409, "body": { "error": { "code": "AnotherOperationInProgress", "message": "busy" } }' ;;
	1) echo '"status": 403, "body": { "error": { "code": "AuthorizationFailed", "message": "not you" } }' ;;
	2) echo '"cut": 9' ;;
	3) echo '"status": 400, "body": { "error": { "code": "InternalServerError", "message": "no" } }' ;;
	esac
}
# others_are_there TYPE : the entries of others, whatever has become of ours
others_are_there() {
	now_is "$1" '(roots[0:2] == ($before[0] | roots)) and (revoked[0:2] == ($before[0] | revoked)) and
		rest == ($before[0] | rest)' --slurpfile before before.json
}
is_whole() { now_is "$1" '(roots | length) == 3 and (revoked | length) == 3'; }
# The requests of both types are sent by the same lines of the script: the second type is a sample.
for type in $(types); do
	name=$(name_of $type)
	gateway_of $type "$one" "$one" >before.json
	gw render "$name" --state before.json >script.sh 2>err
	azure_has before.json
	azure_fail
	check "$type: without a fault" 0 run script.sh
	is_whole $type; ok "$type: all is done" detail
	cp "$AZURE/log" whole.log
	n=$(wc -l <whole.log)
	[ "$n" -ge 4 ]; ok "$type: $n requests" whole.log
	[ $type = vnet ] && requests='NR % 4, NR' || requests='0, NR'
	awk "{ print $requests }" whole.log | FULL=$([ $type = vnet ] && echo "${FULL:-0}" || echo 0) sample 16 >sample
	reported=0 tried=0
	while read -r _ at; do
		what=$(sed -n "${at}p" whole.log | jq -r '"\(.method) \(.path | split("/")[-2:] | join("/"))"')
		azure_has before.json
		azure_fail "{ \"at\": $at, $(answer "$at") }"
		run script.sh >out 2>err
		case $? in # an answer that is lost after the change was made is no loss
		0) is_whole $type ;;
		1) grep -q 'not everything is done' err && reported=$((reported + 1)) ;;
		*) false ;;
		esac
		ok "$type: request $at ($what) fails: the script reports it, or everything is done" err
		others_are_there $type; ok "$type: no entry of others is lost ($at)" detail
		now_is $type '(roots | length) == 2 or (revoked | length) == 3'; ok "$type: no root is there before the revocation ($at)" detail
		azure_fail
		check "$type: the next run completes ($at)" 0 run script.sh
		is_whole $type && others_are_there $type; ok "$type: everything is done, and no entry of others is lost ($at)" detail
		tried=$((tried + 1))
	done <sample
	echo "$reported of $tried" >detail
	[ "$reported" -gt 0 ]; ok "$type: failures are reported ($reported of $tried)" detail
done

# Requests that are worth another try.
gateway_of wan "$one" "$one" >before.json
gw render test-config --state before.json >script.sh 2>err
azure_has before.json
azure_fail '{ "match": "PUT", "status": 429, "headers": { "Retry-After": "1" }, "body": { "error": { "code": "TooManyRequests", "message": "slow" } } }'
check "a request that is throttled once" 0 run script.sh
is_whole wan; ok "the throttled request is sent again" detail
azure_has before.json
azure_fail '{ "match": "PUT", "times": 99, "status": 429, "headers": { "retry-after-ms": "5" }, "body": { "error": { "code": "TooManyRequests", "message": "slow" } } }'
check "a request that stays throttled" 1 run script.sh
check_has "the message says what to do" err "run this script again"
now_is wan '. == $before[0]' --slurpfile before before.json; ok "nothing is changed" detail
azure_has before.json
azure_fail '{ "match": "PUT", "times": 99, "status": 500, "headers": { "retry-after-ms": "5" }, "body": { "error": { "code": "InternalServerError", "message": "no" } } }'
check "Azure answers with status 500" 1 run script.sh
now_is wan '. == $before[0]' --slurpfile before before.json; ok "status 500 leaves the gateway unchanged" detail
azure_fail
check "the run after status 500 completes" 0 run script.sh
is_whole wan; ok "everything is done after status 500" detail

# Nobody is logged in, and no az.
azure_has before.json
azure_fail
check "the script runs while az is not logged in" 1 env AZURE_CONFIG_DIR="$WORK/nobody" TMPDIR="$WORK" sh script.sh
check_has "the message names az login" err "az login"
[ ! -s "$AZURE/log" ]; ok "no request is sent" "$AZURE/log"
check "a gateway of another name" 1 run "$(sed "s/'test-config'/'other'/" script.sh >other.sh; echo other.sh)"
check_has "the message says that Azure has no such gateway" err "no such gateway"
plan
