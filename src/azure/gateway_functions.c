/* SPDX-License-Identifier: MIT */
/* gateway_functions.c - the shell functions that every generated az script has: POSIX sh, awk and sed. */
#include <stddef.h>

#include "azure/render.h"
#include "out/quote.h"

/*
 * The lists are read when the script runs, and only the entries that are named are added or removed: what somebody else
 * changed after --state was read stays, and a second run finds nothing to do.  `az resource` needs no extension, sends
 * every property of the gateway back, and is the same for both types.  A value that begins with @ is read from
 * the file (azure-cli-core, _expand_file_prefixed_files): a list may be longer than an argument (128 KiB).
 * Roots are compared without padding, line breaks and PEM armour, which Azure accepts in publicCertData.
 */
const char *const render_sh_functions[] = {
	"umask 077\n"
	"tmp=$(mktemp -d) || exit 1\n"
	"trap 'rm -rf \"$tmp\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"export PYTHONIOENCODING=utf-8\n"
	"\n",
	"# use TYPE GROUP NAME [SUBSCRIPTION]: the gateway that the functions below work on\n"
	"use() {\n"
	"\ttype=Microsoft.Network/$1 group=$2 name=$3 subscription=${4-}\n"
	"\tcase $1 in\n"
	"\tvirtualNetworkGateways) config=properties.vpnClientConfiguration inside=properties ;;\n"
	"\t*) config=properties inside= ;;\n"
	"\tesac\n"
	"}\n"
	"\n",
	"# resource COMMAND OPTION...: az resource COMMAND for the gateway\n"
	"resource() {\n"
	"\tcommand=$1\n"
	"\tshift\n"
	"\taz resource \"$command\" -g \"$group\" -n \"$name\" ${subscription:+--subscription \"$subscription\"} "
	"\\\n"
	"\t    --resource-type \"$type\" --api-version " RENDER_API " \"$@\"\n"
	"}\n"
	"\n",
	"# try WHAT COMMAND...: runs the command. Status 1: it failed, and $problem says why\n"
	"try() {\n"
	"\twhat=$1\n"
	"\tshift\n"
	"\t\"$@\" 2>\"$tmp/err\" && return\n"
	"\tcat \"$tmp/err\" >&2\n"
	"\tcase $(cat \"$tmp/err\") in\n"
	"\t*OperationInProgress* | *'in Updating state'*)\n"
	"\t\treason='Azure still works on an earlier change; run this script again in some minutes' ;;\n"
	"\t*TooManyRequests* | *[Tt]hrottl*) reason='Azure limits the rate of requests; run this script again in "
	"some minutes' ;;\n"
	"\t*CertificateExpired*)\n"
	"\t\treason=\"an expired root blocks every change; remove one of p11ca by 'p11ca gateway render $name "
	"--state FILE --prune', another\n"
	"one by hand\" ;;\n"
	"\t*AuthorizationFailed*) reason='your role does not allow it; you need a role such as Network Contributo"
	"r' ;;\n"
	"\t*ResourceNotFound* | *ResourceGroupNotFound*)\n"
	"\t\treason='Azure has no such gateway in this resource group and subscription' ;;\n"
	"\t*'az login'* | *AADSTS*) reason='az is not logged in; run \"az login\", then this script again' ;;\n"
	"\t*) reason='see the message of az above; then run this script again' ;;\n"
	"\tesac\n"
	"\tproblem=\"cannot $what: $reason\"\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# ready: az is installed and logged in\n"
	"ready() {\n"
	"\tcommand -v az >/dev/null || {\n"
	"\t\tproblem='az is not installed: see https://learn.microsoft.com/cli/azure/install-azure-cli'\n"
	"\t\treturn 1\n"
	"\t}\n"
	"\ttry 'use az' az account show -o none\n"
	"}\n"
	"\n",
	"# look: reads the gateway. Status 1: it cannot be read; 2: writing it could remove the secret of a RADIU"
	"S server. $kind is\n"
	"# \"null\" if it has no point-to-site configuration\n"
	"look() {\n"
	"\ttry \"read gateway '$name'\" resource show --query \"[[type($config)],\n"
	"\t    [$config][?radiusServerAddress && !radiusServerSecret].radiusServerAddress,\n"
	"\t    ($config.radiusServers || \\`[]\\`)[?radiusServerAddress && !radiusServerSecret].radiusServerAddre"
	"ss][]\" \\\n"
	"\t    -o tsv >\"$tmp/kind\" || return\n"
	"\tkind=$(head -n 1 \"$tmp/kind\")\n"
	"\tcase $kind in\n"
	"\tnull | object) ;;\n"
	"\t*)\n"
	"\t\tproblem=\"cannot $what: the answer of az is not complete; run this script again\"\n"
	"\t\treturn 1\n"
	"\t\t;;\n"
	"\tesac\n"
	"\t[ \"$(sed 1d \"$tmp/kind\")\" ] && [ -z \"${ACCEPT_RADIUS-}\" ] || return 0\n"
	"\tproblem=\"gateway '$name' has RADIUS servers whose secrets Azure does not return, and this script woul"
	"d write it\n"
	"without them. Use \\\"p11ca gateway render $name --format powershell\\\" with a current module Az.Network, or "
	"the portal; or run\n"
	"this script with ACCEPT_RADIUS=1 and set the secrets again afterwards\"\n"
	"\treturn 2\n"
	"}\n"
	"\n",
	"# whole FILE: az has printed a whole list\n"
	"whole() {\n"
	"\tcase $(tail -n 1 \"$1\") in *']') return 0 ;; esac\n"
	"\tproblem=\"cannot $what: the answer of az is not complete; run this script again\"\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# plan LINES LIST DATUM: reads LIST and writes to $tmp/LIST what it should be. A line is \"add NAME DAT"
	"UM\" or \"remove DATUM\".\n"
	"# Sets $there, $added and $removed, the numbers of entries. An entry whose name is in use gets \"-2\" a"
	"nd the like behind its\n"
	"# name. az prints a member \"resourceGroup\" that Azure does not accept in a request, so the members of"
	" an entry are chosen by\n"
	"# name\n"
	"plan() {\n"
	"\tlines=$1 list=$2 datum=${inside:+$inside.}$3\n"
	"\ttry \"read $list of gateway '$name'\" resource show \\\n"
	"\t    --query \"($config.$list || \\`[]\\`)[].[not_null(name, ''), not_null($datum, '')][]\" -o json >"
	"\"$tmp/json\" || return\n"
	"\twhole \"$tmp/json\" || return\n"
	"\tsed -n 's/^ *\\(\".*\"\\),\\{0,1\\}$/\\1/p' \"$tmp/json\" >\"$tmp/raw\" && paste - - <\"$tmp/raw\" >"
	"\"$tmp/there\" &&\n"
	"\tawk -v list=\"$config.$list\" -v path=\"$datum\" -v key=\"$3\" -v inside=\"$inside\" -v counts=\"$tmp"
	"/counts\" '\n"
	"\tfunction normal(data) {\n"
	"\t\tgsub(/\\\\[nrt]|-----[A-Z ]*-----|[\" =]/, \"\", data)\n"
	"\t\treturn key == \"thumbprint\" ? tolower(data) : data\n"
	"\t}\n"
	"\tis_there {\n"
	"\t\tsame = normal($2)\n"
	"\t\tthere++\n"
	"\t\tn[same]++\n"
	"\t\traw[same] = raw[same] \",\" $2\n"
	"\t\ttaken[tolower($1)]\n"
	"\t\tnext\n"
	"\t}\n"
	"\t$1 == \"add\" {\n"
	"\t\tif (normal($3) in n)\n"
	"\t\t\tnext\n"
	"\t\tadded++\n"
	"\t\tname = $2\n"
	"\t\tfor (k = 2; (\"\\\"\" tolower(name) \"\\\"\") in taken; k++)\n"
	"\t\t\tname = $2 \"-\" k\n"
	"\t\ttaken[\"\\\"\" tolower(name) \"\\\"\"]\n"
	"\t\tdata = \"\\\"\" key \"\\\":\\\"\" $3 \"\\\"\"\n"
	"\t\tentries = entries \",{\\\"name\\\":\\\"\" name \"\\\",\" (inside ? \"\\\"\" inside \"\\\":{\" data "
	"\"}\" : data) \"}\"\n"
	"\t}\n"
	"\t$1 == \"remove\" {\n"
	"\t\tsame = normal($2)\n"
	"\t\tremoved += n[same]\n"
	"\t\tgone = gone raw[same]\n"
	"\t\traw[same] = \"\"\n"
	"\t\tn[same] = 0\n"
	"\t}\n"
	"\tEND {\n"
	"\t\tprint there + 0, added + 0, removed + 0 >counts\n"
	"\t\tprint \"[(\" list \" || `[]`)[?!contains(`[\" substr(gone, 2) \"]`, \" path \")]\" \\\n"
	"\t\t    (inside ? \".{id: id, etag: etag, name: name, properties: properties}\" : \"\") \", `[\" substr"
	"(entries, 2) \"]`][]\"\n"
	"\t}' is_there=1 FS='\\t' \"$tmp/there\" is_there=0 FS=' ' \"$lines\" >\"$tmp/query\" &&\n"
	"\tread -r there added removed <\"$tmp/counts\" || {\n"
	"\t\tproblem=\"cannot plan the change of $list of gateway '$name': see the message above\"\n"
	"\t\treturn 1\n"
	"\t}\n"
	"\t[ $((added + removed)) -gt 0 ] || return 0\n"
	"\ttry \"read $list of gateway '$name'\" resource show --query @\"$tmp/query\" -o json >\"$tmp/$list\" &"
	"& whole \"$tmp/$list\"\n"
	"}\n"
	"\n",
	"# fits: after the plan the roots are neither too many nor none\n"
	"fits() {\n"
	"\tcase $list in *Revoked*) return 0 ;; esac\n"
	"\tleft=$((there + added - removed))\n"
	"\tif [ $left -gt 20 ] && [ \"$added\" -gt 0 ]; then\n"
	"\t\tproblem=\"gateway '$name' would have $left roots, and Azure allows 20 (gateway-root-limit); the list"
	" of\n"
	"roots is unchanged. Remove roots first: \\\"p11ca gateway render $name --state FILE --retired\\\"\"\n"
	"\t\treturn 1\n"
	"\telif [ $left -eq 0 ]; then\n"
	"\t\tproblem=\"gateway '$name' would have no root, and Azure refuses that (gateway-no-root)\"\n"
	"\t\treturn 1\n"
	"\tfi\n"
	"}\n"
	"\n",
	"# change LINES LIST DATUM [PATH=VALUE...]: makes LIST what the lines say, in one request together with t"
	"he other values\n"
	"change() {\n"
	"\tplan \"$1\" \"$2\" \"$3\" && fits || return\n"
	"\tif [ $((added + removed)) -eq 0 ]; then\n"
	"\t\techo \"gateway '$name': $2: nothing to do\"\n"
	"\t\treturn 0\n"
	"\tfi\n"
	"\tresult=\"gateway '$name': $2: $added added, $removed removed\"\n"
	"\tshift 3\n"
	"\ttry \"change $list of gateway '$name'\" resource update -o none --set \"$@\" \"$config.$list=@$tmp/$li"
	"st\" || return\n"
	"\tplan \"$lines\" \"$list\" \"${datum##*.}\" || return\n"
	"\tif [ $((added + removed)) -gt 0 ]; then\n"
	"\t\tproblem=\"gateway '$name' does not have the change of $list, although Azure accepted it; run this sc"
	"ript again\"\n"
	"\t\treturn 1\n"
	"\tfi\n"
	"\techo \"$result\"\n"
	"}\n",
	NULL,
};

