/* SPDX-License-Identifier: MIT */
/* client_request.c - `client request`, on the client's machine: a key on the token, and its request in a file. */
#include "pki/client/client.h"
#include "pki/key/key.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"
#include "pki/op.h"
#include "x509/name.h"

int client_request(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	static const struct client_job_list list[] = { STEP(client_job, step_plan_key),
		STEP(client_job, step_generate_key), STEP(client_job, step_prove_key),
		STEP(client_job, step_ask_request), STEP(client_job, step_write_request), STEPS_END };
	static const struct client_job_list software[] = { STEP(client_job, step_key_file),
		STEP(client_job, step_software_request), STEP(client_job, step_write_request), STEPS_END };
	enum cn_kind kind;

	op->purpose = "client";
	if (name_check_cn(&kind, op->name, e) < 0 ||
	    client_job_run(job->soft != NULL ? software : list, job, mode, o, e) < 0)
		return err_while(e, "requesting a certificate for '%s'", op->name);
	return 0;
}
