/* SPDX-License-Identifier: MIT */
/* lock.h - advisory locks on files (flock). An open file holds the lock, so the lock ends with the process. */
#ifndef UTIL_LOCK_H
#define UTIL_LOCK_H

#include <stdbool.h>

#include "util/cleanup.h"
#include "util/err.h"

struct lock {
	int fd; /* -1 = not held; an initialiser { 0 } is NOT "not held": use LOCK_NONE */
};
#define LOCK_NONE { .fd = -1 }

/*
 * Takes the lock on path (created 0600 if missing, never removed, links not followed), waits at most timeout_ms. -1:
 * ERR_OUTPUT (cannot be opened), ERR_TOKEN after the timeout (the message names the path).
 */
int lock_take(struct lock *l, const char *path, unsigned timeout_ms, struct err *e) MUST_CHECK;
void lock_release(struct lock *l); /* does nothing if not held */
/* True if a process holds the lock on path, or this cannot be determined; false if path does not exist. */
bool lock_is_held(const char *path);

AUTO_VALUE_DEFINE(lock, lock_release);

#endif
