/* SPDX-License-Identifier: MIT */
/* enroll_csv.c - reads the list of clients for `client enroll --from`; see enroll_list.h. */
#include <stdlib.h>
#include <string.h>

#include "pki/client/enroll_list.h"
#include "util/csv.h"
#include "util/unicode.h"

struct reading {
	struct enroll_list *list;
	size_t cap;
	bool has_header;
	int columns[CSV_COLUMNS_MAX]; /* columns of the file: indexes of column_rows */
	size_t n_columns;
};

static const struct {
	const char *name;
	size_t offset, size;
} column_rows[] = {
	{ "cn", offsetof(struct enroll_entry, cn), sizeof(((struct enroll_entry *)0)->cn) },
	{ "device", offsetof(struct enroll_entry, device), sizeof(((struct enroll_entry *)0)->device) },
	{ "token", offsetof(struct enroll_entry, token), sizeof(((struct enroll_entry *)0)->token) },
};
#define N_COLUMNS (sizeof(column_rows) / sizeof(column_rows[0]))

void enroll_list_free(struct enroll_list *l)
{
	if (l != NULL)
		free(l->all);
	free(l);
}

static int column_find(const char *name)
{
	for (size_t i = 0; i < N_COLUMNS; i++)
		if (strcmp(column_rows[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int read_header(struct reading *r, const char *const fields[], size_t n, struct err *e)
{
	bool has[N_COLUMNS] = { false };

	for (size_t i = 0; i < n; i++) {
		r->columns[i] = column_find(fields[i]);
		if (r->columns[i] < 0 || has[r->columns[i]]) {
			(void)err_set(e, ERR_INPUT, "column '%.60s' is unknown or occurs twice", fields[i]);
			e->hint = "name each column once in the first line: cn,device,token";
			return -1;
		}
		has[r->columns[i]] = true;
	}
	r->n_columns = n;
	r->has_header = true;
	return has[0] ? 0 : err_set(e, ERR_INPUT, "the header of the list has no column `cn`");
}

struct entry_key {
	const struct enroll_entry *entry;
	char *key;                   /* identity of name and device, separated by a newline */
};

static int compare_keys(const void *a, const void *b)
{
	const struct entry_key *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static int enroll_csv_make_key(struct entry_key *out, const struct enroll_entry *p, struct err *e)
{
	char name[NAME_KEY_MAX], device[NAME_KEY_MAX];

	out->entry = p;
	if (name_key(name, p->cn, e) < 0 || name_key(device, p->device, e) < 0)
		return -1;
	if (asprintf(&out->key, "%s\n%s", name, device) >= 0)
		return 0;
	out->key = NULL;
	return err_set(e, ERR_INTERNAL, "out of memory");
}

static int enroll_csv_refuse_doubles(const struct enroll_list *l, struct err *e)
{
	struct entry_key *sorted = calloc(l->n, sizeof(*sorted));
	int result = 0;

	if (sorted == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	for (size_t i = 0; result == 0 && i < l->n; i++)
		result = enroll_csv_make_key(&sorted[i], &l->all[i], e);
	if (result == 0)
		qsort(sorted, l->n, sizeof(*sorted), compare_keys);
	for (size_t i = 1; result == 0 && i < l->n; i++)
		if (compare_keys(&sorted[i - 1], &sorted[i]) == 0)
			result = err_set(e, ERR_INPUT, "the list has '%.100s' twice (as '%.100s')",
			    sorted[i - 1].entry->cn, sorted[i].entry->cn);
	for (size_t i = 0; i < l->n; i++)
		free(sorted[i].key);
	free(sorted);
	return result;
}

static int enroll_csv_grow(struct reading *r, struct err *e)
{
	struct enroll_list *l = r->list;
	const size_t cap = r->cap > 0 ? 2 * r->cap : 64;
	struct enroll_entry *more = l->n < r->cap ? l->all : reallocarray(l->all, cap, sizeof(*more));

	if (more == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (l->n == r->cap)
		r->cap = cap;
	l->all = more;
	return 0;
}

static int read_record(const char *const fields[], size_t n, unsigned line, void *arg, struct err *e)
{
	struct reading *r = arg;
	struct enroll_entry entry = { .cn = "" };

	(void)line;
	if (!r->has_header)
		return read_header(r, fields, n, e);
	if (n != r->n_columns)
		return err_set(e, ERR_INPUT, "%zu columns where the header has %zu", n, r->n_columns);
	for (size_t i = 0; i < n; i++) {
		const size_t size = column_rows[r->columns[i]].size, len = strlen(fields[i]);

		if (len >= size)
			return err_set(e, ERR_INPUT, "column %s is longer than %zu bytes",
			    column_rows[r->columns[i]].name, size - 1);
		memcpy((char *)&entry + column_rows[r->columns[i]].offset, fields[i], len + 1);
	}
	if (entry.cn[0] == '\0')
		return err_set(e, ERR_INPUT, "a row without a name");
	if (enroll_csv_grow(r, e) < 0)
		return -1;
	r->list->all[r->list->n++] = entry;
	return 0;
}

int enroll_list_read(struct enroll_list **out, struct bytes csv, struct err *e)
{
	AUTO_STRUCT(enroll_list) l = calloc(1, sizeof(*l));
	struct reading r = { .list = l };

	if (l == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (csv_read(csv, read_record, &r, e) < 0)
		return -1;
	if (l->n == 0)
		return err_set(e, ERR_INPUT, "the list is empty");
	if (enroll_csv_refuse_doubles(l, e) < 0)
		return -1;
	*out = STEAL(l);
	return 0;
}
