/* SPDX-License-Identifier: MIT */
/* ical.h - writes content lines of iCalendar (RFC 5545, 3.1 and 3.3.11). */
#ifndef OUT_ICAL_H
#define OUT_ICAL_H

#include <stdint.h>

#include "util/bytes.h"
#include "util/err.h"

/* Appends NAME:value unescaped, folded to 75 bytes between characters, with CRLF; value must be one trusted line. */
int ical_line(struct buf *out, const char *name, const char *value, struct err *e) MUST_CHECK;
/*
 * The same with a TEXT value: backslash, comma, semicolon and newline are escaped; other control characters and bytes
 * that are not UTF-8 are shown as by print_safe().
 */
int ical_text(struct buf *out, const char *name, const char *text, struct err *e) MUST_CHECK;
/* Appends a DATE-TIME in UTC; time in seconds since 1970. -1 (ERR_INPUT): a year of more than four digits. */
int ical_time(struct buf *out, const char *name, int64_t at, struct err *e) MUST_CHECK;

#endif
