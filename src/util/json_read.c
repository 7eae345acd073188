/* SPDX-License-Identifier: MIT */
/* json_read.c - see json_read.h. */
#include "util/json_read.h"

#include <string.h>

#include "util/file.h"
#include "util/text.h"

static int refuse_format(const struct json_form *form, const char *why, struct err *e)
{
	(void)err_set(e, ERR_INPUT, "%s", why);
	return err_rule(e, form->format_code, form->hint);
}

static bool json_read_begins(struct bytes text, const char *with)
{
	return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

/* Counts brackets and commas before anything is allocated; those inside of texts count as well. */
static int json_read_check_bytes(const struct json_form *form, struct bytes text, struct err *e)
{
	unsigned nests = 0, values = 0;

	if (json_read_begins(text, "\xff\xfe") || json_read_begins(text, "\xfe\xff"))
		return refuse_format(form, "it is UTF-16, as `>` of Windows PowerShell writes it, not UTF-8", e);
	for (size_t i = 0; i < text.len; i++) {
		nests += text.data[i] == '{' || text.data[i] == '[';
		values += text.data[i] == ',';
	}
	if (nests <= form->nests_max && values <= form->values_max)
		return 0;
	(void)err_set(e, ERR_INPUT, "it has more than %u objects and lists or %u values", form->nests_max,
	    form->values_max);
	return err_rule(e, form->limit_code, form->hint);
}

/* jansson's message quotes the text near the error, which may be a RADIUS secret, so the quotation is removed. */
static int refuse_json(const struct json_form *form, const json_error_t *why, struct err *e)
{
	const char *near = strstr(why->text, " near ");
	const size_t len = near != NULL ? (size_t)(near - why->text) : strlen(why->text);
	char safe[JSON_ERROR_TEXT_LENGTH];

	(void)print_safe(safe, sizeof(safe), why->text, len);
	(void)refuse_format(form, form->not_json, e);
	return err_cause(e, "line %d, column %d: %s", why->line, why->column, safe);
}

static int json_read_parse(json_t **out, const struct json_form *form, struct bytes text, struct err *e)
{
	json_error_t why;
	json_t *all;

	if (json_read_begins(text, "\xef\xbb\xbf"))
		text = (struct bytes){ text.data + 3, text.len - 3 };
	if (json_read_check_bytes(form, text, e) < 0)
		return -1;
	all = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &why);
	if (all == NULL)
		return refuse_json(form, &why, e);
	*out = all;
	return 0;
}

/* Converts in place; every second byte of ASCII in UTF-16 is 0. */
static int from_utf16(const struct json_form *form, struct buf *text, struct err *e)
{
	const bool is_little = text->data[0] == 0xff;
	size_t n = 0;

	for (size_t i = 2; i + 1 < text->len; i += 2) {
		const unsigned char low = text->data[is_little ? i : i + 1], high = text->data[is_little ? i + 1 : i];

		if (high != 0 || low == 0 || low > 0x7f)
			return refuse_format(form, "it is UTF-16 with characters outside ASCII", e);
		text->data[n++] = low;
	}
	text->len = n;
	return 0;
}

static bool is_utf16(struct bytes text)
{
	return json_read_begins(text, "\xff\xfe") || json_read_begins(text, "\xfe\xff");
}

int json_read_file(json_t **out, const struct json_form *form, const char *path, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	int r = file_read(&text, path, form->bytes_max, e);

	if (r < 0 && e->status == ERR_INPUT)
		(void)err_rule(e, form->limit_code, form->hint);
	if (r < 0 || (form->is_utf16_allowed && is_utf16(buf_bytes(&text)) && from_utf16(form, &text, e) < 0))
		return -1;
	return json_read_parse(out, form, buf_bytes(&text), e);
}

json_t *json_member(const json_t *object, const char *name)
{
	json_t *value = json_object_get(object, name);

	return json_is_null(value) ? NULL : value;
}
