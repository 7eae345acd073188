/* SPDX-License-Identifier: MIT */
/* key_slots.c - tokens with fixed key slots instead of free CKA_IDs, written by the SO, such as PIV cards. */
#include <string.h>

#include "tokens/internal.h"

bool token_has_slots(const struct token *t)
{
	return t->kind->slots != NULL;
}

bool token_is_filled_by_so(const struct token *t)
{
	return t->kind->is_filled_by_so;
}

bool token_keeps_keys_in_files(const char *library, const char *manufacturer, const char *model)
{
	return kind_match(library, manufacturer, model)->keeps_keys_in_files;
}

static int no_slot(const struct token *t, const char *slot, struct err *e)
{
	char known[200] = "";
	size_t used = 0;

	if (t->kind->slots == NULL)
		return err_set(e, ERR_USAGE, "tokens of kind %s have no slots for keys", t->kind->name);
	for (const struct kind_slot *s = t->kind->slots; s->name != NULL && used < sizeof(known); s++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, " %s", s->name);
	return err_set(e, ERR_USAGE, "a token of kind %s has no slot '%s'; it has:%s", t->kind->name, slot, known);
}

int token_slot_id(char out[129], const struct token *t, const char *slot, struct err *e)
{
	for (const struct kind_slot *s = t->kind->slots; s != NULL && s->name != NULL; s++)
		if (strcmp(s->name, slot) == 0) {
			(void)snprintf(out, 129, "%s", s->id);
			return 0;
		}
	return no_slot(t, slot, e);
}

int check_fillable(const struct token *t, struct err *e)
{
	if (!t->kind->is_read_only)
		return 0;
	(void)err_set(e, ERR_TOKEN, "through this module nothing is written to a token of kind %s", t->kind->name);
	e->hint = "fill it through the card's own module (a YubiKey: --module with libykcs11.so.2), or its own program";
	return -1;
}

int so_login(struct token *t, struct err *e)
{
	return t->kind->is_filled_by_so ? token_login(t, PIN_SO, "card", NULL, e) : 0;
}

int so_logout(struct token *t, struct err *e)
{
	return t->kind->is_filled_by_so ? token_logout(t, e) : 0;
}

/*
 * Whether a DER Name contains only this CN: a Name with only a CN (RFC 5280, 4.1.2.4) ends with the text and has a
 * known length.
 */
#define NAME_OVERHEAD 13

static bool is_placeholder(const struct token_kind *kind, const struct buf *subject)
{
	for (const struct kind_slot *s = kind->slots; s != NULL && s->name != NULL; s++) {
		char text[65];
		int len = snprintf(text, sizeof(text), "%s %s", kind->placeholder, s->name);

		if (len > 0 && subject->len == NAME_OVERHEAD + (size_t)len &&
		    memcmp(subject->data + subject->len - len, text, (size_t)len) == 0)
			return true;
	}
	return false;
}

int cert_is_placeholder(bool *out, struct token *t, CK_OBJECT_HANDLE object, struct err *e)
{
	AUTO_VALUE(buf) subject = { 0 };
	enum tri stored = TRI_NOT_STATED;
	bool is_stated;

	*out = false;
	if (t->kind->shows_attestations && attr_read_tri(&stored, t, object, CKA_TOKEN, e) < 0)
		return -1;
	if (t->kind->placeholder != NULL && attr_read(&subject, &is_stated, t, object, CKA_SUBJECT, e) < 0)
		return -1;
	*out = stored == TRI_NO || (t->kind->placeholder != NULL && is_placeholder(t->kind, &subject));
	return 0;
}
