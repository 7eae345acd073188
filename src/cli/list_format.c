/* SPDX-License-Identifier: MIT */
/* list_format.c - see list_format.h. */
#include "cli/list_format.h"

int list_print_as(struct app *app, const char *format, list_print_fn *print, void *arg, struct err *e)
{
	struct err at_close = ERR_INIT;
	struct out *o = NULL;
	int result;

	if (app->json || format == NULL)
		return print(app->out, arg, e);
	result = out_open(&o, format, stdout, e);
	if (result == 0)
		result = print(o, arg, e);
	if (out_close(o, result < 0 ? e : NULL, &at_close) < 0 && result >= 0) {
		*e = at_close;
		result = -1;
	}
	return result;
}
