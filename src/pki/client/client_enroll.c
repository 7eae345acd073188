/* SPDX-License-Identifier: MIT */
/* client_enroll.c - `client enroll`: a token with key, certificate and chain for one client. */
#include <string.h>

#include "pki/client/client.h"
#include "pki/client/client_letter.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"
#include "pki/op.h"
#include "pki/profile/profile_step.h"
#include "util/unicode.h"

int client_enroll(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	static const struct client_job_list list[] = { STEP(client_job, step_find_issuer),
		STEP(client_job, step_plan_key), STEP(client_job, step_generate_key), STEP(client_job, step_prove_key),
		STEP(client_job, step_build_request), STEP(client_job, step_issue), STEP(client_job, step_install),
		STEP(client_job, step_write_profiles), STEP(client_job, step_write_letter),
		STEP(client_job, step_write_files), STEPS_END };
	static const struct client_job_list software[] = { STEP(client_job, step_find_issuer),
		STEP(client_job, step_generate_software_key), STEP(client_job, step_software_request),
		STEP(client_job, step_issue_software), STEP(client_job, step_deliver_key),
		STEP(client_job, step_write_profiles), STEP(client_job, step_write_letter),
		STEP(client_job, step_write_files), STEPS_END };

	op->purpose = "client";
	if (client_job_run(job->soft != NULL ? software : list, job, mode, o, e) < 0)
		return err_while(e, "enrolling '%s'", op->name);
	return 0;
}

/* The key that the client has, which only its card tells more about. */
static int client_enroll_has_key(bool *out, const struct op *op, struct err *e)
{
	bool retired = false;
	struct key_row key;

	if (ledger_key_find_for(
		&key, out, op->pki->ledger, &(struct key_query){ op->purpose, op->name, op->device }, e) < 0 ||
	    (*out && ledger_key_is_retired(&retired, op->pki->ledger, key.id, e) < 0))
		return -1;
	*out = *out && !retired;
	return 0;
}

int client_enroll_check(struct client_job *job, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	static const struct run_mode mode = { .dry_run = true };
	static const struct client_job_list new_key[] = { STEP(client_job, step_find_issuer),
		STEP(client_job, step_issue), STEP(client_job, step_write_profiles),
		STEP(client_job, step_write_letter), STEP(client_job, step_write_files), STEPS_END };
	static const struct client_job_list any_key[] = { STEP(client_job, step_find_issuer), STEPS_END };
	bool has_key;

	if (job->profiled.issue.key.where != NULL)
		return client_enroll(job, &mode, NULL, e);
	op->purpose = "client";
	if (client_enroll_has_key(&has_key, op, e) < 0 ||
	    client_job_run(has_key ? any_key : new_key, job, &mode, NULL, e) < 0)
		return err_while(e, "enrolling '%s'", op->name);
	return 0;
}
