/* SPDX-License-Identifier: MIT */
/* kinds.c - the table of token kinds, and the detection of a token's kind. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tokens/kinds/kind.h"

#include "util/array.h"

static const struct token_kind *const kinds[] = {
#define KIND(name) &token_kind_##name,
#include "tokens/kinds/kinds.def"
#undef KIND
};
#define N_KINDS ARRAY_LEN(kinds)

static bool kinds_begins(const char *text, const char *with)
{
	return with == NULL || strncmp(text, with, strlen(with)) == 0;
}

static bool kinds_fits(const struct token_kind *k, const char *library, const char *manufacturer, const char *model)
{
	return kinds_begins(library, k->library) && kinds_begins(manufacturer, k->manufacturer) &&
	       kinds_begins(model, k->model);
}

const struct token_kind *kind_match(const char *library, const char *manufacturer, const char *model)
{
	size_t i = 0;

	while (i < N_KINDS - 1 && !kinds_fits(kinds[i], library, manufacturer, model))
		i++;
	return kinds[i];
}

void kind_explain(char *out, size_t size, const struct token_kind *kind)
{
	const struct {
		const char *what, *with;
	} reasons[] = {
		{ "what the module says it is", kind->library },
		{ "the manufacturer", kind->manufacturer },
		{ "the model", kind->model },
	};
	size_t used = 0;

	(void)snprintf(out, size, "no other kind fits");
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (reasons[i].with == NULL || used >= size)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s begins with '%s'", used > 0 ? ", " : "",
		    reasons[i].what, reasons[i].with);
	}
}

const struct token_kind *kind_find(const char *name)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *kind_at(unsigned i)
{
	return i < N_KINDS ? kinds[i]->name : NULL;
}
