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
#include "util/file.h"
#include "x509/cert.h"
#include "x509/der.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define FILE_MAX (1024 * 1024)
#define POOL_MAX 32
#define TEMPLATE_NAME "subordinate" /* template name of the certificate, whose content the other CA decided */

struct job {
	struct op op;                /* first member: steps receive its address */
	const struct ca_response *answer;
	struct buf issuers;
};

static int root_install_refuse(const struct op *op, const char *code, const char *why, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' %s", op->name, why);
	return err_rule(e, code, hint);
}

static int root_install_find_root(struct op *op, struct err *e)
{
	bool found;

	if (ledger_root_find(&op->root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	if (!found) {
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", op->name);
		e->hint = "make its key and request with `p11ca root request`";
		return -1;
	}
	if (op->root.row.is_retired)
		return root_install_refuse(op, "root-retired", "is retired", "see `p11ca root list`", e);
	if (ledger_key_get(&op->key, op->pki->ledger, op->root.row.key_id, e) < 0)
		return -1;
	if (!key_is(&op->key, KEY_PROVED)) {
		(void)err_set(e, ERR_NOT_FOUND, "root '%s' has no proved key yet", op->name);
		e->hint = "run the same `p11ca root request` again: it finishes what is left";
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
static int take_own(struct op *op, struct bytes pool, struct err *e)
{
	struct der_item item;
	struct cert_info info;

	while (der_take(&pool, DER_SEQUENCE, &item)) {
		if (cert_read(&info, item.all, e) < 0)
			return -1;
		if (strcmp(info.key_sha256, op->key.key_sha256) != 0)
			continue;
		if (buf_add(&op->cert_der, item.all.data, item.all.len, e) < 0)
			return -1;
		return cert_read(&op->cert_info, buf_bytes(&op->cert_der), e);
	}
	return root_install_refuse(op, "root-key-differs", "has another key than what was signed",
	    "give the CA's answer to this root's request", e);
}

static int root_install_judge(const struct op *op, struct err *e)
{
	const struct cert_info *c = &op->cert_info;

	if (c->is_self_signed)
		return root_install_refuse(op, "root-self-signed", "signed this certificate itself",
		    "give what the CA above it signed", e);
	if (strcmp(c->subject, op->root.row.subject) != 0)
		return root_install_refuse(op, "root-subject-differs", "was asked for under another name",
		    "have the CA sign the request as it is", e);
	if (!c->is_ca || !c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) == 0 || c->has_unknown_critical)
		return root_install_refuse(op, "root-not-ca", "may not sign others by this certificate",
		    "have it signed as a subordinate CA: basicConstraints CA:TRUE, keyUsage keyCertSign", e);
	return 0;
}

/* The root's present certificate: the new certificate, an older one to be replaced, or none. */
static int load_before(struct op *op, struct err *e)
{
	const struct cert_query q = { .id = op->root.row.cert_id };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info info;
	struct cert_row row;
	bool found;

	if (q.id == 0)
		return 0;
	if (ledger_cert_find(&row, &der, &found, op->pki->ledger, &q, e) < 0 ||
	    cert_read_known(&info, buf_bytes(&der), e) < 0)
		return -1;
	if (info.is_self_signed)
		return root_install_refuse(op, "root-self-signed", "has a certificate that it signed itself",
		    "make another root with `p11ca root request`", e);
	if (strcmp(info.fingerprint, op->cert_info.fingerprint) == 0) {
		op->cert = row;
		return 0;
	}
	op->renewed = row;
	return buf_add(&op->renewed_der, der.data, der.len, e);
}

static int root_install_read_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct job *j = (struct job *)op;
	AUTO_VALUE(buf) pool = { 0 };

	*out = STEP_DONE; /* look() does everything */
	if (root_install_find_root(op, e) < 0 || root_install_read_file(&pool, j->answer->cert_file, e) < 0 ||
	    (j->answer->chain_file != NULL && root_install_read_file(&pool, j->answer->chain_file, e) < 0) ||
	    take_own(op, buf_bytes(&pool), e) < 0 || root_install_judge(op, e) < 0 ||
	    issuers_find(&j->issuers, buf_bytes(&op->cert_der), buf_bytes(&pool), clock_now(&op->pki->clock), e) < 0)
		return err_while(e, "reading certificate '%s'", j->answer->cert_file);
	return load_before(op, e) < 0 || root_open_token(op, e) < 0 ? -1 : root_check_hardware(op, e);
}

static int record_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)e;
	*out = op->cert.id != 0 ? STEP_DONE : STEP_TODO;
	return 0;
}

static int root_install_record_run(struct op *op, struct err *e)
{
	const struct job *j = (const struct job *)op;
	struct cert_row *c = &op->cert;

	if (op_card_login(op, e) < 0 || op_find_cert_key(op, &op->cert_info, e) < 0 ||
	    op_prove_key(op, PROOF_FOUND, e) < 0)
		return -1;
	*c = (struct cert_row){ .root_id = op->root.row.id, .key_id = op->key.id, .is_root = true,
		.renews = op->renewed.id,
		.not_before = op->cert_info.not_before, .not_after = op->cert_info.not_after,
		.der = buf_bytes(&op->cert_der), .issuers = buf_bytes(&j->issuers) };
	(void)snprintf(c->name, sizeof(c->name), "%s", op->name);
	(void)snprintf(c->template_name, sizeof(c->template_name), TEMPLATE_NAME);
	(void)snprintf(c->serial, sizeof(c->serial), "%s", op->cert_info.serial);
	(void)snprintf(c->subject, sizeof(c->subject), "%s", op->cert_info.subject);
	(void)snprintf(c->spki_sha256, sizeof(c->spki_sha256), "%s", op->cert_info.spki_sha256);
	return ledger_root_install(op->pki->ledger, c, e);
}

int root_install(struct op *op, const struct ca_response *answer, const struct run_mode *mode, struct out *o,
    struct err *e)
{
	static const struct op_step read = { STEP_OF(op, "read the certificate"), .probe = root_install_read_probe };
	static const struct op_step record = { STEP_OF(op, "prove the key and record the certificate"),
		.probe = record_probe, .run = root_install_record_run };
	static const struct op_list list[] = { STEP(op, read), STEP(op, record), STEP(op, step_install), STEPS_END };
	struct job j = { .op = *op, .answer = answer };
	int result;

	j.op.purpose = "root";
	j.op.device = "";
	result = op_run(list, &j.op, mode, o, e);
	*op = j.op;
	buf_clear(&j.issuers);
	op->cert.issuers = (struct bytes){ 0 };
	return result < 0 ? err_while(e, "installing the certificate of root '%s'", op->name) : 0;
}
