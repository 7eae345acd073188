/* SPDX-License-Identifier: MIT */
/* root_request.c - makes a root's key on its token and a request for its certificate by another CA. */
#include "pki/issue/request_step.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "pki/token_signer.h"

/* A root whose own certificate is being made needs no request. */
static int sign_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	const struct cert_query q = { .key_sha256 = job->key.row.key_sha256, .roots_only = true, .state = "signing" };
	struct cert_row own;
	bool found = false;

	*out = STEP_PENDING;
	if (op->pki->ledger == NULL || job->key.row.key_sha256[0] == '\0')
		return 0;
	if (ledger_cert_find(&own, NULL, &found, op->pki->ledger, &q, e) < 0)
		return -1;
	if (!found)
		return 0;
	(void)err_set(e, ERR_POLICY, "a run of `p11ca root create` for root '%s' was interrupted", op->name);
	return err_rule(e, "root-name-taken", "run the same `p11ca root create` again to finish it, or choose "
	    "another name");
}

static int root_request_sign_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	AUTO_VALUE(signer) s = { 0 };
	struct key_ref key;
	char sha256[SHA256_HEX], object[80];

	if (op_card_login(&job->key, e) < 0 ||
	    token_find_key(&key, job->key.card, job->key.row.location.cka_id, e) < 0 ||
	    token_signer_open(&s, job->key.card, &key, e) < 0)
		return err_while(e, "using the key of root '%s'", op->name);
	/*
	 * before the signature, because every request must be recorded; after the login, because a wrong PIN requests
	 * nothing
	 */
	if (ledger_root_requested(op->pki->ledger, job->key.root.row.id, e) < 0)
		return -1;
	(void)snprintf(object, sizeof(object), "root %s", op->name);
	return op_sign_request_as(job, &s, e) < 0 || hash_sha256_hex(sha256, buf_bytes(&job->request_der), e) < 0
		   ? -1
		   : ledger_note(op->pki->ledger, "root-request-signed", object, sha256, e);
}

int root_request(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->key.op;
	static const struct issue_job_step sign = { STEP_OF(issue_job, "build the request"), .probe = sign_probe,
		.run = root_request_sign_run };
	static const struct issue_job_list list[] = { STEP(issue_job, step_check_root_name),
		STEP(issue_job, step_plan_key), STEP(issue_job, step_reserve_root), STEP(issue_job, step_generate_key),
		STEP(issue_job, step_prove_key), STEP(issue_job, sign), STEP(issue_job, step_write_request),
		STEPS_END };

	op->purpose = "root";
	op->device = "";
	if (issue_job_run(list, job, mode, o, e) < 0)
		return err_while(e, "requesting a certificate for root '%s'", op->name);
	return 0;
}
