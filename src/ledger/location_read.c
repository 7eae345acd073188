/* SPDX-License-Identifier: MIT */
/* location_read.c - the ledger's locations, read: the last one is where it is now. */
#include "ledger/internal.h"

int ledger_each_location(struct ledger *l, location_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &locations_table, FILTER_ONLY("ORDER BY id"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct location_record place = { 0 };

		if (row_read(&place.row.id, &place, &q, &locations_table, e) < 0 || fn(&place.row, arg, e) < 0)
			return -1;
	}
	return r;
}

int ledger_location(struct location_row *out, struct ledger *l, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	struct location_record place = { 0 };
	int r;

	if (row_query(&q, l, &locations_table, FILTER_ONLY("ORDER BY id DESC LIMIT 1"), e) < 0 ||
	    (r = db_next(&q, e)) < 0 || (r > 0 && row_read(&place.row.id, &place, &q, &locations_table, e) < 0))
		return -1;
	*out = place.row;
	return 0;
}
