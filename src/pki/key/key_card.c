/* SPDX-License-Identifier: MIT */
/* key_card.c - opens the token of a key and logs in. */
#include <string.h>

#include "pki/key/key.h"

static int key_card_check(const struct token_info *info, struct err *e)
{
	if (!info->is_initialised) {
		(void)err_set(e, ERR_TOKEN, "token %s is not initialised", info->uri);
		e->hint = "initialise it with `p11ca token init`";
		return -1;
	}
	if (info->pin_locked) {
		(void)err_set(e, ERR_PIN, "the PIN of token '%s' is locked", info->label);
		e->hint = "unblock it with `p11ca token pin`";
		return -1;
	}
	if (info->is_write_protected)
		return err_set(e, ERR_TOKEN, "token '%s' is write-protected", info->label);
	return 0;
}

int op_card_open(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;

	if (job->card != NULL)
		return 0;
	if ((job->module_path != NULL ? pki_root_module(&job->card_module, op->pki, job->module_path, e)
				      : pki_module(&job->card_module, op->pki, job->where, e)) < 0)
		return -1;
	if (token_find(&job->card_info, job->card_module, job->where, e) < 0 ||
	    key_card_check(&job->card_info, e) < 0 || token_open(&job->card, job->card_module, job->where, true, e) < 0)
		return err_while(e, "opening the token for %s '%s'", op->purpose, op->name);
	token_keep_pin(job->card); /* a key that is proved is read after a second login */
	return 0;
}

int op_card_login(struct key_job *job, struct err *e)
{
	const char *purpose = strcmp(job->op.purpose, "root") == 0 ? "issuer" : "card";

	return token_login(job->card, PIN_USER, purpose, uri_pin_source(job->where), e);
}

int op_card_login_to_fill(struct key_job *job, struct err *e)
{
	return token_is_filled_by_so(job->card) ? token_login(job->card, PIN_SO, "card", NULL, e)
						: op_card_login(job, e);
}

int op_note(struct key_job *job, const char *kind, struct err *e)
{
	if (job->op.pki->ledger == NULL)
		return 0;
	return ledger_note(job->op.pki->ledger, kind, job->card_info.uri, "", e);
}
