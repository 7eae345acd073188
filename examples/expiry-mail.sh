#!/bin/sh
# expiry-mail.sh ADDRESS [DAYS] - mails what `p11ca doctor` finds, and the certificates that expire within DAYS (default: 30)
#
# No mail is sent if there is nothing to report.  Needs a `mail` command (Debian: bsd-mailx) and runs as the user whose ledger
# it reads.  p11ca-doctor.timer runs it every day.
set -u
report=$(mktemp) || exit 1
trap 'rm -f "$report"' EXIT

p11ca doctor >"$report" 2>&1
doctor=$?
p11ca client list --expiring "${2:-30}" --sort end >"$report.list" 2>&1
list=$?
[ "$list" -eq 0 ] || cat "$report.list" >>"$report"
rm -f "$report.list"

# 0: nothing to report, 10: findings; p11ca failed with any other status.
case $doctor,$list in
0,0) exit 0 ;;
0,10 | 10,0 | 10,10) mail -s "p11ca: findings" "$1" <"$report" ;;
*)
	mail -s "p11ca: the check failed" "$1" <"$report"
	exit 1
	;;
esac
