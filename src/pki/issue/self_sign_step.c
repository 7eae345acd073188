/* SPDX-License-Identifier: MIT */
/* self_sign_step.c - the step that signs a root's own certificate with the root's key. */
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/cert_load.h"
#include "pki/issue/issue.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key_check.h"
#include "pki/op.h"
#include "pki/request_check.h"
#include "pki/issue/show_cert.h"
#include "pki/key/key.h"
#include "pki/token_signer.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/name.h"
#include "x509/tbs.h"

/* The other CA may answer a request at any time; then two certificates of one name and key would exist. */
static int check_not_requested(const struct issue_job *job, struct err *e)
{
	if (job->key.root.row.requested_at == 0 || job->key.root.row.cert_id != 0 || job->withdraw_request)
		return 0;
	(void)err_set(e, ERR_POLICY, "another CA was asked for the certificate of root '%s'", job->key.op.name);
	return err_rule(e, "root-requested",
	    "install its answer with `p11ca root install`; if none will come, --withdraw-request");
}

static int self_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;

	if (check_not_requested(job, e) < 0 || op_load_cert(job, e) < 0)
		return -1;
	*out = cert_is(&job->cert, CERT_ISSUED) && job->key.root.row.cert_id == job->cert.id ? STEP_DONE : STEP_PENDING;
	return *out == STEP_DONE || op->pki->ledger == NULL ? 0 : ledger_may_sign(op->pki->ledger, e);
}

static int self_show(const struct issue_job *job, struct out *o, struct err *e)
{
	return show_cert(job, NULL, o, e);
}

static int self_sign_step_build(struct issue_job *job, struct issue_item *item, const struct signer *s, struct err *e)
{
	struct op *op = &job->key.op;
	unsigned char serial[SERIAL_LEN], ski[64];
	struct tbs_spec spec = { .template = job->key.template,
		.subject = buf_bytes(&job->subject),
		.spki = buf_bytes(&job->key.spki),
		.serial = { serial, sizeof(serial) } };
	const char *id = job->ski[0] != '\0' ? job->ski : job->key.row.location.cka_id;

	spec.ski = (struct bytes){ ski, text_from_hex(ski, sizeof(ski), id) };
	if (op_judge_key(&job->key, false, e) < 0 || draw_serial(serial, op->pki, op->name, spec.spki, e) < 0 ||
	    sig_alg_for(&spec.alg, s->public_key, e) < 0 ||
	    validity_choose(&spec.not_before, &spec.not_after,
		&(struct validity_query){ clock_now(&job->key.op.pki->clock), job->days, job->key.template, NULL },
		e) < 0 ||
	    tbs_build(&item->tbs, &spec, e) < 0)
		return -1;
	if (cert_read_tbs(&item->info, buf_bytes(&item->tbs), e) < 0)
		return -1;
	return request_check_certificate(&item->info, NULL, job->key.template, clock_now(&op->pki->clock), e);
}

static void self_sign_step_fill_row(const struct key_job *job, struct issue_item *item)
{
	struct cert_row *row = &item->row;

	row->root_id = job->root.row.id;
	row->key_id = job->row.id;
	row->is_root = true;
	row->renews = job->renewed.id;
	(void)snprintf(row->name, sizeof(row->name), "%s", job->op.name);
	(void)snprintf(row->template_name, sizeof(row->template_name), "%s", job->template->name);
	(void)snprintf(row->serial, sizeof(row->serial), "%s", item->info.serial);
	(void)snprintf(row->subject, sizeof(row->subject), "%s", item->info.subject);
	(void)snprintf(row->spki_sha256, sizeof(row->spki_sha256), "%s", job->row.spki_sha256);
	row->not_before = item->info.not_before;
	row->not_after = item->info.not_after;
}

/* The intent of a dead run is finished if signing again gives the same bytes; otherwise it becomes unknown. */
static int self_sign_step_resume(struct issue_job *job, struct issue_item *item, struct err *e)
{
	struct op *op = &job->key.op;
	bool taken;

	if (job->cert.id == 0)
		return 0;
	if (ledger_cert_take(&taken, op->pki->ledger, job->cert.id, e) < 0)
		return -1;
	if (!taken) {
		(void)err_set(e, ERR_POLICY, "another p11ca process is creating root '%s'", op->name);
		e->code = "operation-running";
		return -1;
	}
	if (!is_deterministic(job->key.row.spec))
		return ledger_cert_unknown(op->pki->ledger, job->cert.id, "its signature may exist; issued again", e);
	item->row = job->cert;
	item->is_resumed = true;
	return ledger_cert_tbs(&item->tbs, op->pki->ledger, job->cert.id, e);
}

static int self_sign_step_keep(struct issue_job *job, const struct issue_item *item, struct err *e)
{
	job->cert = item->row;
	job->cert_der.len = 0;
	if (buf_add(&job->cert_der, item->der.data, item->der.len, e) < 0 ||
	    cert_read(&job->cert_info, buf_bytes(&job->cert_der), e) < 0)
		return -1;
	return ledger_root_set_cert(job->key.op.pki->ledger, job->key.root.row.id, job->cert.id, e);
}

static int self_sign_step_sign(struct issue_job *job, struct issue_item *item, const struct signer *s, struct err *e)
{
	const struct issue_policy policy = { .template = job->key.template,
		.days = job->days,
		.max_live = job->key.renewed.id != 0 ? 0 : 1 };
	const struct issue_signing how = { .signer = s, .policy = &policy };

	if (self_sign_step_resume(job, item, e) < 0)
		return -1;
	if (!item->is_resumed) {
		if (self_sign_step_build(job, item, s, e) < 0)
			return -1;
		self_sign_step_fill_row(&job->key, item);
	}
	if (issue_sign(job->key.op.pki, &how, item, e) < 0)
		return -1;
	if (item->result == ISSUE_REFUSED) {
		*e = item->err;
		return -1;
	}
	return self_sign_step_keep(job, item, e);
}

static int self_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	AUTO_VALUE(signer) s = { 0 };
	struct issue_item item = {
		.name = op->name, .device = "", .ski = job->key.row.location.cka_id, .key_id = job->key.row.id
	};
	struct key_ref key;
	int result;

	if (cert_is(&job->cert, CERT_ISSUED)) /* a run died between certificate and the root's row */
		return ledger_root_set_cert(job->key.op.pki->ledger, job->key.root.row.id, job->cert.id, e);
	if (op_card_login(&job->key, e) < 0 ||
	    token_find_key(&key, job->key.card, job->key.row.location.cka_id, e) < 0 ||
	    token_signer_open(&s, job->key.card, &key, e) < 0)
		return err_while(e, "using the key of root '%s'", op->name);
	result = job->withdraw_request ? ledger_root_request_withdrawn(op->pki->ledger, job->key.root.row.id, e) : 0;
	if (result == 0)
		result = self_sign_step_sign(job, &item, &s, e);
	issue_item_clear(&item);
	return result;
}

const struct issue_job_step step_self_sign = { STEP_OF(issue_job, "sign the root certificate"), .probe = self_probe,
	.show = self_show, .run = self_run };
