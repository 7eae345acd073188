/* SPDX-License-Identifier: MIT */
/* session.c - sessions with a token: open, renew and close them. */
#include <stdlib.h>
#include <string.h>

#include "tokens/internal.h"

int session_open(struct token *t, struct err *e)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | (t->is_writable ? CKF_RW_SESSION : 0UL);
	CK_RV rv = t->m->f->C_OpenSession(t->slot, flags, NULL, NULL, &t->session);

	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot open a session with token '%s'", t->info.label);
	t->is_open = true;
	(void)__atomic_add_fetch(&t->m->n_sessions, 1, __ATOMIC_SEQ_CST);
	return 0;
}

void session_close(struct token *t)
{
	if (!t->is_open)
		return;
	(void)t->m->f->C_CloseSession(t->session); /* result ignored: the work is done, or failed before */
	t->is_open = false;
	(void)__atomic_sub_fetch(&t->m->n_sessions, 1, __ATOMIC_SEQ_CST);
}

void session_renew(struct token *t)
{
	struct token fresh = { .m = t->m, .slot = t->slot, .is_writable = t->is_writable };
	struct err ignored = ERR_INIT; /* result ignored: the caller has an error already */

	/* The new session first: the login ends with the last session. */
	if (session_open(&fresh, &ignored) < 0)
		return;
	session_close(t);
	t->session = fresh.session;
	t->is_open = true;
}

int session_open_locked(struct token *t, struct err *e)
{
	AUTO_VALUE(lock) lock = LOCK_NONE;

	return token_take_lock(&lock, t, e) < 0 ? -1 : session_open(t, e);
}

int token_open(struct token **out, struct module *m, const struct token_uri *which, bool write, struct err *e)
{
	AUTO_STRUCT(token) t = calloc(1, sizeof(*t));

	if (t == NULL)
		return err_oom(e);
	t->is_writable = write;
	if (slot_find(t, m, which, WANT_INITIALISED, e) < 0 || session_open_locked(t, e) < 0)
		return err_while(e, "opening token '%s'", uri_text(which));
	*out = STEAL(t);
	return 0;
}

int token_open_again(struct token **out, const struct token *t, struct err *e)
{
	AUTO_STRUCT(token) again = malloc(sizeof(*again));

	if (again == NULL)
		return err_oom(e);
	*again = *t;
	again->is_open = again->is_logged_in = false;
	again->uri_source = NULL;
	again->keeps_pin = false;
	again->kept_pin = (struct secret){ .len = 0 };
	if (t->uri_source != NULL && (again->uri_source = strdup(t->uri_source)) == NULL)
		return err_oom(e);
	if (session_open_locked(again, e) < 0)
		return err_while(e, "opening token '%s' again", t->info.label);
	*out = STEAL(again);
	return 0;
}

void token_close(struct token *t)
{
	if (t == NULL)
		return;
	if (t->is_logged_in) {
		(void)t->m->f->C_Logout(t->session); /* result ignored: the work is done */
		key_cache_forget(t);
	}
	session_close(t);
	secret_clear(&t->kept_pin);
	free(t->uri_source);
	free(t);
}

const struct token_info *token_get_info(const struct token *t)
{
	return &t->info;
}

bool token_is_same(const struct token *a, const struct token *b)
{
	const struct token_info *x = &a->info, *y = &b->info;

	if (a->m == b->m && (a->slot == b->slot || a->kind->shares_identity))
		return a->slot == b->slot;
	/*
	 * Compares more than module and slot, because a token can be reached by two paths, or also by p11-kit's
	 * proxy.
	 */
	return x->serial[0] != '\0' && strcmp(x->serial, y->serial) == 0 && strcmp(x->label, y->label) == 0 &&
	    strcmp(x->manufacturer, y->manufacturer) == 0 && strcmp(x->model, y->model) == 0;
}
