/* SPDX-License-Identifier: MIT */
/* fill.h - fills the placeholders of a text file ("@WORD@" or "@WORD token list@", a line each) from the tables. */
#ifndef CLI_FILL_H
#define CLI_FILL_H

#include <stdio.h>

#include "cli/command.h"
#include "util/err.h"

/* The meaning of the words after the placeholder's own word. */
enum fill_scope {
	FILL_PLAIN,                  /* no further words; put() receives NULL */
	FILL_COMMAND,                /* the path of a command */
	FILL_NOUN,                   /* a noun: put() runs for each of its commands, in the order of commands.def */
};

struct fill_row {
	const char *word;            /* "OPTIONS"; NULL ends the table */
	enum fill_scope scope;
	void (*put)(FILE *out, const struct command *cmd);
};

/*
 * Copies `in` to `out` and fills the placeholders; errors call the input `name`. -1: ERR_INPUT (unknown placeholder
 * or command, with line number), ERR_OUTPUT (reading or writing failed).
 */
int fill_template(FILE *in, const char *name, FILE *out, const struct fill_row *rows, struct err *e) MUST_CHECK;

#endif
