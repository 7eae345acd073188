/* SPDX-License-Identifier: MIT */
/* token_pin.c - changes a PIN, or sets a new user PIN with the SO PIN. */
#include "pki/key/key.h"
#include "pki/op.h"
#include "pki/token/token_ops.h"

static int pin_probe(struct token_pin_job *job, enum step_state *out, struct err *e)
{
	struct key_job *key = &job->key;

	*out = STEP_PENDING;
	if (pki_module(&key->card_module, key->op.pki, key->where, e) < 0)
		return -1;
	return token_find(&key->card_info, key->card_module, key->where, e);
}

static int pin_run(struct token_pin_job *job, struct err *e)
{
	struct key_job *key = &job->key;

	if (token_open(&key->card, key->card_module, key->where, true, e) < 0 ||
	    token_set_pin(key->card, job->pin_change, uri_pin_source(key->where), e) < 0)
		return err_while(e, "changing a PIN of token '%s'", key->card_info.label);
	return op_note(key, job->pin_change == PIN_UNBLOCK ? "pin-unblocked" : "pin-changed", e);
}

int token_pin_op(struct token_pin_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct token_pin_job_step pin_step = { STEP_OF(token_pin_job, "set the PIN"), .probe = pin_probe,
		.run = pin_run };
	static const struct token_pin_job_list list[] = { STEP(token_pin_job, pin_step), STEPS_END };

	return token_pin_job_run(list, job, mode, o, e);
}
