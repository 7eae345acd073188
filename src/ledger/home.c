/* SPDX-License-Identifier: MIT */
/* home.c - finds the ledger's folder and checks its owner, mode and file system. */
#include "ledger/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

#define FILE_NAME "ledger.db"
#define BUSY_MS 60000

int home_no_ledger(const char *home, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "there is no ledger in '%.200s'", home);
	e->hint = "create a ledger with `p11ca root create` or `p11ca root adopt`, restore one with `p11ca ledger "
	    "restore`, or name "
	    "another folder with --home";
	return -1;
}

int home_hint(const struct ledger *l, struct err *e)
{
	if (l->is_copy && e->hint != NULL && strcmp(e->hint, OTHER_HOME) == 0)
		e->hint = "give a copy of ledger.db, as written by `p11ca ledger backup`";
	return -1;
}

static int home_refuse(const char *code, const char *path, const char *why, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%.200s' %s", path, why);
	e->code = code;
	e->hint = "nobody else may be able to change a ledger; choose another folder with --home";
	return -1;
}

static int require_ours(const char *path, const struct stat *st, struct err *e)
{
	if (st->st_uid != geteuid())
		return home_refuse("home-other-owner", path, "belongs to another user", e);
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return home_refuse("home-writable", path, "is writable by other users", e);
	return 0;
}

/* A copy outside a home: its folder becomes l->home. */
static int prepare_copy(struct ledger *l, char *file, struct err *e)
{
	AUTO(char) copy = strdup(file);

	l->is_copy = true;
	if (copy == NULL || (l->home = strdup(dirname(copy))) == NULL || (l->db.path = strdup(file)) == NULL)
		return err_oom(e);
	return 0;
}

static int home_prepare_folder(struct ledger *l, const struct stat *st, const char *folder, struct err *e)
{
	if ((l->home = strdup(folder)) == NULL)
		return err_oom(e);
	if (!S_ISDIR(st->st_mode))
		return err_set(e, ERR_OUTPUT, "'%.200s' is not a folder", folder);
	if (!l->o.read_only && (require_ours(folder, st, e) < 0 || file_require_local(folder, e) < 0))
		return -1;
	l->db.path = file_join(folder, FILE_NAME, e);
	return l->db.path != NULL ? 0 : -1;
}

int home_inspect(bool *is_there, const struct ledger *l, struct err *e)
{
	struct stat st;

	if (lstat(l->db.path, &st) < 0) {
		if (errno != ENOENT)
			return err_set_errno(e, ERR_OUTPUT, "cannot read the attributes of '%.200s'", l->db.path);
		*is_there = false;
		return 0;
	}
	if (!S_ISREG(st.st_mode))
		return home_refuse("ledger-not-a-file", l->db.path, "is not a regular file", e);
	*is_there = true;
	return l->o.read_only ? 0 : require_ours(l->db.path, &st, e);
}

/* Checks the nearest existing folder before any folder is created, so that a refused home leaves no folder. */
static int require_local_above(const char *home, struct err *e)
{
	AUTO(char) path = file_join(home, ".", e);
	const char *there = path;

	if (path == NULL)
		return -1;
	while (access(there, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR) && strcmp(there, ".") != 0)
		there = dirname(path);
	return file_require_local(there, e);
}

int home_prepare(struct ledger *l, bool *is_there, struct err *e)
{
	AUTO(char) real = NULL;
	struct stat st;
	int r;

	if (l->o.create && (require_local_above(l->o.home, e) < 0 || file_make_folder(l->o.home, e) < 0))
		return -1;
	real = realpath(l->o.home, NULL);
	if (real == NULL && (errno == ENOENT || errno == ENOTDIR))
		return home_no_ledger(l->o.home, e);
	if (real == NULL || stat(real, &st) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read the attributes of '%.200s'", l->o.home);
	if (l->o.read_only && S_ISREG(st.st_mode))
		r = prepare_copy(l, real, e);
	else
		r = home_prepare_folder(l, &st, real, e);
	return r < 0 ? -1 : home_inspect(is_there, l, e);
}

/*
 * Reading a database in WAL mode needs its -shm file. If p11ca may not create one and no writer has left one, SQLite
 * is told that the file does not change (immutable). Beside a copy none is created.
 */
static bool is_alone(const struct ledger *l, struct err *e)
{
	AUTO(char) wal = NULL;

	if (!l->is_copy && faccessat(AT_FDCWD, l->home, W_OK, AT_EACCESS) == 0)
		return false;
	if (asprintf(&wal, "%s-wal", l->db.path) < 0) {
		wal = NULL;
		(void)err_oom(e);
		return false;
	}
	return faccessat(AT_FDCWD, wal, F_OK, AT_EACCESS) < 0;
}

/* file:PATH?immutable=1, with the characters of URI syntax as %NN (https://www.sqlite.org/uri.html). */
static char *uri_of(const struct ledger *l, struct err *e)
{
	const bool alone = l->o.read_only && is_alone(l, e);
	char *uri = NULL;
	size_t size;
	FILE *f = open_memstream(&uri, &size);

	if (f == NULL) {
		(void)err_oom(e);
		return NULL;
	}
	(void)fputs("file:", f);
	for (const char *p = l->db.path; *p != '\0'; p++) {
		if (strchr("%?#", *p) != NULL)
			(void)fprintf(f, "%%%02x", (unsigned)*p);
		else
			(void)fputc(*p, f);
	}
	(void)fputs(alone ? "?immutable=1" : "", f);
	if (fclose(f) == 0)
		return uri;
	free(uri);
	(void)err_oom(e);
	return NULL;
}

int home_open_db(struct ledger *l, struct err *e)
{
	/* the last three: a batch of certificates touches some thousand pages (64 MiB), and has no secrets */
	static const char pragmas[] =
	    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
	    "PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192;"
	    "PRAGMA secure_delete = OFF";
	AUTO(char) uri = uri_of(l, e);
	const int mode = (l->o.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_URI |
	    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;

	if (uri == NULL)
		return -1;
	if (sqlite3_open_v2(uri, &l->db.handle, mode, NULL) != SQLITE_OK ||
	    sqlite3_db_config(l->db.handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
	    sqlite3_db_config(l->db.handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(l->db.handle, BUSY_MS) != SQLITE_OK)
		return db_fail(&l->db, "open", e);
	if (sqlite3_exec(l->db.handle, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(&l->db, "open", e);
	return 0;
}
