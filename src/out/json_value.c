/* SPDX-License-Identifier: MIT */
/* json_value.c - see json_value.h. */
#include "out/json_value.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"
#include "util/unicode.h"

json_t *json_value_text(const char *text)
{
	AUTO_VALUE(buf) safe = { 0 };
	struct err e;

	if (text == NULL)
		return json_null();
	if (text_is_utf8(text, strlen(text)))
		return json_string(text);
	return out_add_safe(&safe, text, &e) < 0 ? NULL : json_stringn((const char *)safe.data, safe.len);
}

static json_t *json_value_list(const struct out_field *f, const struct out_array *a)
{
	AUTO(json_t) all = json_array();

	for (size_t i = 0; i < a->n; i++)
		if (json_array_append_new(all, json_value_object(f->sub, (const char *)a->data + i * a->stride)) < 0)
			return NULL;
	return STEAL(all);
}

static json_t *json_value_hex(const struct out_field *f, const void *rec)
{
	AUTO_VALUE(buf) text = { 0 };
	bool is_null = false;
	struct err e;

	return out_value_text(&text, &is_null, f, rec, &e) < 0 ? NULL : json_string((const char *)text.data);
}

/* The words between separators, without spaces around them; none for NULL. */
static json_t *json_value_words(const char *text, char separator)
{
	AUTO_VALUE(buf) safe = { 0 };
	AUTO(json_t) all = json_array();
	struct err e;

	if (text == NULL)
		return STEAL(all);
	if (out_add_safe(&safe, text, &e) < 0)
		return NULL;
	for (size_t at = 0, len; at < safe.len; at += len + 1) {
		const char *word = (const char *)safe.data + at;
		const char *end = memchr(word, separator, safe.len - at);

		len = end != NULL ? (size_t)(end - word) : safe.len - at;
		for (; len > 0 && *word == ' '; word++, at++)
			len--;
		if (len > 0 && json_array_append_new(all, json_stringn(word, len)) < 0)
			return NULL;
	}
	return STEAL(all);
}

static json_t *json_value_stated(const char *text)
{
	const bool is_yes = text != NULL && strcmp(text, "yes") == 0;

	return is_yes || (text != NULL && strcmp(text, "no") == 0) ? json_boolean(is_yes) : json_null();
}

static json_t *json_value_string(const struct out_field *f, const char *text)
{
	if (f->separator != 0)
		return json_value_words(text, f->separator);
	return json_value_text(f->type == OUT_CHARS && text[0] == '\0' ? NULL : text);
}

static json_t *json_value_value(const struct out_field *f, const void *rec)
{
	char when[TEXT_TIME];

	switch (f->type) {
	case OUT_TEXT:
		return json_value_string(f, OUT_GET(const char *, f, rec));
	case OUT_CHARS:
		return json_value_string(f, (const char *)rec + f->offset);
	case OUT_STATED:
		return json_value_stated(OUT_GET(const char *, f, rec));
	case OUT_OBJECT:
		return OUT_GET(const void *, f, rec) == NULL ? json_null() :
							       json_value_object(f->sub, OUT_GET(const void *, f, rec));
	case OUT_HEX:
		return json_value_hex(f, rec);
	case OUT_UINT:
		return json_integer((json_int_t)OUT_GET(unsigned, f, rec));
	case OUT_INT64:
		return json_integer((json_int_t)OUT_GET(int64_t, f, rec));
	case OUT_KNOWN:
		return OUT_GET(int64_t, f, rec) < 0 ? json_null() : json_integer((json_int_t)OUT_GET(int64_t, f, rec));
	case OUT_BOOL:
		return json_boolean(OUT_GET(bool, f, rec));
	case OUT_TRI:
		return OUT_GET(enum tri, f, rec) == TRI_NOT_STATED ? json_null() :
								     json_boolean(OUT_GET(enum tri, f, rec) == TRI_YES);
	case OUT_TIME:
		text_time(when, OUT_GET(int64_t, f, rec));
		return json_value_text(OUT_GET(int64_t, f, rec) != 0 && when[0] != '\0' ? when : NULL);
	case OUT_LIST:
		return json_value_list(f, &OUT_GET(struct out_array, f, rec));
	}
	return NULL;
}

json_t *json_value_object(const struct out_field *f, const void *rec)
{
	AUTO(json_t) all = json_object();

	for (; f->key != NULL; f++)
		if (json_object_set_new(all, f->key, json_value_value(f, rec)) < 0)
			return NULL;
	return STEAL(all);
}

static json_t *json_value_lines(const char (*text)[160], unsigned n)
{
	AUTO(json_t) all = json_array();

	for (unsigned i = 0; i < n; i++)
		if (json_array_append_new(all, json_value_text(text[i])) < 0)
			return NULL;
	return STEAL(all);
}

json_t *json_value_error(const struct err *failed)
{
	char code[ERR_CODE_MAX];

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "status", err_exit_status(-1, failed),
	    "code", json_value_text(err_code(failed, code)), "message", json_value_text(failed->what),
	    "context", json_value_lines(failed->doing, failed->n_doing),
	    "return_value", json_value_text(failed->has_rv ? failed->rv_name : NULL),
	    "cause", json_value_text(failed->cause[0] != '\0' ? failed->cause : NULL),
	    "cleanup_errors", json_value_lines(failed->also, failed->n_also), "hint", json_value_text(failed->hint));
}

/* RFC 8259, 7: programs read \uXXXX as the same character, and a terminal cannot interpret it. */
static void json_write_escaped(FILE *f, uint32_t cp)
{
	if (cp >= 0x10000)
		(void)fprintf(f, "\\u%04x\\u%04x", 0xd800U + ((cp - 0x10000U) >> 10), 0xdc00U + (cp & 0x3ffU));
	else
		(void)fprintf(f, "\\u%04x", cp);
}

int json_value_write(FILE *f, const json_t *j, struct err *e)
{
	char *text = j != NULL ? json_dumps(j, JSON_ENCODE_ANY) : NULL;
	const size_t len = text != NULL ? strlen(text) : 0;
	size_t at = 0, kept = 0, n;
	uint32_t cp;

	if (text == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory while building JSON");
	while ((n = text_next(&cp, text + at, len - at)) > 0) {
		if (!unicode_is_visible(cp)) { /* jansson escapes characters below U+0020 */
			(void)fwrite(text + kept, 1, at - kept, f);
			json_write_escaped(f, cp);
			kept = at + n;
		}
		at += n;
	}
	(void)fwrite(text + kept, 1, len - kept, f);
	free(text);
	return 0;
}
