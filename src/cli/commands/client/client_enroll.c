/* SPDX-License-Identifier: MIT */
/* client_enroll.c - the command `p11ca client enroll`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "cli/profile_options.h"
#include "pki/client/client.h"
#include "pki/client/enroll_list.h"
#include "pki/issue/receipt.h"
#include "pki/client/software_key.h"
#include "pki/user_templates.h"
#include "util/csv.h"
#include "util/file.h"

struct client_enroll_args {
	struct profile_args profile;
	const char *token, *package, *sign_with, *compat, *from, *device, *root, *template_name, *out;
	struct key_spec key;
	unsigned days;
	bool software_key, generate_password, same_token, force, wait, letter;
};
static const struct opt options[] = {
	{ OPT_FIELD(TOKEN, struct client_enroll_args, token), .name = "token", .letter = 't',
	    .help = "the client's card: an RFC 7512 URI or its label" },
	{ OPT_FIELD(FILE, struct client_enroll_args, from), .name = "from",
	    .help = "enrol the clients in a CSV file (columns cn, device, token) instead of CN" },
	{ OPT_FIELD(FLAG, struct client_enroll_args, wait), .name = "wait",
	    .help = "with --from: prompt for each card; --token limits which tokens are accepted" },
	{ OPT_FIELD(FLAG, struct client_enroll_args, software_key), .name = "software-key",
	    .help = "generate the key in memory and write it to a PFX, instead of using a token" },
	{ OPT_FIELD(FORMAT, struct client_enroll_args, compat), .name = "compat", .choices = "modern|legacy",
	    .help = "modern: AES-256; legacy: 3DES, for Apple and old Windows (default: modern)" },
	{ OPT_FIELD(FLAG, struct client_enroll_args, generate_password), .name = "generate-password",
	    .help = "generate a password for the PFX and write it to PFX.password, mode 0600" },
	{ OPT_FIELD(NAME, struct client_enroll_args, device), .name = "device",
	    .help = "device name, for a client with several devices" },
	{ OPT_FIELD(ROOT, struct client_enroll_args, root), .name = "root",
	    .help = "issuing root (default: the only root)" },
	KEY_OPTION(struct client_enroll_args),
	{ OPT_FIELD(DAYS, struct client_enroll_args, days), .name = "days",
	    .help = "validity in days (default: the template's, 365)" },
	{ OPT_FIELD(TEMPLATE, struct client_enroll_args, template_name), .name = "template",
	    .help = "certificate template (default: azure-client)" },
	{ OPT_FIELD(FOLDER, struct client_enroll_args, out), .name = "out",
	    .help = "output folder for certificate, chain, root and receipt.json" },
	{ OPT_FIELD(FILE, struct client_enroll_args, package), .name = "package", .section = OPT_PROFILE,
	    .help = "Azure's client package, for the profiles of --for" },
	{ OPT_FIELD(FORMATS, struct client_enroll_args, profile.formats), .name = "for", .section = OPT_PROFILE,
	    .help = "profile formats, such as swanctl,windows, or all; see p11ca-profile(1)" },
	{ OPT_FIELD(TOKEN, struct client_enroll_args, sign_with), .name = "sign-with", .section = OPT_PROFILE,
	    .help = "token with the key and certificate that sign the Apple profile" },
	PROFILE_OPTIONS(struct client_enroll_args),
	{ OPT_FIELD(FLAG, struct client_enroll_args, letter), .name = "letter", .help = "write a page for the client" },
	{ OPT_FIELD(FLAG, struct client_enroll_args, force), .name = "force", .help = "overwrite files" },
	{ OPT_FIELD(FLAG, struct client_enroll_args, same_token), .name = "same-token",
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
	{ .key = NULL },
};

static int cmd_client_enroll_fill(struct issue_job *job, const struct client_enroll_args *args, struct err *e)
{
	if (args->template_name != NULL &&
	    pki_template_find(&job->key.template, job->key.op.pki, args->template_name, e) < 0)
		return -1;
	if (key_job_set_spec(&job->key, args->key, e) < 0)
		return -1;
	job->days = job->days_asked = args->days;
	job->key.op.device = args->device != NULL ? args->device : "";
	job->root_name = args->root;
	job->key.op.out_path = args->out;
	job->key.op.force = args->force;
	job->key.same_token = args->same_token;
	return device_check(job->key.op.device, e);
}

static int check_profiles(const struct client_enroll_args *args, struct err *e)
{
	if (args->from == NULL && args->token == NULL && !args->software_key) {
		(void)err_set(e, ERR_USAGE, "specify where the client's key goes: --token, --software-key or --from");
		e->hint = "--token for a card, --software-key for a PFX, --from for a list of many clients";
		return -1;
	}
	if (args->from == NULL && args->token != NULL && args->software_key)
		return err_set(e, ERR_USAGE, "client enroll accepts only one of --token and --software-key: p11ca "
		    "exports no keys from tokens");
	if (args->software_key && args->out == NULL)
		return err_set(e, ERR_USAGE, "--software-key needs --out, a folder for the PFX");
	if (!args->software_key && (args->compat != NULL || args->generate_password))
		return err_set(e, ERR_USAGE, "--compat and --generate-password go with --software-key");
	if ((args->package != NULL) != (args->profile.formats != NULL))
		return err_set(e, ERR_USAGE, "--package and --for go together");
	if (args->sign_with != NULL && args->package == NULL)
		return err_set(e, ERR_USAGE, "--sign-with requires --for mobileconfig: it signs Apple's profile");
	if ((args->package != NULL || args->letter) && args->out == NULL)
		return err_set(e, ERR_USAGE, "--%s needs --out, a folder for files", args->letter ? "letter" : "for");
	return 0;
}

static int cmd_client_enroll_check_list(const struct client_enroll_args *args, int n_operands, struct err *e)
{
	if ((n_operands == 1) == (args->from != NULL))
		return err_set(e, ERR_USAGE, "client enroll takes one CN, or a list with --from");
	if (args->wait && args->from == NULL)
		return err_set(e, ERR_USAGE, "--wait requires --from");
	if (args->from != NULL && (args->software_key || args->device != NULL))
		return err_set(e, ERR_USAGE, "--from excludes --software-key and --device: the list names devices");
	if (args->from != NULL && !args->wait && args->token != NULL)
		return err_set(e, ERR_USAGE, "--from without --wait reads the tokens from the list: leave out --token");
	return check_profiles(args, e);
}

static int run_list(const struct client_job *job, const struct client_enroll_args *args, struct app *app, struct err *e)
{
	AUTO_STRUCT(enroll_list) list = NULL;
	AUTO_VALUE(buf) csv = { 0 };
	struct enroll_options wanted = { .asked = job, .wait = args->wait };

	if (file_read(&csv, args->from, CSV_BYTES_MAX, e) < 0 || enroll_list_read(&list, buf_bytes(&csv), e) < 0)
		return err_while(e, "reading the list '%s'", args->from);
	wanted.list = list;
	return client_enroll_list(&wanted, &app->mode, app->out, e);
}

static int cmd_client_enroll_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(token_uri) signer = NULL;
	AUTO_VALUE(profile_job) profile = { .n_formats = 0 };
	AUTO_VALUE(client_job) job = { .profiled.issue.key.op.pki = &p, .profiled.profile_job = &profile };
	struct issue_job *issue = &job.profiled.issue;
	const struct client_enroll_args *args = args_;
	AUTO_VALUE(software_key) soft = { .generate_password = args->generate_password };
	struct profile_options wanted;

	if (args->generate_password && app->pfx_pin_source != NULL)
		return err_set(e, ERR_USAGE, "--generate-password and --pfx-pin-source exclude each other");
	if (cmd_client_enroll_check_list(args, app->n_operands, e) < 0 ||
	    (args->software_key && software_protect(e) < 0) ||
	    profile_options_fill(&wanted, &args->profile, args->package, e) < 0 ||
	    (args->token != NULL && uri_parse(&uri, args->token, e) < 0) ||
	    (args->sign_with != NULL && uri_parse(&signer, args->sign_with, e) < 0) ||
	    open_pki_ledger(&p, app, LEDGER_WRITE, false, e) < 0 || cmd_client_enroll_fill(issue, args, e) < 0)
		return -1;
	issue->key.op.name = args->from != NULL ? "" : operands[0];
	issue->key.where = uri;
	soft.compat = args->compat != NULL && strcmp(args->compat, "legacy") == 0 ? PFX_LEGACY : PFX_MODERN;
	job.has_letter = args->letter;
	job.soft = args->software_key ? &soft : NULL;
	wanted.sign_with = signer;
	wanted.is_made_here = args->software_key;
	issue->key.slot = app->slot;
	issue->key.replace_key = app->replace_key;
	issue->key.shared_card = app->shared_card;
	job.profiled.profiles = args->package != NULL ? &wanted : NULL;
	if (args->from != NULL)
		return run_list(&job, args, app, e);
	return client_enroll(&job, &app->mode, app->out, e) < 0 ? -1 :
	    app->mode.dry_run ? 0 : receipt_print(issue, app->out, e);
}

static const struct command_example examples[] = {
	{ "Enrol a client on the card 'carol':", "p11ca client enroll carol@contoso.com --token carol --out carol" },
	{ "Also write a profile:",
	    "p11ca client enroll carol@contoso.com -t carol --out carol --package VNet1GW.zip --for windows" },
	{ "Enrol a list of clients:", "p11ca client enroll --from clients.csv --out cards" },
	{ .text = NULL },
};

const struct command cmd_client_enroll = {
	.path = "client enroll",
	.summary = "Enrol a client: create key and certificate on a card",
	.help = "The card generates the key, the root signs the certificate, and p11ca writes certificate and chain "
		"to the card. CN is the name of the client, which you choose.\n\np11ca tests the key, applies the "
		"checks for external requests, and compares what it wrote to the card. After an interruption, run "
		"the same command again: it completes the remaining steps. After success, it shows the existing "
		"certificate.\n\n--from enrols a list. With --wait, p11ca prompts for each card and continues when "
		"the card is inserted, also with --batch; a card of another client is refused. Without --wait, the "
		"list names the tokens. Clients that already have a card are skipped, so running the command again "
		"resumes the list. p11ca asks for the root's PIN once, and each prompt names the client. The "
		"exit status is 10 if some clients were refused.\n\n--software-key is for a machine that can neither "
		"use a token nor create a request, such as an iPhone. It needs allow-software-keys = yes in "
		"p11ca.conf. The key is generated in locked memory and written once, to a PFX with the chain; p11ca "
		"keeps no copy, and the ledger records generated-for-client. If the command is interrupted earlier, "
		"the key is lost: run it again, which revokes that certificate and issues another.",
	.examples = examples,
	.operands = "[CN]", .min_operands = 0, .max_operands = 1, .operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_PIN | NEED_ROOT_PIN | NEED_PFX_PIN | NEED_HOME | NEED_SO_PIN | NEED_SLOT |
	    NEED_CARD, .changes = true, .opts = options,
	.args_size = sizeof(struct client_enroll_args), .prints = prints, .run = cmd_client_enroll_run,
};
