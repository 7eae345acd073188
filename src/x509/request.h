/* SPDX-License-Identifier: MIT */
/* request.h - reads PKCS#10 requests (RFC 2986). */
#ifndef X509_REQUEST_H
#define X509_REQUEST_H

#include "model/request_info.h"
#include "util/cleanup.h"
#include "util/err.h"
#include "x509/signer.h"

#define REQUEST_MAX (64 * 1024) /* bytes of a file; RSA-16384 with every extension is below 8 KiB */

/*
 * Reads one DER request; out->der borrows der, out->spki is owned. Checks the form only: the rules in lint/request.c
 * judge the content. -1 (ERR_INPUT): not a request, bytes after it.
 */
int request_read(struct request_info *out, struct bytes der, struct err *e) MUST_CHECK;
void request_clear(struct request_info *r);
AUTO_VALUE_DEFINE(request_info, request_clear);

#endif
