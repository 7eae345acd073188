/* SPDX-License-Identifier: MIT */
/* client_import.c - the command `p11ca client import`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/client/client_import.h"

struct client_import_args {
	const char *root, *revoked_from;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct client_import_args, root), .name = "root",
	    .help = "root that signed (default: the only root)" },
	{ OPT_FIELD(FILE, struct client_import_args, revoked_from), .name = "revoked-from",
	    .help = "the root's last CRL, or the gateway as `az` shows it: it revokes here, too" },
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
		return err_set(e, ERR_USAGE, "name certificates, or what revokes some with --revoked-from");
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (client_import(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (job.n_unmatched > 0)
		app->ui.warn(app->ui.self, "import-unmatched",
		    "the gateway revokes thumbprints of certificates that are not here, and in no CRL of this root");
	return app->mode.dry_run ? 0 : import_print(&job, app->out, e);
}

const struct command cmd_client_import = {
	.path = "client import",
	.summary = "Take over certificates that a root issued elsewhere",
	.help = "For a root that was adopted, or a ledger that was restored: each certificate is verified with the"
		" root's key, and recorded with the template `imported`; none is judged, since it is valid already. It"
		" can be listed, revoked and renewed from then on. All come in or none; what is there already stays as"
		" it is. A receipt.json stands for the certificate that it names, beside it, and says device and"
		" template.\n\n"
		"What --revoked-from revokes is revoked here, with its date and reason where it states them, and is in"
		" the next CRL. For a CRL, serials without a certificate are imported, too; the root has to"
		" have signed it, and later numbers are above its own. A gateway knows thumbprints only: those of no"
		" certificate that is here are counted and left to the gateway. Revocations are never undone.",
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
