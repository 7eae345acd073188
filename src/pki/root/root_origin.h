/* SPDX-License-Identifier: MIT */
/* root_origin.h - whether the key of an adopted root was made on its token. */
#ifndef PKI_ROOT_ROOT_ORIGIN_H
#define PKI_ROOT_ROOT_ORIGIN_H

#include "pki/key/key_job.h"

/* The origin of a key as its token states it: ORIGIN_LOCAL or ORIGIN_IMPORTED; static. */
const char *adopt_origin(const struct key_evidence *v);
/*
 * -1 (ERR_POLICY, "root-imported"): the token does not state that it made the key, and --accept-imported was not
 * given.
 */
int adopt_check_origin(const struct key_job *job, const struct key_evidence *v, bool accept_imported, struct err *e)
    MUST_CHECK;

#endif
