/* SPDX-License-Identifier: MIT */
/*
 * root_adopt.c - imports a root that another program made, after its key is proved on the token.
 *
 * The origin of the key cannot be proved. A token states whether it generated the key; copies of an imported key may
 * exist, and the ledger records the origin permanently.
 */
#include "pki/root/root_adopt.h"

#include <string.h>

#include "pki/issue/issue_steps.h"
#include "pki/issuer.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "pki/published_keys.h"
#include "pki/request_check.h"
#include "pki/key/key_location.h"
#include "pki/key/root_hardware.h"
#include "pki/root/root_name.h"
#include "pki/root/root_origin.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/name.h"

#define FILE_MAX (1024 * 1024)
#define TEMPLATE_NAME "adopted" /* template name of the certificate, which no template made */

struct adopt_job {
	struct issue_job issue;
	const struct adopt_args *args;
};
#define adopt_job_STEPS issue_job_STEPS, const struct adopt_job_step *: 0
JOB_DEFINE(adopt_job, issue.key.op);

static int root_adopt_refuse(const char *code, const char *why, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the certificate %s", why);
	return err_rule(e, code, hint);
}

/* With a seed, a fixed time and keys in files, a test home would weaken a real root: test roots contain O=TEST. */
static int root_adopt_check_mark(const struct issue_job *job, struct err *e)
{
	const struct pki *p = job->key.op.pki;
	bool is_test = job->key.is_test || (p->ledger != NULL && ledger_is_test(p->ledger));

	if (!is_test || name_is_test(job->cert_info.subject))
		return 0;
	return root_adopt_refuse("root-not-test", "is not of a test root: its subject lacks O=TEST",
	    "adopt it in a home that is not for tests: --home", e);
}

/* Failures refuse the root; properties that Azure's own recipes omit are warnings. */
static int root_adopt_judge(const struct issue_job *job, struct err *e)
{
	const struct op *op = &job->key.op;
	const struct cert_info *c = &job->cert_info;
	const struct facts f = { .have = FACT_CERT | FACT_TEMPLATE,
		.now = clock_now(&op->pki->clock),
		.cert = c,
		.template = job->key.template };
	const struct ui *ui = op->pki->ui;
	struct findings all = { .n = 0 };

	if (!c->is_self_signed)
		return root_adopt_refuse("root-not-self-signed", "is not self-signed",
		    "give the root's self-signed certificate", e);
	if (findings_run(all_rules, job->key.template->rule_set, &f, &all, e) < 0 || findings_refuse(&all, e) < 0 ||
	    published_key_refuse(op->pki, job->key.is_test, c->key_sha256, e) < 0 || root_adopt_check_mark(job, e) < 0)
		return -1;
	if (cert_verify(c->der, c->der, 0, e) < 0) /* the root that clients' certificates will be verified with */
		return root_adopt_refuse("root-not-ca", "may not sign others", "give the certificate of a CA", e);
	for (size_t i = 0; i < all.n; i++)
		if (all.all[i].severity == FINDING_WARN)
			ui->warn(ui->self, all.all[i].id, all.all[i].text);
	return 0;
}

static int root_adopt_read_file(struct issue_job *job, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	job->cert_der.len = 0;
	if (file_read(&file, path, FILE_MAX, e) < 0 || der_from_file(&job->cert_der, buf_bytes(&file), DER_CERT, e) < 0)
		return -1;
	return cert_read(&job->cert_info, buf_bytes(&job->cert_der), e);
}

static int root_adopt_read_probe(struct adopt_job *j, enum step_state *out, struct err *e)
{
	struct issue_job *job = &j->issue;

	*out = STEP_DONE; /* look() does everything */
	if (root_check_name(job->key.op.name, e) < 0)
		return -1;
	if (root_adopt_read_file(job, j->args->cert_file, e) < 0 || root_adopt_judge(job, e) < 0)
		return err_while(e, "reading root certificate '%s'", j->args->cert_file);
	return op_card_open(&job->key, e) < 0 ? -1 : root_check_hardware(&job->key, e);
}

static int root_adopt_name_taken(const struct op *op, const char *what, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' has %s", op->name, what);
	return err_rule(e, "root-name-taken", hint);
}

static bool is_newer(const struct cert_info *c, const struct cert_row *than)
{
	return c->not_before > than->not_before ||
	    (c->not_before == than->not_before && c->not_after > than->not_after);
}

