/* SPDX-License-Identifier: MIT */
/* published_keys.h - refuses the test keys that are published with the sources, outside test homes. */
#ifndef PKI_PUBLISHED_KEYS_H
#define PKI_PUBLISHED_KEYS_H

#include <stdbool.h>

#include "util/err.h"

struct pki;

/* The name of the published test key with this value (key_value_sha256()), static; NULL: it is not such a key. */
const char *published_key_name(const char *key_sha256);
/* is_test: the command creates a test home. -1 (ERR_POLICY): "test-key-published", unless the home is for tests. */
int published_key_refuse(const struct pki *p, bool is_test, const char *key_sha256, struct err *e) MUST_CHECK;

#endif
