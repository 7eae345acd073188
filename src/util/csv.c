/* SPDX-License-Identifier: MIT */
/* csv.c - see csv.h. */
#include "util/csv.h"

#include <stdbool.h>
#include <string.h>

#include "util/text.h"

struct reader {
	const char *at, *end;
	unsigned line;
	struct buf text;             /* the fields of a record, each with its NUL */
	size_t starts[CSV_COLUMNS_MAX];
	size_t n;
};

static int add_char(struct reader *r, char c, struct err *e)
{
	return buf_add(&r->text, &c, 1, e);
}

/* After the opening quote; stops behind the closing one. */
static int quoted(struct reader *r, struct err *e)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '\n')
			r->line++;
		if (*r->at == '"' && !(r->at + 1 < r->end && r->at[1] == '"')) {
			r->at++;
			return 0;
		}
		if (*r->at == '"')
			r->at++;
		if (add_char(r, *r->at, e) < 0)
			return -1;
	}
	return err_set(e, ERR_INPUT, "a quoted field has no end");
}

static bool ends_field(const struct reader *r)
{
	return r->at >= r->end || *r->at == ',' || *r->at == '\n' || *r->at == '\r';
}

static int field(struct reader *r, struct err *e)
{
	if (r->n >= CSV_COLUMNS_MAX)
		return err_set(e, ERR_INPUT, "more than %d columns", CSV_COLUMNS_MAX);
	r->starts[r->n++] = r->text.len;
	if (r->at < r->end && *r->at == '"') {
		r->at++;
		if (quoted(r, e) < 0)
			return -1;
	} else {
		for (; !ends_field(r); r->at++)
			if (*r->at == '"' ? err_set(e, ERR_INPUT, "a quote inside a field") < 0
					  : add_char(r, *r->at, e) < 0)
				return -1;
	}
	if (!ends_field(r))
		return err_set(e, ERR_INPUT, "text after a quoted field");
	return add_char(r, '\0', e);
}

/* One record, up to and with its newline. */
static int record(struct reader *r, struct err *e)
{
	r->text.len = r->n = 0;
	for (;;) {
		if (field(r, e) < 0)
			return -1;
		if (r->at >= r->end || *r->at != ',')
			break;
		r->at++;
	}
	if (r->at < r->end && *r->at == '\r')
		r->at++;
	if (r->at < r->end && *r->at != '\n')
		return err_set(e, ERR_INPUT, "a carriage return inside a record");
	r->at += r->at < r->end;
	return 0;
}

int csv_read(struct bytes text, csv_fn *fn, void *arg, struct err *e)
{
	struct reader r = { .at = (const char *)text.at, .line = 1 };
	int result = 0;

	if (text.len == 0)
		return 0;
	r.end = r.at + text.len;
	if (!text_is_utf8(r.at, text.len) || memchr(r.at, '\0', text.len) != NULL)
		return err_set(e, ERR_INPUT, "the list is not UTF-8 text");
	while (result == 0 && r.at < r.end) {
		const char *fields[CSV_COLUMNS_MAX];
		unsigned line = r.line;

		result = record(&r, e);
		for (size_t i = 0; i < r.n; i++)
			fields[i] = (const char *)r.text.at + r.starts[i];
		if (result == 0 && !(r.n == 1 && fields[0][0] == '\0'))
			result = fn(fields, r.n, line, arg, e);
		if (result < 0)
			(void)err_while(e, "reading line %u of the list", line);
		r.line++;
	}
	buf_clear(&r.text);
	return result;
}
