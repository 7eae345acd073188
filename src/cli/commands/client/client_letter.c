/* SPDX-License-Identifier: MIT */
/* client_letter.c - the command `p11ca client letter`: its options, help and output. */
#include "cli/export_text.h"
#include "cli/open_pki.h"
#include "pki/client/client_letter.h"

struct client_letter_args {
	const char *out;
	bool force;
};
static const struct opt options[] = {
	{ OPT_FIELD(OUT_FILE, struct client_letter_args, out), .name = "out", .required = true,
	    .help = "HTML file; - is standard output" },
	{ OPT_FIELD(FLAG, struct client_letter_args, force), .name = "force", .help = "overwrite the file" },
	{ .name = NULL },
};

static int cmd_client_letter_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct client_letter_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_VALUE(buf) page = { 0 };

	if (open_pki_ledger(&p, app, LEDGER_READ, false, e) < 0 || client_letter(&page, &p, operands[0], e) < 0)
		return -1;
	return export_text(app, &page, args->out, args->force, e);
}

static const struct command_example examples[] = {
	{ "Write the page for a client with a card:", "p11ca client letter alice@contoso.com --out alice.html" },
	{ .text = NULL },
};

const struct command cmd_client_letter = {
	.path = "client letter",
	.summary = "Write a page to hand out with a card",
	.help = "The page is for the client: name, card, expiry date, how to connect with the profiles that were "
		"written for this client, how to change the PIN, and the contact that p11ca.conf states. It is one "
		"HTML file for a browser, a phone or a printer (one sheet of A4 or Letter) and contains no secret. "
		"ID is a serial, thumbprint or fingerprint, or a name that is unique.",
	.examples = examples,
	.operands = "ID", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_CLIENT,
	.needs = NEED_HOME,
	.opts = options, .args_size = sizeof(struct client_letter_args),
	.run = cmd_client_letter_run,
};
