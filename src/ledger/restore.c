/* SPDX-License-Identifier: MIT */
/*
 * restore.c - restores a ledger from a copy.
 *
 * The copy lacks later events: serials that were given out, certificates that were revoked. So a new epoch begins,
 * and
 * issuing is suspended until a person states that the missing events came back or never will.
 */
#include "ledger/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/array.h"
#include "util/file.h"

#define TEMP ".restoring"

struct ledger_restore {
	struct ledger l;             /* the new ledger; its db is `path` until the commit */
	char *path, *goal;
	struct lock lock;            /* on path: a concurrent restore into this home fails */
	bool made_home, is_done;
};

void ledger_restore_end(struct ledger_restore *r)
{
	if (r == NULL)
		return;
	db_close(&r->l.db); /* before the lock's descriptor: closing that one first would drop SQLite's locks */
	if (r->lock.fd >= 0 && !r->is_done)
		(void)unlink(r->path);
	lock_release(&r->lock);
	if (r->made_home && !r->is_done)
		(void)rmdir(r->l.home);
	free(r->path);
	free(r->goal);
	free(r->l.home);
	free(r);
}

const char *ledger_restore_path(const struct ledger_restore *r)
{
	return r->path;
}

static int restore_occupied(const char *path, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_OUTPUT, "'%.200s' is there", path);
	e->hint = hint;
	return -1;
}

/* SQLite would apply a journal of another ledger to the new one. */
static int require_empty(const char *ledger_path, struct err *e)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *path = NULL;
		int r = 0;

		if (asprintf(&path, "%s%s", ledger_path, suffixes[i]) < 0)
			return err_oom(e);
		if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			r = restore_occupied(path,
			    "p11ca does not overwrite a ledger: move ledger.db, ledger.db-wal and ledger.db-shm "
			    "away together, or choose another --home", e);
		free(path);
		if (r < 0)
			return -1;
	}
	return 0;
}

int ledger_restore_inspect(const struct ledger_options *o, struct err *e)
{
	struct ledger probe = { .o = *o };
	bool is_there = false;
	int r;

	probe.o.create = false;
	r = home_prepare(&probe, &is_there, e);
	if (r < 0 && e->status == ERR_NOT_FOUND)
		r = 0; /* the home will be created */
	else if (r == 0)
		r = require_empty(probe.db.path, e);
	free(probe.db.path);
	free(probe.home);
	return r;
}

/* The mode bytes of a database: 1 = rollback journal, 2 = WAL (https://www.sqlite.org/fileformat2.html, 1.3.3). */
static int set_mode(int fd, const char *path, unsigned char mode, struct err *e)
{
	const unsigned char bytes[] = { mode, mode };

	if (pwrite(fd, bytes, sizeof(bytes), 18) != (ssize_t)sizeof(bytes) || fsync(fd) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot write '%.200s'", path);
	return 0;
}

static int restore_refuse_running(const struct ledger_restore *r, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "another restore into '%.200s' is running", r->l.home);
	return err_rule(e, "restore-running", "wait until it ends");
}

/* Another restore may have renamed the file to the finished ledger between opening and locking. */
static bool is_still_there(const struct ledger_restore *r)
{
	struct stat locked, named;

	return fstat(r->lock.fd, &locked) == 0 && lstat(r->path, &named) == 0 && locked.st_dev == named.st_dev &&
	    locked.st_ino == named.st_ino;
}

static int refuse_own_file(struct ledger_restore *r, const char *copy, struct err *e)
{
	struct stat locked, given;

	if (fstat(r->lock.fd, &locked) < 0 || stat(copy, &given) < 0 || locked.st_dev != given.st_dev ||
	    locked.st_ino != given.st_ino)
		return 0;
	r->is_done = true; /* a file of the user: it is not removed */
	(void)err_set(e, ERR_USAGE, "'%.200s' is the rest of an interrupted restore, not a backup", copy);
	e->hint = "give the backup that the restore read";
	return -1;
}

static int take_home(struct ledger_restore *r, struct err *e)
{
	const bool was_there = access(r->l.o.home, F_OK) == 0;
	bool is_there;

	if (home_prepare(&r->l, &is_there, e) < 0)
		return -1;
	r->made_home = !was_there;
	r->goal = STEAL(r->l.db.path);
	if (require_empty(r->goal, e) < 0)
		return -1;
	if (asprintf(&r->path, "%s" TEMP, r->goal) < 0) {
		r->path = NULL;
		return err_oom(e);
	}
	if (lock_take(&r->lock, r->path, 0, e) < 0)
		return e->status == ERR_TOKEN ? restore_refuse_running(r, e) : -1;
	if (is_still_there(r))
		return require_empty(r->goal, e);
	r->is_done = true; /* the locked file is the ledger of a concurrent restore */
	return restore_refuse_running(r, e);
}

