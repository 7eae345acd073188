/* SPDX-License-Identifier: MIT */
/* ledger_checkpoint.c - the command `p11ca ledger checkpoint`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/key/key.h"
#include "pki/ledger/ledger_checkpoint.h"
#include "pki/issue/show_cert.h"

struct ledger_checkpoint_args {
	const char *out, *root, *device;
	struct key_spec key;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct ledger_checkpoint_args, out), .name = "out", .required = true,
	    .help = "output file for the checkpoint, CMS in PEM" },
	{ OPT_FIELD(ROOT, struct ledger_checkpoint_args, root), .name = "root",
	    .help = "root that certifies the ledger's key (default: the only root)" },
	{ OPT_FIELD(NAME, struct ledger_checkpoint_args, device), .name = "device",
	    .help = "name of one of several ledger keys, each on its own token" },
	KEY_OPTION(struct ledger_checkpoint_args),
	{ OPT_FIELD(FLAG, struct ledger_checkpoint_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "key", key_shown_fields, false },
	{ "certificate", cert_shown_fields, false },
	{ "checkpoint", checkpoint_fields, false },
	{ .key = NULL },
};

static int cmd_ledger_checkpoint_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct ledger_checkpoint_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	struct checkpoint_args how = { .root_name = args->root, .device = args->device != NULL ? args->device : "",
		.out_path = args->out, .spec = args->key, .force = args->force,
		.shared_card = app->shared_card };

	(void)operands;
	if (uri_parse(&uri, app->token, e) < 0 || open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	how.where = uri;
	return ledger_checkpoint(&p, &how, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Sign a checkpoint with a key on the token 'auditkey':",
	    "p11ca ledger checkpoint --token auditkey --out checkpoint-2026-11.pem" },
	{ .text = NULL },
};

const struct command cmd_ledger_checkpoint = {
	.path = "ledger checkpoint",
	.summary = "Sign the current state of the ledger",
	.help = "A checkpoint is the hash of the last event, signed with a key on a token that signs nothing else. "
		"The first time, the token generates this key, p11ca tests it, and the root certifies it; later "
		"checkpoints do not need the root's token. Give the checkpoint to a person who cannot write to the "
		"ledger. `p11ca ledger verify` with --checkpoint then finds events that were removed and a hash chain "
		"that was rewritten. `openssl cms -verify -inform PEM -CAfile root.pem` verifies the signature.",
	.examples = examples,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_ROOT_PIN | NEED_HOME | NEED_CARD,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct ledger_checkpoint_args),
	.prints = prints,
	.run = cmd_ledger_checkpoint_run,
};
