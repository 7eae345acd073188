/* SPDX-License-Identifier: MIT */
/* file.c - see file.h. */
#include "util/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/array.h"
#include "util/random.h"
#include "util/text.h"

static void file_close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}
#define AUTO_FD __attribute__((__cleanup__(file_close_fd))) int

static int open_input(const char *path, struct err *e)
{
	struct stat st;
	int fd;

	if (strcmp(path, "-") == 0)
		fd = dup(STDIN_FILENO);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* opening a FIFO must not block */
	if (fd < 0 || fstat(fd, &st) < 0) {
		(void)err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
		file_close_fd(&fd);
		return -1;
	}
	if (!S_ISREG(st.st_mode) && strcmp(path, "-") != 0 && !S_ISFIFO(st.st_mode)) {
		(void)close(fd);
		return err_set(e, ERR_INPUT, "'%s' is not a regular file", path);
	}
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

int file_read(struct buf *out, const char *path, size_t max, struct err *e)
{
	AUTO_FD fd = open_input(path, e);

	return fd < 0 ? -1 : file_read_fd(out, fd, path, max, e);
}

static int file_is_too_large(const char *path, size_t max, struct err *e)
{
	(void)err_set(e, ERR_INPUT, "'%s' is larger than %zu bytes", path, max);
	return err_rule(e, "file-too-large", "check the name of the file; split a long list into several files");
}

/*
 * How much to read at once: a file that is there is read by one call, and one that is too large by none.  The size of
 * other inputs is not known, and that of /proc is 0.
 */
static int file_read_step(size_t *step, int fd, const char *path, size_t max, struct err *e)
{
	struct stat st;

	*step = 65536;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_size > 0 && (uintmax_t)st.st_size > max)
		return file_is_too_large(path, max, e);
	*step = st.st_size < 4096 ? 4096 : (size_t)st.st_size + 1;
	return 0;
}

int file_read_fd(struct buf *out, int fd, const char *path, size_t max, struct err *e)
{
	size_t total = 0, step;
	ssize_t got;

	if (file_read_step(&step, fd, path, max, e) < 0)
		return -1;
	do {
		if (buf_reserve(out, step, e) < 0)
			return -1;
		got = read(fd, out->data + out->len, step);
		if (got < 0 && errno != EINTR)
			return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
		total += got > 0 ? (size_t)got : 0;
		if (total > max)
			return file_is_too_large(path, max, e);
		out->len += got > 0 ? (size_t)got : 0;
	} while (got != 0);
	return 0;
}

/* The folder that contains path; the caller frees it. */
static char *file_folder_of(const char *path, struct err *e)
{
	AUTO(char) copy = strdup(path);
	char *folder = copy != NULL ? strdup(dirname(copy)) : NULL;

	if (folder == NULL)
		(void)err_oom(e);
	return folder;
}

static int exists_already(const char *path, struct err *e)
{
	(void)err_set(e, ERR_OUTPUT, "'%s' exists already", path);
	e->hint = "choose another name, or allow overwriting with --force";
	return -1;
}

int file_check_writable(const char *path, bool force, struct err *e)
{
	AUTO(char) folder = file_folder_of(path, e);
	struct stat st;

	if (folder == NULL)
		return -1;
	if (lstat(path, &st) == 0) {
		if (!force)
			return exists_already(path, e);
		if (!S_ISREG(st.st_mode))
			return err_set(e, ERR_OUTPUT, "'%s' is not a regular file", path);
	} else if (errno != ENOENT) {
		return err_set_errno(e, ERR_OUTPUT, "cannot write '%s'", path);
	}
	if (access(folder, W_OK | X_OK) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot write into folder '%s'", folder);
	return 0;
}

int file_is_same(bool *same, const char *path, struct bytes b, struct err *e)
{
	AUTO_VALUE(buf) there = { 0 };
	struct stat st;

	*same = false;
	if (lstat(path, &st) < 0 && errno == ENOENT)
		return 0;
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size != b.len)
		return 0;
	if (file_read(&there, path, b.len, e) < 0)
		return -1;
	*same = there.len == b.len && (b.len == 0 || memcmp(there.data, b.data, b.len) == 0);
	return 0;
}

