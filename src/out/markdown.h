/* SPDX-License-Identifier: MIT */
/* markdown.h - writes any text as a code span of Markdown. */
#ifndef OUT_MARKDOWN_H
#define OUT_MARKDOWN_H

#include "util/bytes.h"
#include "util/err.h"

/*
 * Appends text between more backticks than the text contains (CommonMark 0.31, 6.1), sanitised by print_safe(): the
 * text cannot be a link, HTML or a second line. -1 (ERR_INTERNAL): memory.
 */
int markdown_code(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

#endif
