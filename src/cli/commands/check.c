/* SPDX-License-Identifier: MIT */
/* check.c - the command `p11ca check`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/check.h"
#include "pki/show_findings.h"
#include "pki/user_templates.h"

struct check_args {
	const char *root, *template_name;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct check_args, root), .name = "root",
	    .help = "the issuer's certificate, to check the chain" },
	{ OPT_FIELD(TEMPLATE, struct check_args, template_name), .name = "template",
	    .help = "template to check requests against (default: azure-client)" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_check_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct check_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };

	struct check_job job = { .files = operands, .n_files = (size_t)app->n_operands, .root_file = args->root };

	if (open_pki(&p, app, e) < 0 || (args->template_name != NULL &&
	    pki_template_find(&job.template, &p, args->template_name, e) < 0))
		return -1;
	return check_files(&p, &job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Check a request before you issue a certificate:", "p11ca check bob.csr" },
	{ "Check a certificate and its chain:", "p11ca check alice.pem --root contoso.pem" },
	{ .text = NULL },
};

const struct command cmd_check = {
	.path = "check",
	.summary = "Check certificates and requests",
	.help = "The command applies the rules of RFC 5280, of Azure and of the VPN clients. Each finding has a "
		"stable code; `p11ca explain CODE` explains it. A file may contain a chain, with the end-entity "
		"certificate first. A file that cannot be read is a finding if there are several files. With -v, the "
		"output also lists what could not be checked. The exit status is 10 if there is a failure or a "
		"warning.",
	.examples = examples,
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = 1000000,
	.operand_value = VALUE_FILE,
	.opts = options,
	.args_size = sizeof(struct check_args),
	.prints = prints,
	.run = cmd_check_run,
};
