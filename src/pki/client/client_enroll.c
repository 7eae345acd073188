/* SPDX-License-Identifier: MIT */
/* client_enroll.c - `client enroll`: a token with key, certificate and chain for one client. */
#include <string.h>

#include "pki/client/client.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/key/software_key.h"
#include "pki/op.h"
#include "pki/profile/profile_step.h"
#include "util/unicode.h"

int client_enroll(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct step *const list[] = { &step_find_issuer, &step_plan_key, &step_generate_key,
		&step_prove_key, &step_build_request, &step_issue, &step_install, &step_write_profiles,
		&step_write_files, NULL };
	static const struct step *const software[] = { &step_find_issuer, &step_generate_software_key,
		&step_software_request, &step_issue_software, &step_deliver_key, &step_write_profiles,
		&step_write_files, NULL };

	op->purpose = "client";
	if (op_run(op->soft != NULL ? software : list, op, mode, o, e) < 0)
		return err_while(e, "enrolling '%s'", op->name);
	return 0;
}
