/* SPDX-License-Identifier: MIT */
/* db.c - see db.h. */
#include "ledger/db/db.h"

#include <stdlib.h>
#include <string.h>

static const struct failure {
	int rc;
	enum err_status status;
	const char *why, *hint;
} failures[] = {
#define MAKE_ROOM "free space on the disk, then run the command again"
#define CHECK_OWNER "check the owner and the mode of the file and its folder"
#define CHECK_DAMAGE "`p11ca ledger verify` lists the faults; keep a copy of the file"
	{ SQLITE_FULL, ERR_OUTPUT, "no room", MAKE_ROOM },
	{ SQLITE_IOERR, ERR_OUTPUT, "the disk is full, or a limit is reached", MAKE_ROOM },
	{ SQLITE_CANTOPEN, ERR_OUTPUT, "it cannot be opened", CHECK_OWNER },
	{ SQLITE_PERM, ERR_OUTPUT, "not permitted", CHECK_OWNER },
	{ SQLITE_READONLY, ERR_OUTPUT, "it is open for reading only", NULL },
	{ SQLITE_BUSY, ERR_LEDGER, "other processes kept it locked for a minute",
	    "find the p11ca process that hangs, then run the command again" },
	{ SQLITE_NOTADB, ERR_LEDGER, "the file is not a ledger of p11ca", OTHER_HOME },
	{ SQLITE_CORRUPT, ERR_LEDGER, "it is damaged", CHECK_DAMAGE },
	{ SQLITE_NOMEM, ERR_INTERNAL, "out of memory", NULL },
	{ 0, ERR_LEDGER, "the database refuses", NULL },
};

int db_fail(const struct db *db, const char *doing, struct err *e)
{
	const int rc = db->handle != NULL ? sqlite3_extended_errcode(db->handle) : SQLITE_NOMEM;
	const struct failure *f = failures;

	while (f->rc != 0 && f->rc != (rc & 0xff))
		f++;
	(void)err_set(e, f->status, "cannot %s the ledger '%.160s': %s", doing, db->path, f->why);
	e->hint = f->hint;
	return err_cause(e, "%s (SQLite %d)", db->handle != NULL ? sqlite3_errmsg(db->handle) : "out of memory", rc);
}

int db_damaged(const struct db *db, struct err *e, const char *fmt, ...)
{
	va_list ap;

	(void)err_set(e, ERR_LEDGER, "the ledger '%.160s' is damaged", db->path);
	va_start(ap, fmt);
	(void)vsnprintf(e->cause, sizeof(e->cause), fmt, ap);
	va_end(ap);
	e->hint = CHECK_DAMAGE;
	return -1;
}

static int db_bind(sqlite3_stmt *stmt, int at, const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case VALUE_TEXT:
		return sqlite3_bind_text(stmt, at, v->text, -1, SQLITE_STATIC);
	case VALUE_BLOB:
		return sqlite3_bind_blob64(stmt, at, v->blob.data, v->blob.len, SQLITE_STATIC);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

/* Takes the statement from the cache, or prepares it and caches it unless the same text is in use. */
static int db_prepare(struct query *q, struct db *db, const char *sql, struct err *e)
{
	bool is_known = false;

	for (size_t i = 0; i < db->n_cached && !is_known; i++) {
		struct db_cached *c = &db->cache[i];

		is_known = strcmp(sqlite3_sql(c->stmt), sql) == 0;
		if (is_known && !c->in_use) {
			c->in_use = true;
			*q = (struct query){ .db = db, .stmt = c->stmt, .in_use = &c->in_use };
			return 0;
		}
	}
	*q = (struct query){ .db = db };
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL) != SQLITE_OK)
		return db_fail(db, "ask", e);
	if (!is_known && db->n_cached < DB_CACHE) {
		struct db_cached *c = &db->cache[db->n_cached++];

		*c = (struct db_cached){ .stmt = q->stmt, .in_use = true };
		q->in_use = &c->in_use;
	}
	return 0;
}

int db_query(struct query *out, struct db *db, const char *sql, struct err *e, const struct value args[], size_t n)
{
	AUTO_VALUE(query) q = { 0 };

	if (db_prepare(&q, db, sql, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (db_bind(q.stmt, (int)i + 1, &args[i]) != SQLITE_OK)
			return db_fail(db, "ask", e);
	}
	*out = q;
	q = (struct query){ 0 };
	return 0;
}

int db_next(const struct query *q, struct err *e)
{
	switch (sqlite3_step(q->stmt)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return db_fail(q->db, sqlite3_stmt_readonly(q->stmt) ? "read" : "write to", e);
	}
}

int db_run(struct db *db, const char *sql, struct err *e, const struct value args[], size_t n)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, db, sql, e, args, n) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0)
		;
	return r;
}

int db_int(int64_t *out, struct db *db, const char *sql, struct err *e, const struct value args[], size_t n)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, db, sql, e, args, n) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r > 0)
		*out = sqlite3_column_int64(q.stmt, 0);
	return 0;
}

int db_script(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, "write to", e);
	return 0;
}

void query_end(struct query *q)
{
	if (q->stmt != NULL && q->in_use != NULL) {
		(void)sqlite3_reset(q->stmt);
		(void)sqlite3_clear_bindings(q->stmt);
		*q->in_use = false;
	} else {
		(void)sqlite3_finalize(q->stmt);
	}
	*q = (struct query){ 0 };
}

struct bytes db_blob(const struct query *q, int column)
{
	const void *at = sqlite3_column_blob(q->stmt, column);

	return (struct bytes){ at, (size_t)sqlite3_column_bytes(q->stmt, column) };
}

int db_text(char *out, size_t size, const struct query *q, int column, struct err *e)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, column);
	const size_t len = (size_t)sqlite3_column_bytes(q->stmt, column);

	out[0] = '\0';
	if (text == NULL)
		return 0;
	if (len >= size || memchr(text, '\0', len) != NULL)
		return db_damaged(q->db, e, "%s has %zu bytes, or contains a NUL "
		    "byte", sqlite3_column_name(q->stmt, column), len);
	memcpy(out, text, len + 1);
	return 0;
}

void db_close(struct db *db)
{
	for (size_t i = 0; i < db->n_cached; i++)
		(void)sqlite3_finalize(db->cache[i].stmt);
	db->n_cached = 0;
	(void)sqlite3_close_v2(db->handle);
	db->handle = NULL;
	free(db->path);
	db->path = NULL;
}
