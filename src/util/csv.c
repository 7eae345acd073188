/* SPDX-License-Identifier: MIT */
/* csv.c - see csv.h. */
#include "util/csv.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"
#include "util/text_decode.h"

struct reader {
	const char *at, *end;
	char separator;
	unsigned line;
	struct buf text;             /* the fields of a record, each with its NUL */
	size_t starts[CSV_COLUMNS_MAX];
	size_t n;
	unsigned n_records;          /* records with text, so far */
};

static int add_char(struct reader *r, char c, struct err *e)
{
	return buf_add(&r->text, &c, 1, e);
}

/* Reads a quoted field from after the opening quote to after the closing quote. */
static int util_csv_quoted(struct reader *r, struct err *e)
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
	return err_set(e, ERR_INPUT, "a quoted field is not closed");
}

static bool ends_field(const struct reader *r)
{
	return r->at >= r->end || *r->at == r->separator || *r->at == '\n' || *r->at == '\r';
}

static int csv_field(struct reader *r, struct err *e)
{
	if (r->n >= CSV_COLUMNS_MAX)
		return err_set(e, ERR_INPUT, "more than %d columns", CSV_COLUMNS_MAX);
	r->starts[r->n++] = r->text.len;
	if (r->at < r->end && *r->at == '"') {
		r->at++;
		if (util_csv_quoted(r, e) < 0)
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

/* Reads one record with its newline. */
static int util_csv_record(struct reader *r, struct err *e)
{
	r->text.len = r->n = 0;
	for (;;) {
		if (csv_field(r, e) < 0)
			return -1;
		if (r->at >= r->end || *r->at != r->separator)
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

/* Reads Excel's line "sep=;", which states the separator. */
static bool take_sep_line(struct reader *r)
{
	const size_t left = (size_t)(r->end - r->at);

	if (left < 5 || strncasecmp(r->at, "sep=", 4) != 0 || strchr(",;\t", r->at[4]) == NULL ||
	    (left > 5 && r->at[5] != '\n' && !(left > 6 && r->at[5] == '\r' && r->at[6] == '\n')))
		return false;
	r->separator = r->at[4];
	r->at += left == 5 ? 5 : r->at[5] == '\n' ? 6 : 7;
	r->line++;
	return true;
}

/* Finds the separator in the header: where the comma is the decimal separator, Excel writes semicolons. */
static char find_separator(const struct reader *r)
{
	bool has_semicolon = false, has_tab = false;

	for (const char *at = r->at; at < r->end && *at != '\n'; at++) {
		if (*at == ',')
			return ',';
		has_semicolon = has_semicolon || *at == ';';
		has_tab = has_tab || *at == '\t';
	}
	return has_semicolon ? ';' : has_tab ? '\t' : ',';
}

/* Whether the row has separators only, like rows that Excel adds below a list. */
static bool csv_is_blank(const char *const fields[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fields[i][0] != '\0')
			return false;
	return true;
}

static int csv_begin(struct reader *r, struct bytes text, struct err *e)
{
	if (text.len == 0)
		return 0;
	*r = (struct reader){ .at = (const char *)text.data, .end = (const char *)text.data + text.len, .line = 1 };
	if (!text_is_utf8(r->at, text.len) || memchr(r->at, '\0', text.len) != NULL) {
		(void)err_set(e, ERR_INPUT, "the list is not UTF-8 text");
		e->hint = "save it as UTF-8; Excel calls that \"CSV UTF-8\"";
		return -1;
	}
	if (!take_sep_line(r))
		r->separator = find_separator(r);
	return 0;
}

static int pass_record(struct reader *r, unsigned line, csv_fn *fn, void *arg, struct err *e)
{
	const char *fields[CSV_COLUMNS_MAX];

	for (size_t i = 0; i < r->n; i++)
		fields[i] = (const char *)r->text.data + r->starts[i];
	if (csv_is_blank(fields, r->n))
		return 0;
	if (r->n_records++ < CSV_RECORDS_MAX)
		return fn(fields, r->n, line, arg, e);
	(void)err_set(e, ERR_INPUT, "the list has more than %u records", CSV_RECORDS_MAX);
	return err_rule(e, "list-too-long", "split the list into several, each with the header");
}

int csv_read(struct bytes file, csv_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(buf) store = { 0 };
	struct reader r = { .at = NULL };
	struct bytes text;
	int result = text_decode(&text, &store, file, e) < 0 || csv_begin(&r, text, e) < 0 ? -1 : 0;

	while (result == 0 && r.at < r.end) {
		unsigned line = r.line;

		result = util_csv_record(&r, e);
		if (result == 0)
			result = pass_record(&r, line, fn, arg, e);
		if (result < 0)
			(void)err_while(e, "reading line %u of the list", line);
		r.line++;
	}
	buf_clear(&r.text);
	return result;
}
