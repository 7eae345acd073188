/* SPDX-License-Identifier: MIT */
/* client_bundle.c - writes a software key, its certificate and the whole chain to an encrypted file (PKCS#12). */
#include <string.h>

#include "pki/client/software_key.h"
#include "pki/op.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define CERT_FILE_MAX (1024 * 1024)
#define CERTS_PER_FILE 16

/* All given certificates; the first is the client's. */
struct pool {
	struct buf all[BUNDLE_CERTS_MAX];
	size_t n;
};

static void pool_clear(struct pool *p)
{
	for (size_t i = 0; i < p->n; i++)
		buf_clear(&p->all[i]);
}
AUTO_VALUE_DEFINE(pool, pool_clear);

static int client_bundle_add_cert(struct bytes der, void *arg, struct err *e)
{
	struct pool *p = arg;

	if (p->n >= BUNDLE_CERTS_MAX)
		return err_set(e, ERR_INPUT, "there are more than %d certificates", BUNDLE_CERTS_MAX);
	return buf_add(&p->all[p->n++], der.data, der.len, e);
}

static int client_bundle_add_file(struct pool *p, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, path, CERT_FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), CERTS_PER_FILE, client_bundle_add_cert, p, e) < 0)
		return err_while(e, "reading the certificates in '%s'", path);
	return 0;
}

static int add_root_id(const struct cert_row *row, void *arg, struct err *e)
{
	int64_t *ids = arg;
	size_t n = 0;

	(void)e;
	while (n < BUNDLE_CERTS_MAX && ids[n] != 0)
		n++;
	if (n < BUNDLE_CERTS_MAX)
		ids[n] = row->id;
	return 0;
}

/* Adds the issuers of a root that another CA signed, as far as there is room. */
static int client_bundle_add_issuers(struct pool *p, struct ledger *l, int64_t cert_id, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	AUTO_VALUE(buf) issuers = { 0 };
	size_t n;

	if (ledger_cert_issuers(&issuers, l, cert_id, e) < 0)
		return -1;
	n = issuers_list(list, buf_bytes(&issuers));
	for (size_t i = 0; i < n && p->n < BUNDLE_CERTS_MAX; i++) {
		if (client_bundle_add_cert(list[i], p, e) < 0)
			return -1;
	}
	return 0;
}

/* The ledger's roots that may be the issuer: by name; the signature is verified later. */
static int add_ledger_roots(struct pool *p, struct ledger *l, struct err *e)
{
	const struct cert_query q = { .roots_only = true, .state = "issued" };
	int64_t ids[BUNDLE_CERTS_MAX] = { 0 };

	if (l == NULL)
		return 0;
	if (ledger_each_cert(l, &q, add_root_id, ids, e) < 0)
		return -1;
	for (size_t i = 0; i < BUNDLE_CERTS_MAX && ids[i] != 0 && p->n < BUNDLE_CERTS_MAX; i++) {
		const struct cert_query one = { .id = ids[i] };
		struct cert_row row;
		bool found;

		if (ledger_cert_find(&row, &p->all[p->n], &found, l, &one, e) < 0)
			return -1;
		p->n += p->all[p->n].len > 0;
		if (client_bundle_add_issuers(p, l, ids[i], e) < 0)
			return -1;
	}
	return 0;
}

static int refuse_chain(struct err *e, const struct cert_info *last)
{
	(void)err_set(e, ERR_POLICY, "the issuer of '%s' is not among the certificates", last->subject);
	return err_rule(e, "pfx-chain", "give all issuers with --chain, from the client's issuer to the self-signed "
	    "root");
}

/* The issuer of `der` in the pool; NULL: not found. */
static const struct buf *client_bundle_find_issuer(const struct pool *p, struct bytes der)
{
	struct err ignored;

	for (size_t i = 0; i < p->n; i++)
		if (cert_verify(der, buf_bytes(&p->all[i]), 0, &ignored) == 0)
			return &p->all[i];
	return NULL;
}

static int build_chain(struct software_key *job, const struct pool *p, struct err *e)
{
	struct bytes at = buf_bytes(&p->all[0]);
	struct cert_info info;

	for (size_t n = 0; n < BUNDLE_CERTS_MAX; n++) {
		const struct buf *issuer;

		if (cert_read(&info, at, e) < 0)
			return -1;
		if (info.is_self_signed && n > 0)
			return 0;
		issuer = info.is_self_signed ? NULL : client_bundle_find_issuer(p, at);
		if (issuer == NULL)
			return refuse_chain(e, &info);
		if (buf_add(&job->chain[job->n_chain++], issuer->data, issuer->len, e) < 0)
			return -1;
		at = buf_bytes(issuer);
	}
	return refuse_chain(e, &info);
}

