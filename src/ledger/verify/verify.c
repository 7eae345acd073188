/* SPDX-License-Identifier: MIT */
/* verify.c - checks a ledger: the database, the chain of events, and the rows against their events. */
#include "ledger/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* Reports SQLite's own findings; one row "ok" means no finding. */
static int verify_database(struct verify *v, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	bool is_same;
	int r;

	if (db_query(&q, &v->l->db, "PRAGMA integrity_check(20)", e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		const char *text = (const char *)sqlite3_column_text(q.stmt, 0);

		if (text != NULL && strcmp(text, "ok") != 0 && verify_fault(v, "ledger-database", e, "%s", text) < 0)
			return -1;
	}
	query_end(&q);
	if (r < 0 || db_query(&q, &v->l->db, "PRAGMA foreign_key_check", e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (verify_fault(v, "ledger-database", e, "row %lld of %s refers to a missing row",
			(long long)sqlite3_column_int64(q.stmt, 1), (const char *)sqlite3_column_text(q.stmt, 0)) < 0)
			return -1;
	}
	if (r < 0 || schema_compare(&is_same, &v->l->db, e) < 0)
		return -1;
	if (is_same)
		return 0;
	return verify_fault(v, "ledger-schema", e, "tables, indexes or triggers differ from those that p11ca creates");
}

struct found_event {
	int64_t seq, time;
	const char *body;            /* borrowed from the statement */
	struct bytes bytes;
	char row[64];                /* "keys 7", from the columns */
	char hash[SHA256_HEX];
};

static int read_found(struct found_event *ev, const struct query *q, struct err *e)
{
	const char *table = (const char *)sqlite3_column_text(q->stmt, 2), *hash;

	*ev = (struct found_event){ .seq = sqlite3_column_int64(q->stmt, 0), .time = sqlite3_column_int64(q->stmt, 1) };
	if (table != NULL)
		(void)snprintf(ev->row, sizeof(ev->row), "%s %lld", table, sqlite3_column_int64(q->stmt, 3));
	ev->body = (const char *)sqlite3_column_text(q->stmt, 4);
	ev->bytes = db_blob(q, 4);
	hash = (const char *)sqlite3_column_text(q->stmt, 5);
	(void)snprintf(ev->hash, sizeof(ev->hash), "%s", hash != NULL ? hash : ""); /* NULL in a changed database */
	return ev->body != NULL ? 0 : db_fail(q->db, "read", e);
}

static bool verify_says(const struct found_event *ev, const char *key, const char *want)
{
	char text[SHA256_HEX];

	line_find(text, sizeof(text), ev->body, key);
	return strcmp(text, want) == 0;
}

static bool says_seq(const struct found_event *ev)
{
	char want[24];

	(void)snprintf(want, sizeof(want), "%" PRId64, ev->seq);
	return verify_says(ev, "seq", want);
}

/* Checks an event alone: its bytes have the recorded hash, and its columns equal its bytes. */
static int verify_event(struct verify *v, const struct found_event *ev, struct err *e)
{
	const long long seq = ev->seq;
	char hash[SHA256_HEX], at[TEXT_TIME];

	text_time(at, ev->time);
	if (hash_sha256_hex(hash, ev->bytes, e) < 0)
		return -1;
	if (strcmp(hash, ev->hash) != 0)
		return verify_fault(v, "ledger-event-edited", e, "event %lld: its hash does not match its bytes", seq);
	if (!says_seq(ev))
		return verify_fault(v, "ledger-event-moved", e, "event %lld was recorded under another number", seq);
	if (!verify_says(ev, "at", at) || !verify_says(ev, "row", ev->row))
		return verify_fault(v, "ledger-event-edited", e, "event %lld: its columns differ from its bytes", seq);
	if (!verify_says(ev, "ledger", v->l->id))
		return verify_fault(v, "ledger-event-other-ledger", e, "event %lld belongs to another ledger", seq);
	return 0;
}

/* Checks an event against the event before. */
static int verify_link(struct verify *v, const struct head *last, const struct found_event *ev, struct err *e)
{
	const long long seq = ev->seq, before = last->seq;
	char behind[24];

	if (ev->seq != last->seq + 1)
		return verify_fault(v, "ledger-event-missing", e, "event %lld follows %lld", seq, before);
	if (!verify_says(ev, "prev", last->hash))
		return verify_fault(v, "ledger-chain-broken", e, "event %lld does not follow from event %lld", seq,
		    before);
	line_find(behind, sizeof(behind), ev->body, "clock_behind");
	if (ev->time < last->time && behind[0] == '\0')
		return verify_fault(v, "ledger-event-time", e, "event %lld is earlier than the event before it", seq);
	return 0;
}

/* After a seal, only a restore continues the chain. */
static int verify_seal(struct verify *v, const struct found_event *ev, struct err *e)
{
	const bool was_sealed = v->is_sealed;

	v->is_sealed =
	    verify_says(ev, "kind", "ledger-moved") || (was_sealed && verify_says(ev, "kind", "ledger-upgraded"));
	if (!was_sealed || v->is_sealed || verify_says(ev, "kind", "ledger-restored"))
		return 0;
	return verify_fault(v, "ledger-written-after-move", e, "event %lld comes after the ledger was moved",
	    (long long)ev->seq);
}

/* Only a restore begins a new epoch, with a higher number. */
static int verify_epoch(struct verify *v, int64_t *epoch, const struct found_event *ev, struct err *e)
{
	const int64_t before = *epoch;
	char text[24];

	line_find(text, sizeof(text), ev->body, "epoch");
	*epoch = strtoll(text, NULL, 10);
	if (verify_says(ev, "kind", "ledger-restored") ? *epoch > before : *epoch == before)
		return 0;
	return verify_fault(v, "ledger-transition", e, "event %lld has epoch %" PRId64 ", the one before of %" PRId64,
	    (long long)ev->seq, *epoch, before);
}

static int verify_head(struct verify *v, const struct head *last, struct err *e)
{
	struct ledger_info info;

	if (ledger_get_info(&info, v->l, e) < 0)
		return -1;
	if (info.n_events == last->seq && strcmp(info.head, last->hash) == 0)
		return 0;
	return verify_fault(v, "ledger-head", e, "the last event is %" PRId64 ", the ledger ended with event %" PRId64,
	    last->seq, info.n_events);
}

static int verify_chain(struct verify *v, struct err *e)
{
	static const char sql[] = "SELECT seq, at, row_table, row_id, body, hash FROM events ORDER BY seq";
	AUTO_VALUE(query) q = { 0 };
	struct found_event ev;
	struct head last = { 0 };
	int64_t epoch = 1;
	int r;

	memset(last.hash, '0', sizeof(last.hash) - 1);
	if (db_query(&q, &v->l->db, sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (read_found(&ev, &q, e) < 0 || verify_event(v, &ev, e) < 0 || verify_link(v, &last, &ev, e) < 0 ||
		    verify_seal(v, &ev, e) < 0 || verify_epoch(v, &epoch, &ev, e) < 0)
			return -1;
		last = (struct head){ .seq = ev.seq, .time = ev.time };
		memcpy(last.hash, ev.hash, sizeof(last.hash));
	}
	return r < 0 ? -1 : verify_head(v, &last, e);
}

/* One snapshot, so that concurrent changes do not look like faults. */
static int verify_snapshot(struct verify *v, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (db_run(&v->l->db, "BEGIN", e, NO_ARGS) < 0)
		return -1;
	t.l = v->l;
	return verify_database(v, e) < 0 || verify_chain(v, e) < 0 || verify_rows(v, e) < 0 ? -1 : 0;
}

int ledger_verify(uint64_t *n, struct ledger *l, fault_fn *fn, cert_check_fn *check_cert, void *arg, struct err *e)
{
	struct verify v = { .l = l, .fn = fn, .check_cert = check_cert, .arg = arg };

	if (verify_snapshot(&v, e) < 0 || verify_unfinished(&v, e) < 0) {
		const struct err why = *e;

		/* damage that prevents reading is reported as a fault */
		if (v.is_stopped || why.status != ERR_LEDGER ||
		    verify_fault(&v, "ledger-database", e, "the ledger cannot be read further: %s: "
		        "%s", why.what, why.cause) < 0)
			return -1;
	}
	*n = v.n;
	return 0;
}
