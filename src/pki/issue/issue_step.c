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
#include "pki/user_templates.h"
#include "x509/cert.h"
#include "x509/tbs.h"
#include "x509/templates.h"

static int issue_step_find_probe(struct op *op, enum step_state *out, struct err *e)
{
	enum cn_kind kind;
	int64_t from, to;

	*out = STEP_DONE; /* look() does everything */
	if (op->where != NULL && op_card_open(op, e) < 0)
		return -1;
	if (issuer_find(&op->root, op->pki, op->root_name, e) < 0 ||
	    pki_client_defaults(op->pki, op->root.row.name, &op->template, &op->days, e) < 0 ||
	    template_check_cn(op->template, &kind, op->name, e) < 0 ||
	    issue_check_name(&op->root, op->name, ledger_is_test(op->pki->ledger), e) < 0 ||
	    template_check_key(op->template, &op->spec, key_spec_name(&op->spec), e) < 0 ||
	    issuer_open(&op->root, op->pki, op->card, op->same_token, e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){ clock_now(&op->pki->clock), op->days, op->template, &op->root.info }, e);
}

/* The renewed certificate and its successor are both valid for some time. */
static unsigned max_live(const struct op *op)
{
	return op->renewed.id != 0 ? 2 : 1;
}

static int issue_step_refuse_second(const struct ledger_precedents *a, const struct op *op, struct err *e)
{
	(void)err_set(
	    e, ERR_POLICY, "'%s' has a live certificate, serial %s, with another key", a->live_name, a->live_serial);
	e->code = "client-has-certificate";
	e->hint = op->renewed.id != 0 ?
	    "two are good at a time: revoke the older one first, `p11ca client revoke SERIAL --reason superseded`" :
	    "give the other machine a name with --device";
	return -1;
}

static int issue_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct ledger_precedents answers;

	if (op_load_cert(op, e) < 0)
		return -1;
	*out = cert_is(&op->cert, CERT_ISSUED) ? STEP_DONE : STEP_TODO;
	if (op->cert.id != 0)
		return 0;
	if (ledger_may_sign(op->pki->ledger, e) < 0 ||
	    ledger_precedents_find(&answers, op->pki->ledger, op->key.key_sha256, op->name, op->device, e) < 0)
		return -1;
	return answers.n_live > max_live(op) - 1 ? issue_step_refuse_second(&answers, op, e) : 0;
}

static int issue_step_issue_show(const struct op *op, struct out *o, struct err *e)
{
	return show_cert(op, &op->root, o, e);
}

static int issue_step_issue_run(struct op *op, struct err *e)
{
	const struct issue_policy policy = { .template = op->template, .days = op->days, .days_asked = op->days_asked,
		.max_live = max_live(op), .jobs = 1, .n_later = op->n_later, .renews = op->renewed.id,
		.same_key = op->same_key };
	struct issue_item item = { .source = op->request_path, .name = op->name, .device = op->device,
		.request = &op->request, .ski = op->key.location.cka_id, .key_id = op->key.id };
	const char *purpose = op->card == NULL ? "issuer" : op->root.is_shared ? "card" : "root";
	int result;

	if (issuer_login(&op->root, purpose, e) < 0)
		return -1;
	result = pki_issue_batch(op->pki, &op->root, &policy, &item, 1, e);
	if (result == 0 && item.result == ISSUE_REFUSED) {
		*e = item.err;
		result = -1;
	}
	if (result == 0) {
		op->cert = item.row;
		op->cert_der.len = 0;
		result = buf_add(&op->cert_der, item.der.data, item.der.len, e);
	}
	if (result == 0)
		result = cert_read_known(&op->cert_info, buf_bytes(&op->cert_der), e);
	issue_item_clear(&item);
	return result;
}

const struct op_step step_find_issuer = { STEP_OF(op, "find the root"), .probe = issue_step_find_probe };
const struct op_step step_issue = { STEP_OF(op, "issue the certificate"), .probe = issue_probe,
	.show = issue_step_issue_show, .run = issue_step_issue_run };
