/* SPDX-License-Identifier: MIT */
/* client_list.c - the command `p11ca client list`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "pki/ledger/ledger_list.h"

struct client_list_args {
	const char *root, *state, *device, *card, *sort;
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
	    .help = "only certificates that expire within DAYS; exit status 10 if there are any" },
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

static int cmd_client_list_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_list_args *args = args_;
	const bool all = args->all || (args->state != NULL && args->expiring == 0);
	const struct client_filter filter = { .root_name = args->root, .state = args->state, .device = args->device,
		.card = args->card, .search = operands[0], .order = client_list_order(args->sort), .all = all,
		.expiring = args->expiring, .as_of = args->as_of };
	AUTO_VALUE(pki) p = { .ui = NULL };

	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : client_list(&p, &filter, app->out, e);
}

static const struct command_example examples[] = {
	{ "List the certificates of a name:", "p11ca client list alice" },
	{ "List the certificates on a card:", "p11ca client list --card alice" },
	{ "List certificates that expire within 30 days, the next first:",
	    "p11ca client list --expiring 30 --sort end" },
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
		"--expiring leaves out certificates that have a valid successor. `p11ca ledger export --format ics` "
		"writes the same dates as a calendar.",
	.examples = examples,
	.operands = "[TEXT]", .max_operands = 1,
	.needs = NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct client_list_args),
	.prints = prints,
	.run = cmd_client_list_run,
};
