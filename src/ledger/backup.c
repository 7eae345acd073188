/* SPDX-License-Identifier: MIT */
/* backup.c - copies the whole ledger while other processes use it. */
#include "ledger/internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"

/* The new file is created exclusively with mode 0600: no other user can open it, and nothing is overwritten. */
static int backup_reserve(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0) {
		(void)err_set_errno(e, ERR_OUTPUT, "cannot make '%.200s'", path);
		e->hint = "p11ca does not overwrite a backup: choose another file name";
		return -1;
	}
	(void)close(fd);
	return 0;
}

/* Copies all pages in one step, so the copy is of one moment. In WAL mode this does not block writers. */
int backup_pages(struct db *to, const struct db *from, struct err *e)
{
	sqlite3_backup *b = sqlite3_backup_init(to->handle, "main", from->handle, "main");
	int step = b != NULL ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;
	int end = sqlite3_backup_finish(b);

	return step == SQLITE_DONE && end == SQLITE_OK ? 0 : db_fail(to, "write a copy of", e);
}

int backup_copy(struct ledger *l, const char *path, struct err *e)
{
	struct db to = { .path = strdup(path) };
	int r;

	if (to.path == NULL)
		return err_oom(e);
	if (sqlite3_open_v2(path, &to.handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_exec(to.handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK)
		r = db_fail(&to, "write a copy of", e);
	else
		r = backup_pages(&to, &l->db, e);
	db_close(&to);
	return r < 0 ? -1 : file_sync_folder(path, e);
}

int ledger_backup(struct ledger *l, const char *path, struct err *e)
{
	if (backup_reserve(path, e) < 0)
		return -1;
	if (backup_copy(l, path, e) == 0)
		return 0;
	(void)unlink(path);
	return -1;
}
