/* SPDX-License-Identifier: MIT */
/* token_ops.h - operations on a whole token: initialise it, change its PINs, remove leftover keys, audit its keys. */
#ifndef PKI_TOKEN_TOKEN_OPS_H
#define PKI_TOKEN_TOKEN_OPS_H

#include "pki/key/key_job.h"

struct token_init_job {
	struct key_job key;          /* where NULL: the first slot that has no token */
	const char *label;           /* of the token from then on */
	bool erase;                  /* also where the token is initialised already */
};
static inline void token_init_job_clear(struct token_init_job *job)
{
	key_job_clear(&job->key);
}
AUTO_VALUE_DEFINE(token_init_job, token_init_job_clear);
#define token_init_job_STEPS key_job_STEPS, const struct token_init_job_step *: 0
JOB_DEFINE(token_init_job, key.op);

/* Initialises the token.  What is erased is shown and must be confirmed. */
int token_init_op(struct token_init_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

struct token_pin_job {
	struct key_job key;
	enum pin_change pin_change;
};
static inline void token_pin_job_clear(struct token_pin_job *job)
{
	key_job_clear(&job->key);
}
AUTO_VALUE_DEFINE(token_pin_job, token_pin_job_clear);
#define token_pin_job_STEPS key_job_STEPS, const struct token_pin_job_step *: 0
JOB_DEFINE(token_pin_job, key.op);

int token_pin_op(struct token_pin_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Destroys the objects that an interrupted run left with CKA_ID existing_id.  They are shown and must be confirmed. */
int token_clean_op(struct key_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Makes each private key on the token sign, and checks its attributes.  Prints list "keys" to o.  1: findings. */
int token_audit(struct pki *p, const struct token_uri *where, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field audit_fields[];

#endif
