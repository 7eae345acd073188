/* SPDX-License-Identifier: MIT */
/* ledger_recover.c - the command `p11ca ledger recover`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/ledger/ledger_recover.h"

struct ledger_recover_args {
	bool finish, close;
};
static const struct opt options[] = {
	{ OPT_FIELD(FLAG, struct ledger_recover_args, finish), .name = "finish",
	  .help = "sign recorded data again where possible; asks for the root's PIN" },
	{ OPT_FIELD(FLAG, struct ledger_recover_args, close), .name = "close",
	  .help = "give up the rest: keys become orphans, serial numbers count as revoked" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "unfinished", recover_fields, true }, { .key = NULL } };

static int cmd_ledger_recover_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_recover_args *args = args_;
	const struct recover_how how = { args->finish, args->close };
	enum ledger_use use = args->finish || args->close ? LEDGER_WRITE : LEDGER_READ;
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	return open_pki_ledger(&p, app, use, false, e) < 0 ? -1 : ledger_recover(&p, &how, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "List unfinished work:", "p11ca ledger recover" },
	{ "Complete interrupted signatures:", "p11ca ledger recover --finish" },
	{ .text = NULL },
};

const struct command cmd_ledger_recover = {
	.path = "ledger recover",
	.summary = "List, finish or close unfinished work",
	.help = "The command lists what interrupted runs left and how to finish each item; usually, running the "
		"interrupted command again is sufficient. --finish signs the stored data again; with RSA and "
		"Ed25519, the certificate is identical. --close gives up the remaining items. The exit status is 10 "
		"if there is unfinished work left.",
	.examples = examples,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct ledger_recover_args),
	.prints = prints,
	.run = cmd_ledger_recover_run,
};
