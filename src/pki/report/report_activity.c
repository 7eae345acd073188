/* SPDX-License-Identifier: MIT */
/* report_activity.c - certificates issued, renewed and revoked, by week and by actor. */
#include <string.h>
#include <time.h>

#include "pki/report/report_table.h"

struct report_actor {
	char actor[160], host[160];
	int64_t n_issued, n_renewed, n_revoked, last_at;
};
const struct out_field report_week_fields[] = {
	{ OUT_CHARS("week", "Week from", struct report_week, week), .help = "Monday, UTC" },
	{ OUT_INT64("issued_count", "Issued", struct report_week, n_issued),
	    .help = "client certificates issued, renewals included" },
	{ OUT_INT64("renewed_count", "Renewals", struct report_week, n_renewed),
	    .help = "those that renew another certificate" },
	{ OUT_INT64("revoked_count", "Revoked", struct report_week, n_revoked), .help = "client certificates revoked" },
	{ .key = NULL },
};
const struct out_field report_actor_fields[] = {
	{ OUT_CHARS("actor", "Actor", struct report_actor, actor),
	    .help = "user and login; a number for an auditor" },
	{ OUT_CHARS("workstation", "Workstation", struct report_actor, host),
	    .help = "host name; null for an auditor" },
	{ OUT_INT64("issued_count", "Issued", struct report_actor, n_issued),
	    .help = "client certificates issued, renewals included" },
	{ OUT_INT64("renewed_count", "Renewals", struct report_actor, n_renewed),
	    .help = "those that renew another certificate" },
	{ OUT_INT64("revoked_count", "Revoked", struct report_actor, n_revoked),
	    .help = "revocations of client certificates, changes of the reason included" },
	{ OUT_TIME("last_at", "Last", struct report_actor, last_at), .help = "time of the last of these events" },
	{ .key = NULL },
};

static int report_add_weeks(struct report *r, struct err *e)
{
	time_t at = (time_t)r->summary.generated_at;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL)
		return err_set(e, ERR_INTERNAL, "the clock has no date");
	at -= (time_t)86400 * ((tm.tm_wday + 6) % 7 + 7 * (REPORT_N_WEEKS - 1));
	for (int i = 0; i < REPORT_N_WEEKS; i++, at += (time_t)7 * 86400) {
		struct report_week row = { .n_issued = 0 };

		if (gmtime_r(&at, &tm) == NULL || strftime(row.week, sizeof(row.week), "%Y-%m-%d", &tm) == 0)
			return err_set(e, ERR_INTERNAL, "a week has no name");
		if (report_add(r, REPORT_WEEKS, &row, sizeof(row), e) < 0)
			return -1;
	}
	return 0;
}

static struct report_week *report_find_week(const struct report_table *weeks, const char *week)
{
	struct report_week *rows = (struct report_week *)(void *)weeks->rows.data;

	for (size_t i = 0; i < weeks->n; i++)
		if (strcmp(rows[i].week, week) == 0)
			return &rows[i];
	return NULL;
}

static int report_fill_issued(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report_week *week = report_find_week(arg, sum->texts[0]);

	(void)e;
	if (week != NULL) {
		week->n_issued = sum->numbers[0];
		week->n_renewed = sum->numbers[1];
	}
	return 0;
}

static int report_fill_revoked(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report_week *week = report_find_week(arg, sum->texts[0]);

	(void)e;
	if (week != NULL)
		week->n_revoked = sum->numbers[0];
	return 0;
}

/* "uid 1000 (pat) login 1000 host desk1": the last word is the workstation. */
static void report_name_actor(const struct report *r, struct report_actor *row, const char *text, size_t n)
{
	const char *host = strstr(text, " host ");

	if (n > REPORT_ACTORS_MAX) {
		(void)snprintf(row->actor, sizeof(row->actor), "all other actors");
	} else if (r->options->is_for_auditor) {
		(void)snprintf(row->actor, sizeof(row->actor), "actor %zu", n);
	} else {
		(void)snprintf(row->actor, sizeof(row->actor), "%.*s", host != NULL ? (int)(host - text) : 159, text);
		(void)snprintf(row->host, sizeof(row->host), "%.159s", host != NULL ? host + 6 : "");
	}
}

static int report_add_actor(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report *r = arg;
	const struct report_table *actors = &r->tables[REPORT_ACTORS];
	struct report_actor *last, row = { .n_issued = 0 };

	if (actors->n <= REPORT_ACTORS_MAX) {
		report_name_actor(r, &row, sum->texts[0], actors->n + 1);
		if (report_add(r, REPORT_ACTORS, &row, sizeof(row), e) < 0)
			return -1;
	}
	last = (struct report_actor *)(void *)actors->rows.data + actors->n - 1;
	last->n_issued += sum->numbers[0];
	last->n_renewed += sum->numbers[1];
	last->n_revoked += sum->numbers[2];
	last->last_at = last->last_at > sum->numbers[3] ? last->last_at : sum->numbers[3];
	return 0;
}

int report_collect_activity(struct report *r, struct err *e)
{
	struct report_table *weeks = &r->tables[REPORT_WEEKS];

	if (report_add_weeks(r, e) < 0 || ledger_each_sum(r->p->ledger, SUM_ISSUED, report_fill_issued, weeks, e) < 0 ||
	    ledger_each_sum(r->p->ledger, SUM_REVOKED, report_fill_revoked, weeks, e) < 0)
		return -1;
	return ledger_each_sum(r->p->ledger, SUM_ACTORS, report_add_actor, r, e);
}
