/* SPDX-License-Identifier: MIT */
/* gateway_change.c - see gateway_change.h. */
#include "model/gateway_change.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	list->all[list->n] = (struct gateway_entry){ .action = GATEWAY_KEEP };
	return &list->all[list->n++];
}

/*
 * Hash table with open addressing: a slot is 0 or the number of an entry from 1 on; at most half of the slots are
 * used.
 */
struct gateway_slots {
	size_t n;                    /* a power of two */
	size_t all[];
};

/* FNV-1a, 64 bits, of the lower-case key. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)tolower((unsigned char)*text)) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

static const char *gateway_change_key_of(const struct gateway_entry *entry, bool is_name)
{
	return is_name ? entry->name : entry->thumbprint;
}

/* The slot of the first entry with this key, or a free slot. */
static size_t *slot_of(struct gateway_slots *slots, const struct gateway_entries *list, bool is_name, const char *key)
{
	size_t i = hash_of(key) & (slots->n - 1);

	while (
	    slots->all[i] != 0 && strcasecmp(gateway_change_key_of(&list->all[slots->all[i] - 1], is_name), key) != 0)
		i = (i + 1) & (slots->n - 1);
	return &slots->all[i];
}

static void gateway_change_put(
    struct gateway_slots *slots, const struct gateway_entries *list, bool is_name, size_t entry)
{
	const char *key = gateway_change_key_of(&list->all[entry], is_name);
	size_t *slot = slot_of(slots, list, is_name, key);

	if (*slot == 0 && key[0] != '\0')
		*slot = entry + 1;
}

static int gateway_change_grow(struct gateway_slots **slots, const struct gateway_entries *list, bool is_name)
{
	const size_t n = *slots != NULL ? 2 * (*slots)->n : 64;
	struct gateway_slots *more;

	if (*slots != NULL && 2 * list->n <= (*slots)->n)
		return 0;
	more = calloc(1, sizeof(*more) + n * sizeof(more->all[0]));
	if (more == NULL)
		return -1;
	more->n = n;
	for (size_t i = 0; i < list->n_indexed; i++)
		gateway_change_put(more, list, is_name, i);
	free(*slots);
	*slots = more;
	return 0;
}

int gateway_entries_index(struct gateway_entries *list)
{
	if (gateway_change_grow(&list->by_thumbprint, list, false) < 0 ||
	    gateway_change_grow(&list->by_name, list, true) < 0)
		return -1;
	gateway_change_put(list->by_thumbprint, list, false, list->n - 1);
	gateway_change_put(list->by_name, list, true, list->n - 1);
	list->n_indexed = list->n;
	return 0;
}

static struct gateway_entry *gateway_change_find(
    const struct gateway_entries *list, struct gateway_slots *slots, bool is_name, const char *key)
{
	const size_t at = slots != NULL && key[0] != '\0' ? *slot_of(slots, list, is_name, key) : 0;

	return at != 0 ? &list->all[at - 1] : NULL;
}

struct gateway_entry *gateway_entries_find(const struct gateway_entries *list, const char *thumbprint)
{
	return gateway_change_find(list, list->by_thumbprint, false, thumbprint);
}

struct gateway_entry *gateway_entries_find_name(const struct gateway_entries *list, const char *name)
{
	return gateway_change_find(list, list->by_name, true, name);
}

size_t gateway_entries_count(const struct gateway_entries *list, enum gateway_action action)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->all[i].action == action;
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

static void model_gateway_change_clear(struct gateway_entries *list)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_clear(&list->all[i].der);
		free(list->all[i].reason_text);
		free(list->all[i].datum);
	}
	free(list->all);
	free(list->by_thumbprint);
	free(list->by_name);
	*list = (struct gateway_entries){ 0 };
}

void gateway_change_clear(struct gateway_change *c)
{
	model_gateway_change_clear(&c->roots);
	model_gateway_change_clear(&c->revoked);
}
