/* SPDX-License-Identifier: MIT */
/* gateway_show.c - a gateway of the ledger, with the decisions that are pending there. */
#include "pki/gateway/gateway.h"

int gateway_show(struct pki *p, const char *name, struct out *o, struct err *e)
{
	struct gateway_row row;

	if (gateway_find(&row, p, name, e) < 0 || gateway_print(&row, o, e) < 0)
		return -1;
	return gateway_print_pending(p, row.id, 0, NULL, o, e);
}
