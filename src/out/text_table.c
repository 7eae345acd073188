/* SPDX-License-Identifier: MIT */
/* text_table.c - lists as tables for people: columns are made as wide as their values, and to fit the terminal. */
#include <stdlib.h>
#include <string.h>

#include "out/text_internal.h"

#define ROWS_HELD 64 /* rows that determine the widths; longer values in later rows break the alignment in a pipe */
#define COLUMNS_MAX 24
#define GAP 2          /* spaces between two columns */
#define ID_WIDTH 16    /* of a hexadecimal number on a terminal: p11ca accepts 8 of its digits */
#define SHORTENED_MIN 10 /* columns are not shortened below this width */
#define PROSE_MIN 30
#define DATE_WIDTH 10    /* of a time that is cut to its date */
#define BELOW_INDENT 4   /* of prose below its row */

struct text_table {
	size_t n_columns, n_held;
	const struct out_field *fields[COLUMNS_MAX];
	bool is_hidden[COLUMNS_MAX]; /* left out because the table does not fit */
	size_t below;                /* the column of prose that stands below its rows; n_columns: none */
	size_t width[COLUMNS_MAX];   /* in columns of the terminal */
	char *cells[ROWS_HELD][COLUMNS_MAX]; /* owned */
};

static void free_cells(char *cells[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(cells[i]);
		cells[i] = NULL;
	}
}

static size_t last_shown(const struct text_table *t)
{
	size_t i = t->n_columns - 1;

	while (i > 0 && t->is_hidden[i])
		i--;
	return i;
}

static size_t table_width(const struct text_table *t)
{
	size_t sum = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		sum += t->is_hidden[i] ? 0 : t->width[i] + GAP;
	return sum - GAP;
}

static bool is_id(const struct out_field *f)
{
	return f->as == OUT_AS_ID || f->as == OUT_AS_LOW_ID;
}

static bool is_low(const struct out_field *f)
{
	return f->as == OUT_AS_LOW || f->as == OUT_AS_LOW_ID;
}

static size_t width_min(const struct text_table *t, size_t i)
{
	size_t heading = screen_width(t->fields[i]->heading);
	size_t min = t->fields[i]->as == OUT_AS_PROSE ? PROSE_MIN : SHORTENED_MIN;

	if (is_id(t->fields[i]))
		min = ID_WIDTH;
	return min > heading ? min : heading;
}

/* Hides the last column that may be left out. false: there is no such column. */
static bool hide_column(struct text_table *t, bool only_low)
{
	for (size_t i = t->n_columns; i-- > 1;) {
		if (t->is_hidden[i] || (only_low && !is_low(t->fields[i])))
			continue;
		t->is_hidden[i] = true;
		return true;
	}
	return false;
}

/* Makes the widest column that is above its minimum narrower by one. false: there is no such column. */
static bool narrow_column(struct text_table *t, bool only_prose)
{
	size_t widest = t->n_columns;

	for (size_t i = 0; i < t->n_columns; i++) {
		if (t->is_hidden[i] || t->width[i] <= width_min(t, i) ||
		    (only_prose && t->fields[i]->as != OUT_AS_PROSE))
			continue;
		if (widest == t->n_columns || t->width[i] > t->width[widest])
			widest = i;
	}
	if (widest < t->n_columns)
		t->width[widest]--;
	return widest < t->n_columns;
}

/* Makes the prose narrower until the table fits. */
static bool fit_prose(struct text_table *t, size_t columns)
{
	while (table_width(t) > columns)
		if (!narrow_column(t, true))
			return false;
	return true;
}

static void cut_times(struct text_table *t)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->fields[i]->type == OUT_TIME && t->width[i] > DATE_WIDTH)
			t->width[i] = DATE_WIDTH;
}

/* The prose in the last column goes below the rows, where it has the whole width. */
static void move_prose(struct text_table *t)
{
	const size_t last = last_shown(t);

	if (last == 0 || t->fields[last]->as != OUT_AS_PROSE)
		return;
	t->is_hidden[last] = true;
	t->below = last;
}

/* In this order: what loses nothing, then the time of day, columns of little importance, the ends of names, columns. */
static void fit_table(struct text_table *t, const struct screen *s)
{
	t->below = t->n_columns;
	if (s->columns == 0)
		return;
	for (size_t i = 0; i < t->n_columns; i++)
		if (is_id(t->fields[i]) && t->width[i] > width_min(t, i))
			t->width[i] = width_min(t, i);
	if (fit_prose(t, s->columns))
		return;
	cut_times(t);
	if (fit_prose(t, s->columns))
		return;
	move_prose(t);
	while (table_width(t) > s->columns)
		if (!hide_column(t, true) && !narrow_column(t, false) && !hide_column(t, false))
			break;
}

