/* SPDX-License-Identifier: MIT */
/*
 * key_cache.c - tokens that support few keys in use (kind.h, keys_in_use): a new login makes room for the next key.
 *
 * Only for such tokens the PIN is kept, because a person would otherwise be asked again for every key.
 */
#include <string.h>

#include "tokens/internal.h"

/* Recursive: using a key may need a new login, which keeps a PIN and removes keys. */
void key_cache_init(struct key_cache *u)
{
	pthread_mutexattr_t attr;

	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	(void)pthread_mutex_init(&u->mutex, &attr);
	(void)pthread_mutexattr_destroy(&attr);
}

void key_cache_clear(struct key_cache *u)
{
	for (size_t i = 0; i < KEY_CACHE_PINS; i++)
		secret_clear(&u->pins[i].pin);
	(void)pthread_mutex_destroy(&u->mutex);
}

/* The PIN kept for a token's slot; an entry without a PIN is free, whatever its slot. NULL: no entry. */
struct secret *key_cache_find_pin(struct key_cache *u, CK_SLOT_ID slot)
{
	for (size_t i = 0; i < KEY_CACHE_PINS; i++)
		if (u->pins[i].pin.len != 0 && u->pins[i].slot == slot)
			return &u->pins[i].pin;
	return NULL;
}

static void keep_pin(struct key_cache *u, CK_SLOT_ID slot, const struct secret *pin)
{
	struct secret *kept = key_cache_find_pin(u, slot);

	for (size_t i = 0; kept == NULL && i < KEY_CACHE_PINS; i++) {
		if (u->pins[i].pin.len != 0)
			continue;
		u->pins[i].slot = slot;
		kept = &u->pins[i].pin;
	}
	if (kept != NULL)
		*kept = *pin;
}

void key_cache_keep_pin(struct token *t, const struct secret *pin)
{
	if (t->kind->keys_in_use == 0 || pin->len == 0)
		return;
	(void)pthread_mutex_lock(&t->m->key_cache.mutex);
	keep_pin(&t->m->key_cache, t->slot, pin);
	(void)pthread_mutex_unlock(&t->m->key_cache.mutex);
}

static void tokens_key_cache_forget(struct token *t)
{
	struct key_cache *u = &t->m->key_cache;
	struct secret *pin;
	unsigned left = 0;

	for (unsigned i = 0; i < u->n; i++)
		if (u->keys[i].slot != t->slot)
			u->keys[left++] = u->keys[i];
	u->n = left;
	pin = key_cache_find_pin(u, t->slot);
	if (pin != NULL)
		secret_clear(pin);
}

void key_cache_forget(struct token *t)
{
	(void)pthread_mutex_lock(&t->m->key_cache.mutex);
	tokens_key_cache_forget(t);
	(void)pthread_mutex_unlock(&t->m->key_cache.mutex);
}

bool key_cache_has(const struct key_cache *u, const struct token *t, const char *id)
{
	for (unsigned i = 0; i < u->n; i++)
		if (u->keys[i].slot == t->slot && strcmp(u->keys[i].id, id) == 0)
			return true;
	return false;
}

unsigned key_cache_n_taken(const struct key_cache *u)
{
	unsigned n = 0;

	for (unsigned i = 0; i < u->n; i++)
		n += u->keys[i].key_slots;
	return n;
}
