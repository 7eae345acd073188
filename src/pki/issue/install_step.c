/* SPDX-License-Identifier: MIT */
/* install_step.c - the step that writes the certificate beside its key, and its root if the token can hold a chain. */
#include "pki/issue/install.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "x509/cert.h"
#include "x509/issuers.h"

struct lookup {
	struct bytes der;
	bool is_there;
};

static int same_bytes(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct lookup *l = arg;

	(void)o;
	(void)e;
	if (der.len == l->der.len && memcmp(der.data, l->der.data, der.len) == 0)
		l->is_there = true;
	return 0;
}

int install_is_there(bool *out, struct token *t, struct bytes der, struct err *e)
{
	struct lookup l = { .der = der };

	if (token_each_cert(t, same_bytes, &l, e) < 0)
		return err_while(e, "reading the certificates of token '%s'", token_get_info(t)->label);
	*out = l.is_there;
	return 0;
}

int install_cert(struct token *t, struct bytes der, const char *id, const char *label, struct err *e)
{
	return install_cert_over(t, der, (struct bytes){ 0 }, id, label, e);
}

int install_cert_over(struct token *t, struct bytes der, struct bytes old, const char *id, const char *label,
    struct err *e)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) serial = { 0 };
	struct cert_object c = { .der = der, .id = id, .label = label, .replaces = old };

	if (cert_object_parts(&subject, &issuer, &serial, der, e) < 0)
		return -1;
	c.subject = buf_bytes(&subject);
	c.issuer = buf_bytes(&issuer);
	c.serial = buf_bytes(&serial);
	if (token_write_cert(t, &c, e) < 0)
		return err_while(e, "writing certificate '%s' to token '%s'", label, token_get_info(t)->label);
	return 0;
}

struct ca_on_token {
	struct bytes der;
	struct cert_info info;       /* of der */
	bool is_there, is_other;     /* is_other: another object has its id */
	struct buf older;            /* another certificate of the same CA and key under that id */
};

static void ca_on_token_clear(struct ca_on_token *c)
{
	buf_clear(&c->older);
}
AUTO_VALUE_DEFINE(ca_on_token, ca_on_token_clear);

static bool is_same_ca(const struct cert_info *a, const struct cert_info *b)
{
	return strcmp(a->key_sha256, b->key_sha256) == 0 && a->subject_der.len == b->subject_der.len &&
	    memcmp(a->subject_der.data, b->subject_der.data, b->subject_der.len) == 0;
}

static int compare_ca(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct ca_on_token *c = arg;
	struct cert_info info;
	struct err unreadable;

	if (der.len == c->der.len && memcmp(der.data, c->der.data, der.len) == 0) {
		c->is_there = true;
		return 0;
	}
	if (strcmp(o->id, c->info.ski) != 0)
		return 0;
	if (cert_read_known(&info, der, &unreadable) == 0 && is_same_ca(&info, &c->info) && c->older.len == 0)
		return buf_add(&c->older, der.data, der.len, e);
	c->is_other = true;
	return 0;
}

static int find_ca(struct ca_on_token *out, struct token *t, struct bytes der, struct err *e)
{
	out->der = der;
	if (cert_read_known(&out->info, der, e) < 0)
		return -1;
	if (token_each_cert(t, compare_ca, out, e) < 0)
		return err_while(e, "reading the certificates of token '%s'", token_get_info(t)->label);
	return 0;
}

int install_ca(struct token *t, struct bytes der, const char *label, struct err *e)
{
	AUTO_VALUE(ca_on_token) c = { .is_there = false };

	if (find_ca(&c, t, der, e) < 0)
		return -1;
	return install_cert_over(t, der, buf_bytes(&c.older), c.info.ski, label != NULL ? label : c.info.cn, e);
}

int install_issuers(struct token *t, struct bytes issuers, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);

	for (size_t i = 0; i < n; i++) {
		if (install_ca(t, list[i], NULL, e) < 0)
			return -1;
	}
	return 0;
}

/* *out stays true if the certificate exists; -1 (ERR_POLICY, "id-taken"): it could not be written. */
static int ca_is_there(bool *out, struct token *t, struct bytes der, struct err *e)
{
	AUTO_VALUE(ca_on_token) c = { .is_there = false };

	if (find_ca(&c, t, der, e) < 0)
		return -1;
	*out = *out && c.is_there;
	if (c.is_there || !c.is_other)
		return 0;
	(void)err_set(e, ERR_POLICY, "another object on token '%s' has the CKA_ID of '%s', "
	    "%s", token_get_info(t)->label,
	    c.info.cn, c.info.ski);
	return err_rule(e, "id-taken", "remove the object with the program that wrote it, or use another token");
}

