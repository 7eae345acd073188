# SPDX-License-Identifier: MIT
# show.awk - what `softhsm-fixture show` prints: reads the objects, the manifest and the verdicts of a set.
function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}
function value(text) { return text == "-" ? "null" : quoted(text) }
FNR == 1 { file++ }
FILENAME ~ /\.objects$/ { row[++rows] = $0 }
FILENAME ~ /\.manifest$/ && $3 ~ /^files\// { path[++paths] = $3 }
FILENAME ~ /\.verdicts$/ && !/^#/ { verdict[++verdicts] = $0 }
END {
	if (json != "")
		as_json()
	else
		as_text()
}

function as_text(  i, f) {
	printf "set %s; user PIN %s, SO PIN %s\n", set, pin, sopin
	for (i = 1; i <= rows; i++) {
		split(row[i], f, "\t")
		if (f[2] == "token") printf "\ntoken %s: %s\n", f[1], f[5]
		else printf "  %-12s  CKA_ID %-3s %-22s %s\n", f[2], f[3], f[4], f[6]
	}
	if (paths <= 60) {
		print "\nfiles:"
		for (i = 1; i <= paths; i++) print "  " path[i]
	} else
		printf "\nfiles: %d below files/\n", paths
	if (!verdicts) return
	printf "\nverdicts of p11ca:\n  %-21s %-28s %-7s %s\n", "TOKEN", "COMMAND", "STATUS", "CODE"
	for (i = 1; i <= verdicts; i++) {
		split(verdict[i], f, "\t")
		printf "  %-21s %-28s %-7s %s\n", f[1], f[2], f[3], f[4]
	}
}

function as_json(  i, f, n) {
	printf "{\"set\": %s, \"user_pin\": %s, \"so_pin\": %s, \"tokens\": [", quoted(set), quoted(pin), quoted(sopin)
	for (i = 1; i <= rows; i++) {
		split(row[i], f, "\t")
		if (f[2] == "token") {
			printf "%s{\"label\": %s, \"purpose\": %s, \"objects\": [", (i > 1 ? "]}, " : ""), quoted(f[1]), quoted(f[5])
			n = 0
		} else
			printf "%s{\"kind\": %s, \"cka_id\": %s, \"label\": %s, \"uri\": %s}", \
			    (n++ ? ", " : ""), quoted(f[2]), value(f[3]), value(f[4]), value(f[6])
	}
	printf "%s], \"files\": [", (rows ? "]}" : "")
	for (i = 1; i <= paths; i++) printf "%s%s", (i > 1 ? ", " : ""), quoted(path[i])
	printf "], \"verdicts\": ["
	for (i = 1; i <= verdicts; i++) {
		split(verdict[i], f, "\t")
		printf "%s{\"token\": %s, \"command\": %s, \"status\": %d, \"code\": %s}", \
		    (i > 1 ? ", " : ""), quoted(f[1]), quoted(f[2]), f[3], value(f[4])
	}
	print "]}"
}
