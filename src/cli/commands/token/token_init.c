/* SPDX-License-Identifier: MIT */
/* token_init.c - the command `p11ca token init`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/token/token_ops.h"

struct token_init_args {
	const char *label, *confirm;
	bool is_free, erase;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct token_init_args, label), .name = "label", .required = true,
	    .help = "new label of the token, at most 32 bytes" },
	{ OPT_FIELD(FLAG, struct token_init_args, is_free), .name = "free",
	    .help = "use the first uninitialised token" },
	{ OPT_FIELD(FLAG, struct token_init_args, erase), .name = "erase",
	    .help = "destroy all objects on a token that is already initialised" },
	{ OPT_FIELD(TEXT, struct token_init_args, confirm), .name = "confirm",
	    .help = "confirm the token's old label without a prompt" },
	{ .name = NULL },
};

static const struct out_field fields[] = {
	{ OUT_CHARS("label", "Label", struct token_info, label), .as = OUT_AS_DETAIL, .help = "as it is now" },
	{ OUT_CHARS("serial", "Serial", struct token_info, serial), .help = "serial number" },
	{ OUT_CHARS("manufacturer", NULL, struct token_info, manufacturer), .help = "as the token says" },
	{ OUT_CHARS("model", NULL, struct token_info, model), .help = "as the token says" },
	{ OUT_CHARS("uri", "URI", struct token_info, uri), .help = "RFC 7512" },
	{ .key = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "token", fields, false },
	{ .key = NULL },
};

static int cmd_token_init_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct token_init_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(token_init_job) job = { .key.op = { .name = "", .device = "", .purpose = "card" } };

	if (args->is_free == (app->n_operands == 1))
		return err_set(e, ERR_USAGE, "token init requires either a TOKEN or --free");
	if ((!args->is_free && uri_parse(&uri, operands[0], e) < 0) ||
	    open_pki_ledger(&p, app, LEDGER_IF_THERE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.label = args->label;
	job.erase = args->erase;
	job.key.op.confirm = args->confirm;
	if (token_init_op(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (app->mode.dry_run)
		return 0;
	if (out_say(app->out, e, "Token '%s' is initialised, and its PINs are set.", job.key.card_info.label) < 0)
		return -1;
	return out_record(app->out, "token", fields, &job.key.card_info, e);
}

static const struct command_example examples[] = {
	{ "Initialise the first new token and set its PINs:", "p11ca token init --free --label dora" },
	{ "Erase a token and give it a new label:", "p11ca token init spare --label erik --erase --confirm spare" },
	{ .text = NULL },
};

const struct command cmd_token_init = {
	.path = "token init",
	.summary = "Initialise a token and set its PINs",
	.help = "The command asks for the SO PIN and for a new user PIN. To initialise a token again, give --erase "
		"and type its label. p11ca refuses a label that another token of the module has, and a token with a "
		"key that a valid certificate relies on.",
	.examples = examples,
	.operands = "[TOKEN]",
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_SO_PIN | NEED_NEW_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct token_init_args),
	.prints = prints,
	.run = cmd_token_init_run,
};
