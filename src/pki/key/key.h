/* SPDX-License-Identifier: MIT */
/* key.h - a key on a card: found, made, proved, and its request. */
#ifndef PKI_KEY_KEY_H
#define PKI_KEY_KEY_H

#include "pki/op.h"

/*
 * Finds the private key on the token whose public half has this value, logged in: fills key.location and spki.
 * -1 (ERR_NOT_FOUND): none, or several.
 */
int op_find_key(struct op *op, const char *key_sha256, struct err *e) MUST_CHECK;
/* The same for the key of op->cert_info. -1 (ERR_POLICY, "certificate-key-differs"): another exponent. */
int op_find_cert_key(struct op *op, struct err *e) MUST_CHECK;
/* Fills the location with the token and its module, without id and label. */
void op_fill_location(struct op *op);
/*
 * Proves the key at key.location against spki, with a fresh challenge: fills key.evidence, and warns of accepted
 * risks that the token states of a key (not for clients' new keys). The root's token is closed and opened again. As
 * token_prove().
 */
int op_prove_key(struct op *op, enum proof how, struct err *e) MUST_CHECK;
/*
 * Checks on the token a key that an earlier run proved, logged in: fills key.evidence. As token_check_key(); a
 * missing key: ERR_NOT_FOUND "key-missing".
 */
int op_check_key(struct op *op, enum proof how, struct err *e) MUST_CHECK;

/* Makes the request of op->name for op->spki, signed by s: fills subject, request_der and request. */
int op_sign_request(struct op *op, const struct signer *s, struct err *e) MUST_CHECK;

/* The same for the subject in op. */
int op_sign_request_as(struct op *op, const struct signer *s, struct err *e) MUST_CHECK;

/* Appends the request as PEM. */
int request_pem(struct buf *out, const struct op *op, struct err *e) MUST_CHECK;

/* What a dry run shows of a key that is not there yet: record "key". */
extern const struct out_field key_shown_fields[];

/* Steps of operations. */
extern const struct op_step step_plan_key, step_generate_key, step_prove_key;         /* key_steps.c */
extern const struct op_step step_check_key;                                           /* key_proof.c */
extern const struct op_step step_ask_request, step_build_request, step_write_request; /* request_step.c */

#endif