/* Writes the cell in its width; an id and a time are cut, every other text that is too long ends with an ellipsis. */
static void write_shortened(struct out *o, const char *text, size_t width, bool is_cut)
{
	size_t n = screen_fit(text, is_cut ? width : width - 1);

	(void)fprintf(o->f, "%.*s%s", (int)n, text, is_cut ? "" : "…");
}

static void write_below(struct out *o, const char *text)
{
	if (strcmp(text, "-") == 0)
		return;
	(void)fprintf(o->f, "%*s", BELOW_INDENT, "");
	screen_wrap(o->f, &o->screen, text, BELOW_INDENT, BELOW_INDENT);
}

static void write_cells(struct out *o, const char *const cells[])
{
	const struct text_table *t = o->table;
	const size_t last = last_shown(t);
	size_t column = 0;

	for (size_t i = 0; i <= last; i++) {
		size_t width = screen_width(cells[i]);
		enum out_as as = t->fields[i]->as;

		if (t->is_hidden[i])
			continue;
		if (i == last && as == OUT_AS_PROSE) {
			screen_wrap(o->f, &o->screen, cells[i], column, column);
			return;
		}
		if (o->screen.columns > 0 && width > t->width[i]) {
			write_shortened(
			    o, cells[i], t->width[i], is_id(t->fields[i]) || t->fields[i]->type == OUT_TIME);
			width = t->width[i];
		} else
			(void)fputs(cells[i], o->f);
		if (i < last)
			(void)fprintf(o->f, "%*s", (int)((width < t->width[i] ? t->width[i] - width : 0) + GAP), "");
		column += t->width[i] + GAP;
	}
	(void)fputc('\n', o->f);
}

static void write_with_prose(struct out *o, const char *const cells[])
{
	write_cells(o, cells);
	if (o->table->below < o->table->n_columns)
		write_below(o, cells[o->table->below]);
}

static void write_heading_and_held(struct out *o)
{
	struct text_table *t = o->table;
	const char *headings[COLUMNS_MAX];

	for (size_t i = 0; i < t->n_columns; i++)
		headings[i] = t->fields[i]->heading;
	fit_table(t, &o->screen);
	text_title(o);
	write_cells(o, headings);
	for (size_t i = 0; i < t->n_held; i++) {
		write_with_prose(o, (const char *const *)t->cells[i]);
		free_cells(t->cells[i], t->n_columns);
	}
}

int text_table_list(struct out *o, const char *key, struct err *e)
{
	struct text_table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return err_oom(e);
	for (const struct out_field *f = text_next_field(o, o->fields); f != NULL; f = text_next_field(o, f + 1)) {
		if (t->n_columns >= COLUMNS_MAX) {
			free(t);
			return err_set(e, ERR_INTERNAL, "list '%s' has more than %d columns", key, COLUMNS_MAX);
		}
		t->fields[t->n_columns] = f;
		t->width[t->n_columns++] = screen_width(f->heading);
	}
	o->table = t;
	return 0;
}

int text_table_row(struct out *o, const void *rec, struct err *e)
{
	struct text_table *t = o->table;
	bool is_held = o->n_rows < ROWS_HELD;
	char *later[COLUMNS_MAX] = { NULL };
	char **cells = is_held ? t->cells[o->n_rows] : later;

	if (o->n_rows == ROWS_HELD)
		write_heading_and_held(o);
	for (size_t i = 0; i < t->n_columns; i++) {
		bool is_null;

		cells[i] = text_of_field(&is_null, "-", t->fields[i], rec, e);
		if (cells[i] == NULL) {
			free_cells(cells, i);
			return -1;
		}
		if (is_held && screen_width(cells[i]) > t->width[i])
			t->width[i] = screen_width(cells[i]);
	}
	if (is_held) {
		t->n_held++;
		return 0;
	}
	write_with_prose(o, (const char *const *)cells);
	free_cells(cells, t->n_columns);
	return 0;
}

void text_table_end(struct out *o)
{
	/* an empty list has no heading; a table without columns has nothing to write */
	if (o->n_rows > 0 && o->n_rows <= ROWS_HELD && o->table->n_columns > 0)
		write_heading_and_held(o);
	free(o->table);
	o->table = NULL;
}
