/* SPDX-License-Identifier: MIT */
/*
 * restart.c - ends a module, initialises it again and logs in again.
 *
 * Session objects and other objects in the module's memory are lost, so objects found afterwards are stored.
 */
#include <string.h>

#include "tokens/internal.h"

void token_keep_pin(struct token *t)
{
	t->keeps_pin = true;
}

/* Searches by slot as well if other tokens have the same serial and label. */
static int restart_find_again(struct token *t, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token found = { .m = t->m };
	char text[sizeof(t->info.uri) + 40];

	(void)snprintf(text, sizeof(text), "%s", t->info.uri);
	if (t->kind->shares_identity)
		(void)snprintf(text, sizeof(text), "%s;slot-id=%lu", t->info.uri, t->info.slot);
	if (uri_parse(&uri, text, e) < 0 || slot_find(&found, t->m, uri, WANT_INITIALISED, e) < 0)
		return -1;
	t->slot = found.slot;
	t->info = found.info;
	t->kind = found.kind;
	return 0;
}

bool token_can_restart(const struct token *t)
{
	return t->m->is_initialised && __atomic_load_n(&t->m->n_sessions, __ATOMIC_SEQ_CST) == 1;
}

static int restart_leave(struct token *t, struct err *e)
{
	if (__atomic_load_n(&t->m->n_sessions, __ATOMIC_SEQ_CST) != 1) {
		(void)err_set(e, ERR_TOKEN, "module '%s' has other sessions open and cannot be initialised again",
		    t->m->path);
		return -1;
	}
	if (!t->m->is_initialised) {
		(void)err_set(e, ERR_TOKEN, "module '%s' is loaded under another path, too, and cannot be"
		    " initialised again", t->m->path);
		e->hint = "name the module by one path only: --module, --root-module, PKCS11_MODULE_PATH, p11ca.conf";
		return -1;
	}
	if (token_logout(t, e) < 0)
		return -1;
	session_close(t);
	t->is_logged_in = false;
	return module_restart(t->m, e);
}

int token_restart(struct token *t, token_step *before_login, void *arg, struct err *e)
{
	AUTO_VALUE(secret) pin = { 0 };

	if (restart_leave(t, e) < 0 || restart_find_again(t, e) < 0 || session_open_locked(t, e) < 0 ||
	    (before_login != NULL && before_login(t, arg, e) < 0))
		return err_while(e, "initialising module '%s' again", t->m->path);
	pin = t->kept_pin;
	if (token_login_again(t, &pin, e) < 0)
		return -1;
	t->is_logged_in = true;
	return 0;
}
