/* SPDX-License-Identifier: MIT */
/*
 * report.h - the figures of `p11ca report`: collected once, then written as a page and as JSON.
 *
 * A report consists of records and tables with the fields of out/out.h. Lists of details are limited, so that a large
 * ledger gives a small report; the sums cover everything. Texts are untrusted.
 */
#ifndef PKI_REPORT_REPORT_H
#define PKI_REPORT_REPORT_H

#include "out/out.h"
#include "pki/pki.h"

struct report_options {
	const char *package_path;    /* NULL = no package */
	const char *const *state_paths; /* states of gateways in the ledger */
	unsigned n_states;
	bool is_for_auditor;         /* no names of clients, roots, gateways, tokens, people, machines or files */
};

enum report_table_id {
	REPORT_FINDINGS, REPORT_PENDING, REPORT_EXPIRING, REPORT_MONTHS, REPORT_ROOTS, REPORT_KEYS, REPORT_CARDS,
	REPORT_GATEWAYS, REPORT_WEEKS, REPORT_ACTORS, N_REPORT_TABLES
};
struct report_table {
	struct buf rows;             /* n structs that the fields of the table describe */
	size_t n, row_size;
};

struct report_summary {
	const char *audience;
	char ledger[33];
	bool is_test;
	int64_t generated_at;
	int64_t n_live, n_renewed, n_expiring, n_expired, n_revoked, n_signing, n_void, n_unknown;
	int64_t n_findings, n_pending, n_roots, n_gateways, n_client_keys, n_attested, n_unrecorded_keys;
};
struct report_integrity {
	const char *verdict;
	char head[SHA256_HEX], state[12];
	int64_t n_faults, n_events, last_event_at, epoch, n_clock_behind;
	int64_t checkpoint_at, checkpoint_event, n_since_checkpoint; /* -1 and 0: no checkpoint */
	int64_t backup_at, n_since_backup;
};
struct report {
	struct pki *p;
	const struct report_options *options;
	struct report_summary summary;
	struct report_integrity integrity;
	struct report_table tables[N_REPORT_TABLES];
};
void report_clear(struct report *r);
AUTO_VALUE_DEFINE(report, report_clear);

/* *r is zeroed before; the caller clears it, also after -1. -1: the ledger, a state or the package cannot be read. */
int report_collect(struct report *r, struct pki *p, const struct report_options *options, struct err *e) MUST_CHECK;
/* Prints records "overview" and "integrity", and each table as a list. */
int report_print(const struct report *r, struct out *o, struct err *e) MUST_CHECK;
/* Appends the page: one HTML file without script that loads nothing. */
int report_write(struct buf *out, const struct report *r, struct err *e) MUST_CHECK;

extern const struct out_field report_summary_fields[], report_integrity_fields[], report_finding_fields[],
    report_pending_fields[], report_expiring_fields[], report_month_fields[], report_root_fields[], report_key_fields[],
    report_card_fields[], report_gateway_fields[], report_week_fields[], report_actor_fields[];

#endif
