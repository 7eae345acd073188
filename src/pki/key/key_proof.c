/* SPDX-License-Identifier: MIT */
/* key_proof.c - proves the key of an operation, or checks whether a proved key is unchanged. */
#include <string.h>

#include "pki/issuer.h"
#include "pki/key/key.h"
#include "pki/request_check.h"
#include "pki/key/key_check.h"
#include "pki/op.h"
#include "util/random.h"

#define CHALLENGE_HEAD "p11ca key proof v1" /* never the beginning of a TBS, which begins with 0x30 */

/* head | ledger id | 32 random bytes */
static int make_challenge(struct buf *out, const struct op *op, struct err *e)
{
	const char *id = op->pki->ledger != NULL ? ledger_id(op->pki->ledger) : "no ledger";
	unsigned char tail[32];

	if (random_bytes(tail, sizeof(tail), e) < 0 ||
	    buf_add(out, CHALLENGE_HEAD, sizeof(CHALLENGE_HEAD) - 1, e) < 0 || buf_add(out, id, strlen(id), e) < 0)
		return -1;
	return buf_add(out, tail, sizeof(tail), e);
}

/* A module is initialised again only if no other module is open, because another path may be the same library. */
static bool close_root(struct op *op)
{
	struct issuer *r = &op->root;

	if (r->token == NULL || r->is_shared || r->signer.self != NULL)
		return false;
	token_close(STEAL(r->token));
	uri_free(STEAL(r->where));
	return true;
}

static int key_proof_warn_of(const struct op *op, struct err *e)
{
	struct key_ref key = { .object = 0 };
	const struct facts f = { .have = FACT_KEY, .key = &key, .evidence = &op->key.evidence };
	const struct ui *ui = op->pki->ui;
	struct findings all = { .n = 0 };

	(void)snprintf(key.id, sizeof(key.id), "%s", op->key.location.cka_id);
	if (findings_run(all_rules, "audit", &f, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		if (all.all[i].severity != FINDING_INFO)
			ui->warn(ui->self, all.all[i].id, all.all[i].text);
	return 0;
}

static int key_proof_prove(struct op *op, enum proof how, struct err *e)
{
	AUTO_VALUE(buf) challenge = { 0 };
	struct key_evidence *ev = &op->key.evidence;

	if (op_judge_key(op, false, e) < 0 || make_challenge(&challenge, op, e) < 0 ||
	    token_prove(ev, op->card, &(struct key_to_prove){ op->key.location.cka_id, buf_bytes(&op->spki), how },
		buf_bytes(&challenge), e) < 0)
		return err_while(e, "proving the key of '%s'", op->name);
	ev->time = clock_now(&op->pki->clock);
	return how == PROOF_CARD ? 0 : key_proof_warn_of(op, e);
}

int op_prove_key(struct op *op, enum proof how, struct err *e)
{
	struct err at_open = ERR_INIT;
	bool was_open = false;
	int result;

	if (how == PROOF_CARD && op->root.signer.self != NULL && !op->root.is_shared)
		how = PROOF_CARD_NOW; /* the root stays logged in from one token to the next */
	else if (how != PROOF_AUDIT)
		was_open = close_root(op);
	result = key_proof_prove(op, how, e);
	if (!was_open || issuer_open(&op->root, op->pki, op->card, op->same_token, &at_open) == 0)
		return result;
	if (result < 0)
		return err_also(e, &at_open);
	*e = at_open;
	return -1;
}

static int is_missing(const struct op *op, const char *half, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "the key of '%s' is in the ledger, but its %s is not on token '%s'", op->name,
	    half, op->card_info.label);
	return err_rule(e, "key-missing", "compare the token with the ledger: `p11ca token audit`; if another program "
					  "erased the client's card: `p11ca token init TOKEN --erase --label LABEL`");
}

int op_check_key(struct op *op, enum proof how, struct err *e)
{
	struct key_evidence found;
	struct key_ref key;

	if (token_find_key(&key, op->card, op->key.location.cka_id, e) < 0)
		return e->status == ERR_NOT_FOUND ? is_missing(op, "private key", e) : -1;
	if (token_check_key(&found, op->card,
		&(struct key_to_prove){ op->key.location.cka_id, buf_bytes(&op->spki), how }, e) < 0)
		return err_while(e, "checking the key of '%s', which an earlier run proved", op->name);
	return 0;
}

static int key_proof_check_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)op;
	(void)e;
	*out = STEP_DONE; /* look() does everything */
	return 0;
}

static int key_proof_check(struct op *op, struct err *e)
{
	return op_card_login(op, e) < 0 ? -1 : op_check_key(op, PROOF_AUDIT, e);
}

const struct op_step step_check_key = { STEP_OF(op, "check the key"), .probe = key_proof_check_probe,
	.check = key_proof_check };