void render_sh_use(struct render *r)
{
	const struct gateway_row *g = &r->change->gateway;

	render_add(r, render_is_wan(r) ? "use vpnServerConfigurations " : "use virtualNetworkGateways ");
	render_quoted(r, quote_sh, g->resource_group);
	render_add(r, " ");
	render_quoted(r, quote_sh, g->name);
	if (g->subscription[0] != '\0') {
		render_add(r, " ");
		render_quoted(r, quote_sh, g->subscription);
	}
	render_add(r, "\n");
}

/* Names of added entries are ours: letters, digits and '-'. */
static void add_line(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) data = { 0 };

	if (entry->fate == GATEWAY_KEEP || r->is_bad)
		return;
	if (is_root &&
	    (quote_base64(&data, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&data, "", 1, r->e) < 0)) {
		r->is_bad = true;
		return;
	}
	render_add(r, entry->fate == GATEWAY_ADD ? "add " : "remove ");
	if (entry->fate == GATEWAY_ADD) {
		render_add(r, entry->name);
		render_add(r, " ");
	}
	render_add(r, is_root ? (const char *)data.at : entry->thumbprint);
	render_add(r, "\n");
}

void render_sh_lines(struct render *r, const char *file, const struct gateway_entries *list, bool is_root)
{
	render_add(r, "cat >\"$tmp/");
	render_add(r, file);
	render_add(r, "\" <<'EOF'\n");
	for (size_t i = 0; i < list->n; i++)
		add_line(r, &list->all[i], is_root);
	render_add(r, "EOF\n");
}

void render_parts(struct render *r, const char *const parts[])
{
	for (size_t i = 0; parts[i] != NULL; i++)
		render_add(r, parts[i]);
}
