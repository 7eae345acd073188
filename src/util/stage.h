/* SPDX-License-Identifier: MIT */
/*
 * stage.h - the stages of a pipeline: threads that live as long as the pipeline, and the batches that they work on.
 *
 * One thread, the owner, gives batches to stages and waits for them. A batch is in one stage at a time, and a stage
 * works on its batches in the order in which they came. Queues are bounded by the number of batches that the owner has.
 */
#ifndef UTIL_STAGE_H
#define UTIL_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/cleanup.h"
#include "util/err.h"

#define STAGE_THREADS_MAX 64

struct stage_batch {
	void *data;                  /* borrowed: what the functions of a stage get */
	size_t n;                    /* number of items */
	/* used by stage.c while the batch is in a stage */
	size_t next, n_done;
	bool is_done;
	struct stage_batch *later;
};

struct stage_work {
	/*
	 * Works on item i. Changes only that item, where it also stores failures, and what belongs to the thread:
	 * worker is an element of workers.
	 */
	void (*item)(void *worker, void *data, size_t i);
	/* After the last item, in the thread that worked on it; may be NULL. */
	void (*end)(void *data);
	void *const *workers;        /* one element for each thread; borrowed; NULL = item() gets NULL */
	unsigned n_threads;          /* at most STAGE_THREADS_MAX; 0: stage_start() does the work */
};

struct pipeline;
struct stage;

/* The caller owns *out. */
int pipeline_open(struct pipeline **out, struct err *e) MUST_CHECK;
/*
 * Starts the threads of a stage. If a thread cannot be created, fewer threads do the work. The stage ends with the
 * pipeline. -1: out of memory.
 */
int stage_open(struct stage **out, struct pipeline *p, const struct stage_work *work, struct err *e) MUST_CHECK;
/* Gives the batch to the stage, which has it until stage_is_done(). A batch without items is done at once. */
void stage_start(struct stage *s, struct stage_batch *b);
bool stage_is_done(struct pipeline *p, const struct stage_batch *b);
/* Waits until a batch is done that was not when this function returned last. A batch must be in a stage. */
void pipeline_wait(struct pipeline *p);
/* Ends the threads after the batches that were started. p may be NULL. */
void pipeline_close(struct pipeline *p);
AUTO_STRUCT_DEFINE(pipeline, pipeline_close);

#endif
