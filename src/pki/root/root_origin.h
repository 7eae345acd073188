/* SPDX-License-Identifier: MIT */
/* root_origin.h - whether the key of an adopted root was made on its token. */
#ifndef PKI_ROOT_ROOT_ORIGIN_H
#define PKI_ROOT_ROOT_ORIGIN_H

#include "pki/key/key_job.h"

/* The origin of a key as its token states it: ORIGIN_LOCAL or ORIGIN_IMPORTED; static. */
const char *adopt_origin(const struct key_evidence *v);
/*
 * Reads what the token states about the key with this CKA_ID, and refuses a key that no option can make acceptable:
 * before the origin is judged, because --accept-imported would not help. Logged in. -1: as token_check_key().
 */
int adopt_check_key(struct key_evidence *stated, const struct key_job *job, const char *id, struct err *e)
    MUST_CHECK;
/*
 * -1 (ERR_POLICY, "root-imported"): the token does not state that it made the key, and --accept-imported was not
 * given.
 */
int adopt_check_origin(const struct key_job *job, const struct key_evidence *v, bool accept_imported, struct err *e)
    MUST_CHECK;

#endif
