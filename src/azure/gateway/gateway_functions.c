/* SPDX-License-Identifier: MIT */
/* gateway_functions.c - the shell functions of every generated az script: POSIX sh, awk and sed. */
#include <stddef.h>

#include "azure/gateway/render.h"
#include "out/quote.h"
#include "util/base64.h"

/*
 * The script reads the lists when it runs, and adds and removes only the named entries: changes that somebody made
 * after --state was read are kept, and a second run has nothing to do.
 *
 * `az rest` needs no extension, is the same for both types, and is the only command of az that can send If-Match, so
 * that Azure refuses a change (412, PreconditionFailedEtagMismatch) if somebody else changed the gateway since it was
 * read. The body of the PUT is the answer to the GET, changed by JMESPath: merge() keeps every other property. `az
 * rest` does not wait for an operation (`az resource wait` does) and does not repeat a request (change() does).
 * A value that begins with @ is read from the file (azure-cli-core, _expand_file_prefixed_files), because a list can
 * be longer than an argument (128 KiB). Roots are compared without padding, line breaks and PEM armour, which Azure
 * accepts in publicCertData.
 */
const char *const render_sh_functions[] = {
	"umask 077\n"
	"tmp=$(mktemp -d) || exit 1\n"
	"trap 'rm -rf \"$tmp\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"export PYTHONIOENCODING=utf-8\n"
	"also= none='\"\"'\n"
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
	"# rest METHOD OPTION...: a request for the gateway\n"
	"rest() {\n"
	"\tmethod=$1\n"
	"\tshift\n"
	"\taz rest --method \"$method\" --url \"$id?api-version=" RENDER_API "\" \"$@\"\n"
	"}\n"
	"\n",
	"# try WHAT COMMAND...: runs the command. Status 1: it failed, and $problem says why; $pause is the "
	"number of seconds\n"
	"# after which it is worth another try\n"
	"try() {\n"
	"\twhat=$1 pause=\n"
	"\tshift\n"
	"\t\"$@\" 2>\"$tmp/err\" && return\n"
	"\tcat \"$tmp/err\" >&2\n"
	"\tcase $(cat \"$tmp/err\") in\n"
	"\t*PreconditionFailed*)\n"
	"\t\treason='somebody else changes the gateway at the same time; run this script again' pause=1 ;;\n"
	"\t*OperationInProgress* | *'in Updating state'*)\n"
	"\t\treason='Azure still applies an earlier change; run this script again in some minutes' ;;\n"
	"\t*TooManyRequests* | *'Too Many Requests'* | *[Tt]hrottl*)\n"
	"\t\treason='Azure limits the rate of requests; run this script again in some minutes' pause=10 ;;\n"
	"\t*'Internal Server Error'* | *'Bad Gateway'* | *'Service Unavailable'* | *'Gateway Timeout'*)\n"
	"\t\treason='Azure has a fault; run this script again in some minutes' pause=10 ;;\n"
	"\t*CertificateExpired*)\n"
	"\t\treason=\"an expired root blocks every change: remove a root of p11ca with\n"
	"'p11ca gateway render $name --state FILE --prune', a root of another owner in the portal\" ;;\n"
	"\t*'operation failed'*)\n"
	"\t\treason='Azure accepted the change and could not apply it: see the activity log of the gateway' ;;\n"
	"\t*AuthorizationFailed*) reason='your role does not allow it; you need a role such as Network "
	"Contributor' ;;\n"
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
	"# look: reads the gateway. Status 1: it cannot be read; 2: writing it could remove the secret of a "
	"RADIUS server.\n"
	"# Sets $id, and $kind to \"null\" if it has no point-to-site configuration\n"
	"look() {\n"
	"\ttry \"read gateway '$name'\" resource show -o tsv --query \"[[id],\n"
	"\t    [$config][?radiusServerAddress && !radiusServerSecret].radiusServerAddress,\n"
	"\t    ($config.radiusServers || \\`[]\\`)[?radiusServerAddress && "
	"!radiusServerSecret].radiusServerAddress,\n"
	"\t    [type($config)]][]\" >\"$tmp/look\" || return\n"
	"\tid=$(sed -n 1p \"$tmp/look\") kind=$(sed -n '$p' \"$tmp/look\")\n"
	"\tcase $kind$id in\n"
	"\tnull/subscriptions/* | object/subscriptions/*) ;;\n"
	"\t*)\n"
	"\t\tproblem=\"cannot $what: the answer of az is not complete; run this script again\"\n"
	"\t\treturn 1\n"
	"\t\t;;\n"
	"\tesac\n"
	"\t[ \"$(sed '1d;$d' \"$tmp/look\")\" ] && [ -z \"${ACCEPT_RADIUS-}\" ] || return 0\n"
	"\tproblem=\"gateway '$name' has RADIUS servers whose secrets Azure does not return, and this script "
	"would write it\n"
	"without them. Use \\\"p11ca gateway render $name --format powershell\\\" with a current module "
	"Az.Network, or the portal; or run\n"
	"this script with ACCEPT_RADIUS=1 and set the secrets again afterwards\"\n"
	"\treturn 2\n"
	"}\n"
	"\n",
	"# whole FILE BRACKET: az has printed all of a list or an object\n"
	"whole() {\n"
	"\t[ \"$(tail -n 1 \"$1\")\" = \"$2\" ] && return\n"
	"\tproblem=\"cannot $what: the answer of az is not complete; run this script again\"\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# changed: somebody else has changed the gateway between two requests\n"
	"changed() {\n"
	"\tproblem=\"cannot change gateway '$name': somebody else changes it at the same time; run this script "
	"again\" pause=1\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# plan LINES LIST DATUM: reads LIST and writes to $tmp/LIST an expression for what it should be. A line "
	"is \"add NAME DATUM\"\n"
	"# or \"remove DATUM\". Sets $etag, and $there, $added and $removed, the numbers of entries. An entry "
	"whose name is in use gets\n"
	"# \"-2\" and the like behind its name. Roots that do not fit are not added: $full is how many there "
	"would be, otherwise 0\n"
	"plan() {\n"
	"\tlines=$1 list=$2 datum=${inside:+$inside.}$3\n"
	"\ttry \"read $list of gateway '$name'\" rest get -o json --query \\\n"
	"\t    \"[[etag || ''], ($config.$list || \\`[]\\`)[].[not_null(name, ''), not_null($datum, '')][]][]\" "
	">\"$tmp/json\" &&\n"
	"\twhole \"$tmp/json\" ']' || return\n"
	"\tsed -n 's/^ *\\(\".*\"\\),\\{0,1\\}$/\\1/p' \"$tmp/json\" >\"$tmp/all\" && etag=$(sed -n 1p "
	"\"$tmp/all\") &&\n"
	"\tsed 1d \"$tmp/all\" >\"$tmp/raw\" && paste - - <\"$tmp/raw\" >\"$tmp/there\" &&\n"
	"\tawk -v list=\"$config.$list\" -v path=\"$datum\" -v key=\"$3\" -v inside=\"$inside\" -v "
	"counts=\"$tmp/counts\" '\n"
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
	"\t\tif (key != \"thumbprint\" && added && there + added - removed > 20) {\n"
	"\t\t\tfull = there + added - removed\n"
	"\t\t\tadded = 0\n"
	"\t\t\tentries = \"\"\n"
	"\t\t}\n"
	"\t\tprint there + 0, added + 0, removed + 0, full + 0 >counts\n"
	"\t\tprint \"[(\" list \" || `[]`)[?!contains(`[\" substr(gone, 2) \"]`, \" path \")], `[\" "
	"substr(entries, 2) \"]`][]\"\n"
	"\t}' is_there=1 FS='\\t' \"$tmp/there\" is_there=0 FS=' ' \"$lines\" >\"$tmp/$list\" &&\n"
	"\tread -r there added removed full <\"$tmp/counts\" && return\n"
	"\tproblem=\"cannot plan the change of $list of gateway '$name': see the message above\"\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# fits: the planned change leaves a root. Azure refuses a gateway without one\n"
	"fits() {\n"
	"\tcase $list in *Revoked*) return 0 ;; esac\n"
	"\t[ \"$removed\" -gt 0 ] && [ $((there + added - removed)) -eq 0 ] || return 0\n"
	"\tproblem=\"the change would remove the last root of gateway '$name', and Azure refuses that "
	"(gateway-no-root). No\n"
	"root was removed. Write this script again with the root that follows: \\\"p11ca gateway render $name "
	"--state FILE\\\"\"\n"
	"\treturn 1\n"
	"}\n"
	"\n",
	"# prepare LINES LIST DATUM: plans LIST and, if $also is a file of lines, the revoked certificates. Sets "
	"$members, what is\n"
	"# to be sent, $n, the number of changed entries, and $result\n"
	"prepare() {\n"
	"\tmembers= n=0 result= first=\n"
	"\tif [ \"$also\" ]; then\n"
	"\t\tplan \"$also\" vpnClientRevokedCertificates thumbprint && first=$etag && add_to_members || return\n"
	"\tfi\n"
	"\tplan \"$1\" \"$2\" \"$3\" && fits && add_to_members || return\n"
	"\t[ -z \"$also\" ] || [ \"$first\" = \"$etag\" ] || changed\n"
	"}\n"
	"\n",
	"# add_to_members: what was planned for $list\n"
	"add_to_members() {\n"
	"\t[ $((added + removed)) -gt 0 ] || return 0\n"
	"\tmembers=$members$list:$(cat \"$tmp/$list\"), n=$((n + added + removed))\n"
	"\tresult=\"${result:+$result\n"
	"}gateway '$name': $list: $added added, $removed removed\"\n"
	"}\n"
	"\n",
	"# send MEMBERS: sends the gateway back with MEMBERS and $members, unless somebody else has changed it "
	"since it was planned\n"
	"send() {\n"
	"\tcase $inside in\n"
	"\t'') query=\"merge(@,{properties:merge(properties,{$1${members%,}})})\" ;;\n"
	"\t*) query=\"merge(@,{properties:merge(properties,{vpnClientConfiguration:merge($config || "
	"\\`{}\\`,{$1${members%,}})})})\" ;;\n"
	"\tesac\n"
	"\tprintf '%s\\n' \"$query\" >\"$tmp/query\"\n"
	"\ttry \"read gateway '$name'\" rest get -o json --query @\"$tmp/query\" >\"$tmp/body\" && whole "
	"\"$tmp/body\" '}' || return\n"
	"\tnow=$(sed -n 's/^  \"etag\": \\(\".*\"\\),\\{0,1\\}$/\\1/p' \"$tmp/body\")\n"
	"\tif [ \"${now:=$none}\" != \"$etag\" ]; then\n"
	"\t\tchanged\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tmatch=$(printf '%s\\n' \"$etag\" | sed -e 's/^\"//' -e 's/\"$//' -e 's/\\\\\\(.\\)/\\1/g')\n"
	"\ttry \"change gateway '$name'\" rest put --body @\"$tmp/body\" ${match:+--headers \"If-Match=$match\"} "
	"-o none &&\n"
	"\ttry \"change gateway '$name'\" az resource wait --ids \"$id\" --api-version " RENDER_API " --updated "
	"--interval 10\n"
	"}\n"
	"\n",
	"# change LINES LIST DATUM [MEMBERS]: makes LIST what the lines say, in one request together with MEMBERS "
	"and $also\n"
	"change() {\n"
	"\tfor turn in 1 2 3; do\n"
	"\t\tif prepare \"$1\" \"$2\" \"$3\"; then\n"
	"\t\t\t[ \"$n\" -gt 0 ] || break\n"
	"\t\t\tsend \"${4-}\" && break\n"
	"\t\tfi\n"
	"\t\t[ \"$pause\" ] && [ $turn -lt 3 ] || return\n"
	"\t\tsleep \"$pause\"\n"
	"\tdone\n"
	"\treport=$result\n"
	"\tif [ \"$n\" -gt 0 ]; then\n"
	"\t\tprepare \"$1\" \"$2\" \"$3\" || return\n"
	"\t\t[ \"$n\" -eq 0 ] || {\n"
	"\t\t\tproblem=\"gateway '$name' does not have the change of $2, although Azure accepted it; run this "
	"script again\"\n"
	"\t\t\treturn 1\n"
	"\t\t}\n"
	"\tfi\n"
	"\tif [ \"$full\" -gt 0 ]; then\n"
	"\t\t[ -z \"$report\" ] || echo \"$report\"\n"
	"\t\tproblem=\"gateway '$name' would have $full roots, and Azure allows 20 (gateway-root-limit): no root "
	"was\n"
	"added. Remove roots first: \\\"p11ca gateway render $name --state FILE --retired\\\"\"\n"
	"\t\treturn 1\n"
	"\tfi\n"
	"\techo \"${report:-gateway '$name': $2: nothing to do}\"\n"
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

/* p11ca chooses the names of added entries: letters, digits and '-'. */
static void gateway_functions_add_line(struct render *r, const struct gateway_entry *entry, bool is_root)
{
	AUTO_VALUE(buf) data = { 0 };

	if ((entry->action != GATEWAY_ADD && entry->action != GATEWAY_REMOVE) || r->is_bad)
		return;
	if (is_root &&
	    (base64_encode(&data, buf_bytes(&entry->der), 0, "", r->e) < 0 || buf_add(&data, "", 1, r->e) < 0)) {
		r->is_bad = true;
		return;
	}
	render_add(r, entry->action == GATEWAY_ADD ? "add " : "remove ");
	if (entry->action == GATEWAY_ADD) {
		render_add(r, entry->name);
		render_add(r, " ");
	}
	render_add(r, is_root ? (const char *)data.data : entry->thumbprint);
	render_add(r, "\n");
}

void render_sh_lines(struct render *r, const char *file, const struct gateway_entries *list, bool is_root)
{
	render_add(r, "cat >\"$tmp/");
	render_add(r, file);
	render_add(r, "\" <<'EOF'\n");
	for (size_t i = 0; i < list->n; i++)
		gateway_functions_add_line(r, &list->all[i], is_root);
	render_add(r, "EOF\n");
}

void render_parts(struct render *r, const char *const parts[])
{
	for (size_t i = 0; parts[i] != NULL; i++)
		render_add(r, parts[i]);
}
