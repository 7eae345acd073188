/* SPDX-License-Identifier: MIT */
/* root_origin.h - whether the key of an adopted root was made on its token. */
#ifndef PKI_ROOT_ROOT_ORIGIN_H
#define PKI_ROOT_ROOT_ORIGIN_H

#include "pki/op.h"

/* Where a key came from, as its token states it: ORIGIN_LOCAL or ORIGIN_IMPORTED; static. */
const char *adopt_origin(const struct key_evidence *v);
/* -1 (ERR_POLICY, "root-imported"): it is not stated to have been made on op's card, and that was not accepted. */
int adopt_check_origin(const struct op *op, const struct key_evidence *v, bool accept_imported, struct err *e)
    MUST_CHECK;

#endif