static int copy_in(struct ledger_restore *r, const char *copy, struct err *e)
{
	struct ledger from = { .o = { .home = copy, .read_only = true } };
	bool is_there = false, is_old;
	int result = home_prepare(&from, &is_there, e);

	if (result == 0 && !is_there)
		result = home_no_ledger(copy, e);
	if (result == 0 && ftruncate(r->lock.fd, 0) < 0) /* remains of a killed restore */
		result = err_set_errno(e, ERR_OUTPUT, "cannot write '%.200s'", r->path);
	if (result == 0)
		result = home_open_db(&from, e) < 0 || schema_check(&is_old, &from.db, e) < 0 ||
			backup_copy(&from, r->path, e) < 0 ? home_hint(&from, e) : 0;
	db_close(&from.db);
	free(from.home);
	return result < 0 ? err_while(e, "reading the copy '%s'", copy) : set_mode(r->lock.fd, r->path, 1, e);
}

/* *known_seq: number of a proved event that the copy lacks; 0 = no such event. */
static int compare_known(int64_t *known_seq, struct ledger *l, const struct ledger_event_id *known, struct err *e)
{
	struct ledger_info info;
	bool is = false;

	*known_seq = 0;
	if (known == NULL)
		return 0;
	if (ledger_get_info(&info, l, e) < 0 ||
	    (known->seq <= info.n_events && ledger_event_is(&is, l, known->seq, known->hash, e) < 0))
		return -1;
	if (strcmp(known->ledger, l->id) != 0 || (known->seq <= info.n_events && !is)) {
		(void)err_set(e, ERR_POLICY, "the copy and the checkpoint belong to different ledgers or histories");
		return err_rule(e, "copy-not-of-checkpoint", "use the copy that belongs to the checkpoint");
	}
	*known_seq = known->seq > info.n_events ? known->seq : 0;
	return 0;
}

/* Suspended even if the copy was sealed: the copy may have been restored elsewhere before. */
static int begin_epoch(struct ledger *l, int64_t known_seq, unsigned known_epoch, struct err *e)
{
	const struct location_row row = {
		.n_events = l->head.seq, .known_seq = known_seq, .state = LOCATION_SUSPENDED
	};
	char object[OBJECT_MAX];

	(void)snprintf(object, sizeof(object), "ledger %s", l->id);
	l->epoch = (known_epoch > l->epoch ? known_epoch : l->epoch) + 1;
	if (row_write(NULL, l, &(struct change){ &meta_table, 1, "ledger-restored", object }, e,
		FACTS(FACT("epoch", v_int(l->epoch)))) < 0)
		return -1;
	return location_add(l, &row, "ledger-placed", e);
}

static int restore_mark(struct ledger *l, const struct ledger_event_id *known, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct schema_step step;
	int64_t known_seq;

	if (ledger_read_meta(l, e) < 0 || ledger_check_clock(l, e) < 0 ||
	    compare_known(&known_seq, l, known, e) < 0 || txn_begin(&t, l, e) < 0 ||
	    schema_migrate(&step, &l->db, e) < 0 || value_fill(l, &step, e) < 0 ||
	    (step.from < step.to && ledger_note_upgrade(l, &step, e) < 0) ||
	    begin_epoch(l, known_seq, known != NULL ? known->epoch : 0, e) < 0)
		return -1;
	return txn_commit(&t, e);
}

/* Without a journal on disk: an unfinished copy is discarded. */
static int mark_copy(struct ledger_restore *r, const struct ledger_event_id *known, struct err *e)
{
	r->l.db.path = strdup(r->path);
	if (r->l.db.path == NULL)
		return err_oom(e);
	if (home_open_db(&r->l, e) < 0 || db_script(&r->l.db, "PRAGMA journal_mode = MEMORY", e) < 0 ||
	    restore_mark(&r->l, known, e) < 0)
		return -1;
	db_close(&r->l.db);
	return set_mode(r->lock.fd, r->path, 2, e);
}

int ledger_restore_prepare(struct ledger_restore **out, const struct ledger_options *o, const char *copy,
    const struct ledger_event_id *known, struct err *e)
{
	AUTO_STRUCT(ledger_restore) r = calloc(1, sizeof(*r));

	if (r == NULL)
		return err_oom(e);
	r->lock = (struct lock)LOCK_NONE;
	r->l.writer_lock = (struct lock)LOCK_NONE;
	r->l.o = *o;
	r->l.o.create = true;
	r->l.o.read_only = false;
	if (take_home(r, e) < 0 || refuse_own_file(r, copy, e) < 0 || copy_in(r, copy, e) < 0 ||
	    mark_copy(r, known, e) < 0)
		return -1;
	*out = STEAL(r);
	return 0;
}

int ledger_restore_commit(struct ledger_restore *r, struct err *e)
{
	if (require_empty(r->goal, e) < 0 || file_move_new(r->path, r->goal, e) < 0)
		return -1;
	r->is_done = true;
	/* before SQLite opens the file: closing another descriptor later would drop SQLite's locks */
	lock_release(&r->lock);
	return file_sync_folder(r->goal, e);
}
