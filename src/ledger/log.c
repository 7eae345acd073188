/* SPDX-License-Identifier: MIT */
/* log.c - notes in the chain of events, and reading the events. */
#include "ledger/internal.h"

int ledger_note(struct ledger *l, const char *kind, const char *object, const char *detail, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (txn_begin(&t, l, e) < 0 ||
	    event_append(l, &(struct event){ .kind = kind, .object = object }, e,
		FACTS(EXTRA("detail", v_text(detail)))) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_event_is(bool *is, struct ledger *l, int64_t seq, const char *hash, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM events WHERE hash = ?1 AND (?2 = 0 OR seq = ?2)";
	int64_t n = 0;

	if (db_int(&n, &l->db, sql, e, ARGS(v_text(hash), v_int(seq))) < 0)
		return -1;
	*is = n > 0;
	return 0;
}

static int read_event(struct event_row *out, const struct query *q, struct err *e)
{
	const char *body = (const char *)sqlite3_column_text(q->stmt, 2);

	*out = (struct event_row){ .seq = sqlite3_column_int64(q->stmt, 0), .time = sqlite3_column_int64(q->stmt, 1) };
	if (body == NULL)
		return db_fail(q->db, "read", e);
	line_find(out->kind, sizeof(out->kind), body, "kind");
	line_find(out->actor, sizeof(out->actor), body, "actor");
	line_find(out->object, sizeof(out->object), body, "object");
	line_find(out->note, sizeof(out->note), body, "note");
	out->bytes = db_blob(q, 2);
	return db_text(out->hash, sizeof(out->hash), q, 3, e);
}

static int event_each(struct query *q, event_row_fn *fn, void *arg, struct err *e)
{
	struct event_row row;
	int r;

	while ((r = db_next(q, e)) > 0) {
		if (read_event(&row, q, e) < 0 || fn(&row, arg, e) < 0)
			return -1;
	}
	return r;
}

int ledger_each_event(struct ledger *l, int64_t from_seq, event_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };

	if (db_query(&q, &l->db, "SELECT seq, at, body, hash FROM events WHERE seq >= ?1 ORDER BY seq", e,
		ARGS(v_int(from_seq))) < 0)
		return -1;
	return event_each(&q, fn, arg, e);
}

/* Notes change no row, so the index by rows lists them together and other events are not read. */
int ledger_each_note(struct ledger *l, const char *object, event_row_fn *fn, void *arg, struct err *e)
{
	static const char sql[] = "SELECT seq, at, body, hash FROM events WHERE row_table IS NULL"
				  " AND instr(body, char(10) || 'object: ' || ?1 || char(10)) > 0 ORDER BY seq";
	AUTO_VALUE(query) q = { 0 };
	AUTO_VALUE(buf) escaped = { 0 };

	if (fact_escape(&escaped, object, e) < 0 || buf_add(&escaped, "", 1, e) < 0 ||
	    db_query(&q, &l->db, sql, e, ARGS(v_text((const char *)escaped.data))) < 0)
		return -1;
	return event_each(&q, fn, arg, e);
}

int ledger_last_note(struct event_row *out, bool *found, struct ledger *l, const char *kind, struct err *e)
{
	static const char sql[] = "SELECT seq, at, body, hash FROM events WHERE row_table IS NULL"
				  " AND instr(body, char(10) || 'kind: ' || ?1 || char(10)) > 0"
				  " ORDER BY seq DESC LIMIT 1";
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, &l->db, sql, e, ARGS(v_text(kind))) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	*found = r > 0;
	if (r > 0 && read_event(out, &q, e) < 0)
		return -1;
	if (r > 0)
		out->bytes = (struct bytes){ 0 };
	return 0;
}
