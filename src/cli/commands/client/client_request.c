/* SPDX-License-Identifier: MIT */
/* client_request.c - the command `p11ca client request`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "pki/client/client.h"
#include "pki/device.h"
#include "pki/issue/receipt.h"
#include "pki/key/key.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"

struct client_request_args {
	const char *token, *key_file, *device, *out, *id;
	struct key_spec key;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct client_request_args, out), .name = "out", .required = true,
	    .help = "output file for the request; - for standard output" },
	{ OPT_FIELD(TOKEN, struct client_request_args, token), .name = "token", .letter = 't',
	    .help = "token that generates the key: an RFC 7512 URI or its label" },
	{ OPT_FIELD(FILE, struct client_request_args, key_file), .name = "key-file",
	    .help = "encrypted file with the key, instead of a token; created if missing" },
	{ OPT_FIELD(NAME, struct client_request_args, device), .name = "device",
	    .help = "device name, for a client with several devices" },
	KEY_OPTION(struct client_request_args),
	{ OPT_FIELD(ID, struct client_request_args, id), .name = "id",
	    .help = "use the existing key with this CKA_ID" },
	{ OPT_FIELD(FLAG, struct client_request_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "key", key_shown_fields, false },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_client_request_print(struct app *app, struct issue_job *job, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };

	if (strcmp(job->key.op.out_path, "-") != 0)
		return receipt_print(job, app->out, e);
	if (request_pem(&pem, job, e) < 0)
		return -1;
	return out_raw(app->out, buf_bytes(&pem), e);
}

static int cmd_client_request_check_args(const struct client_request_args *args, struct err *e)
{
	if ((args->token != NULL) + (args->key_file != NULL) != 1)
		return err_set(e, ERR_USAGE, "client request requires either --token or --key-file");
	if (args->key_file != NULL && args->id != NULL)
		return err_set(e, ERR_USAGE, "--id goes with --token");
	return args->device != NULL ? device_check(args->device, e) : 0;
}

static int cmd_client_request_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_request_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_VALUE(software_key) soft = { .key_file = args->key_file };
	AUTO_VALUE(client_job) job = { .soft = NULL };
	struct key_job *key = &job.profiled.issue.key;

	key->op.device = args->device != NULL ? args->device : "";
	key->existing_id = args->id;
	if (cmd_client_request_check_args(args, e) < 0 ||
	    (args->token != NULL && uri_parse(&uri, args->token, e) < 0) ||
	    key_job_set_spec(key, args->key, e) < 0 || open_pki_ledger(&p, app, LEDGER_IF_THERE, false, e) < 0)
		return -1;
	key->op.pki = &p;
	key->op.name = operands[0];
	key->op.out_path = args->out;
	key->op.force = args->force;
	key->where = uri;
	key->slot = app->slot;
	key->replace_key = app->replace_key;
	key->shared_card = app->shared_card;
	job.soft = args->key_file != NULL ? &soft : NULL;
	if (client_request(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : cmd_client_request_print(app, &job.profiled.issue, e);
}

static const struct command_example examples[] = {
	{ "Create a key on a card and a request:",
	    "p11ca client request carol@contoso.com --token carol --out carol.csr" },
	{ "Create a key in an encrypted file:",
	    "p11ca client request erin@contoso.com --key-file erin.key --out erin.csr" },
	{ .text = NULL },
};

const struct command cmd_client_request = {
	.path = "client request",
	.summary = "Create a key and its certificate request",
	.help = "Run this command on the client's own machine: the card generates the key, p11ca tests it and writes "
		"the request (PKCS#10) for `p11ca client issue`. The command needs no ledger; if there is one, it "
		"records the key. On a machine without a token, use --key-file: p11ca generates the key and writes "
		"it to a new file, encrypted with a passphrase and readable only by you, or uses the key in an "
		"existing file. `p11ca client bundle` writes key and certificate to a PFX.",
	.examples = examples,
	.operands = "CN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_NAME,
	.needs = NEED_MODULE | NEED_PIN | NEED_KEY_PIN | NEED_HOME | NEED_SO_PIN | NEED_SLOT | NEED_CARD,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_request_args),
	.prints = prints,
	.run = cmd_client_request_run,
};
