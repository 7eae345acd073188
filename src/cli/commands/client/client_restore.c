/* SPDX-License-Identifier: MIT */
/* client_restore.c - the command `p11ca client restore`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/gateway/gateway.h"
#include "pki/revoke/revoke.h"

static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "certificates", revoked_fields, true },
	{ "commands", revoke_command_fields, true },
	{ "pending", pending_fields, true },
	{ "enforcement", enforcement_fields, false },
	{ .key = NULL },
};

static int cmd_client_restore_run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(revoke_job) job = { .op = { .purpose = "client", .device = "" }, .id = operands[0] };

	(void)args;
	if (open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	job.op.pki = &p;
	if (client_restore(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : revoke_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Lift a certificate hold:", "p11ca client restore alice@contoso.com" },
	{ .text = NULL },
};

const struct command cmd_client_restore = {
	.path = "client restore",
	.summary = "Lift a certificate hold",
	.help = "You can restore only certificates that were revoked with the reason certificateHold, and only while "
		"the client has no other certificate for the same device. The command prints the commands that "
		"remove the thumbprint from a gateway's list.",
	.examples = examples,
	.operands = "ID",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_CLIENT,
	.needs = NEED_HOME,
	.changes = true,
	.prints = prints,
	.run = cmd_client_restore_run,
};
