/* SPDX-License-Identifier: MIT */
/* csv_table.c - see csv_table.h. */
#include "util/csv_table.h"

#include <stdlib.h>
#include <string.h>

struct csv_filling {
	const struct csv_table *table;
	struct buf rows;
	const struct csv_column *of[CSV_COLUMNS_MAX]; /* for each column of the file */
	size_t n_of;
	bool has_header;
};

static const struct csv_column *csv_table_find(const struct csv_table *t, const char *name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return &t->columns[i];
	return NULL;
}

static int csv_table_header(struct csv_filling *f, const char *const fields[], size_t n, struct err *e)
{
	const struct csv_table *t = f->table;
	bool has[CSV_COLUMNS_MAX] = { false };

	for (size_t i = 0; i < n; i++) {
		f->of[i] = csv_table_find(t, fields[i]);
		if (f->of[i] == NULL || has[f->of[i] - t->columns]) {
			(void)err_set(e, ERR_INPUT, "column '%.60s' is unknown or occurs twice", fields[i]);
			e->hint = t->hint;
			return -1;
		}
		has[f->of[i] - t->columns] = true;
	}
	f->n_of = n;
	f->has_header = true;
	return t->check_header(has, e);
}

static int csv_table_field(char *row, const struct csv_column *c, const char *field, struct err *e)
{
	const size_t len = strlen(field);

	if (c->parse != NULL)
		return c->parse(row + c->offset, c->size, field, e);
	if (len >= c->size)
		return err_set(e, ERR_INPUT, "column %s is longer than %zu bytes", c->name, c->size - 1);
	memcpy(row + c->offset, field, len + 1);
	return 0;
}

static int csv_table_record(const char *const fields[], size_t n, unsigned line, void *arg, struct err *e)
{
	struct csv_filling *f = arg;
	const size_t before = f->rows.len;

	(void)line;
	if (!f->has_header)
		return csv_table_header(f, fields, n, e);
	if (n != f->n_of)
		return err_set(e, ERR_INPUT, "the line has %zu columns, the header %zu", n, f->n_of);
	if (buf_add_zeros(&f->rows, f->table->row_size, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (csv_table_field((char *)f->rows.data + before, f->of[i], fields[i], e) < 0)
			return -1;
	return f->table->check_row(f->rows.data + before, e);
}

int csv_table_read(void **rows, size_t *n, struct bytes file, const struct csv_table *t, struct err *e)
{
	struct csv_filling f = { .table = t };

	if (csv_read(file, csv_table_record, &f, e) < 0) {
		buf_clear(&f.rows);
		return -1;
	}
	*n = f.rows.len / t->row_size;
	*rows = f.rows.data;
	return 0;
}
