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
	{ OPT_FIELD(CLIENT, struct doctor_cmd, client), .name = "client",
	    .help = "client to check: serial number, thumbprint, fingerprint or name" },
	{ OPT_FIELD(FILE, struct doctor_cmd, package), .name = "package",
	    .help = "Azure's client package that the client uses" },
	{ OPT_FIELD(FILE, struct doctor_cmd, state), .name = "state",
	    .help = "output of `az network vnet-gateway show … -o json`" },
	{ OPT_FIELD(FILE, struct doctor_cmd, report), .name = "client-report",
	    .help = "output of the script from --collect, run on the client's machine" },
	{ OPT_FIELD(FORMAT, struct doctor_cmd, collect), .name = "collect", .choices = "windows",
	    .help = "print a script that collects facts on a client machine" },
	{ .name = NULL },
};
static const struct command_prints prints[] = { { "findings", finding_fields, true }, { .key = NULL } };

static int cmd_doctor_collect(struct app *app, const struct doctor_cmd *args, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (args->client != NULL || args->package != NULL || args->state != NULL || args->report != NULL)
		return err_set(e, ERR_USAGE, "--collect only prints a script: leave out the other options");
	return doctor_collect(&text, e) < 0 ? -1 : export_text(app, &text, NULL, false, e);
}

static int cmd_doctor_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct doctor_cmd *args = args_;
	const struct doctor_args how = { args->client, args->package, &args->state, args->state != NULL,
		args->report };
	AUTO_VALUE(pki) p = { .ui = NULL };

	(void)operands;
	if (args->collect != NULL)
		return cmd_doctor_collect(app, args, e);
	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0)
		return -1;
	return doctor(&p, &how, app->out, e);
}

static const struct command_example examples[] = {
	{ "Check this installation:", "p11ca doctor" },
	{ "Find out why a client cannot connect:",
	    "p11ca doctor --client alice@contoso.com --package VNet1GW.zip --state gw.json" },
	{ "Write the script that collects facts on a Windows machine:", "p11ca doctor --collect windows" },
	{ .text = NULL },
};

const struct command cmd_doctor = {
	.path = "doctor",
	.summary = "Find problems before users notice them",
	.help = "The command checks the ledger's integrity and permissions, unfinished work, the module, the roots "
		"and their tokens, certificates and CRLs that expire soon, revocations that p11ca has not seen at a "
		"gateway, and profiles that no longer work. With --client it also checks the client's certificate "
		"and card; with --package and --state, the gateway. It does not log in and changes nothing. If "
		"everything is in order, it prints nothing and exits with 0; otherwise the exit status is 10, and "
		"each finding has a remedy.\n\nFor a machine without p11ca, --collect windows prints a PowerShell "
		"script that only reads. Run the script on the machine, and give its output to --client-report. "
		"Without --client, p11ca identifies the client by the certificates in the report.",
	.examples = examples,
	.needs = NEED_MODULE | NEED_ROOT_TOKEN | NEED_HOME,
	.opts = options,
	.args_size = sizeof(struct doctor_cmd),
	.prints = prints,
	.run = cmd_doctor_run,
};
