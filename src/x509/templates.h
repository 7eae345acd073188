/* SPDX-License-Identifier: MIT */
/* templates.h - the built-in certificate templates, one row each in templates.def. */
#ifndef X509_TEMPLATES_H
#define X509_TEMPLATES_H

#include "model/cert_template.h"
#include "util/err.h"
#include "x509/name.h"

#define OID_CLIENT_AUTH "1.3.6.1.5.5.7.3.2" /* RFC 5280, 4.2.1.12 */

const struct cert_template *template_at(size_t i); /* in the order of the table; NULL after the last */
/* -1 (ERR_NOT_FOUND, "template-not-found"): unknown name; the hint lists the templates. */
int template_find(const struct cert_template **out, const char *name, struct err *e) MUST_CHECK;

/* Whether the template allows the key; key_name is for the message. -1 (ERR_POLICY): "template-key-type", "…-size". */
int template_check_key(const struct cert_template *t, const struct key_spec *key, const char *key_name, struct err *e)
    MUST_CHECK;
/* Whether this client template allows the name. -1: name_check_cn()'s, or ERR_POLICY "template-name". */
int template_check_cn(const struct cert_template *t, enum cn_kind *out, const char *cn, struct err *e) MUST_CHECK;

#endif
