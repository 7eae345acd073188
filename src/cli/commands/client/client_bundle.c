/* SPDX-License-Identifier: MIT */
/* client_bundle.c - the command `p11ca client bundle`: its options, help and output. */
#include <string.h>

#include "cli/open_pki.h"
#include "pki/issue/receipt.h"
#include "pki/client/software_key.h"

struct client_bundle_args {
	const char *key_file, *cert, *root_cert, *out, *compat;
	struct opt_list chain;
	bool generate_password, force;
};
static const struct opt options[] = {
	{ OPT_FIELD(FILE, struct client_bundle_args, key_file), .name = "key-file", .required = true,
	    .help = "file with the private key, encrypted or not" },
	{ OPT_FIELD(FILE, struct client_bundle_args, cert), .name = "cert", .required = true,
	    .help = "certificate of the key; the file may contain its issuers" },
	{ OPT_LIST_FIELD(FILE, struct client_bundle_args, chain), .name = "chain",
	    .help = "certificates of issuers that are not in the ledger" },
	{ OPT_FIELD(FILE, struct client_bundle_args, root_cert), .name = "root-cert",
	    .help = "the root's certificate, if it is not in the ledger" },
	{ OPT_FIELD(OUT_FILE, struct client_bundle_args, out), .name = "out", .required = true,
	    .help = "output file for the PFX" },
	{ OPT_FIELD(FORMAT, struct client_bundle_args, compat), .name = "compat", .choices = "modern|legacy",
	    .help = "modern: AES-256; legacy: 3DES, for Apple and old Windows (default: modern)" },
	{ OPT_FIELD(FLAG, struct client_bundle_args, generate_password), .name = "generate-password",
	    .help = "generate a password and write it to FILE.password, mode 0600" },
	{ OPT_FIELD(FLAG, struct client_bundle_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};
static const struct command_prints prints[] = {
	{ "steps", step_fields, true },
	{ "result", receipt_fields, false },
	{ "files", receipt_file_fields, true },
	{ .key = NULL },
};

static int cmd_client_bundle_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_bundle_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(software_key) soft = { .key_file = args->key_file, .cert_path = args->cert,
		.chain_paths = args->chain.data, .n_chain_paths = args->chain.n, .root_path = args->root_cert };
	AUTO_VALUE(client_job) job = { .soft = &soft };
	struct op *op = &job.profiled.issue.key.op;

	(void)operands;
	soft.compat = args->compat != NULL && strcmp(args->compat, "legacy") == 0 ? PFX_LEGACY : PFX_MODERN;
	soft.generate_password = args->generate_password;
	if (args->generate_password && app->pfx_pin_source != NULL)
		return err_set(e, ERR_USAGE, "--generate-password and --pfx-pin-source exclude each other");
	if (strcmp(args->out, "-") == 0)
		return err_set(e, ERR_USAGE, "--out requires the name of a file");
	if (open_pki_ledger(&p, app, LEDGER_READ_IF_THERE, false, e) < 0)
		return -1;
	*op = (struct op){ .pki = &p, .name = args->cert, .out_path = args->out, .force = args->force };
	if (client_bundle(&job, &app->mode, app->out, e) < 0)
		return -1;
	return app->mode.dry_run ? 0 : receipt_print(&job.profiled.issue, app->out, e);
}

static const struct command_example examples[] = {
	{ "Write key, certificate and chain to a PFX:",
	    "p11ca client bundle --key-file erin.key --cert erin.pem --out erin.p12 --generate-password" },
	{ .text = NULL },
};

const struct command cmd_client_bundle = {
	.path = "client bundle",
	.summary = "Write a software key and its chain to a PFX",
	.help = "For systems that import a .pfx or .p12 file: the PFX contains the key, the certificate and all "
		"issuers up to the root, encrypted with a password. p11ca opens the file again and compares the "
		"contents. Issuers come from the file of the certificate, from --chain and --root-cert, and from the "
		"ledger. A key on a token cannot be exported to a PFX.\n\nWindows 10 1709 and later, OpenSSL, GnuTLS "
		"and Firefox read the format modern. macOS, iOS and older Windows need legacy, whose encryption is "
		"weak: use a long password, and delete the file after the import.\n\nThe password must have at least "
		"12 characters. --generate-password writes a password of 125 random bits to a new file beside the "
		"PFX that only you can read. Send the password over another channel than the PFX, then delete its "
		"file.",
	.examples = examples,
	.needs = NEED_KEY_PIN | NEED_PFX_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct client_bundle_args),
	.prints = prints,
	.run = cmd_client_bundle_run,
};
