/* SPDX-License-Identifier: MIT */
/* text_decode.h - text files of other programs as UTF-8: byte order marks, and UTF-16 that begins with one. */
#ifndef UTIL_TEXT_DECODE_H
#define UTIL_TEXT_DECODE_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

/* The content behind a byte order mark of UTF-8, if there is one; borrowed. */
struct bytes text_skip_mark(struct bytes file);
/* The file begins with a byte order mark of UTF-16. */
bool text_is_utf16(struct bytes file);
/*
 * *text: the file as it is, without the mark of UTF-8; of UTF-16 with a mark (RFC 2781) its characters as UTF-8, which
 * are appended to store.  What was not UTF-16 is not checked.  *text borrows from file or store.
 * -1 (ERR_INPUT): half a character, or a surrogate without its other half.
 */
int text_decode(struct bytes *text, struct buf *store, struct bytes file, struct err *e) MUST_CHECK;

#endif
