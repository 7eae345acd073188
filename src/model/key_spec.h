/* SPDX-License-Identifier: MIT */
/* key_spec.h - the type and size of a key. */
#ifndef MODEL_KEY_SPEC_H
#define MODEL_KEY_SPEC_H

#include <stddef.h>

#include "model/sig_alg.h"
#include "util/err.h"

enum key_type { KEY_OTHER, KEY_RSA, KEY_EC, KEY_ED25519 };

struct key_spec {
	enum key_type type;
	unsigned bits; /* RSA: of the modulus; EC: of the field (256, 384, 521); Ed25519: 256 */
};

/* Parses an exact name of key_specs.def. -1 (ERR_USAGE): unknown name; the hint lists the names. */
int key_spec_parse(struct key_spec *out, const char *name, struct err *e) MUST_CHECK;
/* The name, or NULL for a key that is not in key_specs.def (RSA 1024, other curves). */
const char *key_spec_name(const struct key_spec *s);
const char *key_spec_at(size_t i); /* names in the order of the table; NULL after the last */
/* The signature algorithm for such a key, for RSA of any size. -1 (ERR_POLICY): no algorithm. */
int key_spec_sig_alg(enum sig_alg *out, const struct key_spec *s, struct err *e) MUST_CHECK;

#endif
