/* SPDX-License-Identifier: MIT */
/* client_recipe.c - the command `p11ca client recipe`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/client/client_recipe.h"
#include "pki/device.h"
#include "pki/issue/receipt.h"

struct client_recipe_args {
	const char *machine, *device, *out;
	struct key_spec key;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(FORMAT, struct client_recipe_args, machine), .name = "for", .required = true,
	    .choices = "windows|windows-tpm|macos|openssl", .help = "type of machine" },
	{ OPT_FIELD(FOLDER, struct client_recipe_args, out), .name = "out", .required = true,
	    .help = "output folder" },
	{ OPT_FIELD(NAME, struct client_recipe_args, device), .name = "device",
	    .help = "device name, for a client with several devices" },
	{ OPT_FIELD(KEY_SPEC, struct client_recipe_args, key), .name = "key", .choices = "rsa:2048|rsa:3072|rsa:4096",
	    .help = "key type (default: rsa:2048)" },
	{ OPT_FIELD(FLAG, struct client_recipe_args, force), .name = "force", .help = "overwrite files" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_client_recipe_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_recipe_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(recipe_job) job = { .op = { .name = operands[0], .out_path = args->out, .force = args->force },
		.spec = args->key,
		.kind = args->machine };

	job.op.device = args->device != NULL ? args->device : "";
	if (device_check(job.op.device, e) < 0 ||
	    (args->key.type == KEY_OTHER && key_spec_parse(&job.spec, key_spec_at(0), e) < 0) ||
	    open_pki(&p, app, e) < 0)
		return -1;
	job.op.pki = &p;
	if (client_recipe(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print_files(&job.op, app->out, e);
}

static const struct command_example examples[] = {
	{ "Write instructions for a Windows machine with a TPM:",
	    "p11ca client recipe dave@contoso.com --for windows-tpm --out dave" },
	{ .text = NULL },
};

const struct command cmd_client_recipe = {
	.path = "client recipe",
	.summary = "Write instructions and scripts for a machine without p11ca",
	.help = "The machine generates its own key with the programs it has, and returns a request for `p11ca client "
		"issue`. For windows and windows-tpm, the folder contains an INF file for certreq: the key is in the "
		"user's certificate store or in the TPM, and not exportable. For macos and openssl, it contains two "
		"shell scripts. RECIPE.md tells the user of the machine which commands to run, what to return, and "
		"where to install the certificate. OPERATOR.md contains the commands that issue the certificate. The "
		"files contain no secret. The command needs neither a ledger nor a token.",
	.examples = examples,
	.operands = "CN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_recipe_args),
	.prints = prints,
	.run = cmd_client_recipe_run,
};