static int chain_is_there(bool *out, const struct key_job *job, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, buf_bytes(&job->root.issuers));

	*out = true;
	if (ca_is_there(out, job->card, buf_bytes(&job->root.der), e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (ca_is_there(out, job->card, list[i], e) < 0)
			return -1;
	return 0;
}

static bool has_chain(const struct key_job *job)
{
	return job->root.der.len > 0 && token_get_info(job->card)->has_room_for_chain;
}

struct occupied {
	const char *id;
	struct bytes renewed;        /* may exist: its successor replaces it */
	struct bytes own;            /* written by an earlier run */
	bool is_there;
	struct buf *replaced; /* receives the existing certificate; NULL: none may exist */
};

static int install_step_same_id(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct occupied *c = arg;

	if (o->is_placeholder ||
	    (c->own.len > 0 && der.len == c->own.len && memcmp(der.data, c->own.data, der.len) == 0))
		return 0;
	if (c->renewed.len > 0 && der.len == c->renewed.len && memcmp(der.data, c->renewed.data, der.len) == 0)
		return 0;
	if (strcmp(o->id, c->id) != 0)
		return 0;
	c->is_there = true;
	return c->replaced != NULL && c->replaced->len == 0 ? buf_add(c->replaced, der.data, der.len, e) : 0;
}

/* Checked before the root signs, so that no certificate is issued that could not be written beside its key. */
static int install_step_refuse_occupied(struct issue_job *job, struct err *e)
{
	struct occupied c = { .id = job->key.row.location.cka_id,
		.renewed = buf_bytes(&job->renewed_der),
		.own = buf_bytes(&job->cert_der),
		.replaced = job->key.replace_key ? &job->replaced_der : NULL };

	if (job->key.row.id == 0)
		return 0;
	if (token_each_cert(job->key.card, install_step_same_id, &c, e) < 0)
		return -1;
	if (!c.is_there || job->key.replace_key)
		return 0;
	(void)err_set(e, ERR_POLICY,
	    "the key of '%s' on token '%s' already has a certificate, which is no longer valid", job->key.op.name,
	    job->key.card_info.label);
	e->code = "id-taken";
	e->hint = "use another token; or erase this one: `p11ca token init TOKEN --erase --label LABEL`; or give the "
		  "client's new key a name of its own with --device";
	return -1;
}

/* Looks on the token even if the ledger has the certificate as installed, because other tools may erase tokens. */
static int install_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	bool own = false, chain = true;

	if ((!cert_is(&job->cert, CERT_ISSUED) || job->key.replace_key) && install_step_refuse_occupied(job, e) < 0)
		return -1;
	/* before the root signs: reports a chain that does not fit */
	if (has_chain(&job->key) && chain_is_there(&chain, &job->key, e) < 0)
		return -1;
	if (!cert_is(&job->cert, CERT_ISSUED))
		return 0;
	if (install_is_there(&own, job->key.card, buf_bytes(&job->cert_der), e) < 0)
		return -1;
	*out = own && chain && job->cert.installed_at != 0 ? STEP_DONE : STEP_PENDING;
	return 0;
}

static int install_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct bytes old = buf_bytes(job->replaced_der.len > 0 ? &job->replaced_der : &job->renewed_der);

	if (op_card_login_to_fill(&job->key, e) < 0 || install_cert_over(job->key.card, buf_bytes(&job->cert_der), old,
							   job->key.row.location.cka_id, op->name, e) < 0)
		return -1;
	if (has_chain(&job->key) &&
	    (install_ca(job->key.card, buf_bytes(&job->key.root.der), job->key.root.row.name, e) < 0 ||
		install_issuers(job->key.card, buf_bytes(&job->key.root.issuers), e) < 0))
		return -1;
	if (ledger_cert_installed(op->pki->ledger, job->cert.id, &job->key.row.location, e) < 0)
		return -1;
	job->cert.installed_at = clock_now(&op->pki->clock);
	return 0;
}

const struct issue_job_step step_install = { STEP_OF(issue_job, "write the certificate to the token"),
	.probe = install_probe, .run = install_run };
