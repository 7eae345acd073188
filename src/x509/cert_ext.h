/* SPDX-License-Identifier: MIT */
/* cert_ext.h - the extensions of somebody's certificate as facts. */
#ifndef X509_CERT_EXT_H
#define X509_CERT_EXT_H

#include "model/cert_info.h"
#include "util/err.h"

/* Fills the fields of out that extensions decide; list is a cert_view's.  -1 (ERR_INPUT): one is malformed. */
int cert_ext_read(struct cert_info *out, struct bytes list, struct err *e) MUST_CHECK;

#endif
