/* SPDX-License-Identifier: MIT */
/*
 * key_cache.c - tokens that hold only so many keys in use (kind.h, keys_in_use): the next one follows a new login.
 *
 * The PIN is kept meanwhile, which it is for no other kind: a person would be asked for it at every key.
 */
#include <string.h>

#include "tokens/internal.h"

/* Recursive: who takes a key may have to log in again, which keeps a PIN and forgets keys. */
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

/* The PIN kept for a token's slot; an entry without a PIN is free, whatever its slot.  NULL: none. */
static struct secret *find_pin(struct key_cache *u, CK_SLOT_ID slot)
{
	for (size_t i = 0; i < KEY_CACHE_PINS; i++)
		if (u->pins[i].pin.len != 0 && u->pins[i].slot == slot)
			return &u->pins[i].pin;
	return NULL;
}

static void keep_pin(struct key_cache *u, CK_SLOT_ID slot, const struct secret *pin)
{
	struct secret *kept = find_pin(u, slot);

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
	pin = find_pin(u, t->slot);
	if (pin != NULL)
		secret_clear(pin);
}

void key_cache_forget(struct token *t)
{
	(void)pthread_mutex_lock(&t->m->key_cache.mutex);
	tokens_key_cache_forget(t);
	(void)pthread_mutex_unlock(&t->m->key_cache.mutex);
}

static bool is_in_use(const struct key_cache *u, const struct token *t, const char *id)
{
	for (unsigned i = 0; i < u->n; i++)
		if (u->keys[i].slot == t->slot && strcmp(u->keys[i].id, id) == 0)
			return true;
	return false;
}

static int key_cache_relogin(struct token *t, struct err *e)
{
	const struct secret *kept = find_pin(&t->m->key_cache, t->slot);
	AUTO_VALUE(secret) pin = { 0 };
	CK_RV rv;

	if (kept != NULL)
		pin = *kept;
	key_cache_forget(t);
	rv = t->m->f->C_Logout(t->session);
	if (rv != CKR_OK && rv != CKR_USER_NOT_LOGGED_IN)
		return token_fail(e, rv, "cannot log out of token '%s' to use another key", t->info.label);
	return token_login_again(t, &pin, e);
}

static unsigned keys_taken(const struct key_cache *u)
{
	unsigned n = 0;

	for (unsigned i = 0; i < u->n; i++)
		n += u->keys[i].key_slots;
	return n;
}

static int tokens_key_cache_take(struct token *t, const char *id, unsigned key_slots, struct err *e)
{
	struct key_cache *u = &t->m->key_cache;

	if (is_in_use(u, t, id))
		return 0;
	if (u->n > 0 && keys_taken(u) + key_slots > t->kind->keys_in_use && key_cache_relogin(t, e) < 0)
		return -1;
	if (u->n < KEY_CACHE_KEYS) {
		u->keys[u->n].slot = t->slot;
		u->keys[u->n].key_slots = key_slots;
		(void)snprintf(u->keys[u->n].id, sizeof(u->keys[u->n].id), "%s", id);
		u->n++;
	}
	return 0;
}

int key_cache_take(struct token *t, const char *id, enum key_cache_use why, struct err *e)
{
	int result;

	if (t->kind->keys_in_use == 0)
		return 0;
	(void)pthread_mutex_lock(&t->m->key_cache.mutex);
	result = tokens_key_cache_take(
	    t, id, why == KEY_CACHE_GENERATED ? 2 : 1, e); /* a module keeps both halves of what it made */
	(void)pthread_mutex_unlock(&t->m->key_cache.mutex);
	return result;
}
