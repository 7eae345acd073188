/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h. One mutex protects the queues of all stages of a pipeline; it is never held during work. */
#include "util/stage.h"

#include <pthread.h>
#include <stdlib.h>

#define STAGES_MAX 8

struct stage_thread {
	struct stage *stage;
	void *worker;
	pthread_t id;
};

struct stage {
	struct pipeline *pipeline;
	struct stage_work work;
	struct stage_thread threads[STAGE_THREADS_MAX];
	unsigned n_threads;
	pthread_cond_t has_work;
	struct stage_batch *first, *last; /* with items that no thread has taken */
};

struct pipeline {
	pthread_mutex_t mutex;
	pthread_cond_t has_done;
	struct stage *stages[STAGES_MAX];
	size_t n_stages;
	size_t n_done, n_seen;       /* batches: done, and of these known to the owner */
	bool is_ending;
};

int pipeline_open(struct pipeline **out, struct err *e)
{
	struct pipeline *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_oom(e);
	(void)pthread_mutex_init(&p->mutex, NULL);
	(void)pthread_cond_init(&p->has_done, NULL);
	*out = p;
	return 0;
}

/* Takes the next item of the stage; the mutex is held. NULL: the stage has no item. */
static struct stage_batch *stage_take(struct stage *s, size_t *i)
{
	struct stage_batch *b = s->first;

	if (b == NULL)
		return NULL;
	*i = b->next++;
	if (b->next == b->n)
		s->first = b->later;
	return b;
}

/* Counts an item as done. The batch belongs to the owner again when is_done is set. */
static void stage_finish_item(struct stage *s, struct stage_batch *b)
{
	struct pipeline *p = s->pipeline;

	if (++b->n_done < b->n)
		return;
	if (s->work.end != NULL) {
		(void)pthread_mutex_unlock(&p->mutex);
		s->work.end(b->data);
		(void)pthread_mutex_lock(&p->mutex);
	}
	b->is_done = true;
	p->n_done++;
	(void)pthread_cond_signal(&p->has_done);
}

/* Works until the stage has no item; the mutex is held before and after, but not during the work. */
static void stage_run(struct stage *s, void *worker)
{
	struct stage_batch *b;
	size_t i;

	while ((b = stage_take(s, &i)) != NULL) {
		(void)pthread_mutex_unlock(&s->pipeline->mutex);
		s->work.item(worker, b->data, i);
		(void)pthread_mutex_lock(&s->pipeline->mutex);
		stage_finish_item(s, b);
	}
}

static void *stage_thread_main(void *arg)
{
	const struct stage_thread *t = arg;
	struct stage *s = t->stage;
	struct pipeline *p = s->pipeline;

	(void)pthread_mutex_lock(&p->mutex);
	for (;;) {
		stage_run(s, t->worker);
		if (p->is_ending)
			break;
		(void)pthread_cond_wait(&s->has_work, &p->mutex);
	}
	(void)pthread_mutex_unlock(&p->mutex);
	return NULL;
}

static void *stage_worker(const struct stage_work *work, unsigned i)
{
	return work->workers != NULL ? work->workers[i] : NULL;
}

int stage_open(struct stage **out, struct pipeline *p, const struct stage_work *work, struct err *e)
{
	struct stage *s = p->n_stages < STAGES_MAX ? calloc(1, sizeof(*s)) : NULL;

	if (s == NULL)
		return err_oom(e);
	s->pipeline = p;
	s->work = *work;
	(void)pthread_cond_init(&s->has_work, NULL);
	p->stages[p->n_stages++] = s;
	for (unsigned i = 0; i < work->n_threads && i < STAGE_THREADS_MAX; i++) {
		s->threads[i] = (struct stage_thread){ .stage = s, .worker = stage_worker(work, i) };
		if (pthread_create(&s->threads[i].id, NULL, stage_thread_main, &s->threads[i]) != 0)
			break;
		s->n_threads++;
	}
	*out = s;
	return 0;
}

static void stage_append(struct stage *s, struct stage_batch *b)
{
	if (s->first == NULL)
		s->first = b;
	else
		s->last->later = b;
	s->last = b;
}

void stage_start(struct stage *s, struct stage_batch *b)
{
	struct pipeline *p = s->pipeline;

	(void)pthread_mutex_lock(&p->mutex);
	b->next = b->n_done = 0;
	b->later = NULL;
	b->is_done = b->n == 0;
	p->n_done += b->is_done;
	if (!b->is_done)
		stage_append(s, b);
	if (s->n_threads == 0)
		stage_run(s, stage_worker(&s->work, 0));
	else
		(void)pthread_cond_broadcast(&s->has_work);
	(void)pthread_mutex_unlock(&p->mutex);
}

bool stage_is_done(struct pipeline *p, const struct stage_batch *b)
{
	bool is_done;

	(void)pthread_mutex_lock(&p->mutex);
	is_done = b->is_done;
	(void)pthread_mutex_unlock(&p->mutex);
	return is_done;
}

void pipeline_wait(struct pipeline *p)
{
	(void)pthread_mutex_lock(&p->mutex);
	while (p->n_done == p->n_seen)
		(void)pthread_cond_wait(&p->has_done, &p->mutex);
	p->n_seen = p->n_done;
	(void)pthread_mutex_unlock(&p->mutex);
}

static void stage_close(struct stage *s)
{
	(void)pthread_cond_broadcast(&s->has_work);
	(void)pthread_mutex_unlock(&s->pipeline->mutex);
	while (s->n_threads > 0)
		(void)pthread_join(s->threads[--s->n_threads].id, NULL);
	(void)pthread_mutex_lock(&s->pipeline->mutex);
	(void)pthread_cond_destroy(&s->has_work);
	free(s);
}

void pipeline_close(struct pipeline *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->mutex);
	p->is_ending = true;
	while (p->n_stages > 0)
		stage_close(p->stages[--p->n_stages]);
	(void)pthread_mutex_unlock(&p->mutex);
	(void)pthread_cond_destroy(&p->has_done);
	(void)pthread_mutex_destroy(&p->mutex);
	free(p);
}
