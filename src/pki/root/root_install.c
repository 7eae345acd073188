/* SPDX-License-Identifier: MIT */
/* root_install.c - installs the certificate that another CA signed for a root's key, with its chain. */
#include <openssl/x509v3.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/key/root_hardware.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "pki/root_find.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/der.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define FILE_MAX (1024 * 1024)
#define POOL_MAX 32
#define TEMPLATE_NAME "subordinate" /* template name of the certificate, whose content the other CA decided */

struct root_install_job {
	struct issue_job issue;
	const struct ca_response *answer;
	struct buf issuers;
};
#define root_install_job_STEPS issue_job_STEPS, const struct root_install_job_step *: 0
JOB_DEFINE(root_install_job, issue.key.op);

static int root_install_refuse(const struct op *op, const char *code, const char *why, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' %s", op->name, why);
	return err_rule(e, code, hint);
}

static int root_install_find_root(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;

	if (root_row_find(&job->root.row, op->pki, op->name, e) < 0) {
		if (e->status == ERR_NOT_FOUND)
			e->hint = "create its key and request with `p11ca root request`";
		return -1;
	}
	if (job->root.row.is_retired)
		return root_install_refuse(op, "root-retired", "is retired", "see `p11ca root list`", e);
	if (ledger_key_get(&job->row, op->pki->ledger, job->root.row.key_id, e) < 0)
		return -1;
	if (!key_is(&job->row, KEY_PROVED)) {
		(void)err_set(e, ERR_NOT_FOUND, "root '%s' has no proved key yet", op->name);
		e->hint = "run the same `p11ca root request` again: it resumes";
		return -1;
	}
	return 0;
}

/* Reads issuers strictly: a key in an encoding that is not canonical is refused. */
static int add_der(struct bytes der, void *arg, struct err *e)
{
	struct cert_info info;

	return cert_read(&info, der, e) < 0 ? -1 : buf_add(arg, der.data, der.len, e);
}

static int root_install_read_file(struct buf *pool, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, path, FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), POOL_MAX, add_der, pool, e) < 0)
		return err_while(e, "reading '%s'", path);
	return 0;
}

/* Finds the certificate with the root's key, because CAs order chains differently. */
static int take_own(struct issue_job *job, struct bytes pool, struct err *e)
{
	struct der_item item;
	struct cert_info info;

	while (der_take(&pool, DER_SEQUENCE, &item)) {
		if (cert_read(&info, item.all, e) < 0)
			return -1;
		if (strcmp(info.key_sha256, job->key.row.key_sha256) != 0)
			continue;
		if (buf_add(&job->cert_der, item.all.data, item.all.len, e) < 0)
			return -1;
		return cert_read(&job->cert_info, buf_bytes(&job->cert_der), e);
	}
	return root_install_refuse(&job->key.op, "root-key-differs", "contains another key than the request",
	    "give the certificate that the CA issued for this root's request", e);
}

static int root_install_judge(const struct issue_job *job, struct err *e)
{
	const struct cert_info *c = &job->cert_info;

	if (c->is_self_signed)
		return root_install_refuse(&job->key.op, "root-self-signed", "is self-signed",
		    "give the certificate that the issuing CA signed", e);
	if (strcmp(c->subject, job->key.root.row.subject) != 0)
		return root_install_refuse(&job->key.op, "root-subject-differs", "has another subject than its request",
		    "let the CA sign the request unchanged", e);
	if (!c->is_ca || !c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) == 0 || c->has_unknown_critical)
		return root_install_refuse(&job->key.op, "root-not-ca", "is not allowed to sign certificates",
		    "let the CA issue it as a subordinate CA: basicConstraints CA:TRUE, keyUsage keyCertSign", e);
	return 0;
}

