/* SPDX-License-Identifier: MIT */
/* token_ops.h - operations on a token as a whole. */
#ifndef PKI_TOKEN_TOKEN_OPS_H
#define PKI_TOKEN_TOKEN_OPS_H

#include "pki/op.h"

/* where NULL: the first slot without a token's contents.  What is erased is shown and asked for. */
int token_init_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
int token_pin_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Destroys what a dead run left under existing_id, after showing it and asking. */
int token_clean_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Proves every private key on the token again.  Rows to o, list "keys".  1: findings. */
int token_audit(struct pki *p, const struct token_uri *where, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field audit_fields[];

#endif
