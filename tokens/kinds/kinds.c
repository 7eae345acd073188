/* SPDX-License-Identifier: MIT */
/* kinds.c - the table of kinds, and which of them a token is. */
#include <stddef.h>
#include <string.h>

#include "tokens/kinds/kind.h"

static const struct token_kind *const kinds[] = {
#define KIND(name) &token_kind_##name,
#include "tokens/kinds/kinds.def"
#undef KIND
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool begins(const char *text, const char *with)
{
	return with == NULL || strncmp(text, with, strlen(with)) == 0;
}

const struct token_kind *kind_match(const char *manufacturer, const char *model)
{
	size_t i = 0;

	while (i < N_KINDS - 1 && !(begins(manufacturer, kinds[i]->manufacturer) && begins(model, kinds[i]->model)))
		i++;
	return kinds[i];
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
