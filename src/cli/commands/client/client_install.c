/* SPDX-License-Identifier: MIT */
/* client_install.c - the command `p11ca client install`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/client/client.h"
#include "pki/issue/receipt.h"

static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_client_install_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = "" };

	(void)args;
	if (uri_parse(&uri, app->token, e) < 0 || open_pki_ledger(&p, app, LEDGER_IF_THERE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.key.shared_card = app->shared_card;
	if (client_install(&job, operands[0], &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Write the issued certificate to the card:", "p11ca client install bob.pem --token bob" },
	{ .text = NULL },
};

const struct command cmd_client_install = {
	.path = "client install",
	.summary = "Write a certificate to the token that contains its key",
	.help = "p11ca finds the key by the public key in the certificate; label and CKA_ID do not matter. If the "
		"token has room, p11ca also writes the issuers in the certificate's file, or the root from the "
		"ledger. Everything written is read back and compared.",
	.examples = examples,
	.operands = "CERT",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_HOME | NEED_SO_PIN | NEED_CARD,
	.changes = true,
	.prints = prints,
	.run = cmd_client_install_run,
};
