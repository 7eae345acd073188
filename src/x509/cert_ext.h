/* SPDX-License-Identifier: MIT */
/* cert_ext.h - reads the extensions of a certificate into plain data. */
#ifndef X509_CERT_EXT_H
#define X509_CERT_EXT_H

#include "model/cert_info.h"
#include "util/err.h"

/* Fills the fields of out that depend on extensions; list is a cert_view's. -1 (ERR_INPUT): a malformed extension. */
int cert_ext_read(struct cert_info *out, struct bytes list, struct err *e) MUST_CHECK;

#endif
