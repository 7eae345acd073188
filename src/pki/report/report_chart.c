/* SPDX-License-Identifier: MIT */
/*
 * report_chart.c - charts as SVG. Each has a title and a description, and the page has a table with the same numbers.
 *
 * Series differ in fill, outline and legend, not in colour alone, for print and for readers who see no colours.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "out/xml.h"
#include "pki/report/report_table.h"
#include "util/array.h"
#include "util/unicode.h"

#define WIDTH 960
#define LEFT 60
#define RIGHT 950
#define BAR_TOP 50
#define BAR_HEIGHT 170
#define ROOTS_MAX 30
#define ROOT_HEIGHT 34
#define YEAR INT64_C(31556952)

struct chart_series {
	const char *label, *style;
	size_t offset;               /* of an int64_t in a row */
};
struct chart {
	const char *id, *title, *text;
	const struct report_table *table; /* a row begins with its label, an array of characters */
	const struct chart_series *series;
	size_t n_series, label_step; /* each label_step-th row has its label below the axis */
};

static void chart_set(struct xml *x, const char *name, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	xml_attribute(x, name, text);
}

static void chart_begin(struct xml *x, const struct chart *c, int height)
{
	char ids[96], box[32];

	xml_start(x, "div", NULL);
	xml_attribute(x, "class", "scroll");
	xml_attribute(x, "role", "region");
	xml_attribute(x, "tabindex", "0");
	(void)snprintf(ids, sizeof(ids), "Chart: %s", c->title);
	xml_attribute(x, "aria-label", ids);
	xml_start(x, "svg", "http://www.w3.org/2000/svg");
	xml_attribute(x, "role", "img");
	(void)snprintf(ids, sizeof(ids), "%s-title %s-text", c->id, c->id);
	xml_attribute(x, "aria-labelledby", ids);
	(void)snprintf(box, sizeof(box), "0 0 %d %d", WIDTH, height);
	xml_attribute(x, "viewBox", box);
	xml_start(x, "title", NULL);
	(void)snprintf(ids, sizeof(ids), "%s-title", c->id);
	xml_attribute(x, "id", ids);
	xml_text(x, c->title);
	xml_end(x);
	xml_start(x, "desc", NULL);
	(void)snprintf(ids, sizeof(ids), "%s-text", c->id);
	xml_attribute(x, "id", ids);
	xml_text(x, c->text);
	xml_end(x);
}

static void chart_end(struct xml *x)
{
	xml_end(x);
	xml_end(x);
	xml_text(x, "\n");
}

struct chart_box {
	int64_t x, y, width, height;
};

/* tip: shown by a browser while the pointer is on the box; NULL = nothing. */
static void chart_rect(struct xml *x, const char *style, const struct chart_box *box, const char *tip)
{
	xml_start(x, "rect", NULL);
	xml_attribute(x, "class", style);
	chart_set(x, "x", box->x);
	chart_set(x, "y", box->y);
	chart_set(x, "width", box->width);
	chart_set(x, "height", box->height);
	if (tip != NULL)
		xml_leaf(x, "title", tip);
	xml_end(x);
}

static void chart_line(struct xml *x, const char *style, const struct chart_box *from)
{
	xml_start(x, "line", NULL);
	xml_attribute(x, "class", style);
	chart_set(x, "x1", from->x);
	chart_set(x, "y1", from->y);
	chart_set(x, "x2", from->x + from->width);
	chart_set(x, "y2", from->y + from->height);
	xml_end(x);
}

static void chart_text(struct xml *x, const char *anchor, int64_t left, int64_t base, const char *text)
{
	xml_start(x, "text", NULL);
	xml_attribute(x, "text-anchor", anchor);
	chart_set(x, "x", left);
	chart_set(x, "y", base);
	xml_text(x, text);
	xml_end(x);
}

static const char *chart_row(const struct chart *c, size_t i)
{
	return (const char *)c->table->rows.data + i * c->table->row_size;
}

