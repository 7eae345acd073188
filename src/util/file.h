/* SPDX-License-Identifier: MIT */
/*
 * file.h - reads whole files up to a limit, and writes files so that after a crash the old or the new file exists.
 *
 * "-" is standard input for reading; out/ writes to standard output.
 */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/bytes.h"
#include "util/err.h"

/*
 * Appends the content to out. Opening never blocks. -1: ERR_OUTPUT (cannot be opened or read), ERR_INPUT (longer than
 * max bytes: code file-too-large; or not a regular file or pipe).
 */
int file_read(struct buf *out, const char *path, size_t max, struct err *e) MUST_CHECK;

/* The same for an open descriptor, which the caller keeps; path is for messages. */
int file_read_fd(struct buf *out, int fd, const char *path, size_t max, struct err *e) MUST_CHECK;

/*
 * Fails early if writing path would fail: the folder is missing or not writable, or path exists (also as dangling
 * link) without force. -1: ERR_OUTPUT. Nothing is created.
 */
int file_check_writable(const char *path, bool force, struct err *e) MUST_CHECK;

/* *same: path is a regular file with exactly these bytes. -1: ERR_OUTPUT, or not a regular file. */
int file_is_same(bool *same, const char *path, struct bytes b, struct err *e) MUST_CHECK;

/* 0: the folder is writable, or can be created in its nearest existing parent. -1: ERR_OUTPUT. */
int file_check_folder(const char *path, struct err *e) MUST_CHECK;

/*
 * Writes b to path by a temporary file beside it, fsync, rename, and fsync of the folder. force: an existing *regular
 * file* is replaced; otherwise an existing path is refused without a race (RENAME_NOREPLACE). After a failure no new
 * file exists. -1: ERR_OUTPUT.
 */
int file_write(const char *path, struct bytes b, mode_t mode, bool force, struct err *e) MUST_CHECK;

/*
 * Removes temporary files of killed runs from the folder: files of this user without a lock. base: name of the
 * written file; NULL = of any file. file_write() does the same for its own file.
 */
void file_remove_stale(const char *folder, const char *base);

/* Renames a file inside its file system unless the new name exists, without a race. -1: ERR_OUTPUT. */
int file_move_new(const char *from, const char *to, struct err *e) MUST_CHECK;

/* As file_write() without fsync of the folder: call file_sync_folder() once after many files. */
int file_write_one(const char *path, struct bytes b, mode_t mode, bool force, struct err *e) MUST_CHECK;

/* Creates the folder (mode 0700) and its missing parents; it may exist. -1: ERR_OUTPUT. */
int file_make_folder(const char *path, struct err *e) MUST_CHECK;

/*
 * As file_make_folder(); *made: the topmost folder created, for file_unmake_folder(); NULL: all existed.
 * The caller frees *made.
 */
int file_make_new_folder(char **made, const char *path, struct err *e) MUST_CHECK;
/* Removes the folder and its parents up to `made`, as far as they are empty. */
void file_unmake_folder(const char *path, const char *made);

/* fsync of the folder that contains path, so that a new name survives a power failure. -1: ERR_OUTPUT. */
int file_sync_folder(const char *path, struct err *e) MUST_CHECK;

/* folder + "/" + name; the caller frees it. NULL: out of memory, e is set. */
char *file_join(const char *folder, const char *name, struct err *e);

/* -1 (ERR_POLICY): a network file system (NFS, CIFS, 9P, FUSE …), where flock() and fsync() give no guarantee. */
int file_require_local(const char *folder, struct err *e) MUST_CHECK;

#endif
