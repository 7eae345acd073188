/* SPDX-License-Identifier: MIT */
/* token_clean.c - the command `p11ca token clean`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/token/token_ops.h"

struct token_clean_args {
	const char *orphan, *confirm;
};
static const struct opt options[] = {
	{ OPT_FIELD(ID, struct token_clean_args, orphan), .name = "orphan", .required = true,
	    .help = "CKA_ID of the object to destroy" },
	{ OPT_FIELD(TEXT, struct token_clean_args, confirm), .name = "confirm",
	    .help = "confirm the CKA_ID without a prompt" },
	{ .name = NULL },
};

static const struct out_field fields[] = {
	{ OUT_CHARS("label", "Cleaned", struct token_info, label), .help = "label of the token" },
	{ OUT_CHARS("serial", "  serial", struct token_info, serial), .help = "serial number" },
	{ OUT_CHARS("manufacturer", NULL, struct token_info, manufacturer), .help = "as the token says" },
	{ OUT_CHARS("model", NULL, struct token_info, model), .help = "as the token says" },
	{ OUT_CHARS("uri", NULL, struct token_info, uri), .help = "RFC 7512" },
	{ .key = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "token", fields, false },
	{ .key = NULL },
};

static int cmd_token_clean_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct token_clean_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(key_job) job = { .op.name = "", .op.device = "", .op.purpose = "card" };

	if (uri_parse(&uri, operands[0], e) < 0 || open_pki_ledger(&p, app, LEDGER_IF_THERE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	job.where = uri;
	job.existing_id = args->orphan;
	job.op.confirm = args->confirm;
	if (token_clean_op(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : out_record(app->out, "token", fields, &job.card_info, e);
}

static const struct command_example examples[] = {
	{ "Destroy half of a key pair that an interrupted run left:", "p11ca token clean alice --orphan 0a0b" },
	{ .text = NULL },
};

const struct command cmd_token_clean = {
	.path = "token clean",
	.summary = "Destroy objects that an interrupted run left on a token",
	.help = "The command destroys only orphans: a key that the ledger records as an orphan, or half of a key "
		"pair. It shows the object and asks you to type its CKA_ID. `p11ca ledger recover` lists what "
		"interrupted runs left.",
	.examples = examples,
	.operands = "TOKEN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct token_clean_args),
	.prints = prints,
	.run = cmd_token_clean_run,
};
