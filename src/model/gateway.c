/* SPDX-License-Identifier: MIT */
/* gateway.c - see gateway.h. */
#include "model/gateway.h"

#include <stdlib.h>

void gateway_clear(struct gateway *g)
{
	for (size_t i = 0; i < g->n_roots; i++)
		buf_clear(&g->roots[i].der);
	free(g->roots);
	free(g->revoked);
	for (size_t i = 0; i < g->n_unreadable; i++)
		free(g->unreadable[i].datum);
	free(g->unreadable);
	*g = (struct gateway){ 0 };
}
