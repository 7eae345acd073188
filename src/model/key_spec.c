/* SPDX-License-Identifier: MIT */
/* key_spec.c - see key_spec.h. */
#include "model/key_spec.h"

#include <string.h>

#include "util/array.h"

static const struct row {
	const char *name;
	struct key_spec spec;
	enum sig_alg alg;
} rows[] = {
#define KEY_SPEC(name, type, bits, alg) { name, { KEY_##type, bits }, SIG_##alg },
#include "model/key_specs.def"
#undef KEY_SPEC
};
#define N_ROWS ARRAY_LEN(rows)

#define KEY_SPEC(name, type, bits, alg) " " name
static const char names_hint[] = "the keys p11ca makes:"
#include "model/key_specs.def"
    ;
#undef KEY_SPEC

int key_spec_parse(struct key_spec *out, const char *name, struct err *e)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*out = rows[i].spec;
			return 0;
		}
	}
	(void)err_set(e, ERR_USAGE, "no kind of key is called '%s'", name);
	e->hint = names_hint;
	return -1;
}

const char *key_spec_name(const struct key_spec *s)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].spec.type == s->type && rows[i].spec.bits == s->bits)
			return rows[i].name;
	return NULL;
}

const char *key_spec_at(size_t i)
{
	return i < N_ROWS ? rows[i].name : NULL;
}

int key_spec_sig_alg(enum sig_alg *out, const struct key_spec *s, struct err *e)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].spec.type == s->type && (rows[i].spec.bits == s->bits || s->type == KEY_RSA)) {
			*out = rows[i].alg;
			return 0;
		}
	}
	return err_set(e, ERR_POLICY, "p11ca does not sign with this kind of key");
}
