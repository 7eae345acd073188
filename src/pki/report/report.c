/* SPDX-License-Identifier: MIT */
/* report.c - see report.h: collects the figures in order, and prints them. */
#include "pki/report/report_table.h"

const struct out_field report_summary_fields[] = {
	{ OUT_TEXT("audience", "Written for", struct report_summary, audience), .help = "auditor or operator" },
	{ OUT_CHARS("ledger_id", "Ledger", struct report_summary, ledger), .help = "id of the ledger" },
	{ OUT_BOOL("is_test", "Test ledger", struct report_summary, is_test), .help = "the ledger is for tests only" },
	{ OUT_TIME("generated_at", "Time of the report", struct report_summary, generated_at), .help = "UTC" },
	{ OUT_INT64("finding_count", "Findings", struct report_summary, n_findings),
	    .help = "failures and warnings of doctor" },
	{ OUT_INT64("pending_count", "Pending at gateways", struct report_summary, n_pending),
	    .help = "revocations and restorations that were not seen at a gateway" },
	{ OUT_INT64("live_count", "Valid client certificates", struct report_summary, n_live),
	    .help = "issued and not expired" },
	{ OUT_INT64("renewed_count", "Valid and renewed", struct report_summary, n_renewed),
	    .help = "valid certificates that have a valid successor" },
	{ OUT_INT64("expiring_count", "Valid, to renew within 30 days", struct report_summary, n_expiring),
	    .help = "valid certificates that end within 30 days and have no valid successor" },
	{ OUT_INT64("expired_count", "Expired", struct report_summary, n_expired),
	    .help = "issued and expired, not revoked" },
	{ OUT_INT64("revoked_count", "Revoked", struct report_summary, n_revoked),
	    .help = "revoked client certificates, expired ones included" },
	{ OUT_INT64("signing_count", "Unfinished", struct report_summary, n_signing),
	    .help = "certificates whose signature is not recorded yet" },
	{ OUT_INT64("void_count", "Void", struct report_summary, n_void), .help = "never signed" },
	{ OUT_INT64("unknown_count", "Unknown", struct report_summary, n_unknown),
	    .help = "certificates whose signature may exist but is not recorded" },
	{ OUT_INT64("root_count", "Roots", struct report_summary, n_roots), .help = "retired ones included" },
	{ OUT_INT64("gateway_count", "Gateways", struct report_summary, n_gateways), .help = "in the ledger" },
	{ OUT_INT64("client_key_count", "Proved keys of clients", struct report_summary, n_client_keys),
	    .help = "keys of clients on tokens, proved" },
	{ OUT_INT64("attested_count", "Proved and attested keys of clients", struct report_summary, n_attested),
	    .help = "keys whose generation on the token the manufacturer signed" },
	{ OUT_INT64("unrecorded_key_count", "Valid certificates without a recorded key", struct report_summary,
	      n_unrecorded_keys), .help = "their keys came with a request" },
	{ .key = NULL },
};

const struct report_form report_forms[N_REPORT_TABLES] = {
	[REPORT_FINDINGS] = { "findings", "Findings", report_finding_fields },
	[REPORT_PENDING] = { "pending", "Changes that were not seen at a gateway", report_pending_fields },
	[REPORT_EXPIRING] = { "expiring", "Certificates that end next and are not renewed", report_expiring_fields },
	[REPORT_MONTHS] = { "months", "Certificates that end in each month", report_month_fields },
	[REPORT_ROOTS] = { "roots", "Roots", report_root_fields },
	[REPORT_KEYS] = { "keys", "Keys", report_key_fields },
	[REPORT_CARDS] = { "cards", "Clients' keys by kind of token", report_card_fields },
	[REPORT_GATEWAYS] = { "gateways", "Gateways", report_gateway_fields },
	[REPORT_WEEKS] = { "weeks", "Certificates issued, renewed and revoked in each week", report_week_fields },
	[REPORT_ACTORS] = { "actors", "Issuing and revoking by actor and workstation", report_actor_fields },
};

void report_clear(struct report *r)
{
	for (size_t i = 0; i < N_REPORT_TABLES; i++)
		buf_clear(&r->tables[i].rows);
}

int report_collect(struct report *r, struct pki *p, const struct report_options *options, struct err *e)
{
	r->p = p;
	r->options = options;
	r->summary.audience = options->is_for_auditor ? "auditor" : "operator";
	r->summary.generated_at = clock_now(&p->clock);
	r->summary.is_test = ledger_is_test(p->ledger);
	(void)snprintf(r->summary.ledger, sizeof(r->summary.ledger), "%s", ledger_id(p->ledger));
	if (report_collect_gateways(r, e) < 0 || report_collect_findings(r, e) < 0 ||
	    report_collect_pending(r, e) < 0 || report_collect_expiry(r, e) < 0 || report_collect_roots(r, e) < 0 ||
	    report_collect_keys(r, e) < 0 || report_collect_activity(r, e) < 0)
		return -1;
	return report_collect_integrity(r, e);
}

static int report_print_table(const struct report *r, enum report_table_id id, struct out *o, struct err *e)
{
	const struct report_table *table = &r->tables[id];

	if (out_list(o, report_forms[id].key, report_forms[id].fields, e) < 0)
		return -1;
	for (size_t i = 0; i < table->n; i++)
		if (out_row(o, table->rows.data + i * table->row_size, e) < 0)
			return -1;
	return out_end(o, e);
}

int report_print(const struct report *r, struct out *o, struct err *e)
{
	if (out_record(o, "overview", report_summary_fields, &r->summary, e) < 0)
		return -1;
	for (int i = 0; i < N_REPORT_TABLES; i++)
		if (report_print_table(r, (enum report_table_id)i, o, e) < 0)
			return -1;
	return out_record(o, "integrity", report_integrity_fields, &r->integrity, e);
}
