/* SPDX-License-Identifier: MIT */
/* doctor.c - the command `p11ca doctor`: its options, help and output. */
#include "pki/doctor/doctor.h"
#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/show_findings.h"

struct doctor_cmd {
	const char *client, *package, *state, *report, *collect;
};
static const struct opt options[] = {
	{ OPT_FIELD(NAME, struct doctor_cmd, client), .name = "client",
	    .help = "whose connection fails: serial, thumbprint, fingerprint, or a unique name" },
	{ OPT_FIELD(FILE, struct doctor_cmd, package), .name = "package",
	    .help = "Azure's package that it was set up with" },
	{ OPT_FIELD(FILE, struct doctor_cmd, state), .name = "state",
	    .help = "what `az network vnet-gateway show … -o json` prints" },
	{ OPT_FIELD(FILE, struct doctor_cmd, report), .name = "client-report",
	    .help = "what the script of --collect printed on the client's machine" },
	{ OPT_FIELD(FORMAT, struct doctor_cmd, collect), .name = "collect", .choices = "windows",
	    .help = "print a script that reports what a machine has, and nothing else" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_doctor_collect(struct app *app, const struct doctor_cmd *args, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (args->client != NULL || args->package != NULL || args->state != NULL || args->report != NULL)
		return err_set(e, ERR_USAGE, "--collect prints a script and looks at nothing");
	return doctor_collect(&text, e) < 0 ? -1 : export_text(app, &text, NULL, false, e);
}

static int cmd_doctor_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct doctor_cmd *args = args_;
	const struct doctor_args how = { args->client, args->package, args->state, args->report };
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (args->collect != NULL)
		return cmd_doctor_collect(app, args, e);
	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	return doctor(&p, &how, app->out, e);
}

const struct command cmd_doctor = {
	.path = "doctor",
	.summary = "Look for what is wrong before users call",
	.help = "The ledger's integrity, who else may change its home, unfinished work, the module, roots and "
		"whether their tokens are there, certificates and CRLs that end, revocations that no gateway was "
		"seen to follow, profiles that no longer connect; with --client its certificate and card, with "
		"--package and --state what the gateway hands out and is. It logs in nowhere and changes nothing."
		" Silent and exit status 0 where all is well; else 10, and each finding says what to do.\n\nOf a "
		"machine without p11ca: --collect windows prints a PowerShell script that only reads; what it "
		"prints there, --client-report reads here. Without --client the certificates in the report say "
		"whose it is.",
	.needs = NEED_MODULE | NEED_ROOT_TOKEN | NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct doctor_cmd),
	.prints = prints,
	.run = cmd_doctor_run,
};
