/* SPDX-License-Identifier: MIT */
/* schema.h - the JSON Schema (2020-12) of what a command prints with --json, built from its output fields. */
#ifndef OUT_SCHEMA_H
#define OUT_SCHEMA_H

#include "out/out.h"

struct schema;

/* Begins a schema with the members that every output has. title: "p11ca token list". Freed by schema_free(). */
int schema_open(struct schema **s, const char *title, struct err *e) MUST_CHECK;
/* Adds the optional member that out_record() or, for is_list, out_list() prints; f NULL: the text of out_raw(). */
int schema_add(struct schema *s, const char *key, const struct out_field *f, bool is_list, struct err *e) MUST_CHECK;
/* Writes the schema to a new or existing file. -1: ERR_OUTPUT. */
int schema_write(const struct schema *s, const char *path, struct err *e) MUST_CHECK;
void schema_free(struct schema *s); /* s may be NULL */

#endif
