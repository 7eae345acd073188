/* SPDX-License-Identifier: MIT */
/* text_field.c - what the layouts of the format text share: the shown fields, their texts, the title of a list. */
#include <stdlib.h>
#include <string.h>

#include "out/text_internal.h"

const struct out_field *text_next_field(const struct out *o, const struct out_field *f)
{
	while (f->key != NULL && (f->heading == NULL || (f->as == OUT_AS_DETAIL && !o->is_verbose)))
		f++;
	return f->key != NULL ? f : NULL;
}

char *text_of_field(bool *is_null_out, const char *absent, const struct out_field *f, const void *rec, struct err *e)
{
	AUTO_VALUE(buf) b = { 0 };
	bool is_null = false;
	char *text;

	if (out_value_text(&b, &is_null, f, rec, e) < 0)
		return NULL;
	is_null = is_null || b.data[0] == '\0';
	text = strdup(!is_null ? (const char *)b.data : absent);
	if (text == NULL)
		(void)err_oom(e);
	else
		*is_null_out = is_null;
	return text;
}

void text_title(struct out *o)
{
	if (o->title == NULL)
		return;
	(void)fprintf(o->f, "%s%s:\n", o->has_text ? "\n" : "", o->title);
	o->title = NULL;
}
