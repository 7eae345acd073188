/* SPDX-License-Identifier: MIT */
/*
 * file.h - whole files: read with a bound, written so that a crash leaves the old one or the new one.
 *
 * "-" is standard input for reading; writing to standard output is out/'s affair.
 */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/bytes.h"
#include "util/err.h"

/*
 * Appends the content to out.  -1: ERR_OUTPUT (cannot be opened or read: "a file could not be read or
 * written"), ERR_INPUT (longer than max bytes: code file-too-large; or not a regular file or pipe; never blocks on
 * opening).
 */
int file_read(struct buf *out, const char *path, size_t max, struct err *e) MUST_CHECK;

/* The same of a descriptor that stays the caller's; path is for messages. */
int file_read_fd(struct buf *out, int fd, const char *path, size_t max, struct err *e) MUST_CHECK;

/*
 * Refuses early: the folder is missing or not writable, or path exists (a dangling link too) and force
 * is not given.  -1: ERR_OUTPUT.  Nothing is created.
 */
int file_check_writable(const char *path, bool force, struct err *e) MUST_CHECK;

/* *same: there is a regular file with just these bytes.  -1: ERR_OUTPUT, or not a regular file. */
int file_is_same(bool *same, const char *path, struct bytes b, struct err *e) MUST_CHECK;

/* The folder can be written into, or can be made in the nearest one above it that exists.  -1: ERR_OUTPUT. */
int file_check_folder(const char *path, struct err *e) MUST_CHECK;

/*
 * Writes b to path: temporary file beside it, fsync, rename, fsync of the folder.  With force an
 * existing *regular file* is replaced, otherwise an existing path is refused without a race
 * (RENAME_NOREPLACE).  On failure nothing new is left behind.  -1: ERR_OUTPUT.
 */
int file_write(const char *path, struct bytes b, mode_t mode, bool force, struct err *e) MUST_CHECK;

/*
 * Removes the temporary files that killed runs left in the folder: those of this user that nobody has locked.  base: of
 * the file of this name only; NULL = of all.  file_write() does so for its own file.
 */
void file_remove_stale(const char *folder, const char *base);

/* Gives a file another name in its file system, where there is none of that name: without a race.  -1: ERR_OUTPUT. */
int file_move_new(const char *from, const char *to, struct err *e) MUST_CHECK;

/* As file_write(), but the folder is left to file_sync_folder(), once for many files. */
int file_write_one(const char *path, struct bytes b, mode_t mode, bool force, struct err *e) MUST_CHECK;

/* Makes the folder (0700) and those above it; an existing one is fine.  -1: ERR_OUTPUT. */
int file_make_folder(const char *path, struct err *e) MUST_CHECK;

/*
 * As file_make_folder(); *made: the topmost folder that was made, for file_unmake_folder(); NULL: all were there.
 * The caller frees it.
 */
int file_make_new_folder(char **made, const char *path, struct err *e) MUST_CHECK;
/* Removes the folder and those above it, up to `made`, as far as they are empty. */
void file_unmake_folder(const char *path, const char *made);

/* fsync of the folder that path lies in, so that a new name survives a power cut.  -1: ERR_OUTPUT. */
int file_sync_folder(const char *path, struct err *e) MUST_CHECK;

/* folder + "/" + name; caller frees.  NULL: out of memory, e is set. */
char *file_join(const char *folder, const char *name, struct err *e);

/* -1 (ERR_POLICY): the folder is on a network file system (NFS, CIFS, 9P, FUSE …), where locks and fsync lie. */
int file_require_local(const char *folder, struct err *e) MUST_CHECK;

#endif
