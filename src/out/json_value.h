/* SPDX-License-Identifier: MIT */
/*
 * json_value.h - converts records to jansson values, for the formats json and jsonl.
 *
 * JSON is UTF-8 (RFC 8259, 8.1): text that is not UTF-8 is shown as by print_safe(). The caller
 * owns the results; NULL: out of memory.
 */
#ifndef OUT_JSON_VALUE_H
#define OUT_JSON_VALUE_H

#include <jansson.h>

#include "out/format.h"
#include "util/cleanup.h"

AUTO_DEFINE(json_t, json_decref);

json_t *json_value_text(const char *text); /* NULL becomes null */
json_t *json_value_object(const struct out_field *f, const void *rec);
json_t *json_value_error(const struct err *failed);
/* Writes j; -1 (ERR_INTERNAL) if j is NULL. ferror() reports a failed write. */
int json_value_write(FILE *f, const json_t *j, struct err *e) MUST_CHECK;

#endif
