/* SPDX-License-Identifier: MIT */
/* report.c - the command `p11ca report`: its options, help and output. */
#include "pki/report/report.h"

#include <string.h>

#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "util/file.h"

struct report_args {
	const char *out, *package, *audience;
	struct opt_list states;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct report_args, out), .name = "out", .help = "HTML file; - is standard output" },
	{ OPT_FIELD(FLAG, struct report_args, force), .name = "force", .help = "overwrite the file" },
	{ OPT_FIELD(FORMAT, struct report_args, audience), .name = "for", .choices = "auditor|operator",
	    .help = "reader; auditor: no names (default: operator)" },
	{ OPT_LIST_FIELD(FILE, struct report_args, states), .name = "gateway-state",
	    .help = "output of `az network vnet-gateway show … -o json` (repeatable)" },
	{ OPT_FIELD(FILE, struct report_args, package), .name = "package",
	    .help = "Azure's client package, to be checked too" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "overview", report_summary_fields, false },
	{ "findings", report_finding_fields, true },
	{ "pending", report_pending_fields, true },
	{ "expiring", report_expiring_fields, true },
	{ "months", report_month_fields, true },
	{ "roots", report_root_fields, true },
	{ "keys", report_key_fields, true },
	{ "cards", report_card_fields, true },
	{ "gateways", report_gateway_fields, true },
	{ "weeks", report_week_fields, true },
	{ "actors", report_actor_fields, true },
	{ "integrity", report_integrity_fields, false },
	{ .key = NULL },
};

static int cmd_report_check_args(const struct app *app, const struct report_args *args, struct err *e)
{
	if (args->out == NULL && !app->json)
		return err_set(e, ERR_USAGE, "report needs --out FILE, or --json for the figures alone");
	if (app->json && args->out != NULL && strcmp(args->out, "-") == 0)
		return err_set(e, ERR_USAGE, "--json and --out - both write to standard output");
	if (args->out != NULL && strcmp(args->out, "-") != 0)
		return file_check_writable(args->out, args->force, e);
	return 0;
}

static int cmd_report_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct report_args *args = args_;
	const struct report_options how = { args->package, args->states.data, args->states.n,
		args->audience != NULL && strcmp(args->audience, "auditor") == 0 };
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(report) r = { .p = NULL };
	AUTO_VALUE(buf) page = { 0 };

	(void)operands;
	if (cmd_report_check_args(app, args, e) < 0 || open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ||
	    report_collect(&r, &p, &how, e) < 0)
		return -1;
	if (args->out != NULL &&
	    (report_write(&page, &r, e) < 0 || export_text(app, &page, args->out, args->force, e) < 0))
		return -1;
	return app->json ? report_print(&r, app->out, e) : 0;
}

static const struct command_example examples[] = {
	{ "Write the report for the people who run this CA:", "p11ca report --out report.html" },
	{ "Compare a gateway with the ledger as well:",
	    "p11ca report --out report.html --gateway-state gw.json" },
	{ "Write a report without names for an auditor:", "p11ca report --for auditor --out report.html" },
	{ .text = NULL },
};

const struct command cmd_report = {
	.path = "report",
	.summary = "Write an overview of the whole installation",
	.help = "The report is one HTML file for a browser or a printer, without script, that loads nothing: what "
		"needs doing, which certificates end when, roots, keys, gateways, activity and the integrity of the "
		"ledger. --json prints the same figures. Lists of details are limited; the sums cover everything.\n\n"
		"--for auditor leaves out the names of clients, roots, gateways, tokens, people, machines and files; "
		"hashes, serial numbers and counts stay. The command runs the checks of `p11ca doctor`, does not log "
		"in and changes nothing. The exit status is 0 even if there are findings.",
	.examples = examples,
	.needs = NEED_MODULE | NEED_ROOT_TOKEN | NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct report_args),
	.prints = prints,
	.run = cmd_report_run,
};
