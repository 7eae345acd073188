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
#include "x509/tbs.h"

/* No request is needed for a certificate that exists or is about to be finished. */
static int build_probe(struct op *op, enum step_state *out, struct err *e)
{
	if (op_load_cert(op, e) < 0)
		return -1;
	*out = cert_is(&op->cert, CERT_ISSUED) ? STEP_DONE : STEP_TODO;
	return 0;
}

/* `client request` always makes a request, whatever was issued before. */
static int ask_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)op;
	(void)e;
	*out = STEP_TODO;
	return 0;
}

int op_sign_request_as(struct op *op, const struct signer *s, struct err *e)
{
	AUTO_VALUE(buf) tbs = { 0 };

	op->request_der.len = 0;
	if (op_judge_key(op, false, e) < 0 ||
	    tbs_build_request(&tbs, buf_bytes(&op->subject), buf_bytes(&op->spki), e) < 0 ||
	    x509_sign_request(buf_bytes(&tbs), s, &op->request_der, e) < 0)
		return err_while(e, "building the request of '%s'", op->name);
	request_clear(&op->request);
	return request_read(&op->request, buf_bytes(&op->request_der), e);
}

int op_sign_request(struct op *op, const struct signer *s, struct err *e)
{
	bool is_test = op->pki->ledger != NULL && ledger_is_test(op->pki->ledger);

	op->subject.len = 0;
	if (name_from_cn(&op->subject, op->name, is_test, e) < 0)
		return err_while(e, "building the request of '%s'", op->name);
	return op_sign_request_as(op, s, e);
}

static int build_run(struct op *op, struct err *e)
{
	AUTO_VALUE(signer) s = { 0 };
	struct key_ref key;

	if (op_card_login(op, e) < 0 || token_find_key(&key, op->card, op->key.location.cka_id, e) < 0 ||
	    token_signer_open(&s, op->card, &key, e) < 0)
		return err_while(e, "using the key of '%s'", op->name);
	return op_sign_request(op, &s, e);
}

static int request_step_write_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = STEP_TODO;
	return strcmp(op->out_path, "-") == 0 ? 0 : file_check_writable(op->out_path, op->force, e);
}

int request_pem(struct buf *out, const struct op *op, struct err *e)
{
	return der_encode(out, buf_bytes(&op->request_der), DER_REQUEST, "pem", e);
}

/* "-": the command writes the request to its output. */
static int request_step_write_run(struct op *op, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };

	if (strcmp(op->out_path, "-") == 0)
		return 0;
	if (request_pem(&pem, op, e) < 0 ||
	    file_write(op->out_path, buf_bytes(&pem), 0644, op->force, e) < 0)
		return -1;
	return op_add_file(op, "request", op->out_path, buf_bytes(&pem), e);
}

const struct op_step step_build_request = { STEP_OF(op, "build the request"), .probe = build_probe, .run = build_run };
const struct op_step step_ask_request = { STEP_OF(op, "build the request"), .probe = ask_probe, .run = build_run };
const struct op_step step_write_request = { STEP_OF(op, "write the request"), .probe = request_step_write_probe,
	.run = request_step_write_run };
