/* SPDX-License-Identifier: MIT */
/* lock.c - see lock.h. */
#include "util/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define STEP_MS 5

int lock_take(struct lock *l, const char *path, unsigned timeout_ms, struct err *e)
{
	const struct timespec wait = { 0, STEP_MS * 1000000L };
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot open lock file '%s'", path);
	for (unsigned waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += STEP_MS) {
		if ((errno == EWOULDBLOCK || errno == EINTR) && waited < timeout_ms) {
			(void)nanosleep(&wait, NULL);
			continue;
		}
		if (errno != EWOULDBLOCK && errno != EINTR) {
			(void)err_set_errno(e, ERR_OUTPUT, "cannot lock '%s'", path);
			(void)close(fd);
			e->hint = "the file system may have no locks: choose a local one with --home";
			return -1;
		}
		(void)close(fd);
		(void)err_set(e, ERR_TOKEN, "another process holds the lock '%s'", path);
		e->hint = "wait for the other p11ca to end, then run the command again";
		return -1;
	}
	l->fd = fd;
	return 0;
}

void lock_release(struct lock *l)
{
	if (l->fd >= 0)
		(void)close(l->fd);
	l->fd = -1;
}

bool lock_is_held(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return errno != ENOENT; /* if the file cannot be opened, assume that the lock is held */
	/* shared, so that two processes that check at the same time do not see each other as the holder */
	held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	(void)close(fd);
	return held;
}
