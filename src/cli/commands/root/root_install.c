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
	    .help = "certificate from the CA: PEM, DER or PKCS#7, with or without its chain" },
	{ OPT_FIELD(FILE, struct root_install_args, chain), .name = "chain",
	    .help = "certificates of the issuers up to the self-signed CA, in any order" },
	{ OPT_FIELD(TOKEN, struct root_install_args, token), .name = "token", .letter = 't',
	    .help = "token to use, if several contain the root's key" },
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

static const struct command_example examples[] = {
	{ "Install the certificate and the chain that the CA returned:",
	    "p11ca root install sub --cert sub.pem --chain ca.pem" },
	{ .text = NULL },
};

const struct command cmd_root_install = {
	.path = "root install",
	.summary = "Install a certificate that another CA signed for a root",
	.help = "The certificate must contain the root's key and name and be valid for a CA, and the chain in the "
		"file or in --chain must end with a self-signed certificate. p11ca tests the key on the token again. "
		"The ledger keeps the certificate and the chain: `p11ca root export` and the chains of clients "
		"contain both. p11ca writes the certificate beside the key; a later certificate replaces it.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_MODULE | NEED_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_install_args),
	.prints = prints,
	.run = cmd_root_install_run,
};
