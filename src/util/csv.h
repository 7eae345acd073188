/* SPDX-License-Identifier: MIT */
/* csv.h - strict reader of comma-separated values (RFC 4180) as spreadsheets write them. */
#ifndef UTIL_CSV_H
#define UTIL_CSV_H

#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

#define CSV_COLUMNS_MAX 16
#define CSV_BYTES_MAX   ((size_t)16 << 20) /* largest file, for file_read() */
#define CSV_RECORDS_MAX 100000U            /* records with the header; a caller should keep less than 1 KiB of each */

/*
 * Calls fn for each record, in order; fields are NUL-terminated UTF-8 and valid during the call. Quoted fields may
 * contain separators, quotes (doubled) and newlines; records end in CRLF or LF; records without text are skipped.
 * Separator: the one that Excel's line "sep=;" states, else that of the header: a comma, else a semicolon or a tab.
 * UTF-8, with or without a byte order mark, or UTF-16 with one.
 * -1 (ERR_INPUT) with the line: a misplaced quote, NUL, another encoding, too many columns or records (code
 * list-too-long); or as fn.
 */
typedef int csv_fn(const char *const fields[], size_t n, unsigned line, void *arg, struct err *e);
int csv_read(struct bytes file, csv_fn *fn, void *arg, struct err *e) MUST_CHECK;

#endif
