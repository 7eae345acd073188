/* SPDX-License-Identifier: MIT */
/* profile_write.c - the command `p11ca profile write`: its options, help and output. */
#include "cli/open_pki.h"
#include "cli/profile_options.h"

struct profile_write_cmd {
	struct profile_args profile;
	const char *client, *cert, *root_cert, *token, *sign_with, *out;
	bool all, force;
};
static const struct opt options[] = {
	{ OPT_FIELD(CLIENT, struct profile_write_cmd, client), .name = "client",
	    .help = "client: serial number, thumbprint, fingerprint or name" },
	{ OPT_FIELD(FLAG, struct profile_write_cmd, all), .name = "all",
	    .help = "write a folder of profiles for each client with a valid certificate" },
	{ OPT_FIELD(FILE, struct profile_write_cmd, cert), .name = "cert",
	    .help = "file with the certificate and its chain; needs no ledger" },
	{ OPT_FIELD(FILE, struct profile_write_cmd, root_cert), .name = "root-cert",
	    .help = "the root's certificate, if --cert contains no chain" },
	{ OPT_FIELD(TOKEN, struct profile_write_cmd, token), .name = "token", .letter = 't',
	    .help = "with --cert: token that contains the key" },
	{ OPT_FIELD(FORMATS, struct profile_write_cmd, profile.formats), .name = "for", .required = true,
	    .help = "profile formats, separated by commas, or all" },
	{ OPT_FIELD(FOLDER, struct profile_write_cmd, out), .name = "out", .required = true,
	    .help = "output folder; each format has a folder in it" },
	{ OPT_FIELD(FILE, struct profile_write_cmd, profile.pfx), .name = "pfx",
	    .help = "encrypted PKCS#12 with a software key, for systems without PKCS#11" },
	{ OPT_FIELD(TEXT, struct profile_write_cmd, profile.scep), .name = "scep",
	    .help = "URL of the SCEP server for the Apple device" },
	{ OPT_FIELD(TEXT, struct profile_write_cmd, profile.acme), .name = "acme",
	    .help = "URL of the ACME server for the Apple device" },
	{ OPT_FIELD(TOKEN, struct profile_write_cmd, sign_with), .name = "sign-with",
	    .help = "token with the key and certificate that sign the Apple profile" },
	PROFILE_OPTIONS(struct profile_write_cmd),
	{ OPT_FIELD(FLAG, struct profile_write_cmd, force), .name = "force", .help = "overwrite files" },
	{ .name = NULL },
};
static const struct command_term formats[] = {
#define PROFILE(file, name, use) { name, use },
#include "model/profile_formats.def"
#undef PROFILE
	{ .word = NULL },
};
static const struct command_prints prints[] = { { "files", profile_file_row_fields, true },
	{ "clients", profile_client_fields, true }, { .key = NULL } };

static int cmd_profile_write_check_args(const struct profile_write_cmd *args, struct err *e)
{
	if ((args->client != NULL) + args->all + (args->cert != NULL) != 1)
		return err_set(e, ERR_USAGE, "profile write requires exactly one of --client, --all and --cert");
	if (args->token != NULL && args->cert == NULL)
		return err_set(e, ERR_USAGE, "--token requires --cert");
	return 0;
}

static int cmd_profile_write_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct profile_write_cmd *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(token_uri) signer = NULL;
	struct profile_options wanted;
	struct profile_write_args what = { .client_id = args->client, .all = args->all, .cert_path = args->cert,
		.root_path = args->root_cert, .out_path = args->out, .force = args->force };

	if (cmd_profile_write_check_args(args, e) < 0 ||
	    profile_options_fill(&wanted, &args->profile, operands[0], e) < 0 ||
	    (args->token != NULL && uri_parse(&uri, args->token, e) < 0) ||
	    (args->sign_with != NULL && uri_parse(&signer, args->sign_with, e) < 0))
		return -1;
	wanted.sign_with = signer;
	wanted.has_pfx_password = app->pfx_pin_source != NULL;
	if (wanted.has_pfx_password && args->profile.pfx == NULL)
		return err_set(e, ERR_USAGE, "--pfx-pin-source requires --pfx");
	if (open_pki_ledger(&p, app, args->cert != NULL ? LEDGER_IF_THERE : LEDGER_WRITE, false, e) < 0)
		return -1;
	what.where = uri;
	return profile_write_op(&p, &what, &wanted, &app->mode, app->out, e);
}

static const struct command_example examples[] = {
	{ "Write profiles for one client:",
	    "p11ca profile write VNet1GW.zip --client alice@contoso.com --for swanctl --out profiles" },
	{ "Write profiles for all clients:", "p11ca profile write VNet1GW.zip --all --for all --out profiles" },
	{ .text = NULL },
};

const struct command cmd_profile_write = {
	.path = "profile write",
	.summary = "Write client profiles from Azure's client package",
	.help = "Each profile has an INSTALL page for this client. Private keys stay where they are: a profile refers "
		"to the key on the token and contains neither a PIN nor a slot number. If a profile cannot work on "
		"that kind of client, p11ca refuses to write it or prints a warning with a code; see `p11ca "
		"explain`.\n\n--pfx needs an encrypted PKCS#12 file of this client, in an encryption that the client "
		"program supports. p11ca asks for its password only if the file does not show which certificate it "
		"contains; with --pfx-pin-source, p11ca always opens and compares the file. p11ca never decrypts the "
		"private key.\n\n--sign-with TOKEN signs the Apple profile (CMS, RFC 5652) with a key on a token. "
		"The token must also contain a certificate for the key that is valid for signing; id= in the URI "
		"selects one of several keys. The signature includes the CA certificates on that token.",
	.examples = examples,
	.terms_title = "profile formats, with the system and the place of the key (store: of Windows)",
	.terms = formats,
	.operands = "PACKAGE",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_FILE,
	.needs = NEED_MODULE | NEED_PIN | NEED_PFX_PIN | NEED_HOME,
	.changes = true,
	.opts = options,
	.args_size = sizeof(struct profile_write_cmd),
	.prints = prints,
	.run = cmd_profile_write_run,
};
