/* SPDX-License-Identifier: MIT */
/* token_audit.c - p11ca token audit */
#include "cli/open_pki.h"
#include "pki/ops.h"

static const struct command_prints prints[] = { { "keys", audit_fields, true }, { .key = NULL } };

static int run(struct app *app, const void *args, char **operands, struct err *e)
{
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;

	(void)args;
	if (uri_parse(&uri, operands[0], e) < 0 || open_pki(&p, app, e) < 0)
		return -1;
	return token_audit(&p, uri, app->out, e);
}

const struct command cmd_token_audit = {
	.path = "token audit",
	.summary = "Prove every private key on a token again",
	.help = "Each key signs a fresh challenge that is verified in software, its attributes are read back, and"
		" the length of its secret is asked for and must be refused. Risks are shown in capital letters: "
		"XTR may leave the token, WXT may have left before, NSE not sensitive, NLO not made on this "
		"token, RDB its secret can be read. Exit status 10 when there is any.",
	.operands = "TOKEN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN,
	.prints = prints,
	.run = run,
};
