/* SPDX-License-Identifier: MIT */
/* ledger_log.c - the command `p11ca ledger log`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_audit.h"

struct ledger_log_args {
	unsigned last;
};
static const struct opt options[] = {
	{ OPT_FIELD(COUNT, struct ledger_log_args, last), .name = "last", .letter = 'n',
	    .help = "only the last N events" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "events", event_fields, true }, { .key = NULL } };

static int cmd_ledger_log_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_log_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	return open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 ? -1 : ledger_log(&p, args->last, app->out, e);
}

static const struct command_example examples[] = {
	{ "Show the last 20 events:", "p11ca ledger log --last 20" },
	{ .text = NULL },
};

const struct command cmd_ledger_log = {
	.path = "ledger log",
	.summary = "Show the events in the ledger",
	.examples = examples,
	.needs = NEED_HOME,
	.opts = options, .args_size = sizeof(struct ledger_log_args),
	.prints = prints, .run = cmd_ledger_log_run,
};
