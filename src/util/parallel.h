/* SPDX-License-Identifier: MIT */
/* parallel.h - runs a function for each of n items in several threads. */
#ifndef UTIL_PARALLEL_H
#define UTIL_PARALLEL_H

#include <stddef.h>

/*
 * Calls fn(i, arg) once for each i below n, in any order, in the caller's thread and up to jobs - 1 others, and
 * returns after all calls. fn may change only data of item i, where it also stores failures, and read shared data. If
 * a thread cannot be created, fewer threads do the work.
 */
typedef void parallel_fn(size_t i, void *arg);
void parallel_each(size_t n, unsigned jobs, parallel_fn *fn, void *arg);

#endif
