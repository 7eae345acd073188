/* SPDX-License-Identifier: MIT */
/* key.h - a key on a card: found, made and proved. */
#ifndef PKI_KEY_KEY_H
#define PKI_KEY_KEY_H

#include "pki/key/key_job.h"

/* Finds the card and opens it without login; refuses what can be refused (uninitialised, PIN locked). */
int op_card_open(struct key_job *job, struct err *e) MUST_CHECK;
/* Logs in once; later calls do nothing. */
int op_card_login(struct key_job *job, struct err *e) MUST_CHECK;
/* The same before something is written: by the SO where the card wants that. */
int op_card_login_to_fill(struct key_job *job, struct err *e) MUST_CHECK;

/* An event about the card, where there is a ledger. */
int op_note(struct key_job *job, const char *kind, struct err *e) MUST_CHECK;

/*
 * Finds the private key on the token whose public half has this value, logged in: fills key.location and spki.
 * -1 (ERR_NOT_FOUND): none, or several.
 */
int op_find_key(struct key_job *job, const char *key_sha256, struct err *e) MUST_CHECK;
/* The same for the key of a certificate. -1 (ERR_POLICY, "certificate-key-differs"): another exponent. */
int op_find_cert_key(struct key_job *job, const struct cert_info *cert, struct err *e) MUST_CHECK;
/* Fills the location with the token and its module, without id and label. */
void op_fill_location(struct key_job *job);
/*
 * Proves the key at key.location against spki, with a fresh challenge: fills key.evidence, and warns of accepted
 * risks that the token states of a key (not for clients' new keys). The root's token is closed and opened again. As
 * token_prove().
 */
int op_prove_key(struct key_job *job, enum proof how, struct err *e) MUST_CHECK;
/*
 * Checks on the token a key that an earlier run proved, logged in: fills key.evidence. As token_check_key(); a
 * missing key: ERR_NOT_FOUND "key-missing".
 */
int op_check_key(struct key_job *job, enum proof how, struct err *e) MUST_CHECK;

/* What a dry run shows of a key that is not there yet: record "key". */
extern const struct out_field key_shown_fields[];

/* Steps of operations. */
extern const struct key_job_step step_plan_key, step_generate_key, step_prove_key;         /* key_steps.c */
extern const struct key_job_step step_check_key;                                           /* key_proof.c */

#endif
