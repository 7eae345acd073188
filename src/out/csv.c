/* SPDX-License-Identifier: MIT */
/* csv.c - the output format csv for spreadsheets and scripts: RFC 4180, with the keys as header. */
#include <string.h>

#include "out/format.h"

/*
 * A spreadsheet evaluates a cell that begins like a formula, even if quoted. Only text is escaped: a negative number
 * may begin with "-".
 */
static bool is_formula(const struct out_field *f, const char *raw)
{
	return (f->type == OUT_TEXT || f->type == OUT_CHARS || f->type == OUT_LIST || f->type == OUT_OBJECT) &&
	    raw[0] != '\0' && strchr("=+-@\t\r", raw[0]) != NULL;
}

/* The first bytes of the value without quotes, if it is text, which may be untrusted. */
static const char *raw_text(const struct out_field *f, const void *rec)
{
	const struct out_array *a;
	const void *object;
	const char *text = "";

	switch (f->type) {
	case OUT_TEXT:
		return OUT_GET(const char *, f, rec);
	case OUT_CHARS:
		return (const char *)rec + f->offset;
	case OUT_LIST:
		a = &OUT_GET(struct out_array, f, rec);
		return a->n > 0 ? raw_text(f->sub, a->data) : "";
	case OUT_OBJECT:
		object = OUT_GET(const void *, f, rec);
		for (f = f->sub; object != NULL && f->key != NULL && text[0] == '\0'; f++)
			text = f->heading != NULL ? raw_text(f, object) : "";
		return text;
	case OUT_STATED:
	case OUT_HEX:
	case OUT_UINT:
	case OUT_INT64:
	case OUT_KNOWN:
	case OUT_BOOL:
	case OUT_TRI:
	case OUT_TIME:
		break;
	}
	return "";
}

static void csv_quoted(FILE *f, const char *text)
{
	(void)fputc('"', f);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			(void)fputc('"', f);
		(void)fputc(*text, f);
	}
	(void)fputc('"', f);
}

static int csv_cell(struct out *o, const struct out_field *f, const void *rec, struct err *e)
{
	AUTO_VALUE(buf) b = { 0 };
	const char *raw = raw_text(f, rec);
	bool is_null = false;

	if (raw != NULL && is_formula(f, raw) && buf_add(&b, "'", 1, e) < 0)
		return -1;
	if (out_value_text(&b, &is_null, f, rec, e) < 0)
		return -1;
	if (is_null)
		return 0;
	if (strpbrk((const char *)b.data, "\",") != NULL)
		csv_quoted(o->f, (const char *)b.data);
	else
		(void)fputs((const char *)b.data, o->f);
	return 0;
}

static int csv_line(struct out *o, const struct out_field *f, const void *rec, struct err *e)
{
	for (const struct out_field *first = f; f->key != NULL; f++) {
		if (f != first)
			(void)fputc(',', o->f);
		if (csv_cell(o, f, rec, e) < 0)
			return -1;
	}
	(void)fputs("\r\n", o->f);
	return 0;
}

static void csv_header(struct out *o, const struct out_field *f)
{
	for (const struct out_field *first = f; f->key != NULL; f++)
		(void)fprintf(o->f, "%s%s", f != first ? "," : "", f->key);
	(void)fputs("\r\n", o->f);
}

static int csv_record(struct out *o, const char *key, const struct out_field *f, const void *rec, struct err *e)
{
	(void)key;
	csv_header(o, f);
	return csv_line(o, f, rec, e);
}

static int csv_list(struct out *o, const char *key, struct err *e)
{
	(void)key;
	(void)e;
	csv_header(o, o->fields);
	return 0;
}

static int csv_row(struct out *o, const void *rec, struct err *e)
{
	return csv_line(o, o->fields, rec, e);
}

const struct out_format out_format_csv = {
	.name = "csv", .record = csv_record, .list = csv_list, .row = csv_row,
};
