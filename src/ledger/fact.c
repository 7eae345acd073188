/* SPDX-License-Identifier: MIT */
/* fact.c - writes and reads the lines of an event; escaping ensures that a value cannot look like another line. */
#include "ledger/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

int value_text(struct buf *out, const struct value *v, struct err *e)
{
	char text[SHA256_HEX > 24 ? SHA256_HEX : 24];

	switch (v->type) {
	case VALUE_NULL:
		return 0;
	case VALUE_TEXT:
		return buf_add(out, v->text, strlen(v->text), e);
	case VALUE_INT:
		(void)snprintf(text, sizeof(text), "%" PRId64, v->i);
		break;
	case VALUE_BLOB:
		if (hash_sha256_hex(text, v->blob, e) < 0)
			return -1;
		break;
	}
	return buf_add(out, text, strlen(text), e);
}

static int escape_run(struct buf *out, const char *text, size_t len, struct err *e)
{
	const size_t size = ESCAPE_GROWTH * len + 1;
	char *safe = malloc(size);
	int r;

	if (safe == NULL)
		return err_oom(e);
	r = buf_add(out, safe, text_escape(safe, size, text, len), e);
	free(safe);
	return r;
}

int fact_escape(struct buf *out, const char *text, struct err *e)
{
	for (;;) {
		const size_t len = strcspn(text, "\\");

		if (len > 0 && escape_run(out, text, len, e) < 0)
			return -1;
		if (text[len] == '\0')
			return 0;
		if (buf_add(out, "\\\\", 2, e) < 0)
			return -1;
		text += len + 1;
	}
}

bool line_next(struct line *out, const char **p)
{
	while (**p != '\0') {
		const char *at = *p;
		const size_t len = strcspn(at, "\n");
		const char *colon = memchr(at, ':', len);

		*p = at + len + (at[len] == '\n');
		if (colon == NULL || colon + 1 >= at + len || colon[1] != ' ')
			continue;
		*out = (struct line){ .key = at, .key_len = (size_t)(colon - at), .value = colon + 2 };
		out->value_len = len - out->key_len - 2;
		return true;
	}
	return false;
}

bool line_is(const struct line *line, const char *key)
{
	return strlen(key) == line->key_len && memcmp(line->key, key, line->key_len) == 0;
}

void line_find(char *out, size_t size, const char *body, const char *key)
{
	struct line line;

	out[0] = '\0';
	while (line_next(&line, &body)) {
		size_t len = line.value_len < size ? line.value_len : size - 1;

		if (!line_is(&line, key))
			continue;
		memcpy(out, line.value, len);
		out[len] = '\0';
		return;
	}
}
