/* SPDX-License-Identifier: MIT */
/* install.h - certificates onto tokens. */
#ifndef PKI_ISSUE_INSTALL_H
#define PKI_ISSUE_INSTALL_H

#include "pki/op.h"

/* Whether the token has a certificate of just these bytes; no login needed. */
int install_is_there(bool *out, struct token *t, struct bytes der, struct err *e) MUST_CHECK;
/* Writes it with every attribute that other programs look for; there already: 0.  Logged in. */
int install_cert(struct token *t, struct bytes der, const char *id, const char *label, struct err *e) MUST_CHECK;
/* The same; old may have the id until then, and is taken off the token when der is there. */
int install_cert_over(struct token *t, struct bytes der, struct bytes old, const char *id, const char *label,
    struct err *e) MUST_CHECK;
/*
 * A CA's certificate under its subject key identifier, called label (NULL = its commonName).  One that the CA had
 * before under the same key and name goes: the id is the same.  -1: ERR_POLICY "id-taken" (something else has it).
 */
int install_ca(struct token *t, struct bytes der, const char *label, struct err *e) MUST_CHECK;
/* CA certificates (x509/issuers.h), each under its subject key identifier.  Logged in. */
int install_issuers(struct token *t, struct bytes issuers, struct err *e) MUST_CHECK;

#endif
