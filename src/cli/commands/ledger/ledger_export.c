/* SPDX-License-Identifier: MIT */
/* ledger_export.c - the command `p11ca ledger export`: its options, help and output. */
#include <string.h>

#include "cli/list_format.h"
#include "cli/open_pki.h"
#include "pki/ledger/ledger_calendar.h"
#include "pki/ledger/ledger_list.h"
#include "pki/ledger/openssl_index.h"

struct ledger_export_args {
	const char *format, *root;
	bool all;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct ledger_export_args, format), .name = "format",
	    .choices = "csv|jsonl|json|text|index|ics",
	    .help = "csv; ics: calendar (RFC 5545); index: OpenSSL's index.txt (default: csv)" },
	{ OPT_FIELD(ROOT, struct ledger_export_args, root), .name = "root",
	    .help = "root for the index (default: the only root)" },
	{ OPT_FIELD(FLAG, struct ledger_export_args, all), .name = "all",
	    .help = "also renewed certificates in the calendar" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "certificates", export_fields, true }, { .key = NULL } };

static int ledger_export_print(struct out *o, void *arg, struct err *e)
{
	return ledger_export(arg, o, e);
}

static bool cmd_ledger_export_is(const struct ledger_export_args *args, const char *format)
{
	return args->format != NULL && strcmp(args->format, format) == 0;
}

/* An index covers one issuer, because serial numbers are unique per issuer only. */
static int cmd_ledger_export_check_args(const struct ledger_export_args *args, const struct app *app, struct err *e)
{
	if ((cmd_ledger_export_is(args, "index") || cmd_ledger_export_is(args, "ics")) && app->json)
		return err_set(e, ERR_USAGE, "--format %s and --json exclude each other", args->format);
	if (!cmd_ledger_export_is(args, "index") && args->root != NULL)
		return err_set(e, ERR_USAGE, "--root is for --format index");
	if (!cmd_ledger_export_is(args, "ics") && args->all)
		return err_set(e, ERR_USAGE, "--all is for --format ics: the other formats contain all certificates");
	return 0;
}

static int cmd_ledger_export_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_export_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (cmd_ledger_export_check_args(args, app, e) < 0 || open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	if (cmd_ledger_export_is(args, "index"))
		return ledger_index(&p, args->root, stdout, e);
	if (cmd_ledger_export_is(args, "ics"))
		return ledger_calendar(
		    &(struct calendar){ .p = &p, .f = stdout, .with_renewed = args->all }, e);
	return list_print_as(app, args->format != NULL ? args->format : "csv", ledger_export_print, &p, e);
}

static const struct command_example examples[] = {
	{ "Write all certificates as CSV:", "p11ca ledger export" },
	{ "Write a calendar of expiry dates:", "p11ca ledger export --format ics" },
	{ .text = NULL },
};

const struct command cmd_ledger_export = {
	.path = "ledger export",
	.summary = "Export all certificates in the ledger",
	.help = "`openssl ocsp -index FILE -CA FILE -rsigner FILE -port PORT` answers OCSP requests from the index: "
		"good, revoked with date and reason, or unknown. The export adds a serial number to each name, "
		"because OpenSSL requires different names.\n\nThe calendar contains the expiry date of every issued "
		"certificate, with an alarm 30 days before; for roots also 90 days before. Retired roots have no "
		"event, and client certificates that have a valid successor have an event only with --all. "
		"Importing the calendar again updates its entries. `p11ca client list --format ics` writes a "
		"calendar of chosen certificates.",
	.examples = examples,
	.needs = NEED_HOME,
	.opts = options, .args_size = sizeof(struct ledger_export_args),
	.prints = prints, .run = cmd_ledger_export_run,
};
