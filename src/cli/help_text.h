/* SPDX-License-Identifier: MIT */
/* help_text.h - prints paragraphs and two columns of text, at most 79 bytes wide. */
#ifndef CLI_HELP_TEXT_H
#define CLI_HELP_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * Prints text from column `used` on, indented and broken at spaces; "\n\n" begins a paragraph. Ends the last line.
 */
void help_wrapped(FILE *f, const char *text, size_t indent, size_t used);
/* Prints a left column and its explanation; a left column that is too wide has a line of its own. */
void help_entry(FILE *f, const char *left, const char *text);

#endif
