/* SPDX-License-Identifier: MIT */
/* request_step.c - makes a request for the token's key, which passes the same checks as other requests. */
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/cert_load.h"
#include "pki/issue/request_step.h"
#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/op.h"
#include "pki/token_signer.h"
#include "util/file.h"
#include "x509/encode.h"
#include "x509/name.h"
#include "x509/request.h"
#include "x509/tbs.h"

/* No request is needed for a certificate that exists or is about to be finished. */
static int build_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	if (op_load_cert(job, e) < 0)
		return -1;
	*out = cert_is(&job->cert, CERT_ISSUED) ? STEP_DONE : STEP_PENDING;
	return 0;
}

/* `client request` always makes a request, whatever was issued before. */
static int ask_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	(void)job;
	(void)e;
	*out = STEP_PENDING;
	return 0;
}

int op_sign_request_as(struct issue_job *job, const struct signer *s, struct err *e)
{
	AUTO_VALUE(buf) tbs = { 0 };

	job->request_der.len = 0;
	if (op_judge_key(&job->key, false, e) < 0 ||
	    tbs_build_request(&tbs, buf_bytes(&job->subject), buf_bytes(&job->key.spki), e) < 0 ||
	    x509_sign_request(buf_bytes(&tbs), s, &job->request_der, e) < 0)
		return err_while(e, "building the request of '%s'", job->key.op.name);
	request_clear(&job->request);
	return request_read(&job->request, buf_bytes(&job->request_der), e);
}

int op_sign_request(struct issue_job *job, const struct signer *s, struct err *e)
{
	struct op *op = &job->key.op;
	bool is_test = op->pki->ledger != NULL && ledger_is_test(op->pki->ledger);

	job->subject.len = 0;
	if (name_from_cn(&job->subject, op->name, is_test, e) < 0)
		return err_while(e, "building the request of '%s'", op->name);
	return op_sign_request_as(job, s, e);
}

static int build_run(struct issue_job *job, struct err *e)
{
	AUTO_VALUE(signer) s = { 0 };
	struct key_ref key;

	if (op_card_login(&job->key, e) < 0 ||
	    token_find_key(&key, job->key.card, job->key.row.location.cka_id, e) < 0 ||
	    token_signer_open(&s, job->key.card, &key, e) < 0)
		return err_while(e, "using the key of '%s'", job->key.op.name);
	return op_sign_request(job, &s, e);
}

static int request_step_write_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;

	*out = STEP_PENDING;
	return strcmp(op->out_path, "-") == 0 ? 0 : file_check_writable(op->out_path, op->force, e);
}

int request_pem(struct buf *out, const struct issue_job *job, struct err *e)
{
	return der_encode(out, buf_bytes(&job->request_der), DER_REQUEST, "pem", e);
}

/* "-": the command writes the request to its output. */
static int request_step_write_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	AUTO_VALUE(buf) pem = { 0 };

	if (strcmp(op->out_path, "-") == 0)
		return 0;
	if (request_pem(&pem, job, e) < 0 || file_write(op->out_path, buf_bytes(&pem), 0644, op->force, e) < 0)
		return -1;
	return op_add_file(op, "request", op->out_path, buf_bytes(&pem), e);
}

const struct issue_job_step step_build_request = { STEP_OF(issue_job, "build the request"), .probe = build_probe,
	.run = build_run };
const struct issue_job_step step_ask_request = { STEP_OF(issue_job, "build the request"), .probe = ask_probe,
	.run = build_run };
const struct issue_job_step step_write_request = { STEP_OF(issue_job, "write the request"),
	.probe = request_step_write_probe, .run = request_step_write_run };