/* The root's present certificate: the new certificate, an older one to be replaced, or none. */
static int load_before(struct issue_job *job, struct err *e)
{
	const struct cert_query q = { .id = job->key.root.row.cert_id };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info info;
	struct cert_row row;
	bool found;

	if (q.id == 0)
		return 0;
	if (ledger_cert_find(&row, &der, &found, job->key.op.pki->ledger, &q, e) < 0 ||
	    cert_read_known(&info, buf_bytes(&der), e) < 0)
		return -1;
	if (info.is_self_signed)
		return root_install_refuse(&job->key.op, "root-self-signed", "already has a self-signed certificate",
		    "create another root with `p11ca root request`", e);
	if (strcmp(info.fingerprint, job->cert_info.fingerprint) == 0) {
		job->cert = row;
		return 0;
	}
	job->key.renewed = row;
	return buf_add(&job->renewed_der, der.data, der.len, e);
}

static int root_install_read_probe(struct root_install_job *j, enum step_state *out, struct err *e)
{
	struct issue_job *job = &j->issue;
	AUTO_VALUE(buf) pool = { 0 };

	*out = STEP_DONE; /* look() does everything */
	if (root_install_find_root(&job->key, e) < 0 || root_install_read_file(&pool, j->answer->cert_file, e) < 0 ||
	    (j->answer->chain_file != NULL && root_install_read_file(&pool, j->answer->chain_file, e) < 0) ||
	    take_own(job, buf_bytes(&pool), e) < 0 || root_install_judge(job, e) < 0 ||
	    issuers_find(
		&j->issuers, buf_bytes(&job->cert_der), buf_bytes(&pool), clock_now(&job->key.op.pki->clock), e) < 0)
		return err_while(e, "reading certificate '%s'", j->answer->cert_file);
	return load_before(job, e) < 0 || root_open_token(&job->key, e) < 0 ? -1 : root_check_hardware(&job->key, e);
}

static int record_probe(struct root_install_job *j, enum step_state *out, struct err *e)
{
	(void)e;
	*out = j->issue.cert.id != 0 ? STEP_DONE : STEP_PENDING;
	return 0;
}

static int root_install_record_run(struct root_install_job *j, struct err *e)
{
	struct issue_job *job = &j->issue;
	struct op *op = &job->key.op;
	struct cert_row *c = &job->cert;

	if (op_card_login(&job->key, e) < 0 || op_find_cert_key(&job->key, &job->cert_info, e) < 0 ||
	    op_prove_key(&job->key, PROOF_FOUND, e) < 0)
		return -1;
	*c = (struct cert_row){ .root_id = job->key.root.row.id,
		.key_id = job->key.row.id,
		.is_root = true,
		.renews = job->key.renewed.id,
		.not_before = job->cert_info.not_before,
		.not_after = job->cert_info.not_after,
		.der = buf_bytes(&job->cert_der),
		.issuers = buf_bytes(&j->issuers) };
	(void)snprintf(c->name, sizeof(c->name), "%s", op->name);
	(void)snprintf(c->template_name, sizeof(c->template_name), TEMPLATE_NAME);
	(void)snprintf(c->serial, sizeof(c->serial), "%s", job->cert_info.serial);
	(void)snprintf(c->subject, sizeof(c->subject), "%s", job->cert_info.subject);
	(void)snprintf(c->spki_sha256, sizeof(c->spki_sha256), "%s", job->cert_info.spki_sha256);
	return ledger_root_install(op->pki->ledger, c, e);
}

int root_install(
    struct issue_job *job, const struct ca_response *answer, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct root_install_job_step read = { STEP_OF(root_install_job, "read the certificate"),
		.probe = root_install_read_probe };
	static const struct root_install_job_step record = { STEP_OF(root_install_job,
								 "prove the key and record the certificate"),
		.probe = record_probe, .run = root_install_record_run };
	static const struct root_install_job_list list[] = { STEP(root_install_job, read),
		STEP(root_install_job, record), STEP(root_install_job, step_install), STEPS_END };
	struct root_install_job j = { .issue = *job, .answer = answer };
	int result;

	j.issue.key.op.purpose = "root";
	j.issue.key.op.device = "";
	result = root_install_job_run(list, &j, mode, o, e);
	*job = j.issue;
	buf_clear(&j.issuers);
	job->cert.issuers = (struct bytes){ 0 };
	return result < 0 ? err_while(e, "installing the certificate of root '%s'", job->key.op.name) : 0;
}
