/* SPDX-License-Identifier: MIT */
/* gateway_change.c - see gateway_change.h. */
#include "model/gateway_change.h"

#include <stdlib.h>
#include <string.h>

struct gateway_entry *gateway_entries_add(struct gateway_entries *list)
{
	if (list->n == list->cap) {
		const size_t cap = list->cap > 0 ? 2 * list->cap : 16;
		struct gateway_entry *more = reallocarray(list->all, cap, sizeof(*more));

		if (more == NULL)
			return NULL;
		list->all = more;
		list->cap = cap;
	}
	list->all[list->n] = (struct gateway_entry){ .fate = GATEWAY_KEEP };
	return &list->all[list->n++];
}

struct gateway_entry *gateway_entries_find(const struct gateway_entries *list, const char *thumbprint)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->all[i].thumbprint, thumbprint) == 0)
			return &list->all[i];
	return NULL;
}

size_t gateway_entries_count(const struct gateway_entries *list, enum gateway_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->all[i].fate == fate;
	return n;
}

static bool is_unchanged(const struct gateway_entries *list)
{
	return gateway_entries_count(list, GATEWAY_KEEP) == list->n;
}

bool gateway_change_is_empty(const struct gateway_change *c)
{
	return !c->sets_pools && !c->sets_tunnels && !c->sets_auth && is_unchanged(&c->roots) &&
	    is_unchanged(&c->revoked);
}

static void clear(struct gateway_entries *list)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_clear(&list->all[i].der);
		free(list->all[i].why_text);
		free(list->all[i].datum);
	}
	free(list->all);
	*list = (struct gateway_entries){ 0 };
}

void gateway_change_clear(struct gateway_change *c)
{
	clear(&c->roots);
	clear(&c->revoked);
}
