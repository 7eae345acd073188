/* SPDX-License-Identifier: MIT */
/* parallel.h - the same work on each of n things, by several threads. */
#ifndef UTIL_PARALLEL_H
#define UTIL_PARALLEL_H

#include <stddef.h>

/*
 * Calls fn(i, arg) once for each i below n, in no order, by the caller's thread and up to jobs - 1 others, and returns
 * when all are done.  fn touches nothing but what i stands for and what nobody changes; failures it leaves there.
 * A thread that cannot be had is no failure, only slower.
 */
typedef void parallel_fn(size_t i, void *arg);
void parallel_each(size_t n, unsigned jobs, parallel_fn *fn, void *arg);

#endif
