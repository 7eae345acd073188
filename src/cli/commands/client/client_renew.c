/* SPDX-License-Identifier: MIT */
/* client_renew.c - the command `p11ca client renew`: its options, help and output. */
#include "cli/open_pki.h"
#include "cli/profile_options.h"
#include "pki/client/client_batch.h"
#include "pki/client/client_renew.h"
#include "pki/client/renew_list.h"
#include "pki/issue/receipt.h"
#include "pki/key/key.h"
#include "pki/issue/show_cert.h"
#include "pki/user_templates.h"

struct client_renew_args {
	struct profile_args profile;
	const char *package, *token, *csr, *root, *template_name, *out;
	struct key_spec key;
	unsigned days, expiring;
	bool same_key, same_token, supersede, force, wait;
};
static const struct opt options[] = {
	{ OPT_FIELD(DAYS, struct client_renew_args, expiring), .name = "expiring",
	    .help = "renew all certificates that expire within DAYS, on their cards" },
	{ OPT_FIELD(FLAG, struct client_renew_args, wait), .name = "wait",
	    .help = "with --expiring: prompt for each card that is not inserted" },
	{ OPT_FIELD(TOKEN, struct client_renew_args, token), .name = "token", .letter = 't',
	    .help = "card for the new key (default: the card with the old key)" },
	{ OPT_FIELD(FILE, struct client_renew_args, csr), .name = "csr",
	    .help = "certificate request for a new key that is stored elsewhere" },
	{ OPT_FIELD(FLAG, struct client_renew_args, same_key), .name = "same-key",
	    .help = "keep the key, if p11ca.conf allows it" },
	{ OPT_FIELD(FLAG, struct client_renew_args, supersede), .name = "supersede",
	    .help = "revoke the old certificate when the new certificate is in place" },
	{ OPT_FIELD(ROOT, struct client_renew_args, root), .name = "root",
	    .help = "issuing root (default: the root of the old certificate)" },
	KEY_OPTION(struct client_renew_args),
	{ OPT_FIELD(DAYS, struct client_renew_args, days), .name = "days",
	    .help = "validity in days (default: the template's)" },
	{ OPT_FIELD(TEMPLATE, struct client_renew_args, template_name), .name = "template",
	    .help = "certificate template (default: that of the old certificate)" },
	{ OPT_FIELD(FOLDER, struct client_renew_args, out), .name = "out",
	    .help = "output folder for certificate, chain, root and receipt.json" },
	{ OPT_FIELD(FILE, struct client_renew_args, package), .name = "package", .section = OPT_PROFILE,
	    .help = "Azure's client package, for the client's profiles" },
	{ OPT_FIELD(FORMATS, struct client_renew_args, profile.formats), .name = "for", .section = OPT_PROFILE,
	    .help = "profile formats, comma-separated, or all (default: those of the client)" },
	PROFILE_OPTIONS(struct client_renew_args),
	{ OPT_FIELD(FLAG, struct client_renew_args, force), .name = "force", .help = "overwrite files" },
	{ OPT_FIELD(FLAG, struct client_renew_args, same_token), .name = "same-token",
	    .help = "allow the root's key and the client's key on one token" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "key", key_shown_fields, false },
	{ "certificate", cert_shown_fields, false },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ "clients", client_batch_fields, true },
	{ "renewals", renew_summary_fields, false },
	{ .key = NULL },
};

static int cmd_client_renew_check_args(const struct client_renew_args *args, int n_operands, struct err *e)
{
	if ((n_operands == 1) == (args->expiring > 0))
		return err_set(e, ERR_USAGE, "client renew takes one ID, or --expiring for all that expire");
	if (args->wait && args->expiring == 0)
		return err_set(e, ERR_USAGE, "--wait requires --expiring");
	if (args->expiring > 0 && (args->csr != NULL || args->token != NULL))
		return err_set(e, ERR_USAGE, "--expiring excludes --csr and --token: the new keys are made on the "
		    "cards of the old keys");
	if (args->csr != NULL && (args->token != NULL || args->package != NULL || args->key.type != KEY_OTHER))
		return err_set(e, ERR_USAGE, "--csr excludes --token, --key and --package: its key is elsewhere");
	if (args->csr != NULL && args->out == NULL)
		return err_set(e, ERR_USAGE, "--csr needs --out, a folder for the certificate");
	if (args->same_key && (args->token != NULL || args->key.type != KEY_OTHER))
		return err_set(e, ERR_USAGE, "--same-key excludes --token and --key");
	if (args->profile.formats != NULL && args->package == NULL)
		return err_set(e, ERR_USAGE, "--for needs --package");
	if (args->package != NULL && args->out == NULL)
		return err_set(e, ERR_USAGE, "--package needs --out, a folder for the files");
	return 0;
}

