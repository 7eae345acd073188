/* SPDX-License-Identifier: MIT */
/* relogin.c - log in again, where a token has as many keys in use as it can. */
#include "tokens/internal.h"

int token_login_again(struct token *t, struct secret *pin, struct err *e)
{
	bool was_ours = t->is_logged_in;
	int result = login_user(t, PIN_USER, pin, e);

	t->is_logged_in = was_ours; /* the token that logged in logs out */
	return result < 0 ? err_while(e, "logging in to token '%s' again", t->info.label) : 0;
}

static int relogin_with_kept_pin(struct token *t, struct err *e)
{
	const struct secret *kept = key_cache_find_pin(&t->m->key_cache, t->slot);
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

static int relogin_take_key(struct token *t, const char *id, unsigned key_slots, struct err *e)
{
	struct key_cache *u = &t->m->key_cache;

	if (key_cache_has(u, t, id))
		return 0;
	if (u->n > 0 && key_cache_n_taken(u) + key_slots > t->kind->keys_in_use && relogin_with_kept_pin(t, e) < 0)
		return -1;
	if (u->n < KEY_CACHE_KEYS) {
		u->keys[u->n].slot = t->slot;
		u->keys[u->n].key_slots = key_slots;
		(void)snprintf(u->keys[u->n].id, sizeof(u->keys[u->n].id), "%s", id);
		u->n++;
	}
	return 0;
}

int token_take_key(struct token *t, const char *id, enum key_cache_use why, struct err *e)
{
	int result;

	if (t->kind->keys_in_use == 0)
		return 0;
	(void)pthread_mutex_lock(&t->m->key_cache.mutex);
	result = relogin_take_key(
	    t, id, why == KEY_CACHE_GENERATED ? 2 : 1, e); /* a module keeps both halves of a generated pair */
	(void)pthread_mutex_unlock(&t->m->key_cache.mutex);
	return result;
}
