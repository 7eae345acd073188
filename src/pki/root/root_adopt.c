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
#include "pki/request_check.h"
#include "pki/key/key_location.h"
#include "pki/key/root_hardware.h"
#include "pki/root/root_name.h"
#include "pki/root/root_origin.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"

#define FILE_MAX (1024 * 1024)
#define TEMPLATE_NAME "adopted" /* template name of the certificate, which no template made */

struct job {
	struct op op;                /* first member: steps receive its address */
	const struct adopt_args *args;
};

static int root_adopt_refuse(const char *code, const char *why, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the certificate %s", why);
	return err_rule(e, code, hint);
}

/* Failures refuse the root; properties that Azure's own recipes omit are warnings. */
static int root_adopt_judge(const struct op *op, struct err *e)
{
	const struct cert_info *c = &op->cert_info;
	const struct facts f = { .have = FACT_CERT | FACT_TEMPLATE, .now = clock_now(&op->pki->clock), .cert = c,
		.template = op->template };
	const struct ui *ui = op->pki->ui;
	struct findings all = { .n = 0 };

	if (!c->is_self_signed)
		return root_adopt_refuse("root-not-self-signed", "is not signed by its own key",
		    "give the certificate of the root itself", e);
	if (findings_run(all_rules, op->template->rule_set, &f, &all, e) < 0 || findings_refuse(&all, e) < 0)
		return -1;
	if (cert_verify(c->der, c->der, 0, e) < 0) /* the root that clients' certificates will be verified with */
		return root_adopt_refuse("root-not-ca", "may not sign others", "give the certificate of a CA", e);
	for (size_t i = 0; i < all.n; i++)
		if (all.all[i].severity == FINDING_WARN)
			ui->warn(ui->self, all.all[i].id, all.all[i].text);
	return 0;
}

static int root_adopt_read_file(struct op *op, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	op->cert_der.len = 0;
	if (file_read(&file, path, FILE_MAX, e) < 0 || der_from_file(&op->cert_der, buf_bytes(&file), DER_CERT, e) < 0)
		return -1;
	return cert_read(&op->cert_info, buf_bytes(&op->cert_der), e);
}

