/* SPDX-License-Identifier: MIT */
/* verify_rows.c - compares rows with their events and certificates with their issuers, and finds unfinished rows. */
#include "ledger/internal.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/unicode.h"

static void replayed_clear(struct replayed *replayed)
{
	for (size_t i = 0; i < COLS_MAX; i++)
		free(replayed->text[i]);
	*replayed = (struct replayed){ 0 };
}
AUTO_VALUE_DEFINE(replayed, replayed_clear);

static int replay_line(struct replayed *replayed, const struct table *t, const struct line *line, struct err *e)
{
	for (size_t i = 0; i < t->n_cols; i++) {
		if (!line_is(line, t->cols[i].name))
			continue;
		free(replayed->text[i]);
		replayed->text[i] = strndup(line->value, line->value_len);
		return replayed->text[i] != NULL ? 0 : err_oom(e);
	}
	return 0; /* a value that only the event has */
}

static int replay_event(struct replayed *replayed, const struct table *t, const char *body, struct err *e)
{
	struct line line;

	do {
		if (!line_next(&line, &body))
			return 0;
	} while (!line_is(&line, LINE_LAST_HEADER));
	replayed->n_events++;
	while (line_next(&line, &body)) {
		if (replay_line(replayed, t, &line, e) < 0)
			return -1;
	}
	return 0;
}

static int replay_events(struct replayed *replayed, struct verify *v, const struct table *t, int64_t id, struct err *e)
{
	static const char sql[] = "SELECT body, seq FROM events WHERE row_table = ?1 AND row_id = ?2 ORDER BY seq";
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, &v->l->db, sql, e, ARGS(v_text(t->name), v_int(id))) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct moment before, after;
		const struct step_of_row step = { t, id, sqlite3_column_int64(q.stmt, 1),
			(const char *)sqlite3_column_text(q.stmt, 0), &before, &after };

		if (step.body == NULL)
			return db_fail(q.db, "read", e);
		moment_read(&before, replayed, t);
		if (replay_event(replayed, t, step.body, e) < 0)
			return -1;
		moment_read(&after, replayed, t);
		if (verify_transition(v, &step, e) < 0)
			return -1;
	}
	return r;
}

/* The column as an event would write it. */
static int column_text(struct buf *out, const struct query *q, int at, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	struct value value = v_ref(0);

	switch (sqlite3_column_type(q->stmt, at)) {
	case SQLITE_INTEGER:
		value = v_int(sqlite3_column_int64(q->stmt, at));
		break;
	case SQLITE_TEXT:
		value = v_text((const char *)sqlite3_column_text(q->stmt, at));
		if (value.text == NULL)
			return db_fail(q->db, "read", e);
		if (strlen(value.text) == (size_t)sqlite3_column_bytes(q->stmt, at))
			break;
		/* text with a NUL, which p11ca never writes, is compared as bytes */
		__attribute__((__fallthrough__));
	case SQLITE_BLOB:
		value = v_blob(db_blob(q, at));
		break;
	default:
		break;
	}
	if (value_text(&text, &value, e) < 0 || buf_add(&text, "", 1, e) < 0 ||
	    fact_escape(out, (const char *)text.data, e) < 0)
		return -1;
	return buf_add(out, "", 1, e);
}

static int compare_row(struct verify *v, const struct table *t, const struct replayed *replayed, const struct query *q,
    struct err *e)
{
	const long long id = sqlite3_column_int64(q->stmt, 0);

	if (replayed->n_events == 0)
		return verify_fault(v, "ledger-row-without-event", e, "row %lld of %s: no event records it", id,
		    t->name);
	for (size_t i = 0; i < t->n_cols; i++) {
		const char *want = replayed->text[i] != NULL ? replayed->text[i] : col_default(&t->cols[i]);
		AUTO_VALUE(buf) have = { 0 };

		if (t->cols[i].is_derived) /* value_verify() recomputes it */
			continue;
		if (column_text(&have, q, (int)i + 1, e) < 0)
			return -1;
		if (strcmp((const char *)have.data, want) != 0 &&
		    verify_fault(v, "ledger-row-edited", e, "row %lld of %s: %s is '%.120s', but '%.120s' according "
		        "to its events",
			id, t->name, t->cols[i].name, (const char *)have.data, want) < 0)
			return -1;
	}
	return 0;
}

