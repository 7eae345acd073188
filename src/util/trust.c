/* SPDX-License-Identifier: MIT */
/* trust.c - see trust.h. */
#include "util/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

#define LINKS_MAX 40

static void trust_close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
#define AUTO_FD __attribute__((__cleanup__(trust_close_fd))) int

/* The state of a walk from / to the file: the folder reached, and the rest of the path. */
struct walk {
	int folder;                  /* owned; O_PATH */
	char rest[2 * PATH_MAX], seen[PATH_MAX]; /* seen: the path so far, for messages */
	unsigned n_links;
	struct trust_result *out;
};

const char *trust_flaw_text(enum trust_flaw flaw)
{
	static const char *const texts[] = {
		[TRUST_OK] = "is fine",
		[TRUST_OWNER] = "belongs to another user",
		[TRUST_WRITABLE] = "is writable by other users",
		[TRUST_LINK] = "is a symbolic link",
		[TRUST_NOT_A_FILE] = "is not a regular file",
	};

	return texts[flaw];
}

static int trust_flaw(struct walk *w, enum trust_flaw flaw)
{
	w->out->flaw = flaw;
	(void)snprintf(w->out->path, sizeof(w->out->path), "%.*s", (int)sizeof(w->out->path) - 1, w->seen);
	return 0;
}

static enum trust_flaw trust_judge(const struct stat *st)
{
	const bool is_sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX) != 0;

	if (st->st_uid != 0 && st->st_uid != geteuid())
		return TRUST_OWNER;
	if (S_ISLNK(st->st_mode) || is_sticky)
		return TRUST_OK; /* the mode of a link has no meaning */
	if ((st->st_mode & S_IWOTH) != 0 || ((st->st_mode & S_IWGRP) != 0 && (st->st_gid != 0 || S_ISREG(st->st_mode))))
		return TRUST_WRITABLE;
	return TRUST_OK;
}

static int trust_restart(struct walk *w, struct err *e)
{
	struct stat st;

	trust_close_fd(&w->folder);
	w->folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)snprintf(w->seen, sizeof(w->seen), "/");
	if (w->folder < 0 || fstat(w->folder, &st) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot look at '/'");
	return trust_judge(&st) == TRUST_OK ? 0 : trust_flaw(w, trust_judge(&st));
}

/* Splits the next name off the rest; false: no name left. */
static bool next_name(char name[NAME_MAX + 1], struct walk *w)
{
	const size_t skip = strspn(w->rest, "/"), len = strcspn(w->rest + skip, "/");
	size_t i = 0;

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, w->rest + skip, len);
	name[len] = '\0';
	/* not memmove(): valgrind takes its fortified form for memcpy(), and reports that the two overlap */
	while ((w->rest[i] = w->rest[skip + len + i]) != '\0')
		i++;
	return true;
}

static bool is_last(const struct walk *w)
{
	return w->rest[strspn(w->rest, "/")] == '\0';
}

/* Puts the target of the link before the rest of the path. */
static int trust_follow(struct walk *w, int link, struct err *e)
{
	char target[PATH_MAX], rest[sizeof(w->rest) + PATH_MAX + 2];
	const ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);

	if (len < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read the link '%s'", w->seen);
	target[len] = '\0';
	if (++w->n_links > LINKS_MAX || (size_t)len + strlen(w->rest) + 2 > sizeof(w->rest)) {
		errno = ELOOP;
		return err_set_errno(e, ERR_OUTPUT, "cannot follow the link '%s'", w->seen);
	}
	(void)snprintf(rest, sizeof(rest), "%s/%s", target, w->rest);
	if (is_last(w))
		rest[len] = '\0';
	memcpy(w->rest, rest, strlen(rest) + 1);
	return target[0] == '/' ? trust_restart(w, e) : 0;
}

