/* SPDX-License-Identifier: MIT */
/* csv_table.h - reads a CSV file with a header into an array of structs; csv.h reads the records. */
#ifndef UTIL_CSV_TABLE_H
#define UTIL_CSV_TABLE_H

#include <stdbool.h>

#include "util/csv.h"

/* A column and the member, an array of char, that its fields are copied to. */
struct csv_column {
	const char *name;
	size_t offset, size;
	/* Instead of copying: writes the value of a field, or refuses it (ERR_INPUT). NULL = copy. */
	int (*parse)(char *out, size_t size, const char *field, struct err *e);
};
#define CSV_COLUMN(type, member) \
	.name = #member, .offset = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

struct csv_table {
	const struct csv_column *columns;
	size_t n_columns;            /* at most CSV_COLUMNS_MAX */
	size_t row_size;
	const char *hint;            /* of the errors about the header: what it should be */
	/* Refuses a header without the necessary columns (ERR_INPUT); has[i]: it names columns[i]. */
	int (*check_header)(const bool has[], struct err *e);
	/* Refuses an incomplete row (ERR_INPUT). */
	int (*check_row)(const void *row, struct err *e);
};

/*
 * Stores the rows in a new array of `row_size` elements, which the caller frees; columns that the file lacks stay
 * zero. The header names each of its columns once, in any order.
 * -1: as csv_read(), ERR_INPUT also for an unknown or repeated column, a record with another number of fields, a field
 * that is too long, or as the functions of the table.
 */
int csv_table_read(void **rows, size_t *n, struct bytes file, const struct csv_table *t, struct err *e) MUST_CHECK;

#endif
