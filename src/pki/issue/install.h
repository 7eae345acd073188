/* SPDX-License-Identifier: MIT */
/* install.h - writes certificates to tokens. */
#ifndef PKI_ISSUE_INSTALL_H
#define PKI_ISSUE_INSTALL_H

#include "pki/issue/issue_job.h"

/* Whether the token has a certificate with exactly these bytes; no login needed. */
int install_is_there(bool *out, struct token *t, struct bytes der, struct err *e) MUST_CHECK;
/* Writes it with every attribute that other programs use to find it; 0 if it exists. Logged in. */
int install_cert(struct token *t, struct bytes der, const char *id, const char *label, struct err *e) MUST_CHECK;
/* The same; old is the certificate that may have the id until then; it is removed after der is written. */
int install_cert_over(struct token *t, struct bytes der, struct bytes old, const char *id, const char *label,
    struct err *e) MUST_CHECK;
/*
 * Writes a CA's certificate under its subject key identifier, labelled label (NULL = its commonName). An earlier
 * certificate of the same CA key and name is replaced. -1: ERR_POLICY "id-taken" (another object has the id).
 */
int install_ca(struct token *t, struct bytes der, const char *label, struct err *e) MUST_CHECK;
/* Writes CA certificates (x509/issuers.h), each under its subject key identifier. Logged in. */
int install_issuers(struct token *t, struct bytes issuers, struct err *e) MUST_CHECK;

#endif
