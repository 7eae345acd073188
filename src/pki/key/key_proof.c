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
static bool close_root(struct key_job *job)
{
	struct issuer *r = &job->root;

	if (r->token == NULL || r->is_shared || r->signer.self != NULL)
		return false;
	token_close(STEAL(r->token));
	uri_free(STEAL(r->where));
	return true;
}

static int key_proof_warn_of(const struct key_job *job, struct err *e)
{
	struct key_ref key = { .object = 0 };
	const struct facts f = { .have = FACT_KEY, .key = &key, .evidence = &job->row.evidence };
	const struct ui *ui = job->op.pki->ui;
	struct findings all = { .n = 0 };

	(void)snprintf(key.id, sizeof(key.id), "%s", job->row.location.cka_id);
	if (findings_run(all_rules, "audit", &f, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		if (all.all[i].severity != FINDING_INFO)
			ui->warn(ui->self, all.all[i].id, all.all[i].text);
	return 0;
}

static int key_proof_prove(struct key_job *job, enum proof how, struct err *e)
{
	AUTO_VALUE(buf) challenge = { 0 };
	struct key_evidence *ev = &job->row.evidence;

	if (op_judge_key(job, false, e) < 0 || make_challenge(&challenge, &job->op, e) < 0 ||
	    token_prove(ev, job->card, &(struct key_to_prove){ job->row.location.cka_id, buf_bytes(&job->spki), how },
		buf_bytes(&challenge), e) < 0)
		return err_while(e, "proving the key of '%s'", job->op.name);
	ev->time = clock_now(&job->op.pki->clock);
	return how == PROOF_CARD ? 0 : key_proof_warn_of(job, e);
}

int op_prove_key(struct key_job *job, enum proof how, struct err *e)
{
	struct err at_open = ERR_INIT;
	bool was_open = false;
	int result;

	if (how == PROOF_CARD && job->root.signer.self != NULL && !job->root.is_shared)
		how = PROOF_CARD_NOW; /* the root stays logged in from one token to the next */
	else if (how != PROOF_AUDIT)
		was_open = close_root(job);
	result = key_proof_prove(job, how, e);
	if (!was_open || issuer_open(&job->root, job->op.pki, job->card, job->same_token, &at_open) == 0)
		return result;
	if (result < 0)
		return err_also(e, &at_open);
	*e = at_open;
	return -1;
}

static int is_missing(const struct key_job *job, const char *half, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "the key of '%s' is in the ledger, but its %s is not on token '%s'",
	    job->op.name, half, job->card_info.label);
	return err_rule(e, "key-missing", "compare the token with the ledger: `p11ca token audit`; if another program "
					  "erased the client's card: `p11ca token init TOKEN --erase --label LABEL`");
}

int op_check_key(struct key_job *job, enum proof how, struct err *e)
{
	struct key_evidence found;
	struct key_ref key;

	if (token_find_key(&key, job->card, job->row.location.cka_id, e) < 0)
		return e->status == ERR_NOT_FOUND ? is_missing(job, "private key", e) : -1;
	if (token_check_key(&found, job->card,
		&(struct key_to_prove){ job->row.location.cka_id, buf_bytes(&job->spki), how }, e) < 0)
		return err_while(e, "checking the key of '%s', which an earlier run proved", job->op.name);
	return 0;
}

static int key_proof_check_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	(void)job;
	(void)e;
	*out = STEP_DONE; /* look() does everything */
	return 0;
}

static int key_proof_check(struct key_job *job, struct err *e)
{
	return op_card_login(job, e) < 0 ? -1 : op_check_key(job, PROOF_AUDIT, e);
}

const struct key_job_step step_check_key = { STEP_OF(key_job, "check the key"), .probe = key_proof_check_probe,
	.check = key_proof_check };
