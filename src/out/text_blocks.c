/* SPDX-License-Identifier: MIT */
/*
 * text_blocks.c - findings as blocks for people: a line that names severity, code and object, then the fact, then
 * what to do.
 */
#include <stdlib.h>
#include <string.h>

#include "out/text_internal.h"

#define INDENT 6 /* of the fact and the remedy */
#define NARROW 72 /* below this width, commands are not indented */
#define GAP 2    /* spaces between two parts of the first line */
#define BLOCK_FACT 3  /* this and later parts have lines of their own */
#define BLOCK_PARTS 5

bool text_is_blocks(const struct out_field *f)
{
	while (f->key != NULL && f->as != OUT_AS_FACT && f->as != OUT_AS_OBJECT)
		f++;
	return f->key != NULL;
}

static enum color severity_color(const char *severity)
{
	static const struct { const char *severity; enum color color; } colors[] = {
		{ "fail", COLOR_RED }, { "warning", COLOR_YELLOW }, { "info", COLOR_CYAN }, { "next", COLOR_YELLOW },
		{ "done", COLOR_GREEN }, { NULL, COLOR_NONE },
	};
	size_t i = 0;

	while (colors[i].severity != NULL && strcmp(colors[i].severity, severity) != 0)
		i++;
	return colors[i].color;
}

/* A part of the first line. *column: where the line has got to; a part that does not fit begins a line. */
static void block_head(struct out *o, size_t *column, enum out_as as, const char *text)
{
	size_t width = screen_width(text);
	const bool fits = o->screen.columns == 0 || *column + GAP + width <= o->screen.columns;

	if (*column > 0)
		(void)fprintf(o->f, "%s%*s", fits ? "" : "\n", fits ? GAP : INDENT, "");
	*column = *column == 0 ? 0 : fits ? *column + GAP : INDENT;
	if (as == OUT_AS_SEVERITY)
		screen_color(o->f, &o->screen, severity_color(text), text);
	else if (o->screen.columns > 0 && *column + width > o->screen.columns) {
		(void)fprintf(o->f, "%.*s…", (int)screen_fit(text, o->screen.columns - *column - 1), text);
		width = o->screen.columns - *column;
	} else
		(void)fputs(text, o->f);
	*column += width;
}

/* The fact and the remedy have lines of their own. */
static void block_text(struct out *o, size_t *column, const struct out_field *f, const char *text)
{
	const bool has_label = f->as == OUT_AS_PROSE;
	const char *mark = has_label ? f->heading : f->as != OUT_AS_FACT ? "-> " : "";
	/* the words of a command are not broken, and the longest have 51 columns */
	const bool is_narrow = o->screen.columns > 0 && o->screen.columns < NARROW;
	const size_t indent = f->as == OUT_AS_COMMAND && is_narrow ? 0 : INDENT;
	const size_t begin = indent + screen_width(mark) + (has_label ? strlen(": ") : 0);

	(void)fprintf(o->f, "%s%*s%s%s", *column > 0 ? "\n" : "", (int)indent, "", mark, has_label ? ": " : "");
	(f->as == OUT_AS_COMMAND ? screen_wrap_command : screen_wrap)(o->f, &o->screen, text, begin,
	    has_label ? indent + 2 : begin);
	*column = 0;
}

/* The order of the parts; fields that are no special part come between severity and object. */
static unsigned block_order(enum out_as as)
{
	if (as == OUT_AS_SEVERITY)
		return 0;
	if (as == OUT_AS_OBJECT)
		return 2;
	if (as == OUT_AS_FACT || as == OUT_AS_PROSE)
		return BLOCK_FACT;
	return as == OUT_AS_REMEDY || as == OUT_AS_COMMAND ? BLOCK_PARTS - 1 : 1;
}

/* Whether the block above had the same remedy, which is then not repeated. */
static bool is_same_remedy(struct out *o, const struct out_field *f, const char *text)
{
	if (f->as != OUT_AS_REMEDY)
		return false;
	if (o->remedy != NULL && strcmp(o->remedy, text) == 0)
		return true;
	free(o->remedy);
	o->remedy = strdup(text); /* without memory, the remedy is repeated */
	return false;
}

static int block_field(struct out *o, size_t *column, const struct out_field *f, const void *rec, struct err *e)
{
	bool is_null;
	char *text = text_of_field(&is_null, "", f, rec, e);

	if (text == NULL)
		return -1;
	if (!is_null && block_order(f->as) >= BLOCK_FACT && !is_same_remedy(o, f, text))
		block_text(o, column, f, text);
	else if (!is_null && block_order(f->as) < BLOCK_FACT)
		block_head(o, column, f->as, text);
	free(text);
	return 0;
}

int text_block(struct out *o, const void *rec, struct err *e)
{
	const struct out_field *f;
	size_t column = 0;

	if (o->n_rows == 0)
		text_title(o);
	for (unsigned part = 0; part < BLOCK_PARTS; part++)
		for (f = text_next_field(o, o->fields); f != NULL; f = text_next_field(o, f + 1))
			if (block_order(f->as) == part && block_field(o, &column, f, rec, e) < 0)
				return -1;
	if (column > 0)
		(void)fputc('\n', o->f);
	return 0;
}
