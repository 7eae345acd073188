/* SPDX-License-Identifier: MIT */
/* ledger.c - opens, creates and closes a ledger. */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/internal.h"
#include "util/file.h"
#include "util/random.h"
#include "util/text.h"

#define CLOCK_SLACK 5 /* seconds that the clock may be set back for a correction */

/* Writes row 1 of table ledger, and the first event. */
static int begin_chain(struct ledger *l, struct err *e)
{
	struct meta_record meta = { .epoch = 1, .created_at = clock_now(l->o.clock), .is_test = l->o.is_test };
	struct fact facts[COLS_MAX];
	const struct random_use use = { "ledger id", { (const unsigned char *)"", 0 } };
	unsigned char random[16];
	char object[OBJECT_MAX];

	if (random_draw(random, sizeof(random), l->o.random, &use, e) < 0)
		return -1;
	text_hex(meta.ledger_id, sizeof(meta.ledger_id), (struct bytes){ random, sizeof(random) });
	memcpy(l->id, meta.ledger_id, sizeof(l->id));
	l->epoch = (unsigned)meta.epoch;
	(void)snprintf(object, sizeof(object), "ledger %s", l->id);
	return row_write(NULL, l,
	    &(struct change){ .table = &meta_table, .kind = "ledger-created", .object = object }, e, facts,
	    row_facts(facts, &meta_table, &meta, true));
}

/* Creates tables and the first event in the empty database `fresh`; returns it as the bytes of a file in WAL mode. */
static int make_image(struct buf *out, struct ledger *fresh, struct err *e)
{
	static const unsigned char wal[] = { 2, 2 }; /* https://www.sqlite.org/fileformat2.html, 1.3.3 */
	AUTO_VALUE(txn) t = { 0 };
	struct schema_step step;
	sqlite3_int64 size = 0;
	unsigned char *image;
	int r;

	if (txn_begin_unchecked(&t, fresh, e) < 0 || schema_migrate(&step, &fresh->db, e) < 0 ||
	    txn_read_head(fresh, e) < 0 || begin_chain(fresh, e) < 0 || txn_commit(&t, e) < 0)
		return -1;
	image = sqlite3_serialize(fresh->db.handle, "main", &size, 0);
	if (image == NULL || size < 100)
		r = db_fail(&fresh->db, "make", e);
	else if ((r = buf_add(out, image, (size_t)size, e)) == 0)
		memcpy(out->data + 18, wal, sizeof(wal));
	sqlite3_free(image);
	return r;
}

/* Makes the database in memory and puts it in place as a whole, so that no process sees a partial ledger. */
static int make_ledger(const struct ledger *l, struct err *e)
{
	struct ledger fresh = { .o = l->o };
	AUTO_VALUE(buf) image = { 0 };
	bool is_there;
	int r;

	if (sqlite3_open(":memory:", &fresh.db.handle) != SQLITE_OK || (fresh.db.path = strdup(l->db.path)) == NULL)
		r = err_oom(e);
	else
		r = make_image(&image, &fresh, e);
	db_close(&fresh.db);
	if (r < 0)
		return -1;
	if (file_write(l->db.path, buf_bytes(&image), 0600, false, e) == 0)
		return file_sync_folder(l->home, e);
	/* another process may have been faster: its ledger is opened then */
	return e->status == ERR_OUTPUT && home_inspect(&is_there, l, e) == 0 && is_there ? 0 : -1;
}

/* The chain records an upgrade, because an auditor may have a copy with fewer tables. */
int ledger_note_upgrade(struct ledger *l, const struct schema_step *step, struct err *e)
{
	char object[OBJECT_MAX];

	(void)snprintf(object, sizeof(object), "ledger %s", l->id);
	return event_append(l, &(struct event){ .kind = "ledger-upgraded", .object = object }, e,
	    FACTS(EXTRA("from_version", v_int(step->from)), EXTRA("to_version", v_int(step->to))));
}

/*
 * A reader changes nothing: an older ledger is upgraded in a temporary database of SQLite's, which has no name and
 * ends with the process. Its events are those of the file, without an event about the upgrade.
 */
