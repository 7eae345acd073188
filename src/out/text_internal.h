/* SPDX-License-Identifier: MIT */
/* text_internal.h - the parts of the output format text; only the files text*.c include it. */
#ifndef OUT_TEXT_INTERNAL_H
#define OUT_TEXT_INTERNAL_H

#include "out/format.h"

/* text_field.c. The next field from f on that text shows, or NULL: it has a heading, and details need --verbose. */
const struct out_field *text_next_field(const struct out *o, const struct out_field *f);
/*
 * The text of the field, freed by the caller. absent: the text for a missing or empty value (*is_null). NULL:
 * memory, e is set.
 */
char *text_of_field(bool *is_null, const char *absent, const struct out_field *f, const void *rec, struct err *e);
/* Writes the title of the open list, if it has one, before its first row, apart from what was written before. */
void text_title(struct out *o);

/* text_table.c: rows as a table that fits the screen. Order of calls: list, row, end. */
int text_table_list(struct out *o, const char *key, struct err *e) MUST_CHECK;
int text_table_row(struct out *o, const void *rec, struct err *e) MUST_CHECK;
void text_table_end(struct out *o);

/* text_blocks.c: whether the fields ask for blocks (one has OUT_AS_FACT); a row as a block. */
bool text_is_blocks(const struct out_field *f);
int text_block(struct out *o, const void *rec, struct err *e) MUST_CHECK;

#endif
