/* SPDX-License-Identifier: MIT */
/* jsonl.c - the output format jsonl: each record and each row is an object on its own line. */
#include "out/json_value.h"

static int jsonl_record(struct out *o, const char *key, const struct out_field *f, const void *rec, struct err *e)
{
	AUTO(json_t) all = json_value_object(f, rec);

	(void)key;
	if (json_value_write(o->f, all, e) < 0)
		return -1;
	(void)fputc('\n', o->f);
	return 0;
}

static int jsonl_row(struct out *o, const void *rec, struct err *e)
{
	return jsonl_record(o, NULL, o->fields, rec, e);
}

const struct out_format out_format_jsonl = { .name = "jsonl", .record = jsonl_record, .row = jsonl_row };