int software_find_chain(struct software_key *job, struct bytes cert, struct ledger *l, struct err *e)
{
	AUTO_VALUE(pool) p = { .n = 0 };

	if (client_bundle_add_cert(cert, &p, e) < 0 ||
	    (job->cert_path != NULL && client_bundle_add_file(&p, job->cert_path, e) < 0))
		return -1;
	for (size_t i = 0; i < job->n_chain_paths; i++)
		if (client_bundle_add_file(&p, job->chain_paths[i], e) < 0)
			return -1;
	if (job->root_path != NULL && client_bundle_add_file(&p, job->root_path, e) < 0)
		return -1;
	return add_ledger_roots(&p, l, e) < 0 ? -1 : build_chain(job, &p, e);
}

static int take_first(struct bytes der, void *arg, struct err *e)
{
	struct buf *first = arg;

	return first->len > 0 ? 0 : buf_add(first, der.data, der.len, e);
}

static int chain_probe(struct client_job *job, enum step_state *out, struct err *e)
{
	struct issue_job *issue = &job->profiled.issue;
	AUTO_VALUE(buf) file = { 0 };

	*out = STEP_DONE; /* look() does everything */
	if (file_read(&file, job->soft->cert_path, CERT_FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), CERTS_PER_FILE, take_first, &issue->cert_der, e) < 0)
		return err_while(e, "reading the certificate in '%s'", job->soft->cert_path);
	if (cert_read(&issue->cert_info, buf_bytes(&issue->cert_der), e) < 0)
		return -1;
	return software_find_chain(job->soft, buf_bytes(&issue->cert_der), job->profiled.issue.key.op.pki->ledger, e);
}

static int check_there(struct client_job *job, enum step_state *out, struct err *e)
{
	if (step_key_file.probe(job, out, e) < 0)
		return -1;
	return job->soft->is_new ? err_set(e, ERR_OUTPUT, "the key file '%s' does not exist", job->soft->key_file) : 0;
}

static int pfx_probe(struct client_job *job, enum step_state *out, struct err *e)
{
	*out = STEP_PENDING;
	return software_check_pfx(job, job->profiled.issue.key.op.out_path, e);
}

int software_pack(struct buf *out, const struct software_key *job, const struct cert_info *cert, enum pfx_compat compat,
    bool is_bare, struct err *e)
{
	struct bytes chain[BUNDLE_CERTS_MAX];
	const struct pfx what = { .cert = cert->der, .chain = chain, .n_chain = is_bare ? 0 : job->n_chain,
		.name = cert->cn, .password = &job->pfx_password, .compat = compat };

	for (size_t i = 0; i < job->n_chain; i++)
		chain[i] = buf_bytes(&job->chain[i]);
	return soft_key_pfx(out, job->key, &what, e);
}

static int pfx_run(struct client_job *job, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	struct software_key *soft = job->soft;
	AUTO_VALUE(buf) pfx = { 0 };

	if (software_pfx_password(job, op->out_path, e) < 0 ||
	    software_pack(&pfx, soft, &job->profiled.issue.cert_info, soft->compat, false, e) < 0)
		return -1;
	return software_write_pfx(job, op->out_path, buf_bytes(&pfx), e);
}

static const struct client_job_step find_chain = { STEP_OF(client_job, "find the chain"), .probe = chain_probe };
static const struct client_job_step write_pfx = { STEP_OF(client_job, "write the PFX"), .probe = pfx_probe,
	.run = pfx_run };

int client_bundle(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	const struct client_job_step key = { STEP_OF(client_job, step_key_file.step.name), .probe = check_there,
		.run = step_key_file.run };
	const struct client_job_list list[] = { STEP(client_job, find_chain), STEP(client_job, key),
		STEP(client_job, write_pfx), STEPS_END };

	op->purpose = "client";
	op->device = "";
	if (client_job_run(list, job, mode, o, e) < 0)
		return err_while(e, "bundling the key '%s'", job->soft->key_file);
	op->name = job->profiled.issue.cert_info.cn;
	return 0;
}
