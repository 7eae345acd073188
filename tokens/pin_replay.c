/* SPDX-License-Identifier: MIT */
/*
 * pin_replay.c - keys with CKA_ALWAYS_AUTHENTICATE, which need the PIN for every signature: decides whether later
 * signatures may read the PIN from its source again.
 */
#include <string.h>

#include "tokens/internal.h"

static bool has_signed(const struct token *t, const char *id)
{
	const struct pin_replay *r = &t->m->pin_replay;

	for (unsigned i = 0; i < r->n && i < PIN_REPLAY_KEYS; i++)
		if (r->keys[i].slot == t->slot && strcmp(r->keys[i].id, id) == 0)
			return true;
	return false;
}

void pin_replay_note(struct token *t, const char *id)
{
	struct pin_replay *r = &t->m->pin_replay;
	unsigned at = r->n % PIN_REPLAY_KEYS;

	if (has_signed(t, id))
		return;
	r->keys[at].slot = t->slot;
	(void)snprintf(r->keys[at].id, sizeof(r->keys[at].id), "%s", id);
	r->n++;
}

int pin_replay_check(struct token *t, const struct key_ref *key, size_t n, struct err *e)
{
	const struct ui *ui = t->m->env->ui;
	const struct pin_ask ask = { .role = PIN_CONTEXT, .purpose = t->purpose, .token = t->info.label,
		.uri_source = t->uri_source };

	if (!key->is_always_authenticate || t->info.has_pinpad || (n < 2 && !has_signed(t, key->id)))
		return 0;
	return ui->check_repeat(ui->self, &ask, e);
}

int token_expect_signatures(struct token *t, const char *id, size_t n, struct err *e)
{
	struct key_ref key;

	if (token_find_key(&key, t, id, e) < 0)
		return -1;
	return pin_replay_check(t, &key, n, e) < 0 ? err_while(e, "asking for the PIN of each of %zu signatures", n)
						   : 0;
}
