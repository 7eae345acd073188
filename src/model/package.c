/* SPDX-License-Identifier: MIT */
/* package.c - see package.h. */
#include "model/package.h"

#include <string.h>

void package_clear(struct package *p)
{
	for (unsigned i = 0; i < p->n_roots; i++)
		buf_clear(&p->roots[i].der);
	buf_clear(&p->statements);
	explicit_bzero(p, sizeof(*p));
}
