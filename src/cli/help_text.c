/* SPDX-License-Identifier: MIT */
/* help_text.c - see help_text.h. */
#include "cli/help_text.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 79
#define COLUMN 32 /* column where the explanations begin */

/* Prints one paragraph from column `used` on, broken at spaces and indented, and ends the line. */
static void help_paragraph(FILE *f, const char *text, const char *end, size_t indent, size_t used)
{
	bool at_start = true;

	(void)fprintf(f, "%*s", used < indent ? (int)(indent - used) : 0, "");
	used = used < indent ? indent : used;
	for (text += strspn(text, " \n"); text < end; text += strspn(text, " \n")) {
		size_t len = strcspn(text, " \n");

		if (!at_start && used + 1 + len > WIDTH) {
			(void)fprintf(f, "\n%*s", (int)indent, "");
			used = indent;
			at_start = true;
		}
		(void)fprintf(f, "%s%.*s", at_start ? "" : " ", (int)len, text);
		used += len + !at_start;
		at_start = false;
		text += len;
	}
	(void)fprintf(f, "\n");
}

void help_wrapped(FILE *f, const char *text, size_t indent, size_t used)
{
	for (const char *end; (end = strstr(text, "\n\n")) != NULL; text = end + 2, used = 0) {
		help_paragraph(f, text, end, indent, used);
		(void)fprintf(f, "\n");
	}
	help_paragraph(f, text, text + strlen(text), indent, used);
}

void help_entry(FILE *f, const char *left, const char *text)
{
	size_t used = strlen(left);

	(void)fprintf(f, "%s", left);
	if (used + 2 > COLUMN) {
		(void)fprintf(f, "\n");
		used = 0;
	}
	help_wrapped(f, text, COLUMN, used);
}
