/* SPDX-License-Identifier: MIT */
/* parallel.c - see parallel.h. */
#include "util/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS_MAX 64

struct workers {
	size_t n;
	parallel_fn *fn;
	void *arg;
	atomic_size_t next;
};

static void *parallel_work(void *workers)
{
	struct workers *c = workers;
	size_t i;

	while ((i = atomic_fetch_add(&c->next, 1)) < c->n)
		c->fn(i, c->arg);
	return NULL;
}

void parallel_each(size_t n, unsigned jobs, parallel_fn *fn, void *arg)
{
	struct workers workers = { .n = n, .fn = fn, .arg = arg };
	pthread_t others[THREADS_MAX];
	unsigned n_others = 0;

	while (n_others + 1 < jobs && n_others + 1 < n && n_others < THREADS_MAX &&
	    pthread_create(&others[n_others], NULL, parallel_work, &workers) == 0)
		n_others++;
	(void)parallel_work(&workers);
	while (n_others-- > 0)
		(void)pthread_join(others[n_others], NULL);
}
