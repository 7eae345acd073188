/* SPDX-License-Identifier: MIT */
/* token_audit.c - the command `p11ca token audit`: its options, help and output. */
#include "cli/open_pki.h"
#include "pki/token/token_ops.h"

static const struct command_prints prints[] = { { "keys", audit_fields, true }, { .key = NULL } };

static int cmd_token_audit_run(struct app *app, const void *args, char **operands, struct err *e)
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
	.help = "Each key signs a fresh challenge that is verified in software, every attribute is read back, and"
		" the length of each component of its secret is requested and must be refused. Risks are shown in"
		" capital letters: XTR extractable, WXT was extractable, NSE not sensitive, WNS was not sensitive, NLO "
		"not generated on this token, RDB its secret can be read, RNS the token does not refuse its secret but "
		"states that there is none, NTK not stored on the token, NPR usable without a PIN, NSG not for "
		"signatures; allowed besides signing: DEC decrypt, UNW unwrap, DRV derive, SRC sign with recovery; the "
		"public key is allowed to: ENC encrypt, WRP wrap, PDR derive, VRC verify with recovery; PBH the public "
		"key is hidden; CRT several certificates have its CKA_ID. A key that the ledger has on this token and"
		" that is not there is listed as key-missing."
		" Exit status 10 when there is any finding.",
	.operands = "TOKEN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN,
	.prints = prints,
	.run = cmd_token_audit_run,
};
