/* SPDX-License-Identifier: MIT */
/* key_find.c - finds a private key on the token by its public key, independent of label and id. */
#include <string.h>

#include "pki/key/key.h"
#include "pki/op.h"
#include "x509/key/key_value.h"

struct match {
	struct key_job *job;
	const char *key_sha256;
	unsigned n;
	bool has_ambiguous; /* several keys of the token have one CKA_ID: which of them signs is not known */
};

static int match_key(const struct key_ref *key, void *arg, struct err *e)
{
	struct match *m = arg;
	AUTO_VALUE(buf) spki = { 0 };
	char value[SHA256_HEX];
	struct err why = ERR_INIT;

	if (token_read_spki(&spki, m->job->card, key->id, &why) < 0) {
		m->has_ambiguous = m->has_ambiguous || (why.code != NULL && strcmp(why.code, "id-ambiguous") == 0);
		return 0; /* a key of an unsupported type is not the key */
	}
	if (key_value_sha256(value, buf_bytes(&spki), e) < 0)
		return -1;
	if (strcmp(value, m->key_sha256) != 0)
		return 0;
	m->n++;
	(void)snprintf(m->job->row.location.cka_id, sizeof(m->job->row.location.cka_id), "%s", key->id);
	(void)snprintf(m->job->row.location.label, sizeof(m->job->row.location.label), "%s", key->label);
	m->job->spki.len = 0;
	return buf_add(&m->job->spki, spki.data, spki.len, e);
}

void op_fill_location(struct key_job *job)
{
	struct key_location *p = &job->row.location;

	(void)snprintf(p->token_label, sizeof(p->token_label), "%s", job->card_info.label);
	(void)snprintf(p->token_serial, sizeof(p->token_serial), "%s", job->card_info.serial);
	(void)snprintf(p->token_manufacturer, sizeof(p->token_manufacturer), "%s", job->card_info.manufacturer);
	(void)snprintf(p->token_model, sizeof(p->token_model), "%s", job->card_info.model);
	(void)snprintf(p->module_path, sizeof(p->module_path), "%s", module_get_info(job->card_module)->path);
}

static int key_find_refuse(const struct match *m, struct err *e)
{
	static const char hint[] = "see `p11ca token show` for the keys that are there";
	const char *label = m->job->card_info.label;

	if (m->n == 0 && !m->has_ambiguous) {
		(void)err_set(e, ERR_NOT_FOUND, "no key on token '%s' belongs to this certificate", label);
		return err_rule(e, "key-not-found", hint);
	}
	(void)err_set(e, ERR_NOT_FOUND, m->n == 0 ? "several keys on token '%s' have the same CKA_ID, so the key of "
		"this certificate cannot be selected" : "several keys on token '%s' belong to this certificate", label);
	return err_rule(e, "id-ambiguous", hint);
}

int op_find_key(struct key_job *job, const char *key_sha256, struct err *e)
{
	struct match m = { .job = job, .key_sha256 = key_sha256 };

	if (token_each_key(job->card, match_key, &m, e) < 0)
		return -1;
	if (m.n == 1) {
		op_fill_location(job);
		return 0;
	}
	return key_find_refuse(&m, e);
}

int op_find_cert_key(struct key_job *job, const struct cert_info *cert, struct err *e)
{
	char spki_sha256[SHA256_HEX];

	if (op_find_key(job, cert->key_sha256, e) < 0 || hash_sha256_hex(spki_sha256, buf_bytes(&job->spki), e) < 0)
		return -1;
	if (strcmp(spki_sha256, cert->spki_sha256) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY,
	    "certificate '%.120s' and the key on token '%s' have the same modulus,"
	    " but different exponents",
	    cert->subject, job->card_info.label);
	return err_rule(e, "certificate-key-differs",
	    "have the certificate issued for the public key that is on the token");
}