/* Checks the open file, because its name could be changed meanwhile. */
static int open_last(int *fd, struct walk *w, const char *name, struct err *e)
{
	struct stat st;
	int file = openat(w->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (file < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", w->seen);
	if (fstat(file, &st) < 0) {
		(void)close(file);
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", w->seen);
	}
	if (!S_ISREG(st.st_mode) || trust_judge(&st) != TRUST_OK) {
		(void)close(file);
		return trust_flaw(w, S_ISREG(st.st_mode) ? trust_judge(&st) : TRUST_NOT_A_FILE);
	}
	(void)fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK);
	*fd = file;
	return 0;
}

static void trust_note_seen(struct walk *w, const char *name)
{
	const size_t used = strlen(w->seen);

	(void)snprintf(w->seen + used, sizeof(w->seen) - used, "%s%s", used > 0 && w->seen[used - 1] == '/' ? "" : "/",
	    name);
}

static int take_step(int *fd, bool *there, struct walk *w, const char *name, bool links, struct err *e)
{
	AUTO_FD at = openat(w->folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	size_t before = strlen(w->seen);
	struct stat st;

	trust_note_seen(w, name);
	*there = at >= 0;
	if (at < 0)
		return errno == ENOENT || errno == ENOTDIR ?
		    0 : err_set_errno(e, ERR_OUTPUT, "cannot look at '%s'", w->seen);
	if (fstat(at, &st) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot look at '%s'", w->seen);
	if (trust_judge(&st) != TRUST_OK)
		return trust_flaw(w, trust_judge(&st));
	if (S_ISLNK(st.st_mode)) {
		if (is_last(w) && !links)
			return trust_flaw(w, TRUST_LINK);
		if (trust_follow(w, at, e) < 0)
			return -1;
		if (w->seen[1] != '\0' || before <= 1)
			w->seen[before > 0 ? before : 1] = '\0'; /* a relative link starts in its folder */
		return 0;
	}
	if (is_last(w))
		return open_last(fd, w, name, e);
	trust_close_fd(&w->folder);
	w->folder = at;
	at = -1;
	return 0;
}

static int trust_begin(struct walk *w, const char *path, struct err *e)
{
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	int n;

	if (path[0] != '/' && here == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot find the current folder");
	n = snprintf(w->rest, sizeof(w->rest), "%s%s%s", here != NULL ? here : "", here != NULL ? "/" : "", path);
	free(here);
	if (n < 0 || (size_t)n >= sizeof(w->rest))
		return err_set(e, ERR_INPUT, "a path is longer than %zu bytes", sizeof(w->rest) - 1);
	return trust_restart(w, e);
}

int trust_open(int *fd, struct trust_result *out, const char *path, bool links, struct err *e)
{
	struct walk w = { .folder = -1, .out = out };
	char name[NAME_MAX + 1];
	bool there = true;
	int result;

	*fd = -1;
	*out = (struct trust_result){ .flaw = TRUST_OK };
	result = trust_begin(&w, path, e);
	while (result == 0 && out->flaw == TRUST_OK && there && *fd < 0) {
		if (!next_name(name, &w)) {
			result = trust_flaw(&w, TRUST_NOT_A_FILE); /* the path ends with a folder */
			break;
		}
		result = take_step(fd, &there, &w, name, links, e);
	}
	trust_close_fd(&w.folder);
	return result;
}

static int trust_refuse(
    const struct trust_result *found, const char *path, const struct trust_rule *rule, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "%s '%.160s' is not read: '%.160s' %s", rule->noun, path, found->path,
	    trust_flaw_text(found->flaw));
	return err_rule(e,
	    found->flaw == TRUST_OWNER	   ? rule->code_owner :
		found->flaw == TRUST_WRITABLE ? rule->code_writable :
						rule->code_link,
	    rule->hint);
}

int trust_open_file(int *fd, const char *path, const struct trust_rule *rule, struct err *e)
{
	struct trust_result result;

	if (trust_open(fd, &result, path, rule->links, e) < 0)
		return -1;
	if (result.flaw == TRUST_OK)
		return 0;
	if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return 0;
	return trust_refuse(&result, path, rule, e);
}

int trust_read(struct buf *out, const char *path, size_t max, const struct trust_rule *rule, struct err *e)
{
	AUTO_FD fd = -1;

	if (trust_open_file(&fd, path, rule, e) < 0)
		return -1;
	if (fd >= 0)
		return file_read_fd(out, fd, path, max, e);
	errno = ENOENT;
	return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
}
