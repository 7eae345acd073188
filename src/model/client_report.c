/* SPDX-License-Identifier: MIT */
/* client_report.c - see client_report.h. */
#include "model/client_report.h"

#include <stdlib.h>

void client_report_clear(struct client_report *r)
{
	for (size_t i = 0; i < r->n_certs; i++)
		buf_clear(&r->certs[i].der);
	free(r->certs);
	free(r->roots);
	free(r->vpns);
	*r = (struct client_report){ 0 };
}
