/* SPDX-License-Identifier: MIT */
/* token_pin.c - changes a PIN, or sets a new user PIN with the SO PIN. */
#include "pki/op.h"
#include "pki/token/token_ops.h"

static int pin_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = STEP_TODO;
	if (pki_module(&op->card_module, op->pki, op->where, e) < 0)
		return -1;
	return token_find(&op->card_info, op->card_module, op->where, e);
}

static int pin_run(struct op *op, struct err *e)
{
	const struct token_pin_job *job = (const struct token_pin_job *)op;

	if (token_open(&op->card, op->card_module, op->where, true, e) < 0 ||
	    token_set_pin(op->card, job->pin_change, uri_pin_source(op->where), e) < 0)
		return err_while(e, "changing a PIN of token '%s'", op->card_info.label);
	return op_note(op, job->pin_change == PIN_UNBLOCK ? "pin-unblocked" : "pin-changed", e);
}

int token_pin_op(struct token_pin_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct step pin_step = { .name = "set the PIN", .probe = pin_probe, .run = pin_run };
	static const struct step *const list[] = { &pin_step, NULL };

	return op_run(list, &job->op, mode, o, e);
}