/* A later certificate of the same key and name: a renewal that is not in the ledger. */
static bool is_renewal(const struct issue_job *job)
{
	return job->cert_info.is_self_signed && strcmp(job->cert_info.key_sha256, job->key.row.key_sha256) == 0 &&
	       strcmp(job->cert_info.subject, job->key.root.row.subject) == 0 && is_newer(&job->cert_info, &job->cert);
}

/* The root with this certificate was adopted before: only its certificate on the token is left to write. */
static int adopt_probe(struct adopt_job *j, enum step_state *out, struct err *e)
{
	struct issue_job *job = &j->issue;
	struct op *op = &job->key.op;
	struct cert_query q = { .roots_only = true };
	AUTO_VALUE(buf) spki = { 0 };
	bool found = false, is_here;

	*out = STEP_PENDING;
	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_root_find(&job->key.root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	q.id = job->key.root.row.cert_id;
	if (!found || q.id == 0) { /* an abandoned name is free; the ledger refuses a name in use */
		job->key.root.row = (struct root_row){ .id = 0 };
		return 0;
	}
	if (ledger_cert_find(&job->cert, NULL, &found, op->pki->ledger, &q, e) < 0 ||
	    ledger_key_get(&job->key.row, op->pki->ledger, job->key.root.row.key_id, e) < 0)
		return -1;
	if (!found || (strcmp(job->cert.fingerprint, job->cert_info.fingerprint) != 0 && !is_renewal(job)))
		return root_adopt_name_taken(
		    op, "another certificate", "choose another name; see `p11ca root list`", e);
	if (ledger_key_spki(&spki, op->pki->ledger, job->key.row.id, e) < 0 ||
	    key_location_is_here(&is_here, &job->key, buf_bytes(&spki), e) < 0)
		return -1;
	if (!is_here)
		return root_adopt_name_taken(op, "the same key on another token",
		    "name the token that is recorded; `p11ca root attach` adds a second token with the same key", e);
	if (strcmp(job->cert.fingerprint, job->cert_info.fingerprint) == 0) {
		*out = STEP_DONE;
		return 0;
	}
	job->key.renewed = job->cert;
	job->cert = (struct cert_row){ .id = 0 };
	return 0;
}

static void root_adopt_fill_cert(struct issue_job *job)
{
	struct cert_row *c = &job->cert;

	(void)snprintf(c->name, sizeof(c->name), "%s", job->key.op.name);
	(void)snprintf(c->template_name, sizeof(c->template_name), TEMPLATE_NAME);
	(void)snprintf(c->serial, sizeof(c->serial), "%s", job->cert_info.serial);
	(void)snprintf(c->subject, sizeof(c->subject), "%s", job->cert_info.subject);
	(void)snprintf(c->spki_sha256, sizeof(c->spki_sha256), "%s", job->cert_info.spki_sha256);
	c->not_before = job->cert_info.not_before;
	c->not_after = job->cert_info.not_after;
	c->der = buf_bytes(&job->cert_der);
}

static void fill_rows(struct issue_job *job)
{
	struct op *op = &job->key.op;
	struct key_row *k = &job->key.row;
	struct root_row *r = &job->key.root.row;

	(void)snprintf(k->purpose, sizeof(k->purpose), "%s", op->purpose);
	(void)snprintf(k->name, sizeof(k->name), "%s", op->name);
	(void)snprintf(k->spec, sizeof(k->spec), "%s", job->cert_info.key_name);
	(void)snprintf(r->name, sizeof(r->name), "%s", op->name);
	(void)snprintf(r->subject, sizeof(r->subject), "%s", job->cert_info.subject);
	(void)snprintf(r->origin, sizeof(r->origin), "%s", adopt_origin(&k->evidence));
	root_adopt_fill_cert(job);
}

static int adopt_renewal(struct issue_job *job, struct err *e)
{
	struct cert_row *c = &job->cert;

	if (op_card_login(&job->key, e) < 0 || op_find_cert_key(&job->key, &job->cert_info, e) < 0 ||
	    op_prove_key(&job->key, PROOF_FOUND, e) < 0)
		return -1;
	root_adopt_fill_cert(job);
	c->root_id = job->key.root.row.id;
	c->key_id = job->key.row.id;
	c->is_root = true;
	c->renews = job->key.renewed.id;
	return ledger_root_install(job->key.op.pki->ledger, c, e);
}

/* The same command, run at the same time, may have recorded the root since the probe: e stays, or 0. */
static int adopt_is_recorded(struct adopt_job *j, struct err *e)
{
	struct issue_job *job = &j->issue;
	const struct key_row key = job->key.row;
	const struct cert_row cert = job->cert;
	struct err unread = ERR_INIT;
	enum step_state state;

	if (e->code == NULL || strcmp(e->code, "key-recorded") != 0)
		return -1;
	if (adopt_probe(j, &state, &unread) == 0 && state == STEP_DONE) {
		*e = (struct err)ERR_INIT;
		return 0;
	}
	job->key.row = key;
	job->cert = cert;
	return -1;
}

/* A ledger is created when the key is found and accepted, not when the command is refused. */
static int adopt_run(struct adopt_job *j, struct err *e)
{
	struct issue_job *job = &j->issue;
	struct op *op = &job->key.op;
	struct root_adoption a = { .key = &job->key.row, .root = &job->key.root.row, .cert = &job->cert };
	struct key_evidence stated;

	if (job->key.renewed.id != 0)
		return adopt_renewal(job, e);
	if (op_card_login(&job->key, e) < 0 || op_find_cert_key(&job->key, &job->cert_info, e) < 0 ||
	    adopt_check_key(&stated, &job->key, job->key.row.location.cka_id, e) < 0 ||
	    adopt_check_origin(&job->key, &stated, j->args->accept_imported, e) < 0 ||
	    pki_use_ledger(op->pki, LEDGER_CREATE, job->key.is_test, e) < 0 ||
	    op_prove_key(&job->key, PROOF_FOUND, e) < 0)
		return -1;
	fill_rows(job);
	a.spki = buf_bytes(&job->key.spki);
	return ledger_root_adopt(op->pki->ledger, &a, e) < 0 ? adopt_is_recorded(j, e) : 0;
}

/* Adopted before: the key must still exist. */
static int adopt_check(struct adopt_job *j, struct err *e)
{
	struct issue_job *job = &j->issue;

	job->key.spki.len = 0;
	if (ledger_key_spki(&job->key.spki, job->key.op.pki->ledger, job->key.row.id, e) < 0 ||
	    op_card_login(&job->key, e) < 0)
		return -1;
	return op_check_key(&job->key, PROOF_AUDIT, e);
}

int root_adopt(
    struct issue_job *job, const struct adopt_args *args, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct adopt_job_step read = { STEP_OF(adopt_job, "read the certificate"),
		.probe = root_adopt_read_probe };
	static const struct adopt_job_step adopt = { STEP_OF(adopt_job, "prove and record the key"),
		.probe = adopt_probe, .run = adopt_run, .check = adopt_check };
	static const struct adopt_job_list list[] = { STEP(adopt_job, read), STEP(adopt_job, adopt),
		STEP(adopt_job, step_install), STEPS_END };
	struct adopt_job j = { .issue = *job, .args = args };
	int result;

	j.issue.key.op.purpose = "root";
	j.issue.key.op.device = "";
	result = adopt_job_run(list, &j, mode, o, e);
	*job = j.issue;
	return result < 0 ? err_while(e, "adopting root '%s'", job->key.op.name) : 0;
}

static int attach_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	*out = STEP_PENDING;
	if (issuer_find(&job->root, job->op.pki, job->op.name, e) < 0)
		return -1;
	job->row = job->root.key;
	return op_card_open(job, e) < 0 ? -1 : root_check_hardware(job, e);
}

static int attach_run(struct key_job *job, struct err *e)
{
	if (op_card_login(job, e) < 0 || op_find_key(job, job->root.key.key_sha256, e) < 0 ||
	    op_prove_key(job, PROOF_FOUND, e) < 0)
		return -1;
	return ledger_key_attached(job->op.pki->ledger, job->row.id, &job->row.location, &job->row.evidence, e);
}

int root_attach(struct key_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->op;
	static const struct key_job_step attach = { STEP_OF(key_job, "prove the key on this token"),
		.probe = attach_probe, .run = attach_run };
	static const struct key_job_list list[] = { STEP(key_job, attach), STEPS_END };

	op->purpose = "root";
	op->device = "";
	return key_job_run(list, job, mode, o, e) < 0 ? err_while(e, "attaching root '%s'", op->name) : 0;
}
