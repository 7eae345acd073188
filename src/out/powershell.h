/* SPDX-License-Identifier: MIT */
/* powershell.h - quotes any text as a literal PowerShell string. */
#ifndef OUT_POWERSHELL_H
#define OUT_POWERSHELL_H

#include "util/bytes.h"
#include "util/err.h"

/*
 * A script must begin with it: without a byte order mark Windows PowerShell 5.1 reads a file in the machine's code
 * page, where a byte of a harmless UTF-8 character may be a quote (0x92 in Windows-1252).
 */
#define POWERSHELL_BOM "\xef\xbb\xbf"

/*
 * Appends text in single quotes, where PowerShell expands nothing (about_Quoting_Rules). All five characters that
 * PowerShell accepts as a single quote (', U+2018 to U+201B) are doubled. -1 (ERR_INPUT): not UTF-8, or with NUL,
 * newlines, other control characters or bidirectional overrides; out is unchanged.
 */
int powershell_quote(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

#endif
