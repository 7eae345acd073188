/* SPDX-License-Identifier: MIT */
/* root_adopt.c - the command `p11ca root adopt`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/root/root_adopt.h"
#include "pki/root/root_name.h"

struct root_adopt_args {
	const char *cert, *template_name;
	bool accept_imported, test;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct root_adopt_args, cert), .name = "cert", .required = true,
	    .help = "the root's certificate: PEM, DER or base64" },
	{ OPT_FIELD(FLAG, struct root_adopt_args, accept_imported), .name = "accept-imported",
	    .help = "accept a key that was imported or is of unknown origin" },
	{ OPT_FIELD(TEMPLATE, struct root_adopt_args, template_name), .name = "template",
	    .help = "certificate template; vpn-root for other gateways (default: azure-root)" },
	{ OPT_FIELD(FLAG, struct root_adopt_args, test), .name = "test",
	    .help = "create a test ledger, for a root whose subject contains O=TEST" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_root_adopt_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_adopt_args *args = args_;
	const struct adopt_args how = { args->cert, args->accept_imported };
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0] };

	if (root_check_name(operands[0], e) < 0 || uri_parse(&uri, app->token, e) < 0 ||
	    template_find(&job.key.template, args->template_name != NULL ? args->template_name : "azure-root", e) < 0)
		return -1;
	if (!job.key.template->is_root)
		return err_set(e, ERR_USAGE, "template %s is not for roots", job.key.template->name);
	if (open_pki_ledger(&p, app, LEDGER_IF_THERE, args->test, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.key.is_test = args->test;
	if (root_adopt(&job, &how, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Adopt a root whose key was imported into a token:",
	    "p11ca root adopt fabrikam --token fabrikam --cert fabrikam.pem --accept-imported" },
	{ .text = NULL },
};

const struct command cmd_root_adopt = {
	.path = "root adopt",
	.summary = "Adopt a root whose key is already on a token",
	.help = "Use this command for a root that was made with another program. p11ca reports what the certificate "
		"lacks for Azure, finds the key on the token by the public key, and tests it: p11ca reads both "
		"halves and their attributes, tries to read the secret, and verifies a signature. The ledger records "
		"the origin of the key as the token states it. A key that was imported, or whose origin is unknown, "
		"needs --accept-imported; `p11ca root show` displays this permanently. If there is no ledger, the "
		"command creates one. If the token lacks the certificate, the command writes it beside the key.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_adopt_args),
	.prints = prints,
	.run = cmd_root_adopt_run,
};
