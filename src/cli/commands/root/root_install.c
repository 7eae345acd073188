/* SPDX-License-Identifier: MIT */
/* root_install.c - the command `p11ca root install`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/root/root.h"

struct root_install_args {
	const char *cert, *chain, *token;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct root_install_args, cert), .name = "cert", .required = true,
	    .help = "what the CA signed: PEM, DER or PKCS#7; may hold its chain, too" },
	{ OPT_FIELD(FILE, struct root_install_args, chain), .name = "chain",
	    .help = "the CAs above it, up to a self-signed one, in any order" },
	{ OPT_FIELD(TOKEN, struct root_install_args, token), .name = "token", .letter = 't',
	    .help = "which token, where several hold the root's key" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_root_install_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_install_args *args = args_;
	const struct ca_response answer = { args->cert, args->chain };
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0] };

	if ((args->token != NULL && uri_parse(&uri, args->token, e) < 0) ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	if (root_install(&job, &answer, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job, app->out, e);
}

const struct command cmd_root_install = {
	.path = "root install",
	.summary = "Take what another CA signed for a root's key",
	.help = "The certificate must have the root's key and name, be a CA's that may sign certificates, and lead to a"
		" self-signed one by the chain in the file or in --chain; the key is proved again. Certificate and"
		" chain are kept in the ledger: root export and clients' chains have all of it. The certificate is"
		" written beside the key; a later one takes the place of the one before.",
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_install_args),
	.prints = prints,
	.run = cmd_root_install_run,
};
