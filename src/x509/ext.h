/* SPDX-License-Identifier: MIT */
/* ext.h - writes the extensions of certificates that p11ca issues; encoded from structures, never from text. */
#ifndef X509_EXT_H
#define X509_EXT_H

#include "model/cert_template.h"
#include "util/bytes.h"
#include "util/err.h"
#include "x509/name.h"

struct ext_spec {
	const struct cert_template *template;
	const char *cn;              /* NULL for roots */
	enum cn_kind cn_kind;
	struct bytes ski, aki;       /* aki.len 0 = none */
};

/* Appends SEQUENCE OF Extension in the order of the table in ext.c.  -1 (ERR_INTERNAL). */
int ext_add_all(struct buf *out, const struct ext_spec *s, struct err *e) MUST_CHECK;

/* Appends one Extension with the DER of its value; nothing for an empty value. -1 (ERR_INTERNAL). */
int ext_add(struct buf *out, int nid, bool is_critical, struct bytes value, struct err *e) MUST_CHECK;
/*
 * Appends the value of an authority key identifier with the key identifier alone (RFC 5280, 4.2.1.1); nothing for an
 * empty one. -1 (ERR_INTERNAL).
 */
int ext_authority_key_id(struct buf *out, struct bytes key_id, struct err *e) MUST_CHECK;

#endif
