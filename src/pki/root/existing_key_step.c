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
	(void)err_set(e, ERR_POLICY, "there is a root '%s' with another key", op->name);
	return err_rule(e, "root-name-taken", "choose another name; see `p11ca root list`");
}

/* The SKI is that of RFC 5280, 4.2.1.2 (1), because an id chosen by another program may not depend on the key. */
static int existing_key_step_read_key(struct op *op, struct spki_facts *facts, struct err *e)
{
	if (spki_read(facts, buf_bytes(&op->spki), e) < 0 || op_know_key(op, e) < 0)
		return -1;
	return hash_sha1_hex(op->ski, facts->key_bits, e);
}

static int check_subject(const struct op *op, struct err *e)
{
	char subject[sizeof(op->root.row.subject)];

	name_format(subject, sizeof(subject), buf_bytes(&op->subject));
	if (strcmp(subject, op->root.row.subject) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "there is a root '%s' with another subject, %s", op->name, op->root.row.subject);
	return err_rule(e, "root-name-taken", "choose another name; see `p11ca root list`");
}

/* A run that died between key and certificate continues; any other use of the name is refused. */
static int existing_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct spki_facts facts;
	bool found = false, is_here;

	*out = STEP_TODO;
	if (op_card_open(op, e) < 0 || root_check_hardware(op, e) < 0)
		return -1;
	if (op->pki->ledger == NULL || op->key.id != 0)
		return 0;
	if (ledger_root_find(&op->root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	if (!found) {
		op->root.row = (struct root_row){ .id = 0 };
		return card_refuse_other(op, e);
	}
	if (ledger_key_get(&op->key, op->pki->ledger, op->root.row.key_id, e) < 0)
		return -1;
	op->spki.len = 0;
	if (ledger_key_spki(&op->spki, op->pki->ledger, op->key.id, e) < 0 ||
	    key_location_is_here(&is_here, op, buf_bytes(&op->spki), e) < 0)
		return -1;
	if (!key_is(&op->key, KEY_PROVED) || strcmp(op->key.location.cka_id, op->existing_id) != 0 || !is_here)
		return existing_key_step_refuse_name(op, e);
	if (check_subject(op, e) < 0)
		return -1;
	*out = STEP_DONE;
	return existing_key_step_read_key(op, &facts, e);
}

static int existing_key_step_find_key(struct op *op, struct spki_facts *facts, struct err *e)
{
	struct key_ref key;

	op->spki.len = 0;
	if (token_find_key(&key, op->card, op->existing_id, e) < 0 ||
	    token_read_spki(&op->spki, op->card, op->existing_id, e) < 0)
		return err_while(e, "looking for the key with the id %s on token '%s'", op->existing_id,
		    op->card_info.label);
	(void)snprintf(op->key.location.label, sizeof(op->key.location.label), "%s", key.label);
	(void)snprintf(op->key.location.cka_id, sizeof(op->key.location.cka_id), "%s", op->existing_id);
	op_fill_location(op);
	if (existing_key_step_read_key(op, facts, e) < 0)
		return -1;
	return template_check_key(op->template, &facts->key, facts->name, e);
}

static int existing_run(struct op *op, struct err *e)
{
	struct root_adoption a = { .key = &op->key, .root = &op->root.row };
	struct root_row *root = &op->root.row;
	struct key_evidence stated;
	struct spki_facts facts;

	if (op_card_login(op, e) < 0 || existing_key_step_find_key(op, &facts, e) < 0 ||
	    token_read_evidence(&stated, op->card, op->existing_id, e) < 0 ||
	    adopt_check_origin(op, &stated, op->accept_imported, e) < 0 ||
	    pki_use_ledger(op->pki, LEDGER_CREATE, op->is_test, e) < 0 || op_prove_key(op, PROOF_FOUND, e) < 0)
		return -1;
	(void)snprintf(op->key.purpose, sizeof(op->key.purpose), "root");
	(void)snprintf(op->key.name, sizeof(op->key.name), "%s", op->name);
	(void)snprintf(op->key.spec, sizeof(op->key.spec), "%s", facts.name);
	(void)snprintf(root->name, sizeof(root->name), "%s", op->name);
	(void)snprintf(root->origin, sizeof(root->origin), "%s", adopt_origin(&op->key.evidence));
	name_format(root->subject, sizeof(root->subject), buf_bytes(&op->subject));
	a.spki = buf_bytes(&op->spki);
	return ledger_root_adopt(op->pki->ledger, &a, e);
}

static int existing_check(struct op *op, struct err *e)
{
	return op_card_login(op, e) < 0 ? -1 : op_check_key(op, PROOF_AUDIT, e);
}

const struct op_step step_existing_key = { STEP_OF(op, "prove and record the key"), .probe = existing_probe,
	.run = existing_run, .check = existing_check };
