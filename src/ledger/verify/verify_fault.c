/* SPDX-License-Identifier: MIT */
/* verify_fault.c - what ledger_verify() reports of one fault. */
#include "ledger/internal.h"

#include <stdarg.h>

int verify_fault(struct verify *v, const char *id, struct err *e, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	v->n++;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->is_stopped = v->fn(id, text, v->arg, e) < 0;
	return v->is_stopped ? -1 : 0;
}
