/* SPDX-License-Identifier: MIT */
/* root_request.c - the command `p11ca root request`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/issue/request_step.h"
#include "pki/key/key.h"
#include "pki/root/root.h"
#include "pki/root/root_name.h"

struct root_request_args {
	const char *subject, *template_name, *out;
	struct key_spec key;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct root_request_args, out), .name = "out", .required = true,
	    .help = "output file for the request; - for standard output" },
	{ OPT_FIELD(TEXT, struct root_request_args, subject), .name = "subject",
	    .help = "distinguished name, RFC 4514 (default: CN=NAME)" },
	KEY_OPTION(struct root_request_args),
	{ OPT_FIELD(TEMPLATE, struct root_request_args, template_name), .name = "template",
	    .help = "certificate template; vpn-root for other gateways (default: azure-root)" },
	{ OPT_FIELD(FLAG, struct root_request_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "key", key_shown_fields, false },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_root_request_print(struct app *app, struct issue_job *job, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };

	if (strcmp(job->key.op.out_path, "-") != 0)
		return receipt_print(job, app->out, e);
	if (request_pem(&pem, job, e) < 0)
		return -1;
	return out_raw(app->out, buf_bytes(&pem), e);
}

static int cmd_root_request_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_request_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0], .subject_text = args->subject,
		.key.op.out_path = args->out, .key.op.force = args->force };

	if (root_check_name(operands[0], e) < 0 || uri_parse(&uri, app->token, e) < 0 ||
	    template_find(&job.key.template, args->template_name != NULL ? args->template_name : "azure-root", e) < 0)
		return -1;
	if (!job.key.template->is_root)
		return err_set(e, ERR_USAGE, "template %s is not for roots", job.key.template->name);
	if (key_job_set_spec(&job.key, args->key, e) < 0 || open_pki_ledger(&p, app, LEDGER_IF_THERE, false, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.key.shared_card = app->shared_card;
	if (root_request(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : cmd_root_request_print(app, &job, e);
}

static const struct command_example examples[] = {
	{ "Create a key and a request for an Enterprise CA:", "p11ca root request sub --token spare --out sub.csr" },
	{ .text = NULL },
};

const struct command cmd_root_request = {
	.path = "root request",
	.summary = "Create a root's key and a request for another CA",
	.help = "Use this command for a subordinate of an Enterprise CA. The token generates the key, p11ca tests it "
		"and writes the certificate request (PKCS#10). Install the certificate that the CA returns with "
		"`p11ca root install`. If there is no ledger, the command creates one. Run again, the command writes "
		"a request for the same key: renew a subordinate root in this way.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_HOME | NEED_CARD,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_request_args),
	.prints = prints,
	.run = cmd_root_request_run,
};
