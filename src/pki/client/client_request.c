/* SPDX-License-Identifier: MIT */
/* client_request.c - `client request`, on the client's machine: a key on the token, and its request in a file. */
#include "pki/client/client.h"
#include "pki/key/key.h"
#include "pki/key/software_key.h"
#include "pki/op.h"
#include "x509/name.h"

int client_request(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct step *const list[] = { &step_plan_key, &step_generate_key, &step_prove_key,
		&step_ask_request, &step_write_request, NULL };
	static const struct step *const software[] = { &step_key_file, &step_software_request, &step_write_request,
		NULL };
	enum cn_kind kind;

	op->purpose = "client";
	if (name_check_cn(&kind, op->name, e) < 0 || op_run(op->soft != NULL ? software : list, op, mode, o, e) < 0)
		return err_while(e, "requesting a certificate for '%s'", op->name);
	return 0;
}