static int root_adopt_read_probe(struct op *op, enum step_state *out, struct err *e)
{
	const struct job *j = (const struct job *)op;

	*out = STEP_DONE; /* look() does everything */
	if (root_check_name(op->name, e) < 0)
		return -1;
	if (root_adopt_read_file(op, j->args->cert_file, e) < 0 || root_adopt_judge(op, e) < 0)
		return err_while(e, "reading root certificate '%s'", j->args->cert_file);
	return op_card_open(op, e) < 0 ? -1 : root_check_hardware(op, e);
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
static bool is_renewal(const struct op *op)
{
	return op->cert_info.is_self_signed && strcmp(op->cert_info.key_sha256, op->key.key_sha256) == 0 &&
	    strcmp(op->cert_info.subject, op->root.row.subject) == 0 &&
	    is_newer(&op->cert_info, &op->cert);
}

/* The root with this certificate was adopted before: only its certificate on the token is left to write. */
static int adopt_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct cert_query q = { .roots_only = true };
	AUTO_VALUE(buf) spki = { 0 };
	bool found = false, is_here;

	*out = STEP_TODO;
	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_root_find(&op->root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	q.id = op->root.row.cert_id;
	if (!found || q.id == 0) { /* an abandoned name is free; the ledger refuses a name in use */
		op->root.row = (struct root_row){ .id = 0 };
		return 0;
	}
	if (ledger_cert_find(&op->cert, NULL, &found, op->pki->ledger, &q, e) < 0 ||
	    ledger_key_get(&op->key, op->pki->ledger, op->root.row.key_id, e) < 0)
		return -1;
	if (!found || (strcmp(op->cert.fingerprint, op->cert_info.fingerprint) != 0 && !is_renewal(op)))
		return root_adopt_name_taken(
		    op, "another certificate", "choose another name; see `p11ca root list`", e);
	if (ledger_key_spki(&spki, op->pki->ledger, op->key.id, e) < 0 ||
	    key_location_is_here(&is_here, op, buf_bytes(&spki), e) < 0)
		return -1;
	if (!is_here)
		return root_adopt_name_taken(op, "its key on another token",
		    "name that token; `p11ca root attach` records another one with the same key", e);
	if (strcmp(op->cert.fingerprint, op->cert_info.fingerprint) == 0) {
		*out = STEP_DONE;
		return 0;
	}
	op->renewed = op->cert;
	op->cert = (struct cert_row){ .id = 0 };
	return 0;
}

static void root_adopt_fill_cert(struct op *op)
{
	struct cert_row *c = &op->cert;

	(void)snprintf(c->name, sizeof(c->name), "%s", op->name);
	(void)snprintf(c->template_name, sizeof(c->template_name), TEMPLATE_NAME);
	(void)snprintf(c->serial, sizeof(c->serial), "%s", op->cert_info.serial);
	(void)snprintf(c->subject, sizeof(c->subject), "%s", op->cert_info.subject);
	(void)snprintf(c->spki_sha256, sizeof(c->spki_sha256), "%s", op->cert_info.spki_sha256);
	c->not_before = op->cert_info.not_before;
	c->not_after = op->cert_info.not_after;
	c->der = buf_bytes(&op->cert_der);
}

static void fill_rows(struct op *op)
{
	struct key_row *k = &op->key;
	struct root_row *r = &op->root.row;

	(void)snprintf(k->purpose, sizeof(k->purpose), "%s", op->purpose);
	(void)snprintf(k->name, sizeof(k->name), "%s", op->name);
	(void)snprintf(k->spec, sizeof(k->spec), "%s", op->cert_info.key_name);
	(void)snprintf(r->name, sizeof(r->name), "%s", op->name);
	(void)snprintf(r->subject, sizeof(r->subject), "%s", op->cert_info.subject);
	(void)snprintf(r->origin, sizeof(r->origin), "%s", adopt_origin(&k->evidence));
	root_adopt_fill_cert(op);
}

static int adopt_renewal(struct op *op, struct err *e)
{
	struct cert_row *c = &op->cert;

	if (op_card_login(op, e) < 0 || op_find_cert_key(op, &op->cert_info, e) < 0 ||
	    op_prove_key(op, PROOF_FOUND, e) < 0)
		return -1;
	root_adopt_fill_cert(op);
	c->root_id = op->root.row.id;
	c->key_id = op->key.id;
	c->is_root = true;
	c->renews = op->renewed.id;
	return ledger_root_install(op->pki->ledger, c, e);
}

/* A ledger is created when the key is found and accepted, not when the command is refused. */
static int adopt_run(struct op *op, struct err *e)
{
	const struct job *j = (const struct job *)op;
	struct root_adoption a = { .key = &op->key, .root = &op->root.row, .cert = &op->cert };
	struct key_evidence stated;

	if (op->renewed.id != 0)
		return adopt_renewal(op, e);
	if (op_card_login(op, e) < 0 || op_find_cert_key(op, &op->cert_info, e) < 0 ||
	    token_read_evidence(&stated, op->card, op->key.location.cka_id, e) < 0 ||
	    adopt_check_origin(op, &stated, j->args->accept_imported, e) < 0 ||
	    pki_use_ledger(op->pki, LEDGER_CREATE, false, e) < 0 || op_prove_key(op, PROOF_FOUND, e) < 0)
		return -1;
	fill_rows(op);
	a.spki = buf_bytes(&op->spki);
	return ledger_root_adopt(op->pki->ledger, &a, e);
}

/* Adopted before: the key must still exist. */
static int adopt_check(struct op *op, struct err *e)
{
	op->spki.len = 0;
	if (ledger_key_spki(&op->spki, op->pki->ledger, op->key.id, e) < 0 || op_card_login(op, e) < 0)
		return -1;
	return op_check_key(op, PROOF_AUDIT, e);
}

int root_adopt(struct op *op, const struct adopt_args *args, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step read = { STEP_OF(op, "read the certificate"), .probe = root_adopt_read_probe };
	static const struct op_step adopt = { STEP_OF(op, "prove and record the key"), .probe = adopt_probe,
		.run = adopt_run, .check = adopt_check };
	static const struct op_list list[] = { STEP(op, read), STEP(op, adopt), STEP(op, step_install), STEPS_END };
	struct job j = { .op = *op, .args = args };
	int result;

	j.op.purpose = "root";
	j.op.device = "";
	result = op_run(list, &j.op, mode, o, e);
	*op = j.op;
	return result < 0 ? err_while(e, "adopting root '%s'", op->name) : 0;
}

static int attach_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = STEP_TODO;
	if (issuer_find(&op->root, op->pki, op->name, e) < 0)
		return -1;
	op->key = op->root.key;
	return op_card_open(op, e) < 0 ? -1 : root_check_hardware(op, e);
}

static int attach_run(struct op *op, struct err *e)
{
	if (op_card_login(op, e) < 0 || op_find_key(op, op->root.key.key_sha256, e) < 0 ||
	    op_prove_key(op, PROOF_FOUND, e) < 0)
		return -1;
	return ledger_key_attached(op->pki->ledger, op->key.id, &op->key.location, &op->key.evidence, e);
}

int root_attach(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step attach = { STEP_OF(op, "prove the key on this token"), .probe = attach_probe,
		.run = attach_run };
	static const struct op_list list[] = { STEP(op, attach), STEPS_END };

	op->purpose = "root";
	op->device = "";
	return op_run(list, op, mode, o, e) < 0 ? err_while(e, "attaching root '%s'", op->name) : 0;
}