static int64_t chart_value(const struct chart *c, size_t row, size_t series)
{
	int64_t value;

	memcpy(&value, chart_row(c, row) + c->series[series].offset, sizeof(value));
	return value;
}

static int64_t chart_max(const struct chart *c)
{
	int64_t max = 0;

	for (size_t i = 0; i < c->table->n; i++)
		for (size_t s = 0; s < c->n_series; s++)
			if (chart_value(c, i, s) > max)
				max = chart_value(c, i, s);
	return max;
}

static void chart_legend(struct xml *x, const struct chart *c)
{
	for (size_t s = 0; s < c->n_series; s++) {
		const struct chart_box box = { LEFT + 160 * (int64_t)s, 8, 14, 14 };

		chart_rect(x, c->series[s].style, &box, NULL);
		chart_text(x, "start", box.x + 22, 20, c->series[s].label);
	}
}

static void chart_bars_of(struct xml *x, const struct chart *c, size_t row, int64_t max)
{
	const int64_t slot = (RIGHT - LEFT) / (int64_t)c->table->n, width = (slot - 6) / (int64_t)c->n_series;
	const int64_t left = LEFT + 3 + slot * (int64_t)row;
	const char *label = chart_row(c, row);

	for (size_t s = 0; s < c->n_series; s++) {
		const int64_t value = chart_value(c, row, s), height = (value * BAR_HEIGHT + max - 1) / max;
		const struct chart_box box = { left + width * (int64_t)s + 1, BAR_TOP + BAR_HEIGHT - height, width - 2,
			height };
		char tip[96], number[24];

		if (value == 0)
			continue;
		(void)snprintf(tip, sizeof(tip), "%.10s: %" PRId64 " %s", label, value, c->series[s].label);
		chart_rect(x, c->series[s].style, &box, tip);
		(void)snprintf(number, sizeof(number), "%" PRId64, value);
		if (max < 100 || c->n_series == 1)
			chart_text(x, "middle", box.x + box.width / 2, box.y - 4, number);
	}
	if (row % c->label_step == 0)
		chart_text(x, "start", left, BAR_TOP + BAR_HEIGHT + 18, label);
}

static void chart_bars(struct xml *x, const struct chart *c)
{
	const int64_t max = chart_max(c);
	char number[24];

	if (max == 0)
		return;
	chart_begin(x, c, BAR_TOP + BAR_HEIGHT + 30);
	chart_legend(x, c);
	chart_line(x, "grid", &(struct chart_box){ LEFT, BAR_TOP, RIGHT - LEFT, 0 });
	chart_line(x, "grid", &(struct chart_box){ LEFT, BAR_TOP + BAR_HEIGHT, RIGHT - LEFT, 0 });
	(void)snprintf(number, sizeof(number), "%" PRId64, max);
	chart_text(x, "end", LEFT - 6, BAR_TOP + 4, number);
	chart_text(x, "end", LEFT - 6, BAR_TOP + BAR_HEIGHT + 4, "0");
	for (size_t i = 0; i < c->table->n; i++)
		chart_bars_of(x, c, i, max);
	chart_end(x);
}

void report_chart_months(struct xml *x, const struct report *r)
{
	static const struct chart_series series[] = {
		{ "to renew", "a", offsetof(struct report_month, n_ending) },
		{ "renewed", "b", offsetof(struct report_month, n_renewed) },
	};

	chart_bars(x, &(struct chart){ "chart-months", "Certificates that end in each month",
	    "Two bars for each month: certificates to renew, and renewed ones. The table below has the numbers.",
	    &r->tables[REPORT_MONTHS], series, ARRAY_LEN(series), 2 });
}

void report_chart_weeks(struct xml *x, const struct report *r)
{
	static const struct chart_series series[] = {
		{ "issued", "a", offsetof(struct report_week, n_issued) },
		{ "of these renewals", "b", offsetof(struct report_week, n_renewed) },
		{ "revoked", "c", offsetof(struct report_week, n_revoked) },
	};

	chart_bars(x, &(struct chart){ "chart-weeks", "Certificates issued, renewed and revoked in each week",
	    "Three bars for each week: issued, renewals among them, revoked. The table below has the numbers.",
	    &r->tables[REPORT_WEEKS], series, ARRAY_LEN(series), 3 });
}

