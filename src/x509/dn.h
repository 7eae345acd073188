/* SPDX-License-Identifier: MIT */
/* dn.h - reads the distinguished name of a certificate or request of others. */
#ifndef X509_DN_H
#define X509_DN_H

#include <stdbool.h>
#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

struct dn_facts {
	char cn[256];                /* the first commonName in UTF-8, sanitised if is_text_bad */
	unsigned n_cn;
	/* NUL, control or bidi character, not text; a CN that is too long, or has a NAME_BAD_CHARACTER */
	bool is_text_bad;
};

/* Writes the RFC 4514 form to text, cut at size. -1 (ERR_INPUT): der is not a Name. */
int dn_read(struct dn_facts *out, char *text, size_t size, struct bytes der, struct err *e) MUST_CHECK;

#endif
