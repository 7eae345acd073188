/* SPDX-License-Identifier: MIT */
/* client_enroll.c - `client enroll`: a token with key, certificate and chain for one client. */
#include <string.h>

#include "pki/client/client.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"
#include "pki/op.h"
#include "pki/profile/profile_step.h"
#include "util/unicode.h"

int client_enroll(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_list list[] = { STEP(op, step_find_issuer), STEP(op, step_plan_key),
		STEP(op, step_generate_key), STEP(op, step_prove_key), STEP(op, step_build_request),
		STEP(op, step_issue), STEP(op, step_install), STEP(op, step_write_profiles), STEP(op, step_write_files),
		STEPS_END };
	static const struct op_list software[] = { STEP(op, step_find_issuer), STEP(op, step_generate_software_key),
		STEP(op, step_software_request), STEP(op, step_issue_software), STEP(op, step_deliver_key),
		STEP(op, step_write_profiles), STEP(op, step_write_files), STEPS_END };

	op->purpose = "client";
	if (op_run(op->soft != NULL ? software : list, op, mode, o, e) < 0)
		return err_while(e, "enrolling '%s'", op->name);
	return 0;
}