static int verify_rows_verify_table(struct verify *v, const struct table *t, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, v->l, t, FILTER_ONLY("ORDER BY id"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		AUTO_VALUE(replayed) replayed = { 0 };

		if (replay_events(&replayed, v, t, sqlite3_column_int64(q.stmt, 0), e) < 0 ||
		    compare_row(v, t, &replayed, &q, e) < 0)
			return -1;
	}
	return r;
}

/* A name_key() column is in no event: it is recomputed. */
static int verify_derived(struct verify *v, const struct table *t, const struct derived *d, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	char sql[160], key[NAME_KEY_MAX];
	int r;

	(void)snprintf(sql, sizeof(sql), "SELECT id, %s, %s FROM %s ORDER BY id", d->of, d->column, t->name);
	if (db_query(&q, &v->l->db, sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		const char *source = (const char *)sqlite3_column_text(q.stmt, 1);
		const char *have = (const char *)sqlite3_column_text(q.stmt, 2);

		if (source == NULL || have == NULL)
			return db_fail(q.db, "read", e);
		if (name_key(key, source, e) < 0)
			return -1;
		if (strcmp(have, key) != 0 &&
		    verify_fault(v, "ledger-row-edited", e, "row %lld of %s: %s is '%.120s', %s makes it '%.120s'",
			(long long)sqlite3_column_int64(q.stmt, 0), t->name, d->column, have, d->of, key) < 0)
			return -1;
	}
	return r;
}

static int verify_removed(struct verify *v, struct err *e)
{
	static const char sql[] =
	    "SELECT row_table, row_id, min(seq) FROM events WHERE row_table IS NOT NULL AND NOT CASE row_table"
	    " WHEN 'keys' THEN EXISTS (SELECT 1 FROM keys WHERE id = row_id)"
	    " WHEN 'roots' THEN EXISTS (SELECT 1 FROM roots WHERE id = row_id)"
	    " WHEN 'certificates' THEN EXISTS (SELECT 1 FROM certificates WHERE id = row_id)"
	    " WHEN 'profiles' THEN EXISTS (SELECT 1 FROM profiles WHERE id = row_id)"
	    " WHEN 'crls' THEN EXISTS (SELECT 1 FROM crls WHERE id = row_id)"
	    " WHEN 'gateways' THEN EXISTS (SELECT 1 FROM gateways WHERE id = row_id)"
	    " WHEN 'sightings' THEN EXISTS (SELECT 1 FROM sightings WHERE id = row_id)"
	    " WHEN 'places' THEN EXISTS (SELECT 1 FROM places WHERE id = row_id)"
	    " WHEN 'ledger' THEN EXISTS (SELECT 1 FROM ledger WHERE id = row_id)"
	    " ELSE 0 END GROUP BY row_table, row_id";
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, &v->l->db, sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (verify_fault(v, "ledger-row-missing", e, "row %lld of %.60s is missing; event %lld added it",
			(long long)sqlite3_column_int64(q.stmt, 1), (const char *)sqlite3_column_text(q.stmt, 0),
			(long long)sqlite3_column_int64(q.stmt, 2)) < 0)
			return -1;
	}
	return r;
}

/* Checks the certificate with the DER of its issuer: its root's, or its own for a root. */
static int verify_cert(struct verify *v, const struct cert_record *cert, struct err *e)
{
	static const char sql[] = "SELECT c.der FROM roots r JOIN certificates c ON c.id = r.cert_id WHERE r.id = ?1";
	struct bytes issuer = cert->row.der;
	AUTO_VALUE(query) q = { 0 };
	const char *why;

	if (cert->row.der.len == 0)
		return 0; /* revoked, and known by its serial only */
	if (!cert->row.is_root) {
		int r;

		if (db_query(&q, &v->l->db, sql, e, ARGS(v_int(cert->row.root_id))) < 0 || (r = db_next(&q, e)) < 0)
			return -1;
		issuer = r > 0 ? db_blob(&q, 0) : (struct bytes){ 0 };
	}
	why = issuer.len > 0 ? v->check_cert(&cert->row, issuer, v->arg) : "its root has no certificate";
	if (why == NULL)
		return 0;
	return verify_fault(v, "ledger-certificate-invalid", e, "certificate %s of '%.120s': %.200s", cert->row.serial,
	    cert->row.name, why);
}

