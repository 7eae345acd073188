/* SPDX-License-Identifier: MIT */
/* ledger_move.c - seals the ledger on this machine and writes the copy for the new location. */
#include "pki/ledger/ledger_audit.h"
#include "pki/ledger/ledger_location.h"
#include "pki/op.h"

static int ledger_move_write_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = STEP_PENDING;
	return ledger_may_sign(op->pki->ledger, e) < 0 ? -1 : ledger_copy_inspect(op->out_path, e);
}

static int ledger_move_write_run(struct op *op, struct err *e)
{
	return ledger_move(op->pki->ledger, op->out_path, e);
}

int ledger_move_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct verify_against nothing = { NULL, NULL, NULL };
	static const struct op_step seal = { STEP_OF(op, "seal the ledger and write its copy"),
		.probe = ledger_move_write_probe, .run = ledger_move_write_run };
	static const struct op_list list[] = { STEP(op, seal), STEPS_END };
	AUTO_VALUE(op) op = { .pki = p, .name = "", .purpose = "ledger", .device = "", .out_path = path };
	AUTO_VALUE(pki) copy = { .ui = NULL };
	int result;

	if (op_run(list, &op, mode, o, e) < 0)
		return -1;
	if (mode->dry_run)
		return 0;
	if (out_say(o, e, "The ledger is sealed on this machine and copied to '%s'. On the other machine, run "
			  "`p11ca ledger restore FILE`.", path) < 0)
		return -1;
	result = pki_open_copy(&copy, path, p->ui, e) < 0 ? -1 : ledger_verify_all(&copy, &nothing, o, e);
	return result < 0 ? err_while(e, "verifying the copy '%s'", path) : result;
}