static int migrate_copy(struct ledger *l, struct err *e)
{
	struct db copy = { .path = strdup(l->db.path) };
	struct schema_step step;
	int r;

	if (copy.path == NULL)
		return err_oom(e);
	if (sqlite3_open("", &copy.handle) != SQLITE_OK ||
	    sqlite3_db_config(copy.handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK)
		r = db_fail(&copy, "copy", e);
	else
		r = backup_pages(&copy, &l->db, e) < 0 || schema_migrate(&step, &copy, e) < 0 ? -1 : 0;
	if (r < 0) {
		db_close(&copy);
		return err_while(e, "reading a ledger of an older version");
	}
	db_close(&l->db);
	l->db = copy;
	if (db_script(&l->db, "BEGIN", e) < 0 || value_fill(l, &step, e) < 0 ||
	    db_script(&l->db, "COMMIT; PRAGMA query_only = ON", e) < 0)
		return err_while(e, "reading a ledger of an older version");
	return 0;
}

static int ledger_migrate(struct ledger *l, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct schema_step step;

	if (l->o.read_only)
		return migrate_copy(l, e);
	if (txn_begin(&t, l, e) < 0 || schema_migrate(&step, &l->db, e) < 0 || value_fill(l, &step, e) < 0)
		return -1;
	if (step.from < step.to && ledger_note_upgrade(l, &step, e) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_read_meta(struct ledger *l, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	struct meta_record meta;
	int64_t id;
	int r;

	if (row_query(&q, l, &meta_table, FILTER_ONLY("WHERE id = 1"), e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return db_damaged(&l->db, e, "its single row of identity is missing");
	if (row_read(&id, &meta, &q, &meta_table, e) < 0)
		return -1;
	memcpy(l->id, meta.ledger_id, sizeof(l->id));
	l->epoch = (unsigned)meta.epoch;
	l->is_test = meta.is_test;
	return 0;
}

int ledger_check_clock(struct ledger *l, struct err *e)
{
	const int64_t now = clock_now(l->o.clock);
	struct ledger_info info;
	char is[TEXT_TIME], was[TEXT_TIME];

	if (l->o.clock_ok || l->o.read_only)
		return 0;
	if (ledger_get_info(&info, l, e) < 0)
		return -1;
	if (now + CLOCK_SLACK >= info.last_event_at)
		return 0;
	text_time(is, now);
	text_time(was, info.last_event_at);
	(void)err_set(e, ERR_POLICY, "the clock shows %s, but the ledger's last event is from %s", is, was);
	e->code = "clock-went-back";
	e->hint = "set the clock; use --clock-ok if the ledger's time is wrong";
	return -1;
}

static int ledger_start_writer(struct ledger *l, struct err *e)
{
	struct ledger_info info;

	return ledger_get_info(&info, l, e) < 0 ? -1 : writer_start(l, info.n_events, e);
}

static int open_all(struct ledger *l, struct err *e)
{
	bool is_there, is_old;

	if (home_prepare(l, &is_there, e) < 0)
		return -1;
	if (!is_there && !l->o.create)
		return home_no_ledger(l->home, e);
	if (!is_there && make_ledger(l, e) < 0)
		return -1;
	/* an upgrade appends an event, which needs the id and the clock; table ledger never changed */
	if (home_open_db(l, e) < 0 || schema_check(&is_old, &l->db, e) < 0 || ledger_read_meta(l, e) < 0 ||
	    ledger_check_clock(l, e) < 0 || (is_old && ledger_migrate(l, e) < 0))
		return -1;
	l->is_current = true;
	if (l->o.read_only)
		return 0;
	return location_check(l, e) < 0 ? -1 : ledger_start_writer(l, e);
}

int ledger_open(struct ledger **out, const struct ledger_options *o, struct err *e)
{
	AUTO_STRUCT(ledger) l = calloc(1, sizeof(*l));

	if (l == NULL)
		return err_oom(e);
	l->o = *o;
	l->writer_lock = (struct lock)LOCK_NONE;
	if (open_all(l, e) < 0)
		return home_hint(l, e);
	*out = STEAL(l);
	return 0;
}

void ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	db_close(&l->db);
	writer_stop(l); /* last: until then other processes see that this process works on its rows */
	free(l->home);
	free(l);
}

int ledger_get_info(struct ledger_info *out, struct ledger *l, struct err *e)
{
	static const char sql[] = "SELECT n_events, head, (SELECT at FROM events ORDER BY seq DESC LIMIT 1)"
				  " FROM ledger";
	struct ledger_info info = { .epoch = l->epoch, .is_test = l->is_test };
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, &l->db, sql, e, NO_ARGS) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return db_damaged(&l->db, e, "its single row of identity is missing");
	memcpy(info.id, l->id, sizeof(info.id));
	info.n_events = sqlite3_column_int64(q.stmt, 0);
	info.last_event_at = sqlite3_column_int64(q.stmt, 2);
	if (db_text(info.head, sizeof(info.head), &q, 1, e) < 0)
		return -1;
	*out = info;
	return 0;
}

const char *ledger_id(const struct ledger *l)
{
	return l->id;
}

bool ledger_is_test(const struct ledger *l)
{
	return l->is_test;
}
