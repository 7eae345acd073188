/* SPDX-License-Identifier: MIT */
/* html_table.h - records as HTML tables, from the same fields as text and JSON. */
#ifndef OUT_HTML_TABLE_H
#define OUT_HTML_TABLE_H

#include "out/out.h"

struct xml;

struct html_table {
	const char *id, *caption;    /* unique on the page; the id is also the key in JSON */
	const struct out_field *fields; /* those with a heading are shown */
	const void *rows;
	size_t n, row_size;
};
/*
 * Writes the table in a region that scrolls where the table is wider than the screen. Values are isolated (bdi) and
 * sanitised. -1 (ERR_INTERNAL): memory; xml_close() reports other failures.
 */
int html_table(struct xml *x, const struct html_table *table, struct err *e) MUST_CHECK;
/* Writes a record as a table with one row for each field. */
int html_record(struct xml *x, const struct html_table *record, struct err *e) MUST_CHECK;

#endif
