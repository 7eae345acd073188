/* SPDX-License-Identifier: MIT */
/* root_attach.c - the command `p11ca root attach`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/root/root_adopt.h"

static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_root_attach_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0] };

	(void)args;
	if (uri_parse(&uri, app->token, e) < 0 || open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	if (root_attach(&job.key, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Record a second token with the root's key:", "p11ca root attach fabrikam --token fabrikam-backup" },
	{ .text = NULL },
};

const struct command cmd_root_attach = {
	.path = "root attach",
	.summary = "Record another token that contains a root's key",
	.help = "Use this command for a restored card, or another member of a cluster. p11ca finds the key on this "
		"token by the public key and tests it. From then on, p11ca looks for the root on this token first.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_HOME,
	.changes = true,
	.prints = prints,
	.run = cmd_root_attach_run,
};
