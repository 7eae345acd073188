/* SPDX-License-Identifier: MIT */
/*
 * screen.h - writes text for a terminal: columns of characters, wrapped lines, colours.
 *
 * Texts are UTF-8 and were made safe with print_safe(). A zeroed struct screen is a pipe or a file: nothing is
 * wrapped, shortened or coloured.
 */
#ifndef UTIL_SCREEN_H
#define UTIL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct screen {
	size_t columns;              /* width of a line; 0: unlimited */
	bool has_color;
};

enum color { COLOR_NONE, COLOR_RED, COLOR_YELLOW, COLOR_GREEN, COLOR_CYAN };

/* Columns that the text takes on a terminal (Unicode 3.13 East Asian Width; combining marks take none). */
size_t screen_width(const char *text);
/* The number of bytes of the longest beginning of text that takes at most `columns`. */
size_t screen_fit(const char *text, size_t columns);

/*
 * Writes the text and a newline, from column `used` of the line. The text is broken at spaces, or where a word is
 * longer than a line inside the word; later lines begin in column `indent`.
 */
void screen_wrap(FILE *f, const struct screen *s, const char *text, size_t used, size_t indent);
/*
 * The same for a command of a shell: lines are broken only between words, and end with " \", or " `" for PowerShell, so
 * that the lines can be copied into that shell.
 */
void screen_wrap_command(FILE *f, const struct screen *s, const char *command, size_t used, size_t indent);
/* Writes the text in the colour, if the screen has colours. */
void screen_color(FILE *f, const struct screen *s, enum color color, const char *text);

#endif
