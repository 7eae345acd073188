/* SPDX-License-Identifier: MIT */
/* export_text.h - writes the result of an export command to a file, or unchanged to standard output. */
#ifndef CLI_EXPORT_TEXT_H
#define CLI_EXPORT_TEXT_H

#include "cli/command.h"
#include "util/bytes.h"

/* path NULL or "-": standard output. On a terminal a missing newline at the end is added. -1: ERR_OUTPUT. */
int export_text(struct app *app, struct buf *text, const char *path, bool force, struct err *e) MUST_CHECK;

#endif
