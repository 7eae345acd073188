/* SPDX-License-Identifier: MIT */
/* value.c - converts one field of a record to sanitised text, for the text formats. */
#include <inttypes.h>
#include <string.h>

#include "out/format.h"
#include "util/text.h"

/* print_safe() writes at most four characters per byte; a chunk of this size always fits its buffer. */
#define SAFE_CHUNK 250

int out_add_safe(struct buf *out, const char *text, struct err *e)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t n = left < SAFE_CHUNK ? left : SAFE_CHUNK;
		char safe[4 * SAFE_CHUNK + 1];

		/* Moves back to the beginning of a UTF-8 character, so that it is not cut. */
		for (size_t back = 0; n < left && back < 3 && n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80; back++)
			n--;
		if (buf_add(out, safe, print_safe(safe, sizeof(safe), text, n), e) < 0)
			return -1;
		text += n;
		left -= n;
	}
	return 0;
}

static int value_add_hex(struct buf *out, struct bytes b, struct err *e)
{
	char two[3];

	for (size_t i = 0; i < b.len; i++) {
		text_hex(two, sizeof(two), (struct bytes){ b.data + i, 1 });
		if (buf_add(out, two, 2, e) < 0)
			return -1;
	}
	return 0;
}

static int value_add_value(struct buf *out, bool *is_null, const struct out_field *f, const void *rec, struct err *e);

static int value_add_list(struct buf *out, const struct out_field *f, const struct out_array *a, struct err *e)
{
	for (size_t i = 0; i < a->n; i++) {
		bool is_null = false;

		if ((i > 0 && buf_add(out, ", ", 2, e) < 0) ||
		    value_add_value(out, &is_null, f->sub, (const char *)a->data + i * a->stride, e) < 0 ||
		    (is_null && buf_add(out, "-", 1, e) < 0))
			return -1;
	}
	return 0;
}

/* A value of an object is left out if it is not known: "card of alice, 1f2e" or "card of alice". */
static int value_add_object(struct buf *out, const struct out_field *f, const void *rec, struct err *e)
{
	const size_t start = out->len;

	for (; f->key != NULL; f++) {
		const size_t before = out->len;
		bool is_null = false;

		if (f->heading == NULL)
			continue;
		if ((before > start && buf_add(out, ", ", 2, e) < 0) || value_add_value(out, &is_null, f, rec, e) < 0)
			return -1;
		if (out->len == before + (before > start ? 2 : 0))
			out->len = before;
	}
	return 0;
}

static int value_add_value(struct buf *out, bool *is_null, const struct out_field *f, const void *rec, struct err *e)
{
	char text[TEXT_TIME];

	*is_null = ((f->type == OUT_TEXT || f->type == OUT_STATED) && OUT_GET(const char *, f, rec) == NULL) ||
	    (f->type == OUT_OBJECT && OUT_GET(const void *, f, rec) == NULL) ||
	    (f->type == OUT_KNOWN && OUT_GET(int64_t, f, rec) < 0) ||
	    (f->type == OUT_TIME && OUT_GET(int64_t, f, rec) == 0) ||
	    (f->type == OUT_TRI && OUT_GET(enum tri, f, rec) == TRI_NOT_STATED);
	if (*is_null)
		return 0;
	switch (f->type) {
	case OUT_TEXT:
	case OUT_STATED:
		return out_add_safe(out, OUT_GET(const char *, f, rec), e);
	case OUT_CHARS:
		return out_add_safe(out, (const char *)rec + f->offset, e);
	case OUT_HEX:
		return value_add_hex(out, OUT_GET(struct bytes, f, rec), e);
	case OUT_LIST:
		return value_add_list(out, f, &OUT_GET(struct out_array, f, rec), e);
	case OUT_OBJECT:
		return value_add_object(out, f->sub, OUT_GET(const void *, f, rec), e);
	case OUT_UINT:
		(void)snprintf(text, sizeof(text), "%u", OUT_GET(unsigned, f, rec));
		break;
	case OUT_INT64:
	case OUT_KNOWN:
		(void)snprintf(text, sizeof(text), "%" PRId64, OUT_GET(int64_t, f, rec));
		break;
	case OUT_TRI:
		(void)snprintf(text, sizeof(text), "%s", OUT_GET(enum tri, f, rec) == TRI_YES ? "yes" : "no");
		break;
	case OUT_BOOL:
		(void)snprintf(text, sizeof(text), "%s", OUT_GET(bool, f, rec) ? "yes" : "no");
		break;
	case OUT_TIME:
		text_time(text, OUT_GET(int64_t, f, rec));
		*is_null = text[0] == '\0';
		break;
	}
	return buf_add(out, text, strlen(text), e);
}

int out_value_text(struct buf *out, bool *is_null, const struct out_field *f, const void *rec, struct err *e)
{
	if (value_add_value(out, is_null, f, rec, e) < 0)
		return -1;
	return *is_null ? 0 : buf_add(out, "", 1, e);
}
