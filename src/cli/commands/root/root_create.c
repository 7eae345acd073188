/* SPDX-License-Identifier: MIT */
/* root_create.c - the command `p11ca root create`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/key/key.h"
#include "pki/root/root.h"
#include "pki/root/root_name.h"
#include "pki/issue/show_cert.h"

struct root_create_args {
	const char *subject, *template_name, *existing_key;
	struct key_spec key;
	unsigned days;
	bool test, accept_imported, withdraw_request;
};
static const struct opt options[] = {
	{ OPT_FIELD(TEXT, struct root_create_args, subject), .name = "subject",
	    .help = "distinguished name, RFC 4514 (default: CN=NAME)" },
	KEY_OPTION(struct root_create_args),
	{ OPT_FIELD(DAYS, struct root_create_args, days), .name = "days",
	    .help = "validity in days (default: the template's, 3650)" },
	{ OPT_FIELD(TEMPLATE, struct root_create_args, template_name), .name = "template",
	    .help = "certificate template; vpn-root for other gateways (default: azure-root)" },
	{ OPT_FIELD(URI, struct root_create_args, existing_key), .name = "existing-key",
	    .help = "use a key on the token, such as pkcs11:id=%0a%0b (default: a new key)" },
	{ OPT_FIELD(FLAG, struct root_create_args, accept_imported), .name = "accept-imported",
	    .help = "accept an existing key that was imported or is of unknown origin" },
	{ OPT_FIELD(FLAG, struct root_create_args, withdraw_request), .name = "withdraw-request",
	    .help = "make a self-signed root, although `root request` wrote a request for the key" },
	{ OPT_FIELD(FLAG, struct root_create_args, test), .name = "test",
	    .help = "create a test ledger: all its certificates contain O=TEST" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "key", key_shown_fields, false },
	{ "certificate", cert_shown_fields, false },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

/* *key receives the URI that op->existing_id points into; the caller frees *key. */
static int use_key(struct issue_job *job, struct token_uri **key, const struct root_create_args *args, struct err *e)
{
	if (args->existing_key == NULL)
		return args->accept_imported ? err_set(e, ERR_USAGE, "--accept-imported requires --existing-key") : 0;
	if (args->key.type != KEY_OTHER)
		return err_set(e, ERR_USAGE, "--key and --existing-key exclude each other");
	if (uri_parse(key, args->existing_key, e) < 0)
		return -1;
	job->key.existing_id = uri_id_hex(*key);
	job->accept_imported = args->accept_imported;
	if (job->key.existing_id != NULL)
		return 0;
	(void)err_set(e, ERR_USAGE, "'%s' names no key by its id", args->existing_key);
	e->hint = "write the id as in pkcs11:id=%0a%0b; `p11ca token show` lists the ids";
	return -1;
}

static int cmd_root_create_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct root_create_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(token_uri) key = NULL;
	AUTO_VALUE(issue_job) job = { .key.op.name = operands[0], .days = args->days, .days_asked = args->days };

	if (root_check_name(operands[0], e) < 0 || uri_parse(&uri, app->token, e) < 0 ||
	    template_find(&job.key.template, args->template_name != NULL ? args->template_name : "azure-root", e) < 0)
		return -1;
	if (!job.key.template->is_root)
		return err_set(e, ERR_USAGE, "template %s is not for roots", job.key.template->name);
	if (key_job_set_spec(&job.key, args->key, e) < 0 ||
	    open_pki_ledger(&p, app, LEDGER_IF_THERE, args->test, e) < 0)
		return -1;
	if (use_key(&job, &key, args, e) < 0)
		return -1;
	job.key.op.pki = &p;
	job.key.where = uri;
	job.key.slot = app->slot;
	job.key.replace_key = app->replace_key;
	job.key.shared_card = app->shared_card;
	job.subject_text = args->subject;
	job.key.is_test = args->test;
	job.withdraw_request = args->withdraw_request;
	if (root_create(&job, &app->mode, app->out, e) < 0)
		return -1;
	if (app->mode.dry_run)
		return 0;
	if (!job.key.op.is_done_before && job.key.existing_id == NULL && !job.key.card_info.keeps_keys_in_files)
		app->ui.warn(app->ui.self, "key-without-backup",
		    "the root's key exists only on this token: if the token is lost, you cannot issue or renew "
		    "certificates");
	return receipt_print(&job, app->out, e);
}

static const struct command_example examples[] = {
	{ "Create a root on the token 'root':", "p11ca root create contoso --token root" },
	{ "Create a root with a larger key, valid for five years:",
	    "p11ca root create contoso --token root --key rsa:4096 --days 1826" },
	{ "Show the steps without changing anything:", "p11ca root create contoso --token root --dry-run" },
	{ .text = NULL },
};

const struct command cmd_root_create = {
	.path = "root create",
	.summary = "Create a root whose key stays on its token",
	.help = "The token generates the key, and the root signs its own certificate, which p11ca stores beside the "
		"key. If there is no ledger, the command creates one.\n\np11ca tests the key: it reads both halves "
		"and their attributes, tries to read the secret, and verifies a signature. After an interruption, "
		"run the same command again: it completes the remaining steps.\n\nWith --existing-key, p11ca uses a "
		"key that is already on the token and tests it in the same way. A key that was imported, or whose "
		"origin is unknown, needs --accept-imported; `p11ca root show` displays this permanently.",
	.examples = examples,
	.operands = "NAME",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_TOKEN | NEED_PIN | NEED_HOME | NEED_SO_PIN | NEED_SLOT | NEED_CARD,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct root_create_args),
	.prints = prints,
	.run = cmd_root_create_run,
};
