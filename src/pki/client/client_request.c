/* SPDX-License-Identifier: MIT */
/* client_request.c - `client request`, on the client's machine: a key on the token, and its request in a file. */
#include "pki/client/client.h"
#include "pki/key/key.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"
#include "pki/op.h"
#include "x509/name.h"

int client_request(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_list list[] = { STEP(op, step_plan_key), STEP(op, step_generate_key),
		STEP(op, step_prove_key), STEP(op, step_ask_request), STEP(op, step_write_request), STEPS_END };
	static const struct op_list software[] = { STEP(op, step_key_file), STEP(op, step_software_request),
		STEP(op, step_write_request), STEPS_END };
	enum cn_kind kind;

	op->purpose = "client";
	if (name_check_cn(&kind, op->name, e) < 0 || op_run(op->soft != NULL ? software : list, op, mode, o, e) < 0)
		return err_while(e, "requesting a certificate for '%s'", op->name);
	return 0;
}
