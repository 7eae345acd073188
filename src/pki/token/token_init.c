/* SPDX-License-Identifier: MIT */
/* token_init.c - initialises a token; lists the objects that are erased, and asks for confirmation. */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "pki/token/token_ops.h"

struct live {
	const struct token_info *info;
	struct ledger *ledger;
	char name[256];              /* the first key that must not be erased */
};

static int token_init_any(const struct cert_row *row, void *arg, struct err *e)
{
	(void)row;
	(void)e;
	*(bool *)arg = true;
	return 0;
}

static bool is_on_token(const struct key_row *row, const struct token_info *info)
{
	return !key_is(row, KEY_ORPHAN) && strcmp(row->location.token_serial, info->serial) == 0 &&
		strcmp(row->location.token_manufacturer, info->manufacturer) == 0 &&
		strcmp(row->location.token_label, info->label) == 0;
}

/* Whether a key must not be erased: a root's key always; a client's while a certificate of it is live. */
static int token_init_is_live(const struct key_row *row, void *arg, struct err *e)
{
	struct live *l = arg;
	const struct cert_query q = { .key_sha256 = row->key_sha256, .live_only = true };
	bool has_cert = false;

	if (l->name[0] != '\0' || !is_on_token(row, l->info))
		return 0;
	if (strcmp(row->purpose, "root") != 0 && row->key_sha256[0] != '\0' &&
	    ledger_each_cert(l->ledger, &q, token_init_any, &has_cert, e) < 0)
		return -1;
	if (has_cert || strcmp(row->purpose, "root") == 0)
		(void)snprintf(l->name, sizeof(l->name), "%s", row->name);
	return 0;
}

static int token_init_refuse_live(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;
	struct live l = { .info = &job->card_info, .ledger = op->pki->ledger };

	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_each_key(op->pki->ledger, token_init_is_live, &l, e) < 0)
		return -1;
	if (l.name[0] == '\0')
		return 0;
	(void)err_set(e, ERR_POLICY, "token '%s' contains the key of '%s', which has a valid "
	    "certificate", job->card_info.label, l.name);
	e->code = "token-has-live-key";
	e->hint = "p11ca does not erase a key with a valid certificate: revoke the certificate first";
	return -1;
}

struct labelled {
	const struct token_init_job *job;
	char serial[sizeof(((struct token_info *)NULL)->serial)]; /* of another token with the label; "" = none */
};

static int token_init_compare_label(const struct token_info *info, void *arg, struct err *e)
{
	struct labelled *l = arg;
	const struct token_info *own = &l->job->key.card_info;

	(void)e;
	if (info->is_initialised && strcmp(info->label, l->job->label) == 0 &&
	    (l->job->key.where == NULL || strcmp(info->serial, own->serial) != 0))
		(void)snprintf(l->serial, sizeof(l->serial), "%s", info->serial);
	return 0;
}

/* Two tokens of one label: from then on, no command finds either by the label. */
static int token_init_refuse_label(const struct token_init_job *job, struct err *e)
{
	struct labelled l = { .job = job };

	if (token_each(job->key.card_module, token_init_compare_label, &l, e) < 0)
		return -1;
	if (l.serial[0] == '\0')
		return 0;
	(void)err_set(e, ERR_POLICY, "token '%s', serial %s, already has this label", job->label, l.serial);
	return err_rule(e, "token-label-taken", "choose another --label, or initialise that token again: "
	    "`p11ca token init TOKEN --label LABEL --erase`");
}

static int init_probe(struct token_init_job *job, enum step_state *out, struct err *e)
{
	struct key_job *key = &job->key;

	*out = STEP_PENDING;
	if (strlen(job->label) > 32)
		return err_set(e, ERR_USAGE, "a token label has at most 32 bytes");
	if (pki_module(&key->card_module, key->op.pki, key->where, e) < 0)
		return -1;
	if (key->where == NULL)
		return token_init_refuse_label(job, e);
	if (token_find(&key->card_info, key->card_module, key->where, e) < 0 || token_init_refuse_live(key, e) < 0 ||
	    token_init_refuse_label(job, e) < 0)
		return -1;
	if (key->card_info.is_initialised && !job->erase) {
		(void)err_set(e, ERR_POLICY, "token '%s', serial %s, is already initialised", key->card_info.label,
		    key->card_info.serial);
		e->code = "token-not-empty";
		e->hint = "--erase destroys every key and certificate on it";
		return -1;
	}
	return 0;
}

struct erased {
	const struct token_info *info;
	struct buf ids;              /* row ids of keys (int64_t) */
};

static int keep_erased(const struct key_row *row, void *arg, struct err *e)
{
	struct erased *gone = arg;

	return is_on_token(row, gone->info) ? buf_add(&gone->ids, &row->id, sizeof(row->id), e) : 0;
}

/*
 * Records the erased keys as gone; otherwise the client could not be enrolled again, because the ledger would expect
 * its key.
 */
static int record_erased(struct op *op, const struct token_info *before, struct err *e)
{
	struct erased gone = { .info = before };
	int64_t id;
	int result;

	if (op->pki->ledger == NULL || !before->is_initialised)
		return 0;
	result = ledger_each_key(op->pki->ledger, keep_erased, &gone, e);
	for (size_t i = 0; result == 0 && i < gone.ids.len; i += sizeof(id)) {
		memcpy(&id, gone.ids.data + i, sizeof(id));
		result = ledger_key_replaced(op->pki->ledger, id, e);
	}
	buf_clear(&gone.ids);
	return result < 0 ? err_while(e, "recording that the keys of the token were erased; run the command again") : 0;
}

static int init_run(struct token_init_job *job, struct err *e)
{
	struct key_job *key = &job->key;
	const struct token_info before = key->card_info;
	char question[800];

	(void)snprintf(
	    question, sizeof(question), "This destroys every key and certificate on token %s.", key->card_info.uri);
	if (key->card_info.is_initialised && op_confirm(&key->op, question, key->card_info.label, e) < 0)
		return -1;
	if (token_init(&key->card_info, key->card_module, key->where, job->label, e) < 0)
		return err_while(e, "initialising token '%s'", job->label);
	if (record_erased(&key->op, &before, e) < 0)
		return -1;
	return op_note(key, "token-initialised", e);
}

int token_init_op(struct token_init_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct token_init_job_step init_step = { STEP_OF(token_init_job, "initialise the token"),
		.probe = init_probe, .run = init_run };
	static const struct token_init_job_list list[] = { STEP(token_init_job, init_step), STEPS_END };

	return token_init_job_run(list, job, mode, o, e);
}
