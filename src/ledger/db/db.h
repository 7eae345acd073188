/* SPDX-License-Identifier: MIT */
/*
 * db.h - the ledger's interface to SQLite: typed arguments, cached statements, errors.
 *
 * Text in the database is untrusted, because the file may have been edited. Private to src/ledger/.
 */
#ifndef LEDGER_DB_DB_H
#define LEDGER_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/err.h"

struct db_cached {
	sqlite3_stmt *stmt;
	bool in_use;
};

#define OTHER_HOME "choose another home with --home" /* the hint, which differs for a copy */

#define DB_CACHE 64              /* more than the ledger's statements; further statements are not cached */
struct db {
	sqlite3 *handle;
	char *path;                  /* path of the file, for messages */
	struct db_cached cache[DB_CACHE];
	size_t n_cached;
};

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB };
struct value {
	enum value_type type;
	int64_t i;
	const char *text;            /* borrowed, as blob is */
	struct bytes blob;
};

static inline struct value v_int(int64_t i)
{
	return (struct value){ .type = VALUE_INT, .i = i };
}

/* NULL is the empty text. */
static inline struct value v_text(const char *text)
{
	return (struct value){ .type = VALUE_TEXT, .text = text != NULL ? text : "" };
}

/* The id of a row of another table; 0 = no row, NULL in the database. */
static inline struct value v_ref(int64_t id)
{
	return (struct value){ .type = id != 0 ? VALUE_INT : VALUE_NULL, .i = id };
}

/* Empty bytes become NULL in the database. */
static inline struct value v_blob(struct bytes b)
{
	return (struct value){ .type = b.len > 0 ? VALUE_BLOB : VALUE_NULL, .blob = b };
}

/* The last two arguments of db_query() and db_run(): ARGS(v_int(7), v_text("x")) or NO_ARGS. */
#define ARGS(...) \
	(const struct value[]){ __VA_ARGS__ }, sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value)
#define NO_ARGS NULL, 0

struct query {
	struct db *db;
	sqlite3_stmt *stmt;          /* read columns with sqlite3_column_…(), before the next db_next() */
	bool *in_use;                /* of the cached statement; NULL = finalise at the end */
};

/* Sets the error from SQLite; `doing` ("write to") completes "cannot … the ledger 'path'". Returns -1. */
int db_fail(const struct db *db, const char *doing, struct err *e);
/* Sets ERR_LEDGER for content that p11ca cannot have written; the text states why. Returns -1. */
int db_damaged(const struct db *db, struct err *e, const char *fmt, ...) ERR_FMT(3, 4);

/*
 * Prepares (or takes from the cache) and binds; the arguments are borrowed until the query ends.
 * The same text may be queried again while an earlier query with it still runs.
 */
int db_query(struct query *out, struct db *db, const char *sql, struct err *e, const struct value args[], size_t n)
    MUST_CHECK;
/* 1: a row; 0: no more; -1: error. */
int db_next(const struct query *q, struct err *e) MUST_CHECK;
/* Runs a query and ignores its rows. */
int db_run(struct db *db, const char *sql, struct err *e, const struct value args[], size_t n) MUST_CHECK;
/* The first column of the first row; *out is unchanged if there is no row. */
int db_int(int64_t *out, struct db *db, const char *sql, struct err *e, const struct value args[], size_t n) MUST_CHECK;
/* Runs several statements without arguments. */
int db_script(struct db *db, const char *sql, struct err *e) MUST_CHECK;
void query_end(struct query *q);
AUTO_VALUE_DEFINE(query, query_end);

/* Copies a text column. -1 (ERR_LEDGER): longer than size - 1, or with a NUL inside: the file was edited. */
int db_text(char *out, size_t size, const struct query *q, int column, struct err *e) MUST_CHECK;
struct bytes db_blob(const struct query *q, int column); /* borrowed until the next db_next() */

void db_close(struct db *db); /* finalises the cache; may be closed already */

#endif
