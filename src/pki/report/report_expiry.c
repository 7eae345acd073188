/* SPDX-License-Identifier: MIT */
/* report_expiry.c - which certificates end when, and the roots with their rollover windows. */
#include <string.h>
#include <time.h>

#include "pki/report/report_table.h"

struct report_expiring {
	char name[256], device[65], serial[SERIAL_HEX], command[96];
	int64_t not_after, n_days;
};
const struct out_field report_expiring_fields[] = {
	{ OUT_CHARS("name", "Client", struct report_expiring, name),
	    .help = "name of the client; null for an auditor" },
	{ OUT_CHARS("device", "Device", struct report_expiring, device),
	    .help = "name of the device; null without a device and for an auditor" },
	{ OUT_CHARS("serial", "Serial", struct report_expiring, serial), .help = "hex" },
	{ OUT_TIME("not_after", "Not after", struct report_expiring, not_after), .help = "end of validity" },
	{ OUT_INT64("day_count", "Days left", struct report_expiring, n_days), .help = "days until then" },
	{ OUT_CHARS("command", "Command", struct report_expiring, command), .help = "renews the certificate" },
	{ .key = NULL },
};
const struct out_field report_month_fields[] = {
	{ OUT_CHARS("month", "Month", struct report_month, month), .help = "UTC" },
	{ OUT_INT64("ending_count", "To renew", struct report_month, n_ending),
	    .help = "valid client certificates that end in the month and have no valid successor" },
	{ OUT_INT64("renewed_count", "Renewed", struct report_month, n_renewed),
	    .help = "those that have a valid successor" },
	{ .key = NULL },
};
const struct out_field report_root_fields[] = {
	{ OUT_CHARS("name", "Root", struct report_root, name), .help = "name of the root; null for an auditor" },
	{ OUT_TEXT("state", "State", struct report_root, state), .help = "unfinished, issued, retired" },
	{ OUT_CHARS("fingerprint", "Fingerprint", struct report_root, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TIME("not_before", "Not before", struct report_root, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct report_root, not_after), .help = "UTC" },
	{ OUT_TIME("rollover_at", "Rollover from", struct report_root, rollover_at),
	    .help = "from then on, a client certificate of the longest current validity would outlive the root" },
	{ OUT_INT64("live_count", "Valid certificates", struct report_root, n_live),
	    .help = "valid client certificates that the root issued" },
	{ .key = NULL },
};

static int report_add_expiring(const struct ledger_sum_row *next, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_expiring line = { .not_after = next->numbers[0],
		.n_days = clock_days(r->summary.generated_at, next->numbers[0]) };

	report_name(r, line.name, sizeof(line.name), next->texts[0]);
	report_name(r, line.device, sizeof(line.device), next->texts[1]);
	(void)snprintf(line.serial, sizeof(line.serial), "%.*s", SERIAL_HEX - 1, next->texts[2]);
	(void)snprintf(line.command, sizeof(line.command), "p11ca client renew %s", line.serial);
	return report_add(r, REPORT_EXPIRING, &line, sizeof(line), e);
}

/* An empty row for each month, so that the chart has no gap. */
static int report_add_months(struct report *r, struct err *e)
{
	const time_t now = (time_t)r->summary.generated_at;
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL)
		return err_set(e, ERR_INTERNAL, "the clock has no date");
	tm.tm_mday = 1;
	for (int i = 0; i < REPORT_N_MONTHS; i++, tm.tm_mon++) {
		struct report_month row = { .n_ending = 0 };
		struct tm month = tm;
		const time_t at = timegm(&month);

		if (gmtime_r(&at, &month) == NULL || strftime(row.month, sizeof(row.month), "%Y-%m", &month) == 0)
			return err_set(e, ERR_INTERNAL, "a month has no name");
		if (report_add(r, REPORT_MONTHS, &row, sizeof(row), e) < 0)
			return -1;
	}
	return 0;
}

static int report_fill_month(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	const struct report_table *months = arg;
	struct report_month *rows = (struct report_month *)(void *)months->rows.data;

	(void)e;
	for (size_t i = 0; i < months->n; i++)
		if (strcmp(rows[i].month, sum->texts[0]) == 0) {
			rows[i].n_ending = sum->numbers[0];
			rows[i].n_renewed = sum->numbers[1];
		}
	return 0;
}

static int report_fill_states(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report_summary *s = arg;
	int64_t *const to[] = { &s->n_live, &s->n_renewed, &s->n_expiring, &s->n_expired, &s->n_revoked, &s->n_signing,
		&s->n_void, &s->n_unknown };

	(void)e;
	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		*to[i] = sum->numbers[i];
	return 0;
}

int report_collect_expiry(struct report *r, struct err *e)
{
	if (ledger_each_sum(r->p->ledger, SUM_STATES, report_fill_states, &r->summary, e) < 0 ||
	    report_add_months(r, e) < 0 ||
	    ledger_each_sum(r->p->ledger, SUM_ENDS, report_fill_month, &r->tables[REPORT_MONTHS], e) < 0)
		return -1;
	return ledger_each_sum(r->p->ledger, SUM_NEXT, report_add_expiring, r, e);
}

static int report_add_root(const struct root_row *root, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_root row = { .is_retired = root->is_retired, .root_id = root->id,
		.state = root->is_retired ? "retired" : root->cert_id == 0 ? "unfinished" : "issued" };
	const struct cert_query q = { .id = root->cert_id };
	struct cert_row cert = { .id = 0 };
	bool found;

	report_name(r, row.name, sizeof(row.name), root->name);
	if (root->cert_id != 0 && ledger_cert_find(&cert, NULL, &found, r->p->ledger, &q, e) < 0)
		return -1;
	(void)snprintf(row.fingerprint, sizeof(row.fingerprint), "%s", cert.fingerprint);
	row.not_before = cert.not_before;
	row.not_after = cert.not_after;
	r->summary.n_roots++;
	return report_add(r, REPORT_ROOTS, &row, sizeof(row), e);
}

static int report_fill_root(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	const struct report_table *roots = arg;
	struct report_root *rows = (struct report_root *)(void *)roots->rows.data;

	(void)e;
	for (size_t i = 0; i < roots->n; i++) {
		if (rows[i].root_id != sum->numbers[0])
			continue;
		rows[i].n_live = sum->numbers[1];
		if (sum->numbers[2] > 0 && rows[i].not_after > 0)
			rows[i].rollover_at = rows[i].not_after - sum->numbers[2] > rows[i].not_before
			    ? rows[i].not_after - sum->numbers[2] : rows[i].not_before;
	}
	return 0;
}

int report_collect_roots(struct report *r, struct err *e)
{
	return ledger_each_root(r->p->ledger, report_add_root, r, e) < 0
	    ? -1 : ledger_each_sum(r->p->ledger, SUM_ROOTS, report_fill_root, &r->tables[REPORT_ROOTS], e);
}
