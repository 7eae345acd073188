/* SPDX-License-Identifier: MIT */
/* issue_step.c - the steps that find the root and issue one certificate. */
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/cert_load.h"
#include "pki/issue/issue.h"
#include "pki/issue/issue_steps.h"
#include "pki/issuer.h"
#include "pki/op.h"
#include "pki/issue/show_cert.h"
#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/request_check.h"
#include "pki/user_templates.h"
#include "x509/cert.h"
#include "x509/tbs.h"
#include "x509/templates.h"

static int issue_step_find_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	enum cn_kind kind;
	int64_t from, to;

	*out = STEP_DONE; /* look() does everything */
	if (job->key.where != NULL && op_card_open(&job->key, e) < 0)
		return -1;
	if (issuer_find(&job->key.root, op->pki, job->root_name, e) < 0 ||
	    pki_client_defaults(op->pki, job->key.root.row.name, &job->key.template, &job->days, e) < 0 ||
	    template_check_cn(job->key.template, &kind, op->name, e) < 0 ||
	    issue_check_name(&job->key.root, op->name, ledger_is_test(op->pki->ledger), e) < 0 ||
	    (job->request_path == NULL && key_job_choose_spec(&job->key, e) < 0) ||
	    template_check_key(job->key.template, &job->key.spec, key_spec_name(&job->key.spec), e) < 0 ||
	    issuer_open(&job->key.root, op->pki, job->key.card, job->key.same_token, e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){
		clock_now(&job->key.op.pki->clock), job->days, job->key.template, &job->key.root.info },
	    e);
}

/* The renewed certificate and its successor are both valid for some time. */
static unsigned max_live(const struct key_job *job)
{
	return job->renewed.id != 0 ? 2 : 1;
}

static int issue_step_refuse_second(const struct ledger_precedents *a, const struct key_job *job, struct err *e)
{
	(void)err_set(
	    e, ERR_POLICY, "'%s' already has a valid certificate, serial %s, with another "
	        "key", a->live_name, a->live_serial);
	e->code = "client-has-certificate";
	e->hint =
	    job->renewed.id != 0
		? "a client can have two valid certificates while it changes: revoke the older one first, `p11ca "
		    "client revoke SERIAL --reason superseded`"
		: "give the other machine a name with --device";
	return -1;
}

/* What the request checks will say about a key or a request that exists already: a dry run refuses it, too. */
static int issue_step_check_known(const struct issue_job *job, struct ledger_precedents *a, struct err *e)
{
	struct findings all = { .n = 0 };

	a->n_live = 0; /* at most those that max_live() allows */
	a->is_key_certified = a->is_key_certified && !job->key.same_key;
	if (job->request_path != NULL)
		return request_check(&all, &job->request, job->key.template, a, clock_now(&job->key.op.pki->clock), e);
	if (job->key.spki.len > 0 && op_judge_key(&job->key, false, e) < 0)
		return -1;
	return request_check_ledger(a, e);
}

static int issue_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	struct ledger_precedents answers;

	if (op_load_cert(job, e) < 0)
		return -1;
	*out = cert_is(&job->cert, CERT_ISSUED) ? STEP_DONE : STEP_PENDING;
	if (job->cert.id != 0)
		return 0;
	if (ledger_may_sign(op->pki->ledger, e) < 0 ||
	    ledger_precedents_find(&answers, op->pki->ledger, job->key.row.key_sha256, op->name, op->device, e) < 0)
		return -1;
	if (answers.n_live > max_live(&job->key) - 1)
		return issue_step_refuse_second(&answers, &job->key, e);
	return issue_step_check_known(job, &answers, e);
}

static int issue_step_issue_show(const struct issue_job *job, struct out *o, struct err *e)
{
	return show_cert(job, &job->key.root, o, e);
}

/* See pin_ask. On another module than the card's, the root stays logged in, and no PIN is kept. */
static const char *issue_step_pin_purpose(const struct issue_job *job)
{
	if (job->key.card == NULL)
		return "issuer";
	if (job->key.root.is_shared)
		return "card";
	return job->is_listed && job->key.root.module == job->key.card_module ? "list root" : "root";
}

static int issue_step_issue_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	const struct issue_policy policy = { .template = job->key.template,
		.days = job->days,
		.days_asked = job->days_asked,
		.max_live = max_live(&job->key),
		.renews = job->key.renewed.id,
		.same_key = job->key.same_key };
	struct issue_item item = { .source = job->request_path,
		.name = op->name,
		.device = op->device,
		.request = &job->request,
		.ski = job->key.row.location.cka_id,
		.key_id = job->key.row.id };
	int result;

	if (issuer_login(&job->key.root, issue_step_pin_purpose(job), e) < 0)
		return -1;
	result = pki_issue_one(op->pki, &job->key.root, &policy, &item, job->n_later, e);
	if (result == 0 && item.result == ISSUE_REFUSED) {
		*e = item.err;
		result = -1;
	}
	if (result == 0) {
		job->cert = item.row;
		job->cert_der.len = 0;
		result = buf_add(&job->cert_der, item.der.data, item.der.len, e);
	}
	if (result == 0)
		result = cert_read_known(&job->cert_info, buf_bytes(&job->cert_der), e);
	issue_item_clear(&item);
	return result;
}

const struct issue_job_step step_find_issuer = { STEP_OF(issue_job, "find the root"), .probe = issue_step_find_probe };
const struct issue_job_step step_issue = { STEP_OF(issue_job, "issue the certificate"), .probe = issue_probe,
	.show = issue_step_issue_show, .run = issue_step_issue_run };
