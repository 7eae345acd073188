/* SPDX-License-Identifier: MIT */
/* key_check.h - checks public keys that come without a request, before they are used. */
#ifndef PKI_KEY_KEY_CHECK_H
#define PKI_KEY_KEY_CHECK_H

#include "pki/key/key_job.h"

/* Fills the hashes of job->row from job->spki. */
int op_know_key(struct key_job *job, struct err *e) MUST_CHECK;
/*
 * Judges job->spki by the rules of set "key" (x509/lint/public_key.c), with job->template, or as a key of any type
 * without a template.
 * is_made_here: the token generated the key, so a flaw is the token's. -1 (ERR_POLICY): "key-…"; ERR_INPUT: not a
 * key.
 */
int op_judge_key(const struct key_job *job, bool is_made_here, struct err *e) MUST_CHECK;
/* *out: both SubjectPublicKeyInfo are of one key, in any encoding. */
int key_is_same(bool *out, struct bytes a, struct bytes b, struct err *e) MUST_CHECK;

#endif
