/* SPDX-License-Identifier: MIT */
/*
 * lock.h - advisory locks on files (flock): held by an open file, so they end with the process, kill -9 too.
 */
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
 * Takes the lock on path (made 0600 when missing, never removed, links not followed), waiting at most
 * timeout_ms.  -1: ERR_OUTPUT (cannot be opened), ERR_TOKEN when the time is up (what names the path).
 */
int lock_take(struct lock *l, const char *path, unsigned timeout_ms, struct err *e) MUST_CHECK;
void lock_release(struct lock *l); /* not held is fine */
/* True when somebody holds the lock on path now, or it cannot be told; false where path does not exist. */
bool lock_is_held(const char *path);

AUTO_VALUE_DEFINE(lock, lock_release);

#endif
