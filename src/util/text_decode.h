/* SPDX-License-Identifier: MIT */
/* text_decode.h - converts text files of other programs to UTF-8: removes byte order marks, decodes UTF-16. */
#ifndef UTIL_TEXT_DECODE_H
#define UTIL_TEXT_DECODE_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

/* The content after a UTF-8 byte order mark, if any; borrowed. */
struct bytes text_skip_mark(struct bytes file);
/* Whether the file begins with a UTF-16 byte order mark. */
bool text_is_utf16(struct bytes file);
/*
 * *text: the file without a UTF-8 byte order mark; or the characters of UTF-16 with a mark (RFC 2781) as UTF-8,
 * appended to store. Other encodings are not checked. *text borrows from file or store.
 * -1 (ERR_INPUT): half a character, or a surrogate without its other half.
 */
int text_decode(struct bytes *text, struct buf *store, struct bytes file, struct err *e) MUST_CHECK;

#endif
