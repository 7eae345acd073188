/* SPDX-License-Identifier: MIT */
/*
 * fill.h - text files with lines that the program's tables fill in: "@WORD@" or "@WORD token list@".
 */
#ifndef CLI_FILL_H
#define CLI_FILL_H

#include <stdio.h>

#include "cli/command.h"
#include "util/err.h"

/* What the words behind a placeholder's own mean. */
enum fill_scope {
	FILL_PLAIN,                  /* there are none; put() gets NULL */
	FILL_COMMAND,                /* a command's path */
	FILL_NOUN,                   /* the first word of some paths: put() for each, in the order of commands.def */
};

struct fill_row {
	const char *word;            /* "OPTIONS"; NULL ends the table */
	enum fill_scope scope;
	void (*put)(FILE *out, const struct command *cmd);
};

/*
 * Copies `in` to `out`, placeholders filled; name is what errors call the input.  -1: ERR_INPUT (a placeholder
 * or a command that does not exist, with line number), ERR_OUTPUT (reading or writing failed).
 */
int fill_template(FILE *in, const char *name, FILE *out, const struct fill_row *rows, struct err *e) MUST_CHECK;

#endif