static int cmd_client_renew_fill(
    struct issue_job *job, const struct client_renew_args *args, const char *id, char root_name[65], struct err *e)
{
	struct op *op = &job->key.op;

	if (args->template_name != NULL && pki_template_find(&job->key.template, op->pki, args->template_name, e) < 0)
		return -1;
	if (key_job_set_spec(&job->key, args->key, e) < 0)
		return -1;
	job->days = job->days_asked = args->days;
	job->root_name = args->root;
	op->out_path = args->out;
	job->request_path = args->csr;
	job->key.same_key = args->same_key;
	job->supersede = args->supersede;
	op->force = args->force;
	job->key.same_token = args->same_token;
	return id == NULL ? 0 : client_renew_find(job, id, root_name, e);
}

/* Without --for, the profile formats of the previous certificate are used. */
static int fill_formats(struct profile_options *wanted, char formats[256], const struct key_job *job, struct err *e)
{
	if (wanted->package_path == NULL || wanted->formats != NULL)
		return 0;
	if (client_renew_formats(formats, job, e) < 0)
		return -1;
	wanted->formats = formats;
	if (formats[0] != '\0')
		return 0;
	(void)err_set(e, ERR_USAGE, "the ledger records no profiles for '%s'", job->op.name);
	e->hint = "name the formats with --for";
	return -1;
}

static int cmd_client_renew_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_renew_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(profile_job) profile = { .n_formats = 0 };
	AUTO_VALUE(client_job) job = { .profiled.issue.key.op.pki = &p, .profiled.profile_job = &profile };
	struct key_job *key = &job.profiled.issue.key;
	struct profile_options wanted;
	char root_name[65], formats[256];

	if (cmd_client_renew_check_args(args, app->n_operands, e) < 0 ||
	    profile_options_fill(&wanted, &args->profile, args->package, e) < 0 ||
	    (args->token != NULL && uri_parse(&uri, args->token, e) < 0) ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0)
		return -1;
	key->where = uri;
	key->slot = app->slot;
	key->replace_key = app->replace_key;
	key->shared_card = app->shared_card;
	if (cmd_client_renew_fill(&job.profiled.issue, args, operands[0], root_name, e) < 0)
		return -1;
	if (args->expiring > 0)
		return client_renew_expiring(&(struct renew_options){ .asked = &job, .days = args->expiring,
		    .profiles = args->package != NULL ? &wanted : NULL, .wait = args->wait },
		    &app->mode, app->out, e);
	if (fill_formats(&wanted, formats, &job.profiled.issue.key, e) < 0)
		return -1;
	job.profiled.profiles = args->package != NULL ? &wanted : NULL;
	if (client_renew(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job.profiled.issue, app->out, e);
}

static const struct command_example examples[] = {
	{ "Renew a certificate with a new key on the same card:",
	    "p11ca client renew alice@contoso.com --out alice-2027" },
	{ "Renew all certificates that expire within 60 days, card after card:",
	    "p11ca client renew --expiring 60 --wait --out renewed" },
	{ "Also revoke the old certificate:", "p11ca client renew alice@contoso.com --supersede --out alice-2027" },
	{ .text = NULL },
};

const struct command cmd_client_renew = {
	.path = "client renew",
	.summary = "Renew a client's certificate",
	.help = "ID is a serial number, a thumbprint or fingerprint, or the name of a client with one valid "
		"certificate. The card with the old key, or the token of --token, generates a new key; the new "
		"certificate has the same name and device.\n\nWith --csr, the new key is stored elsewhere. "
		"--same-key keeps the old key; it needs renew-same-key = yes in the root's section of p11ca.conf. "
		"--root moves the client to another root.\n\nThe old certificate is valid until it expires or is "
		"revoked. --supersede revokes it when the new certificate is on the card, or its files are written. "
		"--package writes new profiles in place of those that name the old key. After an interruption, run "
		"the same command again: it completes the remaining steps.\n\n--expiring renews the certificates "
		"that client list --expiring lists, the first to expire first, each on the card with the old key. "
		"A card that is not inserted is reported and left out; with --wait, p11ca prompts for it. Running "
		"the command again continues with the certificates that are left. --out gets a folder for each "
		"client. The exit status is 10 if some certificates were not renewed.",
	.examples = examples,
	.operands = "[ID]",
	.min_operands = 0,
	.max_operands = 1,
	.operand_value = VALUE_CLIENT,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_HOME | NEED_SO_PIN | NEED_SLOT | NEED_CARD,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_renew_args),
	.prints = prints,
	.run = cmd_client_renew_run,
};
