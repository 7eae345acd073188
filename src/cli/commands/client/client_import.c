/* SPDX-License-Identifier: MIT */
/* client_import.c - the command `p11ca client import`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/client/client_import.h"

struct client_import_args {
	const char *root, *revoked_from;
};
static const struct opt options[] = {
	{ OPT_FIELD(ROOT, struct client_import_args, root), .name = "root",
	    .help = "root that signed the certificates (default: the only root)" },
	{ OPT_FIELD(FILE, struct client_import_args, revoked_from), .name = "revoked-from",
	    .help = "import revocations from the root's last CRL or the gateway's state" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "certificates", imported_fields, true },
	{ "import", import_fields, false },
	{ .key = NULL },
};

static int cmd_client_import_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_import_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(import_job) job = { .op = { .purpose = "client", .device = "" },
		.root_name = args->root,
		.files = operands,
		.n_files = (size_t)app->n_operands,
		.revoked_from = args->revoked_from };

	if (app->n_operands == 0 && args->revoked_from == NULL)
		return err_set(e, ERR_USAGE, "give files with certificates, or a CRL or a gateway's state with "
		    "--revoked-from");
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (client_import(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (job.n_unmatched > 0)
		app->ui.warn(app->ui.self, "import-unmatched",
		    "the gateway revokes thumbprints that the ledger does not have: they are in no CRL of this root");
	return app->mode.dry_run ? 0 : import_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Import certificates that an adopted root issued:", "p11ca client import old.pem --root fabrikam" },
	{ "Import revocations from a CRL:", "p11ca client import --root contoso --revoked-from last.crl" },
	{ .text = NULL },
};

const struct command cmd_client_import = {
	.path = "client import",
	.summary = "Import certificates that a root issued elsewhere",
	.help = "Use this command after adopting a root or restoring a ledger. p11ca verifies each certificate with "
		"the root's key and records it with the template `imported`. It does not check the contents, because "
		"the certificates are already in use. You can list, revoke and renew imported certificates. Either "
		"all certificates are imported or none; certificates that the ledger already has are not changed. If "
		"CERT is a receipt.json, p11ca reads the certificate file that the receipt names, and takes device "
		"and template from the receipt.\n\nRevocations from --revoked-from are recorded with their date and "
		"reason, if stated, and are part of the next CRL. A CRL must be signed by this root; serial numbers "
		"without a known certificate are imported too, and later CRLs get higher CRL numbers. A gateway's "
		"state contains only thumbprints: thumbprints without a known certificate are counted and stay on "
		"the gateway. An import never undoes a revocation.",
	.examples = examples,
	.operands = "[CERT...]",
	.min_operands = 0,
	.max_operands = 1000000,
	.operand_value = VALUE_FILE,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_import_args),
	.prints = prints,
	.run = cmd_client_import_run,
};
