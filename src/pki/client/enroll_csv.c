/* SPDX-License-Identifier: MIT */
/* enroll_csv.c - reads the list of clients for `client enroll --from`; see enroll_list.h. */
#include <stdlib.h>
#include <string.h>

#include "pki/client/enroll_list.h"
#include "util/array.h"
#include "util/csv_table.h"
#include "util/unicode.h"

static const struct csv_column enroll_columns[] = {
	{ CSV_COLUMN(struct enroll_entry, cn) },
	{ CSV_COLUMN(struct enroll_entry, device) },
	{ CSV_COLUMN(struct enroll_entry, token) },
};

void enroll_list_free(struct enroll_list *l)
{
	if (l != NULL)
		free(l->all);
	free(l);
}

static int enroll_csv_check_header(const bool has[], struct err *e)
{
	return has[0] ? 0 : err_set(e, ERR_INPUT, "the header of the list has no column `cn`");
}

static int enroll_csv_check_row(const void *row, struct err *e)
{
	const struct enroll_entry *entry = row;

	return entry->cn[0] != '\0' ? 0 : err_set(e, ERR_INPUT, "a row without a name");
}

static const struct csv_table enroll_table = {
	.columns = enroll_columns,
	.n_columns = ARRAY_LEN(enroll_columns),
	.row_size = sizeof(struct enroll_entry),
	.hint = "the first line names each column once: cn,device,token",
	.check_header = enroll_csv_check_header,
	.check_row = enroll_csv_check_row,
};

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
	return err_oom(e);
}

static int enroll_csv_refuse_doubles(const struct enroll_list *l, struct err *e)
{
	struct entry_key *sorted = calloc(l->n, sizeof(*sorted));
	int result = 0;

	if (sorted == NULL)
		return err_oom(e);
	for (size_t i = 0; result == 0 && i < l->n; i++)
		result = enroll_csv_make_key(&sorted[i], &l->all[i], e);
	if (result == 0)
		qsort(sorted, l->n, sizeof(*sorted), compare_keys);
	for (size_t i = 1; result == 0 && i < l->n; i++)
		if (compare_keys(&sorted[i - 1], &sorted[i]) == 0)
			result = err_set(e, ERR_INPUT, "the list contains '%.100s' twice (as '%.100s')",
			    sorted[i - 1].entry->cn, sorted[i].entry->cn);
	for (size_t i = 0; i < l->n; i++)
		free(sorted[i].key);
	free(sorted);
	return result;
}

int enroll_list_read(struct enroll_list **out, struct bytes csv, struct err *e)
{
	AUTO_STRUCT(enroll_list) l = calloc(1, sizeof(*l));
	void *rows = NULL;

	if (l == NULL)
		return err_oom(e);
	if (csv_table_read(&rows, &l->n, csv, &enroll_table, e) < 0)
		return -1;
	l->all = rows;
	if (l->n == 0)
		return err_set(e, ERR_INPUT, "the list is empty");
	if (enroll_csv_refuse_doubles(l, e) < 0)
		return -1;
	*out = STEAL(l);
	return 0;
}