static int verify_certs(struct verify *v, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	struct cert_record cert;
	int r;

	if (v->check_cert == NULL)
		return 0;
	if (row_query(&q, v->l, &certs_table, FILTER_ONLY("WHERE state IN ('issued', 'revoked') ORDER BY id"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (cert_read_row(&cert, v->l, &q, e) < 0 || verify_cert(v, &cert, e) < 0)
			return -1;
	}
	return r;
}

int verify_rows(struct verify *v, struct err *e)
{
	static const struct table *const tables[] = { &meta_table, &keys_table, &roots_table, &certs_table,
		&profiles_table, &crls_table, &gateways_table, &observations_table,
		&locations_table };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (verify_rows_verify_table(v, tables[i], e) < 0)
			return -1;
		for (size_t d = 0; d < tables[i]->n_derived; d++)
			if (verify_derived(v, tables[i], &tables[i]->derived[d], e) < 0)
				return -1;
	}
	if (value_verify(v, e) < 0 || verify_removed(v, e) < 0 || verify_uniqueness(v, e) < 0)
		return -1;
	return verify_certs(v, e);
}

/*
 * Reads twice: a writer may finish its row after the first read and end before its lock is tried.
 * A row that is still unfinished after its writer was found dead stays unfinished.
 */
static int report_key(struct verify *v, int64_t id, struct err *e)
{
	struct key_record key;

	for (int look = 0; look < 2; look++) {
		if (key_load(&key, v->l, id, e) < 0)
			return -1;
		if (!key.row.is_writer_dead)
			return 0;
	}
	return verify_fault(v, "ledger-key-unfinished", e,
	    "%s key '%.120s' is %s, and the process that was creating it has ended", key.row.purpose, key.row.name,
	    key.row.state);
}

static int report_cert(struct verify *v, int64_t id, struct err *e)
{
	struct cert_record cert;

	for (int look = 0; look < 2; look++) {
		if (cert_load(&cert, NULL, v->l, id, e) < 0)
			return -1;
		if (!cert.row.is_writer_dead)
			return 0;
	}
	return verify_fault(v, "ledger-certificate-unfinished", e,
	    "certificate %s of '%.120s' is %s, and the process that was issuing it has "
	    "ended", cert.row.serial, cert.row.name,
	    cert.row.state);
}

/* Collects the ids first, because a running query reads the state of its beginning. */
static int each_unfinished(struct verify *v, const char *sql, int (*report)(struct verify *, int64_t, struct err *),
    struct err *e)
{
	AUTO_VALUE(buf) ids = { 0 };
	AUTO_VALUE(query) q = { 0 };
	int64_t id;
	int r;

	if (db_query(&q, &v->l->db, sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		id = sqlite3_column_int64(q.stmt, 0);
		if (buf_add(&ids, &id, sizeof(id), e) < 0)
			return -1;
	}
	query_end(&q);
	for (size_t at = 0; r == 0 && at < ids.len; at += sizeof(id)) {
		memcpy(&id, ids.data + at, sizeof(id));
		r = report(v, id, e);
	}
	return r;
}

int verify_unfinished(struct verify *v, struct err *e)
{
	static const char keys[] = "SELECT id FROM keys WHERE state IN ('planned', 'made') ORDER BY id";
	static const char certs[] = "SELECT id FROM certificates WHERE state = 'signing' ORDER BY id";

	return each_unfinished(v, keys, report_key, e) < 0 || each_unfinished(v, certs, report_cert, e) < 0 ? -1 : 0;
}