int file_check_folder(const char *path, struct err *e)
{
	AUTO(char) at = strdup(path);
	struct stat st;

	while (at != NULL && stat(at, &st) < 0 && errno == ENOENT) {
		char *above = file_folder_of(at, e);

		free(at);
		at = above;
	}
	if (at == NULL)
		return err_oom(e);
	if (stat(at, &st) < 0 || access(at, W_OK | X_OK) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot write into folder '%s'", at);
	return S_ISDIR(st.st_mode) ? 0 : err_set(e, ERR_OUTPUT, "'%s' is not a folder", at);
}

static int file_write_all(int fd, struct bytes b)
{
	while (b.len > 0) {
		ssize_t n = write(fd, b.data, b.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		b.data += n;
		b.len -= (size_t)n;
	}
	return 0;
}

#define TAIL_DIGITS 16
#define TAIL_LEN    (1 + TAIL_DIGITS + 4) /* .0123456789abcdef.tmp */

static bool is_temporary(const char *name, const char *base)
{
	const size_t len = strlen(name);
	const char *tail = name + len - TAIL_LEN;

	return len > TAIL_LEN && tail[0] == '.' && strcmp(tail + 1 + TAIL_DIGITS, ".tmp") == 0 &&
	    strspn(tail + 1, "0123456789abcdef") == TAIL_DIGITS &&
	    (base == NULL || (strlen(base) == len - TAIL_LEN && strncmp(name, base, len - TAIL_LEN) == 0));
}

/* Removes the file if no process has a lock on it: its writer has ended. */
static void remove_if_stale(int folder, const char *name)
{
	AUTO_FD fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(folder, name, 0);
}

void file_remove_stale(const char *folder, const char *base)
{
	DIR *d = opendir(folder);

	for (const struct dirent *f = d != NULL ? readdir(d) : NULL; f != NULL; f = readdir(d))
		if (is_temporary(f->d_name, base))
			remove_if_stale(dirfd(d), f->d_name);
	if (d != NULL)
		(void)closedir(d);
}

static int draw_name(char **name, const char *path, struct err *e)
{
	unsigned char tail[TAIL_DIGITS / 2];
	char hex[TAIL_DIGITS + 1];

	free(*name);
	*name = NULL;
	if (random_bytes(tail, sizeof(tail), e) < 0)
		return -1;
	text_hex(hex, sizeof(hex), (struct bytes){ tail, sizeof(tail) });
	if (asprintf(name, "%s.%s.tmp", path, hex) >= 0)
		return 0;
	*name = NULL;
	return err_oom(e);
}

/*
 * Creates and locks a temporary file; the lock tells file_remove_stale() that a process is writing the file. If
 * file_remove_stale() removed the file before the lock was taken, another file is created.
 */
static int temporary_beside(char **name, const char *path, mode_t mode, struct err *e)
{
	struct stat st = { .st_nlink = 0 };
	int fd = -1;

	while (st.st_nlink == 0) {
		file_close_fd(&fd);
		if (draw_name(name, path, e) < 0)
			return -1;
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_set_errno(e, ERR_OUTPUT, "cannot write '%s'", path);
		(void)flock(fd, LOCK_EX | LOCK_NB); /* without locks, file_remove_stale() removes nothing */
		if (fstat(fd, &st) < 0)
			break;
	}
	if (fchmod(fd, mode) < 0) {
		(void)err_set_errno(e, ERR_OUTPUT, "cannot set the mode of '%s'", path);
		(void)close(fd);
		(void)unlink(*name);
		return -1;
	}
	return fd;
}

int file_sync_folder(const char *path, struct err *e)
{
	AUTO(char) folder = file_folder_of(path, e);
	AUTO_FD fd = -1;

	if (folder == NULL)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot sync folder '%s'", folder);
	return 0;
}

/* Uses link() instead of rename() on a file system without RENAME_NOREPLACE. */
static int move_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (link(from, to) < 0)
		return -1;
	return unlink(from);
}

int file_move_new(const char *from, const char *to, struct err *e)
{
	return move_new(from, to) == 0 ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot rename the temporary file to "
	    "'%.200s'", to);
}

