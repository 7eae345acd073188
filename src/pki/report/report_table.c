/* SPDX-License-Identifier: MIT */
/* report_table.c - see report_table.h. */
#include "pki/report/report_table.h"

int report_add(struct report *r, enum report_table_id id, const void *row, size_t row_size, struct err *e)
{
	struct report_table *table = &r->tables[id];

	if (buf_add(&table->rows, row, row_size, e) < 0)
		return -1;
	table->row_size = row_size;
	table->n++;
	return 0;
}

void report_name(const struct report *r, char *out, size_t size, const char *name)
{
	(void)snprintf(out, size, "%s", r->options->is_for_auditor ? "" : name);
}
