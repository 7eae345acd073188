/* SPDX-License-Identifier: MIT */
/* screen.c - see screen.h.  Uses libunistring for the widths of characters. */
#include "util/screen.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>
#include <uniwidth.h>

#define TEXT_COLUMNS_MIN 16 /* a narrower column is not used: lines of a few characters cannot be read */

size_t screen_width(const char *text)
{
	int width = u8_strwidth((const uint8_t *)text, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

/* The columns of the character at text and its length in bytes. Invalid bytes count as one column each. */
static size_t screen_character(size_t *len, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	ucs4_t character;
	int width;

	*len = (size_t)u8_mbtouc(&character, at, strlen(text));
	width = u8_width(at, *len, "UTF-8");
	return width > 0 ? (size_t)width : 0;
}

size_t screen_fit(const char *text, size_t columns)
{
	size_t at = 0, used = 0;

	while (text[at] != '\0') {
		size_t len, width = screen_character(&len, text + at);

		if (used + width > columns)
			break;
		used += width;
		at += len;
	}
	return at;
}

static size_t word_width(const char *word, size_t len)
{
	int width = u8_width((const uint8_t *)word, len, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

static size_t begin_line(FILE *f, size_t indent)
{
	(void)fprintf(f, "\n%*s", (int)indent, "");
	return indent;
}

/* Writes a word that is longer than the rest of the line in pieces. Returns the column at its end. */
static size_t break_word(FILE *f, size_t columns, const char *word, size_t len, size_t column, size_t indent)
{
	while (column + word_width(word, len) > columns) {
		size_t n = screen_fit(word, columns - column);

		if (n == 0 && column <= indent)
			break;
		(void)fwrite(word, 1, n, f);
		word += n;
		len -= n;
		column = begin_line(f, indent);
	}
	(void)fwrite(word, 1, len, f);
	return column + word_width(word, len);
}

/* The end of the word: a space, or in a command a space outside quotes. */
static size_t word_length(const char *text, bool is_command)
{
	char quote = '\0';
	size_t len = 0;

	if (!is_command)
		return strcspn(text, " ");
	for (; text[len] != '\0' && (quote != '\0' || text[len] != ' '); len++)
		if (text[len] == quote)
			quote = '\0';
		else if (quote == '\0' && (text[len] == '\'' || text[len] == '"'))
			quote = text[len];
	return len;
}

/* What ends a line of a command that goes on.  Cmdlets and variables of PowerShell begin with a capital or a dollar. */
static const char *screen_continuation(const char *command)
{
	return strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ$", command[0]) != NULL ? " `" : " \\";
}

static void wrap_text(FILE *f, size_t columns, const char *text, size_t used, size_t indent, bool is_command)
{
	bool is_first = true;
	const char *more = is_command ? screen_continuation(text) : "";
	const size_t limit = columns - strlen(more);

	for (;;) {
		size_t len = word_length(text, is_command), width = word_width(text, len);

		if (used > indent && used + !is_first + width > limit &&
		    (indent + width <= limit || used + 1 >= limit || is_command)) {
			(void)fputs(more, f);
			used = begin_line(f, indent);
			is_first = true;
		} else if (!is_first) {
			(void)fputc(' ', f);
			used++;
		}
		if (is_command) {
			(void)fwrite(text, 1, len, f);
			used += width;
		} else
			used = break_word(f, columns, text, len, used, indent);
		is_first = false;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	(void)fputc('\n', f);
}

static void wrap_or_write(
    FILE *f, const struct screen *s, const char *text, size_t used, size_t indent, bool is_command)
{
	if (s->columns == 0)
		(void)fprintf(f, "%s\n", text);
	else
		wrap_text(f, s->columns, text, used, indent + TEXT_COLUMNS_MIN > s->columns ? 0 : indent, is_command);
}

void screen_wrap(FILE *f, const struct screen *s, const char *text, size_t used, size_t indent)
{
	wrap_or_write(f, s, text, used, indent, false);
}

void screen_wrap_command(FILE *f, const struct screen *s, const char *command, size_t used, size_t indent)
{
	wrap_or_write(f, s, command, used, indent, true);
}

void screen_color(FILE *f, const struct screen *s, enum color color, const char *text)
{
	static const char *const codes[] = { "", "31", "33", "32", "36" }; /* ECMA-48, SGR */

	if (s->has_color && color != COLOR_NONE)
		(void)fprintf(f, "\033[1;%sm%s\033[0m", codes[color], text);
	else
		(void)fputs(text, f);
}
