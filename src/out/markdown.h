/* SPDX-License-Identifier: MIT */
/* markdown.h - any text as a code span of Markdown. */
#ifndef OUT_MARKDOWN_H
#define OUT_MARKDOWN_H

#include "util/bytes.h"
#include "util/err.h"

/*
 * Appends text between backticks, more of them than stand in it (CommonMark 0.31, 6.1), printable (print_safe): it can
 * be no link, no HTML and no second line.  -1 (ERR_INTERNAL): memory.
 */
int markdown_code(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

#endif
