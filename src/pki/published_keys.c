/* SPDX-License-Identifier: MIT */
/* published_keys.c - see published_keys.h. */
#include "pki/published_keys.h"

#include <stdlib.h>
#include <string.h>

#include "pki/pki.h"
#include "util/array.h"

struct published_key {
	const char *value, *name;
};
static const struct published_key published_keys[] = {
#define PUBLISHED_KEY(value, name) { value, name },
#include "pki/published_keys.def"
#undef PUBLISHED_KEY
};

static int published_key_compare(const void *a, const void *b)
{
	const struct published_key *left = a, *right = b;

	return strcmp(left->value, right->value);
}

const char *published_key_name(const char *key_sha256)
{
	const struct published_key wanted = { key_sha256, NULL };
	const struct published_key *found = bsearch(&wanted, published_keys, ARRAY_LEN(published_keys),
	    sizeof(published_keys[0]), published_key_compare);

	return found != NULL ? found->name : NULL;
}

int published_key_refuse(const struct pki *p, bool is_test, const char *key_sha256, struct err *e)
{
	const char *name = published_key_name(key_sha256);

	if (name == NULL || is_test || (p->ledger != NULL && ledger_is_test(p->ledger)))
		return 0;
	(void)err_set(e, ERR_POLICY, "the key is the published test key '%s': its private half is public", name);
	return err_rule(e, "test-key-published",
	    "generate another key; for tests, create a test ledger in another home with `p11ca root create … --test` "
	    "or `p11ca root adopt … --test`");
}
