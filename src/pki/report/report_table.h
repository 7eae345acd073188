/* SPDX-License-Identifier: MIT */
/* report_table.h - the tables of a report, and the files that fill them. */
#ifndef PKI_REPORT_REPORT_TABLE_H
#define PKI_REPORT_REPORT_TABLE_H

#include "pki/report/report.h"

#define REPORT_DETAILS_MAX 50    /* rows of a list of details */
#define REPORT_ACTORS_MAX 20
#define REPORT_N_MONTHS 24
#define REPORT_N_WEEKS 26

struct report_month {
	char month[8];               /* "2027-03" */
	int64_t n_ending, n_renewed;
};
struct report_week {
	char week[11];               /* its Monday */
	int64_t n_issued, n_renewed, n_revoked;
};
struct report_root {
	char name[65];
	bool is_retired;
	const char *state;
	char fingerprint[SHA256_HEX];
	int64_t not_before, not_after, rollover_at, n_live, root_id;
};

/* The beginning of a row of gateways. */
struct report_gateway_id {
	int64_t gateway_id, n_pending;
};

/* Key in JSON and on the page, caption, and fields of a table. */
struct report_form {
	const char *key, *title;
	const struct out_field *fields;
};
extern const struct report_form report_forms[N_REPORT_TABLES]; /* report.c */

/* Appends a copy of a row; its texts are static or in the row. */
int report_add(struct report *r, enum report_table_id id, const void *row, size_t row_size, struct err *e) MUST_CHECK;
/* Copies a name, or "" for an auditor. */
void report_name(const struct report *r, char *out, size_t size, const char *name);

/* Each fills tables, and members of the summary. */
int report_collect_findings(struct report *r, struct err *e) MUST_CHECK; /* and integrity.n_faults */
int report_collect_pending(struct report *r, struct err *e) MUST_CHECK;
int report_collect_expiry(struct report *r, struct err *e) MUST_CHECK;
int report_collect_roots(struct report *r, struct err *e) MUST_CHECK;
int report_collect_keys(struct report *r, struct err *e) MUST_CHECK;
int report_collect_gateways(struct report *r, struct err *e) MUST_CHECK;
int report_collect_activity(struct report *r, struct err *e) MUST_CHECK;
int report_collect_integrity(struct report *r, struct err *e) MUST_CHECK;

/* report_chart.c: charts of the tables as SVG; a table without values has no chart. */
struct xml;
void report_chart_months(struct xml *x, const struct report *r);
void report_chart_roots(struct xml *x, const struct report *r);
void report_chart_weeks(struct xml *x, const struct report *r);

#endif
