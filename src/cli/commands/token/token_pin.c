/* SPDX-License-Identifier: MIT */
/* token_pin.c - the command `p11ca token pin`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/token/token_ops.h"

struct token_pin_args {
	bool unblock, so;
};
static const struct opt options[] = {
	{ OPT_FIELD(FLAG, struct token_pin_args, unblock), .name = "unblock",
	  .help = "set a new user PIN with the SO PIN" },
	{ OPT_FIELD(FLAG, struct token_pin_args, so), .name = "so", .help = "change the SO PIN" },
	{ .name = NULL },
};

static const struct out_field fields[] = {
	{ OUT_CHARS("label", "Token", struct token_info, label), .as = OUT_AS_DETAIL, .help = "label of the token" },
	{ OUT_CHARS("serial", "Serial", struct token_info, serial), .as = OUT_AS_DETAIL, .help = "serial number" },
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

static int cmd_token_pin_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct token_pin_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(token_pin_job) job = { .key.op = { .name = "", .device = "", .purpose = "card" } };

	if (args->unblock && args->so)
		return err_set(e, ERR_USAGE, "--unblock and --so exclude each other");
	if (app->so_pin_source != NULL && !args->unblock && !args->so) {
		(void)err_set(e, ERR_USAGE, "--so-pin-source needs --unblock or --so");
		e->hint = "use --unblock to set a new user PIN with the SO PIN, or --so to change the SO PIN";
		return -1;
	}
	if (uri_parse(&uri, operands[0], e) < 0 || open_pki_ledger(&p, app, LEDGER_NOTE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.pin_change = args->unblock ? PIN_UNBLOCK : args->so ? PIN_CHANGE_SO : PIN_CHANGE;
	if (token_pin_op(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (app->mode.dry_run)
		return 0;
	if (out_say(app->out, e, "The %s of token '%s' is %s.", args->so ? "SO PIN" : "PIN", job.key.card_info.label,
		args->unblock ? "unblocked and set" : "changed") < 0)
		return -1;
	return out_record(app->out, "token", fields, &job.key.card_info, e);
}

static const struct command_example examples[] = {
	{ "Change the user PIN:", "p11ca token pin alice" },
	{ "Set a new user PIN after the old one was locked:", "p11ca token pin alice --unblock" },
	{ .text = NULL },
};

const struct command cmd_token_pin = {
	.path = "token pin",
	.summary = "Change a PIN, or unblock the user PIN",
	.help = "The command changes the user PIN: it asks for the old PIN, then twice for the new PIN. With "
		"--unblock it asks for the SO PIN instead of the old user PIN. --so-pin-source is refused without "
		"--unblock or --so.",
	.examples = examples,
	.operands = "TOKEN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN | NEED_SO_PIN | NEED_NEW_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct token_pin_args),
	.prints = prints,
	.run = cmd_token_pin_run,
};