struct timeline {
	int64_t from, to, now;
};

static int64_t timeline_x(const struct timeline *t, int64_t at)
{
	const int64_t kept = at < t->from ? t->from : at > t->to ? t->to : at;

	return LEFT + (int64_t)((double)(kept - t->from) * (RIGHT - LEFT) / (double)(t->to - t->from));
}

static void timeline_date(char out[11], int64_t at)
{
	const time_t time = (time_t)at;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&time, &tm) != NULL && tm.tm_year < 8100)
		(void)strftime(out, 11, "%Y-%m-%d", &tm);
}

static void timeline_root(struct xml *x, const struct timeline *t, const struct report_root *root, int64_t top)
{
	const int64_t left = timeline_x(t, root->not_before), right = timeline_x(t, root->not_after);
	const int64_t window = root->rollover_at != 0 ? timeline_x(t, root->rollover_at) : right;
	char name[256], until[11], from[11], text[400];

	name_reveal(name, sizeof(name), root->name[0] != '\0' ? root->name : root->fingerprint);
	timeline_date(until, root->not_after);
	timeline_date(from, root->rollover_at);
	(void)snprintf(text, sizeof(text), "%.64s: %s until %s%s%s", name, root->state, until,
	    root->rollover_at != 0 ? ", rollover from " : "", root->rollover_at != 0 ? from : "");
	chart_text(x, "start", LEFT, top + 12, text);
	if (window > left)
		chart_rect(x, root->is_retired ? "c" : "a", &(struct chart_box){ left, top + 16, window - left, 10 },
		    text);
	if (right > window)
		chart_rect(x, "b", &(struct chart_box){ window, top + 16, right - window, 10 }, text);
}

static size_t timeline_span(struct timeline *t, const struct report_table *roots)
{
	const struct report_root *rows = (const struct report_root *)(const void *)roots->rows.data;
	size_t n = 0;

	t->from = t->now;
	t->to = t->now + YEAR;
	for (size_t i = 0; i < roots->n && n < ROOTS_MAX; i++) {
		if (rows[i].not_after == 0)
			continue;
		n++;
		t->from = rows[i].not_before < t->from ? rows[i].not_before : t->from;
		t->to = rows[i].not_after > t->to ? rows[i].not_after : t->to;
	}
	return n;
}

void report_chart_roots(struct xml *x, const struct report *r)
{
	static const struct chart_series series[] = { { "valid", "a", 0 }, { "rollover window", "b", 0 },
		{ "retired", "c", 0 } };
	const struct report_table *table = &r->tables[REPORT_ROOTS];
	const struct report_root *roots = (const struct report_root *)(const void *)table->rows.data;
	const struct chart chart = { "chart-roots", "Validity of the roots",
		"One bar for each root, from the beginning to the end of its validity; the last part is the rollover "
		"window. The table below has the dates.", table, series, ARRAY_LEN(series), 1 };
	struct timeline t = { .now = r->summary.generated_at };
	const size_t n = timeline_span(&t, table);
	int64_t top = 40;
	char today[11];

	if (n == 0)
		return;
	chart_begin(x, &chart, (int)n * ROOT_HEIGHT + 70);
	chart_legend(x, &chart);
	for (size_t i = 0, shown = 0; i < table->n && shown < n; i++) {
		if (roots[i].not_after == 0)
			continue;
		timeline_root(x, &t, &roots[i], top);
		top += ROOT_HEIGHT;
		shown++;
	}
	timeline_date(today, t.now);
	chart_line(x, "now", &(struct chart_box){ timeline_x(&t, t.now), 36, 0, top - 30 });
	chart_text(x, "start", timeline_x(&t, t.now), top + 20, today);
	chart_end(x);
}
