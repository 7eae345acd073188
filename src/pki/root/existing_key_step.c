/* SPDX-License-Identifier: MIT */
/* existing_key_step.c - finds a root's existing key on the token by its id, and proves it. */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/card_owner.h"
#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/key/key_location.h"
#include "pki/key/root_hardware.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "pki/root/root_origin.h"
#include "util/text.h"
#include "x509/key/spki.h"
#include "x509/name.h"
#include "x509/templates.h"

static int existing_key_step_refuse_name(const struct op *op, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' exists with another key", op->name);
	return err_rule(e, "root-name-taken", "choose another name; see `p11ca root list`");
}

/* The SKI is that of RFC 5280, 4.2.1.2 (1), because an id chosen by another program may not depend on the key. */
static int existing_key_step_read_key(struct issue_job *job, struct spki_facts *facts, struct err *e)
{
	if (spki_read(facts, buf_bytes(&job->key.spki), e) < 0 || op_know_key(&job->key, e) < 0)
		return -1;
	return hash_sha1_hex(job->ski, facts->key_bits, e);
}

static int check_subject(const struct issue_job *job, struct err *e)
{
	char subject[sizeof(job->key.root.row.subject)];

	name_format(subject, sizeof(subject), buf_bytes(&job->subject));
	if (strcmp(subject, job->key.root.row.subject) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "root '%s' exists with another subject, %s", job->key.op.name,
	    job->key.root.row.subject);
	return err_rule(e, "root-name-taken", "choose another name; see `p11ca root list`");
}

/* A run that died between key and certificate continues; any other use of the name is refused. */
static int existing_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	struct spki_facts facts;
	bool found = false, is_here;

	*out = STEP_PENDING;
	if (op_card_open(&job->key, e) < 0 || root_check_hardware(&job->key, e) < 0)
		return -1;
	if (op->pki->ledger == NULL || job->key.row.id != 0)
		return 0;
	if (ledger_root_find(&job->key.root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	if (!found) {
		job->key.root.row = (struct root_row){ .id = 0 };
		return card_refuse_other(&job->key, e);
	}
	if (ledger_key_get(&job->key.row, op->pki->ledger, job->key.root.row.key_id, e) < 0)
		return -1;
	job->key.spki.len = 0;
	if (ledger_key_spki(&job->key.spki, op->pki->ledger, job->key.row.id, e) < 0 ||
	    key_location_is_here(&is_here, &job->key, buf_bytes(&job->key.spki), e) < 0)
		return -1;
	if (!key_is(&job->key.row, KEY_PROVED) || strcmp(job->key.row.location.cka_id, job->key.existing_id) != 0 ||
	    !is_here)
		return existing_key_step_refuse_name(op, e);
	if (check_subject(job, e) < 0)
		return -1;
	*out = STEP_DONE;
	return existing_key_step_read_key(job, &facts, e);
}

static int existing_key_step_find_key(struct issue_job *job, struct spki_facts *facts, struct err *e)
{
	struct key_ref key;

	job->key.spki.len = 0;
	if (token_find_key(&key, job->key.card, job->key.existing_id, e) < 0 ||
	    token_read_spki(&job->key.spki, job->key.card, job->key.existing_id, e) < 0)
		return err_while(e, "finding the key with CKA_ID %s on token '%s'", job->key.existing_id,
		    job->key.card_info.label);
	(void)snprintf(job->key.row.location.label, sizeof(job->key.row.location.label), "%s", key.label);
	(void)snprintf(job->key.row.location.cka_id, sizeof(job->key.row.location.cka_id), "%s", job->key.existing_id);
	op_fill_location(&job->key);
	if (existing_key_step_read_key(job, facts, e) < 0)
		return -1;
	return template_check_key(job->key.template, &facts->key, facts->name, e);
}

static int existing_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct root_adoption a = { .key = &job->key.row, .root = &job->key.root.row };
	struct root_row *root = &job->key.root.row;
	struct key_evidence stated;
	struct spki_facts facts;

	if (op_card_login(&job->key, e) < 0 || existing_key_step_find_key(job, &facts, e) < 0 ||
	    adopt_check_key(&stated, &job->key, job->key.existing_id, e) < 0 ||
	    adopt_check_origin(&job->key, &stated, job->accept_imported, e) < 0 ||
	    pki_use_ledger(op->pki, LEDGER_CREATE, job->key.is_test, e) < 0 ||
	    op_prove_key(&job->key, PROOF_FOUND, e) < 0)
		return -1;
	(void)snprintf(job->key.row.purpose, sizeof(job->key.row.purpose), "root");
	(void)snprintf(job->key.row.name, sizeof(job->key.row.name), "%s", op->name);
	(void)snprintf(job->key.row.spec, sizeof(job->key.row.spec), "%s", facts.name);
	(void)snprintf(root->name, sizeof(root->name), "%s", op->name);
	(void)snprintf(root->origin, sizeof(root->origin), "%s", adopt_origin(&job->key.row.evidence));
	name_format(root->subject, sizeof(root->subject), buf_bytes(&job->subject));
	a.spki = buf_bytes(&job->key.spki);
	return ledger_root_adopt(op->pki->ledger, &a, e);
}

static int existing_check(struct issue_job *job, struct err *e)
{
	return op_card_login(&job->key, e) < 0 ? -1 : op_check_key(&job->key, PROOF_AUDIT, e);
}

const struct issue_job_step step_existing_key = { STEP_OF(issue_job, "prove and record the key"),
	.probe = existing_probe, .run = existing_run, .check = existing_check };
