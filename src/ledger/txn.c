/* SPDX-License-Identifier: MIT */
/* txn.c - transactions, which begin as writers, so that conditions checked inside still hold at the write. */
#include "ledger/internal.h"

#include <string.h>

static int read_last_event(struct head *out, struct db *db, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	*out = (struct head){ 0 };
	memset(out->hash, '0', sizeof(out->hash) - 1);
	if (db_query(&q, db, "SELECT seq, at, hash FROM events ORDER BY seq DESC LIMIT 1", e, NO_ARGS) < 0 ||
	    (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return 0;
	out->seq = sqlite3_column_int64(q.stmt, 0);
	out->time = sqlite3_column_int64(q.stmt, 1);
	return db_text(out->hash, sizeof(out->hash), &q, 2, e);
}

/* Refuses to append if the end of the chain is not the recorded head. */
int txn_read_head(struct ledger *l, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM ledger WHERE n_events = ?1 AND head = ?2";
	int64_t n = 0;

	if (read_last_event(&l->head, &l->db, e) < 0)
		return -1;
	if (l->head.seq == 0)
		return 0;
	if (db_int(&n, &l->db, sql, e, ARGS(v_int(l->head.seq), v_text(l->head.hash))) < 0)
		return -1;
	if (n == 1)
		return 0;
	return db_damaged(&l->db, e, "its last event is not the recorded head");
}

int txn_begin_unchecked(struct txn *t, struct ledger *l, struct err *e)
{
	if (db_run(&l->db, "BEGIN IMMEDIATE", e, NO_ARGS) < 0)
		return -1;
	t->l = l;
	return 0;
}

int txn_refuse_moved(const struct ledger *l, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the ledger '%.160s' is sealed: it was moved to another place", l->db.path);
	return err_rule(e, "ledger-moved",
	    "use the ledger at its new place; `p11ca ledger move --out FILE` writes the copy again");
}

/* Asked in every transaction: another process may have sealed the ledger since it was opened. */
static int txn_may_write(struct ledger *l, struct err *e)
{
	struct location_row row;

	if (!l->is_current || l->o.is_moving)
		return 0;
	if (ledger_location(&row, l, e) < 0)
		return -1;
	return strcmp(row.state, LOCATION_MOVED) != 0 ? 0 : txn_refuse_moved(l, e);
}

int txn_begin(struct txn *t, struct ledger *l, struct err *e)
{
	if (txn_begin_unchecked(t, l, e) < 0)
		return -1;
	if (txn_read_head(l, e) < 0 || txn_may_write(l, e) < 0) {
		txn_end(t);
		return -1;
	}
	return 0;
}

int txn_commit(struct txn *t, struct err *e)
{
	struct ledger *l = t->l;

	if (db_run(&l->db, "UPDATE ledger SET n_events = ?1, head = ?2", e,
		ARGS(v_int(l->head.seq), v_text(l->head.hash))) < 0 ||
	    db_run(&l->db, "COMMIT", e, NO_ARGS) < 0) {
		txn_end(t);
		return -1;
	}
	t->l = NULL;
	return 0;
}

void txn_end(struct txn *t)
{
	/* after a full disk SQLite has rolled back already */
	if (t->l != NULL && sqlite3_get_autocommit(t->l->db.handle) == 0)
		(void)sqlite3_exec(t->l->db.handle, "ROLLBACK", NULL, NULL, NULL);
	t->l = NULL;
}
