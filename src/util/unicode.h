/* SPDX-License-Identifier: MIT */
/* unicode.h - names of people and machines: the allowed characters, and a key to compare names. */
#ifndef UTIL_UNICODE_H
#define UTIL_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

/*
 * The characters of a name are an allow list by Unicode property: printable ASCII; letters, marks, numbers and
 * punctuation of the scripts in use today (UAX #31, table 5), not default-ignorable, not a wide or small form of
 * ASCII punctuation. So a name has no space but U+0020, no format or private character, no invisible character, and
 * no @ and dot but those of ASCII.
 */
enum name_flaw {
	NAME_OK,
	NAME_NOT_UTF8,               /* RFC 3629 */
	NAME_BAD_CHARACTER,          /* not on the allow list */
	NAME_BAD_SPACE,              /* a space at an end, or two consecutive spaces */
	NAME_BAD_MARK,               /* a combining mark without base, repeated, or more than 4 marks */
	NAME_NOTHING_TO_READ,        /* no letter and no number */
};
/* *character (may be NULL): the wrong code point; 0 if the flaw is not a character. */
enum name_flaw name_flaw_find(uint32_t *character, const char *name);
/* Whether every character is on the allow list; true for an empty text. */
bool name_characters_allowed(const char *text);

/*
 * unicode_visible.c.  Whether a reader can see the character, or it is U+0020: no control, format or private
 * character, no other space, no line separator, not default-ignorable.
 */
bool unicode_is_visible(uint32_t character);

/* Copies the text with <U+200B> for each character that is not allowed; cut at size between characters. */
void name_reveal(char *out, size_t size, const char *text);

#define NAME_KEY_MAX 3072 /* bytes, with the NUL: NFKC makes at most eleven bytes of one byte (Unicode 3.13, U+FDFA) */

/*
 * The key that different spellings of a name share: NFKC of the full case folding (Unicode 3.13; X.520
 * caseIgnoreMatch, RFC 4343 for host names, UTS #46 and RFC 8265 for full-width letters), without default-ignorable
 * characters, with single spaces, without dots at the end of a host name or mail domain, with U+3002 as a dot and
 * U+2010 as a hyphen, and with IDNA A-labels as U-labels (RFC 5890). Never shown, only compared.
 * A text that is not UTF-8 is its own key.
 * -1: ERR_INTERNAL (out of memory), ERR_INPUT (too long).
 */
int name_key(char out[NAME_KEY_MAX], const char *name, struct err *e) MUST_CHECK;
/* Whether two names have the same key.  -1: as name_key(). */
int name_is_same(bool *same, const char *a, const char *b, struct err *e) MUST_CHECK;

#endif
