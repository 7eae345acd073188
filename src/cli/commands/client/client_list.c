/* SPDX-License-Identifier: MIT */
/* client_list.c - the command `p11ca client list`: its options, help and output. */
#include <string.h>

#include "cli/list_format.h"
#include "cli/open_pki.h"
#include "pki/ledger/ledger_calendar.h"
#include "pki/ledger/ledger_list.h"

struct client_list_args {
	const char *root, *state, *device, *card, *sort, *format;
	bool all;
	unsigned expiring;
	int64_t as_of;
};
static const struct opt options[] = {
	{ OPT_FIELD(ROOT, struct client_list_args, root), .name = "root", .help = "only certificates of this root" },
	{ OPT_FIELD(TEXT, struct client_list_args, device), .name = "device",
	    .help = "only certificates for this device" },
	{ OPT_FIELD(TEXT, struct client_list_args, card), .name = "card",
	    .help = "only certificates whose keys are on the token with this label or serial" },
	{ OPT_FIELD(FORMAT, struct client_list_args, sort), .name = "sort", .choices = "name|end|issue",
	    .help = "order of the list (default: name)" },
	{ OPT_FIELD(FORMAT, struct client_list_args, state), .name = "state",
	    .choices = "signing|issued|revoked|void|unknown", .help = "only certificates in this state" },
	{ OPT_FIELD(FLAG, struct client_list_args, all), .name = "all",
	    .help = "also expired, void and unknown certificates; with --expiring, also renewed ones" },
	{ OPT_FIELD(DAYS, struct client_list_args, expiring), .name = "expiring",
	    .help = "not renewed, and end within DAYS or ended in the last DAYS; exit status 10" },
	{ OPT_FIELD(FORMAT, struct client_list_args, format), .name = "format", .choices = "text|csv|jsonl|json|ics",
	    .help = "output format; ics: calendar of the expiry dates, RFC 5545 (default: text)" },
	{ OPT_FIELD(DATE, struct client_list_args, as_of), .name = "as-of",
	    .help = "state at this date, UTC (default: now)" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "clients", client_list_fields, true }, { .key = NULL } };

static enum cert_order client_list_order(const char *sort)
{
	return sort == NULL || strcmp(sort, "name") == 0 ? CERTS_BY_NAME
	    : strcmp(sort, "end") == 0 ? CERTS_BY_END : CERTS_BY_ISSUE;
}

struct client_listing {
	struct pki *p;
	const struct client_filter *filter;
};

static int cmd_client_list_print(struct out *o, void *arg, struct err *e)
{
	const struct client_listing *l = arg;

	return client_list(l->p, l->filter, o, e);
}

static int cmd_client_list_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_list_args *args = args_;
	const bool all = args->all || (args->state != NULL && args->expiring == 0);
	const bool is_calendar = args->format != NULL && strcmp(args->format, "ics") == 0;
	const struct client_filter filter = { .root_name = args->root, .state = args->state, .device = args->device,
		.card = args->card, .search = operands[0], .order = client_list_order(args->sort), .all = all,
		.expiring = args->expiring, .as_of = args->as_of };
	AUTO_VALUE(pki) p = { .ui = NULL };
	struct client_listing listing = { &p, &filter };
	const char *format = args->format != NULL && strcmp(args->format, "text") != 0 ? args->format : NULL;

	if (format != NULL && strcmp(format, "json") != 0 && app->json)
		return err_set(e, ERR_USAGE, "--format %s and --json exclude each other", args->format);
	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	if (is_calendar)
		return client_calendar(
		    &(struct calendar){ .p = &p, .f = stdout, .with_renewed = args->all }, &filter, e);
	return list_print_as(app, format, cmd_client_list_print, &listing, e);
}

static const struct command_example examples[] = {
	{ "List the certificates of a name:", "p11ca client list alice" },
	{ "List the certificates on a card:", "p11ca client list --card alice" },
	{ "List certificates that expire within 30 days, the next first:",
	    "p11ca client list --expiring 30 --sort end" },
	{ "Write a calendar of the certificates of a root:", "p11ca client list --root contoso --format ics" },
	{ .text = NULL },
};

const struct command cmd_client_list = {
	.path = "client list",
	.summary = "List the client certificates in the ledger",
	.help = "TEXT is a part of a name or device, in upper or lower case, or the first digits of a serial "
		"number.\n\n"
		"--as-of with a date in the past shows the certificates that were issued and not revoked at that "
		"time. It uses the dates in the current ledger, so a hold that was lifted later is not shown. A date "
		"in the future shows which certificates will have expired. --expiring counts from that date.\n\n"
		"--expiring leaves out certificates that have a valid successor.\n\n--format ics writes a calendar "
		"with one event for each listed certificate that is issued and valid, with an alarm 30 days before "
		"it expires. Certificates that have a valid successor have an event only with --all. `p11ca ledger "
		"export --format ics` writes the dates of all clients and roots.",
	.examples = examples,
	.operands = "[TEXT]", .max_operands = 1,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct client_list_args),
	.prints = prints,
	.run = cmd_client_list_run,
};
