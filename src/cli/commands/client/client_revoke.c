/* SPDX-License-Identifier: MIT */
/* client_revoke.c - the command `p11ca client revoke`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "pki/device.h"
#include "pki/gateway/gateway.h"
#include "pki/revoke/revoke.h"

struct client_revoke_args {
	const char *all, *device, *card, *reason, *script, *confirm;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct client_revoke_args, all), .name = "all",
	    .help = "all certificates of the client with this name" },
	{ OPT_FIELD(TEXT, struct client_revoke_args, device), .name = "device",
	    .help = "all certificates for this device; with --all, only those of that client" },
	{ OPT_FIELD(TEXT, struct client_revoke_args, card), .name = "card",
	    .help = "all certificates whose keys are on the token with this label or serial number" },
	{ OPT_FIELD(FORMAT, struct client_revoke_args, reason), .name = "reason", .required = true,
	    .choices = &""
#define REVOKE_REASON(word, code, use, end) "|" word
#include "model/revoke_reason.def"
#undef REVOKE_REASON
		       [1],
	    .help = "revocation reason (RFC 5280, 5.3.1)" },
	{ OPT_FIELD(OUT_FILE, struct client_revoke_args, script), .name = "script",
	    .help = "write a script that enforces the revocation at every gateway" },
	{ OPT_FIELD(TEXT, struct client_revoke_args, confirm), .name = "confirm",
	    .help = "confirm the text of --all, --card or --device without a prompt" },
	{ OPT_FIELD(FLAG, struct client_revoke_args, force), .name = "force", .help = "overwrite the script" },
	{ .name = NULL },
};
static const struct command_term reasons[] = {
#define REVOKE_REASON(word, code, use, end) { word, use " (" end ")" },
#include "model/revoke_reason.def"
#undef REVOKE_REASON
	{ .word = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "certificates", revoked_fields, true },
	{ "commands", revoke_command_fields, true },
	{ "pending", pending_fields, true },
	{ "enforcement", enforcement_fields, false },
	{ .key = NULL },
};

static int cmd_client_revoke_check_args(const struct client_revoke_args *args, int n_operands, struct err *e)
{
	bool is_selected = args->all != NULL || args->device != NULL || args->card != NULL;

	if (is_selected == (n_operands == 1))
		return err_set(e, ERR_USAGE, "name one certificate, or several with --all, --device or --card");
	if (args->script != NULL && strcmp(args->script, "-") == 0)
		return err_set(e, ERR_USAGE, "--script requires the name of a file; the commands are printed "
		    "without it, too");
	if (args->force && args->script == NULL)
		return err_set(e, ERR_USAGE, "--force is for --script");
	if (args->confirm != NULL && !is_selected)
		return err_set(e, ERR_USAGE, "--confirm is for --all, --device and --card");
	return args->device != NULL ? device_check(args->device, e) : 0;
}

static int cmd_client_revoke_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_revoke_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(revoke_job) job = { .op = { .purpose = "client", .device = "", .force = args->force,
			    .confirm = args->confirm },
		.id = app->n_operands > 0 ? operands[0] : NULL,
		.all = args->all,
		.device = args->device,
		.card = args->card,
		.reason = args->reason,
		.script_path = args->script,
		.is_verbose = app->verbose };

	if (cmd_client_revoke_check_args(args, app->n_operands, e) < 0 ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (client_revoke(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (job.n_signing > 0)
		app->ui.warn(app->ui.self, "certificate-signing",
		    "another process is issuing a certificate, which is not revoked: run the same command again");
	if (!app->mode.dry_run && revoke_print(&job, app->out, e) < 0)
		return -1;
	return job.n_signing > 0 || job.is_unscripted ? 1 : 0;
}

static const struct command_example examples[] = {
	{ "Revoke a certificate and write a script that enforces it:",
	    "p11ca client revoke alice@contoso.com --reason keyCompromise --script revoke.sh" },
	{ "Suspend a client for some days:", "p11ca client revoke alice@contoso.com --reason certificateHold" },
	{ "Revoke all certificates on a lost card:",
	    "p11ca client revoke --card alice --reason keyCompromise --confirm alice" },
	{ .text = NULL },
};

const struct command cmd_client_revoke = {
	.path = "client revoke",
	.summary = "Revoke client certificates and show how to enforce it",
	.help = "ID is a serial number, a thumbprint or fingerprint, or the name of a client with one valid "
		"certificate. p11ca revokes all selected certificates or none. Before it revokes certificates "
		"selected with --all, --card or --device, it lists them and asks for confirmation.\n\nCertificates "
		"that are already revoked are not changed, except that a hold can become permanent and any reason "
		"can become keyCompromise; a compromised key is never certified again. If two valid certificates "
		"have the same name, p11ca lists them and stops; only --reason superseded selects the older one, if "
		"the other is its successor.\n\nThe ledger records the revocation as NOT YET ENFORCED. The output "
		"contains the thumbprint and a name to paste into the portal; with --verbose also the commands for "
		"az and PowerShell that revoke the certificate at each gateway, disconnect its session and sign a "
		"new CRL.\n\n--script FILE writes these commands to a script for sh and az (tested with az 2.74, "
		"without extensions). Log in first, with a role such as Network Contributor on each gateway. The "
		"script reports what is done, what failed and what could not be determined, and exits with 0 only if "
		"the revocation is enforced everywhere. You can run it again. If the ledger has no gateway, or FILE "
		"exists or cannot be written, the revocation is recorded nevertheless, and the exit status is 10: "
		"run the same command again to write the script.",
	.examples = examples,
	.terms_title = "revocation reasons",
	.terms = reasons,
	.operands = "[ID]",
	.min_operands = 0,
	.max_operands = 1,
	.operand_value = VALUE_CLIENT,
	.needs = NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_revoke_args),
	.prints = prints,
	.run = cmd_client_revoke_run,
};
