/* SPDX-License-Identifier: MIT */
/* root_renew.c - the command `p11ca root renew`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/root/root.h"
#include "pki/issue/show_cert.h"

struct root_renew_args {
	const char *template_name, *token;
	unsigned days;
};
static const struct opt options[] = {
	{ OPT_FIELD(DAYS, struct root_renew_args, days), .name = "days",
	    .help = "validity in days (default: the template's, 3650)" },
	{ OPT_FIELD(TEMPLATE, struct root_renew_args, template_name), .name = "template",
	    .help = "certificate template (default: that of the old certificate)" },
	{ OPT_FIELD(TOKEN, struct root_renew_args, token), .name = "token", .letter = 't',
	    .help = "token to use, if several contain the root's key" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "certificate", cert_shown_fields, false },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_root_renew_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_renew_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0], .days = args->days };

	if ((args->template_name != NULL && template_find(&job.key.template, args->template_name, e) < 0) ||
	    (args->token != NULL && uri_parse(&uri, args->token, e) < 0))
		return -1;
	if (job.key.template != NULL && !job.key.template->is_root)
		return err_set(e, ERR_USAGE, "template %s is not for roots", job.key.template->name);
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	if (root_renew(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (app->mode.dry_run)
		return 0;
	app->ui.warn(app->ui.self, "root-renewed",
	    "the root has a new thumbprint: upload it beside the old certificate, then download the package again "
	    "for the clients");
	return receipt_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Renew a root for ten years:", "p11ca root renew contoso --days 3650" },
	{ .text = NULL },
};

const struct command cmd_root_renew = {
	.path = "root renew",
	.summary = "Issue a new certificate for a root's existing key",
	.help = "The new certificate has the same key, subject and key identifier, and new dates: certificates that "
		"the root issued are valid under either certificate. The new certificate replaces the old one on the "
		"token; the ledger keeps both. For a new key, create another root and see `p11ca root rollover`.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_ROOT,
	.needs = NEED_MODULE | NEED_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_renew_args),
	.prints = prints,
	.run = cmd_root_renew_run,
};
