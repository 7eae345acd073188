/* SPDX-License-Identifier: MIT */
/* client_issue.c - the command `p11ca client issue`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/client/client_issue.h"
#include "pki/device.h"
#include "pki/user_templates.h"
#include "util/csv.h"
#include "util/file.h"

struct client_issue_args {
	const char *cn, *names, *device, *root, *template_name, *out;
	unsigned days, jobs;
	bool trust_names, force;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct client_issue_args, cn), .name = "cn", .help = "name to certify; for one request" },
	{ OPT_FIELD(FILE, struct client_issue_args, names), .name = "names",
	    .help = "CSV of names: columns csr or spki (SHA-256 of the public key), cn, device" },
	{ OPT_FIELD(FLAG, struct client_issue_args, trust_names), .name = "trust-names",
	    .help = "use the name in each request" },
	{ OPT_FIELD(FOLDER, struct client_issue_args, out), .name = "out", .required = true,
	    .help = "output folder for the certificates" },
	{ OPT_FIELD(NAME, struct client_issue_args, device), .name = "device",
	    .help = "device name, for a client with several devices" },
	{ OPT_FIELD(ROOT, struct client_issue_args, root), .name = "root",
	    .help = "issuing root (default: the only root)" },
	{ OPT_FIELD(DAYS, struct client_issue_args, days), .name = "days",
	    .help = "validity in days (default: the template's, 365)" },
	{ OPT_FIELD(TEMPLATE, struct client_issue_args, template_name), .name = "template",
	    .help = "certificate template (default: azure-client)" },
	{ OPT_FIELD(COUNT, struct client_issue_args, jobs), .name = "jobs",
	    .help = "sign with N sessions in parallel (default: 1)" },
	{ OPT_FIELD(FLAG, struct client_issue_args, force), .name = "force", .help = "overwrite files" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "certificates", issue_row_fields, true }, { .key = NULL } };

static int cmd_client_issue_read_names(struct name_list **out, const char *path, struct err *e)
{
	AUTO_VALUE(buf) csv = { 0 };

	if (path == NULL)
		return 0;
	if (file_read(&csv, path, CSV_BYTES_MAX, e) < 0 || name_list_read(out, buf_bytes(&csv), e) < 0)
		return err_while(e, "reading the names in '%s'", path);
	return 0;
}

static int cmd_client_issue_check_args(const struct client_issue_args *args, int n_operands, struct err *e)
{
	if (args->cn != NULL && n_operands != 1)
		return err_set(e, ERR_USAGE, "--cn names one request; %d are given", n_operands);
	if ((args->cn != NULL) + (args->names != NULL) + args->trust_names > 1)
		return err_set(e, ERR_USAGE, "--cn, --names and --trust-names exclude each other");
	if (args->jobs > 64)
		return err_set(e, ERR_USAGE, "--jobs takes 1 to 64");
	return args->device != NULL ? device_check(args->device, e) : 0;
}

static int cmd_client_issue_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_issue_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(name_list) list = NULL;
	struct client_issue job = { .pki = &p, .files = operands, .n_files = (size_t)app->n_operands,
		.root_name = args->root, .out_path = args->out, .days = args->days, .jobs = args->jobs,
		.force = args->force };

	if (cmd_client_issue_check_args(args, app->n_operands, e) < 0 ||
	    cmd_client_issue_read_names(&list, args->names, e) < 0 ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	if (args->template_name != NULL && pki_template_find(&job.template, &p, args->template_name, e) < 0)
		return -1;
	job.device = args->device != NULL ? args->device : "";
	job.names = (struct name_authority){ .cn = args->cn, .list = list, .trust = args->trust_names, .ui = &app->ui,
		.batch = app->batch };
	return client_issue(&job, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Issue a certificate for one request:", "p11ca client issue bob.csr --cn bob@contoso.com --out issued" },
	{ "Issue certificates for many requests, with names from a list:",
	    "p11ca client issue bob.csr --names names.csv --out issued" },
	{ .text = NULL },
};

const struct command cmd_client_issue = {
	.path = "client issue",
	.summary = "Issue certificates for certificate requests",
	.help = "You set the name, not the request: with --cn, --names, allow-names in the root's section of "
		"p11ca.conf, or --trust-names. Otherwise p11ca asks for the name, and with --batch refuses the "
		"request. p11ca checks that the requester has the private key, the type of key, and the encoding; "
		"the template determines the rest of the certificate. Extensions in the request are ignored.\n\nA "
		"refused request does not affect other requests: the output has a code for each refusal, and the exit "
		"status is 10. If there is only one request, the exit status is that of its refusal.",
	.examples = examples,
	.operands = "CSR...",
	.min_operands = 1,
	.max_operands = 1000000,
	.operand_value = VALUE_FILE,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_issue_args),
	.prints = prints,
	.run = cmd_client_issue_run,
};
