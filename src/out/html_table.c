/* SPDX-License-Identifier: MIT */
/* html_table.c - see html_table.h. */
#include "out/html_table.h"

#include <string.h>

#include "out/format.h"
#include "out/xml.h"

static bool html_is_number(const struct out_field *f)
{
	return f->type == OUT_UINT || f->type == OUT_INT64 || f->type == OUT_KNOWN;
}

/* A value of another party is isolated, so that its direction does not change the text around it. */
static int html_cell(struct xml *x, const struct out_field *f, const void *row, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	bool is_null = false;

	if (out_value_text(&text, &is_null, f, row, e) < 0)
		return -1;
	xml_start(x, "td", NULL);
	if (html_is_number(f))
		xml_attribute(x, "class", "number");
	if (is_null || text.data[0] == '\0')
		xml_text(x, "–");
	else if (html_is_number(f))
		xml_text(x, (const char *)text.data);
	else
		xml_leaf(x, strcmp(f->key, "command") == 0 ? "code" : "bdi", (const char *)text.data);
	xml_end(x);
	return 0;
}

static void html_heading(struct xml *x, const struct out_field *f, const char *scope)
{
	xml_start(x, "th", NULL);
	xml_attribute(x, "scope", scope);
	if (html_is_number(f) && strcmp(scope, "col") == 0)
		xml_attribute(x, "class", "number");
	xml_text(x, f->heading);
	xml_end(x);
}

static void html_begin(struct xml *x, const struct html_table *table, const char *style)
{
	xml_start(x, "div", NULL);
	xml_attribute(x, "class", "scroll");
	xml_attribute(x, "role", "region");
	xml_attribute(x, "tabindex", "0");
	xml_attribute(x, "aria-label", table->caption);
	xml_start(x, "table", NULL);
	xml_attribute(x, "id", table->id);
	if (style != NULL)
		xml_attribute(x, "class", style);
	xml_leaf(x, "caption", table->caption);
}

static void html_end(struct xml *x)
{
	xml_end(x);
	xml_end(x);
	xml_end(x);
	xml_text(x, "\n");
}

int html_table(struct xml *x, const struct html_table *table, struct err *e)
{
	html_begin(x, table, NULL);
	xml_start(x, "thead", NULL);
	xml_start(x, "tr", NULL);
	for (const struct out_field *f = table->fields; f->key != NULL; f++)
		if (f->heading != NULL)
			html_heading(x, f, "col");
	xml_end(x);
	xml_end(x);
	xml_start(x, "tbody", NULL);
	for (size_t i = 0; i < table->n; i++) {
		xml_start(x, "tr", NULL);
		for (const struct out_field *f = table->fields; f->key != NULL; f++)
			if (f->heading != NULL &&
			    html_cell(x, f, (const char *)table->rows + i * table->row_size, e) < 0)
				return -1;
		xml_end(x);
		xml_text(x, "\n");
	}
	html_end(x);
	return 0;
}

int html_record(struct xml *x, const struct html_table *record, struct err *e)
{
	html_begin(x, record, "record");
	xml_start(x, "tbody", NULL);
	for (const struct out_field *f = record->fields; f->key != NULL; f++) {
		if (f->heading == NULL)
			continue;
		xml_start(x, "tr", NULL);
		html_heading(x, f, "row");
		if (html_cell(x, f, record->rows, e) < 0)
			return -1;
		xml_end(x);
	}
	html_end(x);
	return 0;
}
