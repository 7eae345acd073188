/* SPDX-License-Identifier: MIT */
/* token_clean.c - destroys objects that an interrupted run left on a token, and no other objects. */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/op.h"
#include "pki/token/token_ops.h"

struct there {
	const char *id;
	unsigned n_private, n_public, n_cert;
};

static int count_object(const struct object_info *o, void *arg, struct err *e)
{
	struct there *t = arg;

	(void)e;
	if (strcmp(o->id, t->id) == 0) {
		t->n_private += o->class == OBJECT_PRIVATE_KEY;
		t->n_public += o->class == OBJECT_PUBLIC_KEY;
		t->n_cert += o->class == OBJECT_CERTIFICATE;
	}
	return 0;
}

struct known {
	const struct key_job *job;
	struct key_row row;          /* other objects with this id on this token */
	bool is_proved;              /* a key with this id was proved, on any token */
};

static int token_clean_same_id(const struct key_row *row, void *arg, struct err *e)
{
	struct known *k = arg;
	const struct token_info *card = &k->job->card_info;

	(void)e;
	if (strcmp(row->location.cka_id, k->job->existing_id) != 0)
		return 0;
	k->is_proved |= key_is(row, KEY_PROVED);
	if (strcmp(row->location.token_serial, card->serial) == 0 &&
	    strcmp(row->location.token_manufacturer, card->manufacturer) == 0)
		k->row = *row;
	return 0;
}

static int not_an_orphan(const struct key_job *job, const char *why, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the key %s on token '%s' %s", job->existing_id, job->card_info.label, why);
	e->code = "key-not-orphan";
	e->hint = "see `p11ca ledger recover` and `p11ca token show` for what is left over";
	return -1;
}

static int clean_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->op;
	struct known k = { .job = job };

	*out = STEP_PENDING;
	if (op_card_open(job, e) < 0)
		return -1;
	/* a key that a restored ledger has as planned may be in use */
	if (op->pki->ledger != NULL && (ledger_may_sign(op->pki->ledger, e) < 0 ||
					   ledger_each_key(op->pki->ledger, token_clean_same_id, &k, e) < 0))
		return -1;
	job->row = k.row;
	if (k.is_proved)
		return not_an_orphan(job, "is proved and in use", e);
	if (k.row.id != 0 && !key_is(&k.row, KEY_ORPHAN) && !k.row.is_writer_dead)
		return not_an_orphan(job, "is being made right now", e);
	return 0;
}

/*
 * Of objects that are not in the ledger only a single public half may be destroyed: many tokens keep private keys
 * without public halves.
 */
static int token_clean_judge(struct key_job *job, const struct there *t, struct err *e)
{
	AUTO_VALUE(buf) known = { 0 };
	bool is_same = true;

	if (t->n_private + t->n_public == 0) {
		(void)err_set(
		    e, ERR_NOT_FOUND, "token '%s' has no key with the id %s", job->card_info.label, job->existing_id);
		e->hint = "see `p11ca token audit TOKEN` for the keys that it has";
		return -1;
	}
	if (t->n_cert > 0)
		return not_an_orphan(job, "has a certificate", e);
	if (job->row.id == 0)
		return t->n_private > 0 ? not_an_orphan(job, "is one that the ledger does not know", e) : 0;
	if (t->n_private == 0 || t->n_public == 0)
		return 0;
	if (token_read_spki(&job->spki, job->card, job->existing_id, e) < 0 ||
	    ledger_key_spki(&known, job->op.pki->ledger, job->row.id, e) < 0)
		return -1;
	if (known.len > 0 && key_is_same(&is_same, buf_bytes(&known), buf_bytes(&job->spki), e) < 0)
		return -1;
	if (!is_same)
		return not_an_orphan(job, "is another than the one that the ledger knows", e);
	return 0;
}

static int clean_run(struct key_job *job, struct err *e)
{
	struct there t = { .id = job->existing_id };
	char question[800];
	unsigned n;

	if (op_card_login(job, e) < 0 || token_each_object(job->card, count_object, &t, e) < 0 ||
	    token_clean_judge(job, &t, e) < 0)
		return -1;
	(void)snprintf(question, sizeof(question),
	    "This destroys %u private and %u public key object with id %s on %s.", t.n_private, t.n_public,
	    job->existing_id, job->card_info.uri);
	if (op_confirm(&job->op, question, job->existing_id, e) < 0)
		return -1;
	if (token_destroy_key(&n, job->card, job->existing_id, buf_bytes(&job->spki), e) < 0)
		return err_while(e, "destroying the orphan %s", job->existing_id);
	if (job->row.id != 0 && !key_is(&job->row, KEY_ORPHAN) &&
	    ledger_key_orphan(job->op.pki->ledger, job->row.id, "destroyed with token clean", e) < 0)
		return -1;
	return op_note(job, "orphan-destroyed", e);
}

int token_clean_op(struct key_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct key_job_step clean_step = { STEP_OF(key_job, "destroy the orphan"), .probe = clean_probe,
		.run = clean_run };
	static const struct key_job_list list[] = { STEP(key_job, clean_step), STEPS_END };

	job->op.purpose = "client";
	job->op.name = job->existing_id;
	return key_job_run(list, job, mode, o, e);
}
