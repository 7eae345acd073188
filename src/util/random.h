/* SPDX-License-Identifier: MIT */
/* random.h - random bytes from the system, or reproducible bytes from a seed. */
#ifndef UTIL_RANDOM_H
#define UTIL_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/hash.h"

int random_bytes(unsigned char *out, size_t len, struct err *e) MUST_CHECK; /* -1: ERR_INTERNAL */

/* Where random values that are stored come from. All zero: from the system. */
struct random_source {
	bool is_seeded;
	unsigned char seed[SHA256_LEN];
};
void random_source_seed(struct random_source *s, const unsigned char seed[SHA256_LEN]);

/*
 * With a seed: HKDF (RFC 5869) with SHA-256 of the seed, label and context, so that the order of calls does not
 * matter: each use needs a label or context of its own.  label: what the bytes are for.  s NULL: from the system.
 * -1 (ERR_INTERNAL): the system or the library failed.
 */
struct random_use {
	const char *label;
	struct bytes context;
};
int random_draw(unsigned char *out, size_t len, const struct random_source *s, const struct random_use *use,
    struct err *e) MUST_CHECK;

#endif
