/* SPDX-License-Identifier: MIT */
/* template.c - see template.h. */
#include "out/template.h"

#include <string.h>

/* The length of the name if text begins with @NAME@, else 0. */
static size_t name_length(const char *text)
{
	size_t n = text[0] == '@' ? strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0;

	return n > 0 && text[1 + n] == '@' ? n : 0;
}

static int template_add_value(struct buf *out, const char *name, size_t len, const struct template_var *values,
    template_encode *encode, struct err *e)
{
	for (const struct template_var *v = values; v->name != NULL; v++) {
		if (strlen(v->name) != len || memcmp(v->name, name, len) != 0)
			continue;
		if (v->encoded != NULL)
			return buf_add(out, v->encoded->data, v->encoded->len, e);
		if (v->plain != NULL)
			return buf_add(out, v->plain, strlen(v->plain), e);
		if (v->value != NULL)
			return encode(out, (struct bytes){ (const unsigned char *)v->value, strlen(v->value) }, e);
	}
	return err_set(e, ERR_INTERNAL, "the template variable '%.*s' has no value", (int)len, name);
}

int template_fill(
    struct buf *out, const char *text, const struct template_var *values, template_encode *encode, struct err *e)
{
	while (*text != '\0') {
		size_t n = name_length(text);

		if (n > 0) {
			if (template_add_value(out, text + 1, n, values, encode, e) < 0)
				return -1;
			text += n + 2;
		} else {
			n = 1 + strcspn(text + 1, "@");
			if (buf_add(out, text, n, e) < 0)
				return -1;
			text += n;
		}
	}
	return 0;
}
