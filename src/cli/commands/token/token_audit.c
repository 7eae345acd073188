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

static const struct command_example examples[] = {
	{ "Check all private keys on a card:", "p11ca token audit alice" },
	{ .text = NULL },
};

const struct command cmd_token_audit = {
	.path = "token audit",
	.summary = "Check every private key on a token",
	.help = "For each private key, p11ca signs a new challenge and verifies the signature in software, reads "
		"every attribute back, and tries to read each secret component, which the token must refuse. The "
		"exit status is 10 if there is any finding.\n\nThe output lists risks as codes: XTR extractable, "
		"WXT was extractable, NSE not sensitive, WNS was not sensitive, NLO not generated on this token, "
		"RDB the secret is readable, RNS the token does not refuse the secret but states that there is "
		"none, NTK not stored on the token, NPR usable without a PIN, NSG not for signatures. Codes for "
		"other permitted uses: DEC decrypt, UNW unwrap, DRV derive, SRC sign with recovery; for the "
		"public key: ENC encrypt, WRP wrap, PDR derive, VRC verify with recovery. PBH: the public key is "
		"hidden. CRT: several certificates have the key's CKA_ID. CRO: one of them is of another key. "
		"`p11ca explain CODE` explains each code.\n\nIf the ledger records a key on this token and the "
		"key is missing, the finding is key-missing.",
	.examples = examples,
	.operands = "TOKEN",
	.min_operands = 1,
	.max_operands = 1,
	.operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN,
	.prints = prints,
	.run = cmd_token_audit_run,
};
