/* SPDX-License-Identifier: MIT */
/* csv.h - comma-separated values (RFC 4180) as spreadsheets write them, read strictly. */
#ifndef UTIL_CSV_H
#define UTIL_CSV_H

#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

#define CSV_COLUMNS_MAX 16
#define CSV_BYTES_MAX   ((size_t)16 << 20) /* of a file, for file_read() */
#define CSV_RECORDS_MAX 100000U            /* with the header; a reader may keep less than 1 KiB of each */

/*
 * Calls fn for each record, in order; fields are NUL-terminated UTF-8 and live for the call.  Quoted fields may
 * contain separators, quotes (doubled) and newlines; CRLF and LF end records; records without any text are skipped.
 * The separator is what the header has: a comma, else a semicolon or a tab; or what Excel's line "sep=;" says.
 * UTF-8, with or without a byte order mark, or UTF-16 with one.
 * -1 (ERR_INPUT) with the line: a quote out of place, NUL, another encoding, too many columns or records (code
 * list-too-long); or as fn.
 */
typedef int csv_fn(const char *const fields[], size_t n, unsigned line, void *arg, struct err *e);
int csv_read(struct bytes file, csv_fn *fn, void *arg, struct err *e) MUST_CHECK;

#endif