int file_write_one(const char *path, struct bytes b, mode_t mode, bool force, struct err *e)
{
	AUTO(char) name = NULL;
	AUTO_FD fd = -1;

	if (file_check_writable(path, force, e) < 0)
		return -1;
	fd = temporary_beside(&name, path, mode, e);
	if (fd < 0)
		return -1;
	if (file_write_all(fd, b) < 0 || fsync(fd) < 0) {
		(void)err_set_errno(e, ERR_OUTPUT, "cannot write '%s'", path);
		(void)unlink(name);
		return -1;
	}
	if ((force ? rename(name, path) : move_new(name, path)) < 0) {
		bool taken = errno == EEXIST;

		(void)err_set_errno(e, ERR_OUTPUT, "cannot write '%s'", path);
		(void)unlink(name);
		return taken ? exists_already(path, e) : -1;
	}
	return 0;
}

/* Removes temporary files that killed runs left for this file. */
static void remove_stale_beside(const char *path)
{
	struct err ignored;
	AUTO(char) folder = file_folder_of(path, &ignored);
	const char *slash = strrchr(path, '/');

	if (folder != NULL)
		file_remove_stale(folder, slash != NULL ? slash + 1 : path);
}

int file_write(const char *path, struct bytes b, mode_t mode, bool force, struct err *e)
{
	remove_stale_beside(path);
	return file_write_one(path, b, mode, force, e) < 0 ? -1 : file_sync_folder(path, e);
}

int file_make_folder(const char *path, struct err *e)
{
	AUTO(char) copy = strdup(path);

	if (copy == NULL)
		return err_oom(e);
	for (char *p = copy + 1; p[-1] != '\0'; p++) {
		char was = *p;

		if (was != '/' && was != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return err_set_errno(e, ERR_OUTPUT, "cannot make folder '%s'", path);
		*p = was;
		if (was == '\0')
			break;
	}
	return 0;
}

int file_make_new_folder(char **made, const char *path, struct err *e)
{
	AUTO(char) at = strdup(path);
	AUTO(char) top = NULL;
	struct stat st;

	while (at != NULL && stat(at, &st) < 0 && errno == ENOENT) {
		free(top);
		top = at;
		at = file_folder_of(top, e);
	}
	if (at == NULL)
		return err_oom(e);
	if (file_make_folder(path, e) < 0) {
		if (top != NULL)
			file_unmake_folder(path, top);
		return -1;
	}
	*made = top;
	top = NULL;
	return 0;
}

void file_unmake_folder(const char *path, const char *made)
{
	struct err ignored;
	AUTO(char) at = strdup(path);

	while (at != NULL && strlen(at) >= strlen(made)) {
		char *above = file_folder_of(at, &ignored);

		if (rmdir(at) < 0 && errno != ENOENT) {
			free(above);
			return;
		}
		free(at);
		at = above;
	}
}

char *file_join(const char *folder, const char *name, struct err *e)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		(void)err_oom(e);
		return NULL;
	}
	return path;
}

int file_require_local(const char *folder, struct err *e)
{
	/* from linux/magic.h, and types that it does not list */
	static const struct {
		unsigned long magic;
		const char *name;
	} remote[] = {
		{ 0x6969, "NFS" }, { 0x517b, "SMB" }, { 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB2" },
		{ 0x01021997, "9P" }, { 0x65735546, "FUSE" }, { 0x5346414f, "AFS" }, { 0x73757245, "CODA" },
		{ 0x00c36400, "CEPH" }, { 0x47504653, "GPFS" }, { 0x0bd00bd0, "Lustre" }, { 0x7461636f, "OCFS2" },
	};
	struct statfs fs;

	if (statfs(folder, &fs) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read the attributes of folder '%s'", folder);
	for (size_t i = 0; i < ARRAY_LEN(remote); i++) {
		if (((unsigned long)fs.f_type & 0xffffffffUL) != remote[i].magic)
			continue;
		(void)err_set(e, ERR_POLICY, "'%s' is on a network file system (%s)", folder, remote[i].name);
		e->hint = "locks and durable writes need a local disk; choose another folder with --home";
		return -1;
	}
	return 0;
}
