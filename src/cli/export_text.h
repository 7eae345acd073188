/* SPDX-License-Identifier: MIT */
/* export_text.h - what an export command does with its result: a file, or standard output byte for byte. */
#ifndef CLI_EXPORT_TEXT_H
#define CLI_EXPORT_TEXT_H

#include "cli/command.h"
#include "util/bytes.h"

/* path NULL or "-": standard output; a terminal gets a newline where text has none.  -1: ERR_OUTPUT. */
int export_text(struct app *app, struct buf *text, const char *path, bool force, struct err *e) MUST_CHECK;

#endif
