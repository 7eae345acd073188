/* SPDX-License-Identifier: MIT */
/*
 * client_issue_pipeline.c - the pipeline of `client issue`: while the token signs one group, others are read, recorded
 * and written.
 *
 * The owner's thread has the ledger, the output and the terminal. It records the intents of a group before the signing
 * threads get it, and its certificates before the writing threads get it. Groups are reported in the order of the
 * requests. Their number is fixed, which bounds memory and what an interruption leaves.
 */
#include "pki/client/client_issue_run.h"

#include <string.h>

#define WRITERS 8                /* threads, which mostly wait for the disk */
#define READERS 8
#define SIGNING_AHEAD 2          /* groups that wait for the signing threads, with the group that they sign */
#define READING_AHEAD 2          /* groups that are read, or wait to be recorded */
#define GROUPS 6                 /* in the pipeline: with these, groups that are written */
#define FIRST_GROUP 16           /* the first groups are smaller, so that the token signs early */

struct issue_pipeline {
	struct client_issue_run *run;
	struct pipeline *threads;
	struct stage *read, *sign, *write;
	struct signer clones[STAGE_THREADS_MAX];
	void *signers[STAGE_THREADS_MAX];
	unsigned n_signers;
	struct issue_group groups[GROUPS];
	size_t first, n;             /* a ring: the oldest group, groups in the pipeline */
	size_t n_read, n_reported;   /* requests */
	size_t size;                 /* of the next group */
	bool is_serial;              /* a group is reported before the next one begins */
	bool is_ending;              /* no further group begins */
	int result;
	struct err *e;
};

static struct issue_group *pipeline_group(struct issue_pipeline *p, size_t i)
{
	return &p->groups[(p->first + i) % GROUPS];
}

static bool pipeline_is_done(const struct issue_pipeline *p, const struct issue_group *g)
{
	return stage_is_done(p->threads, &g->batch);
}

/* The first error is the run's. Groups that have begun are finished. */
static void pipeline_fail(struct issue_pipeline *p, const struct err *why)
{
	if (p->result == 0)
		*p->e = *why;
	else if (why->status != ERR_INTERRUPTED) /* each part of the pipeline sees the same signal */
		(void)err_also(p->e, why);
	p->result = -1;
	p->is_ending = true;
}

static bool pipeline_has_more(const struct issue_pipeline *p)
{
	return !p->is_ending && p->n_read < p->run->job->n_files;
}

static void pipeline_show_progress(const struct issue_pipeline *p)
{
	const struct ui *ui = p->run->job->pki->ui;

	if (p->n_reported < p->run->job->n_files)
		ui->progress(ui->self, "certificates", p->n_reported, p->run->job->n_files);
}

/* Number of groups in a state. */
static size_t pipeline_count(struct issue_pipeline *p, enum issue_group_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += pipeline_group(p, i)->state == state;
	return n;
}

/* False: there is no room, or nothing to read. */
static bool pipeline_read_next(struct issue_pipeline *p)
{
	const struct client_issue *job = p->run->job;
	const size_t left = job->n_files - p->n_read, n = left < p->size ? left : p->size;
	const struct ui *ui = job->pki->ui;
	struct issue_group *g = pipeline_group(p, p->n);
	struct err e = ERR_INIT;

	if (!pipeline_has_more(p) || p->n == GROUPS || pipeline_count(p, GROUP_READING) == READING_AHEAD)
		return false;
	if (ui->stop(ui->self)) {
		(void)err_set(&e, ERR_INTERRUPTED, "interrupted");
		pipeline_fail(p, &e);
		return true;
	}
	issue_group_fill(g, job->files + p->n_read, n);
	g->state = GROUP_READING;
	p->n++;
	p->n_read += n;
	p->size = 2 * p->size < ISSUE_GROUP ? 2 * p->size : ISSUE_GROUP;
	stage_start(p->read, &g->batch);
	return true;
}

static void pipeline_write(struct issue_pipeline *p, struct issue_group *g)
{
	struct err e = ERR_INIT;

	if (!p->run->dry_run && issue_folder_prepare(p->run, g, &e) < 0) {
		pipeline_fail(p, &e);
		g->is_failed = true;
	}
	issue_group_keep_names(g);
	g->state = GROUP_WRITING;
	g->batch.n = p->run->dry_run ? 0 : g->n;
	stage_start(p->write, &g->batch);
}

/* What is signed is recorded even if another item failed; a group with an item that was not signed has failed. */
static void pipeline_record(struct issue_pipeline *p, struct issue_group *g)
{
	struct err e = ERR_INIT;

	if (issue_run_record(p->run->signing, g->items, g->n_items, &e) < 0) {
		issue_run_stop(p->run->signing);
		pipeline_fail(p, &e);
	}
	for (size_t i = 0; i < g->n_items; i++)
		g->is_failed = g->is_failed || g->items[i].result == ISSUE_PENDING;
	pipeline_write(p, g);
}

/* False: no group is signed. */
static bool pipeline_record_next(struct issue_pipeline *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct issue_group *g = pipeline_group(p, i);

		if (g->state != GROUP_SIGNING)
			continue;
		if (!pipeline_is_done(p, g))
			return false;
		pipeline_record(p, g);
		return true;
	}
	return false;
}

/* Waits until all groups that have begun are recorded. */
static void pipeline_settle(struct issue_pipeline *p)
{
	while (pipeline_count(p, GROUP_SIGNING) > 0)
		if (!pipeline_record_next(p))
			pipeline_wait(p->threads);
}

/* A person is asked when no signature waits for its record. */
static int pipeline_authorise(struct issue_pipeline *p, struct issue_entry *en, struct err *e)
{
	if (issue_entry_authorise(p->run, en, false, e) == 0)
		return 0;
	if (p->run->names.batch || e->code == NULL || strcmp(e->code, "name-not-approved") != 0)
		return -1;
	pipeline_settle(p);
	return issue_entry_authorise(p->run, en, true, e);
}

static int pipeline_name_all(struct issue_pipeline *p, struct issue_group *g, struct err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		struct issue_entry *en = &g->entries[i];

		en->is_refused = en->is_refused || pipeline_authorise(p, en, &en->err) < 0;
		if (en->is_refused && issue_entry_ends_run(p->run, &en->err)) {
			*e = en->err;
			return -1;
		}
	}
	issue_group_make_items(g);
	return 0;
}

static void pipeline_sign_item(void *signer, void *group, size_t i)
{
	struct issue_group *g = group;

	issue_run_sign(g->run->signing, signer, &g->items[i]);
}

/* The first signing thread has the root's own session; if a session cannot be opened, fewer threads sign. */
static int pipeline_open_signers(struct issue_pipeline *p, struct err *e)
{
	struct client_issue_run *r = p->run;
	struct stage_work work = { .item = pipeline_sign_item, .workers = p->signers };
	struct err ignored;

	p->signers[p->n_signers++] = &r->root.signer;
	while (!r->root.asks_each_time && p->n_signers < r->job->jobs && p->n_signers < r->job->n_files &&
	    p->n_signers < STAGE_THREADS_MAX &&
	    r->root.signer.clone(r->root.signer.self, &p->clones[p->n_signers], &ignored) == 0) {
		p->signers[p->n_signers] = &p->clones[p->n_signers];
		p->n_signers++;
	}
	work.n_threads = r->root.asks_each_time || r->job->n_files == 1 ? 0 : p->n_signers;
	return stage_open(&p->sign, p->threads, &work, e);
}

/* The questions about names come before the PIN: a run without an approved request needs no login. */
static int pipeline_login(struct issue_pipeline *p, struct err *e)
{
	struct client_issue_run *r = p->run;
	struct issue_signing s = { .signer = &r->root.signer, .issuer_info = &r->root.info, .policy = &r->policy };

	if (r->signing != NULL)
		return 0;
	if (issuer_login(&r->root, "issuer", e) < 0)
		return -1;
	p->is_serial = p->is_serial || r->root.asks_each_time;
	s.issuer = buf_bytes(&r->root.der);
	if (issue_run_open(&r->signing, r->job->pki, &s, e) < 0)
		return -1;
	return pipeline_open_signers(p, e);
}

/*
 * Prepares the items. The certificate because of which a request is refused may be in a group that is being signed:
 * such a request is prepared again when that group is recorded.
 */
static int pipeline_prepare(struct issue_pipeline *p, struct issue_group *g, struct err *e)
{
	struct client_issue_run *r = p->run;

	for (size_t i = 0; i < g->n_items; i++) {
		struct issue_item *item = &g->items[i];

		if (pki_issue_prepare(r->job->pki, &r->root, &r->policy, item, e) < 0)
			return -1;
		if (item->result != ISSUE_REFUSED || !item->met_unfinished || pipeline_count(p, GROUP_SIGNING) == 0)
			continue;
		pipeline_settle(p);
		if (pki_issue_prepare(r->job->pki, &r->root, &r->policy, item, e) < 0)
			return -1;
	}
	return pki_issue_expect(&r->root, g->items, g->n_items, r->job->n_files - p->n_read, e);
}

static int pipeline_begin(struct issue_pipeline *p, struct issue_group *g, struct err *e)
{
	struct client_issue_run *r = p->run;

	if (pipeline_name_all(p, g, e) < 0)
		return -1;
	if (r->dry_run)
		return pki_issue_judge(r->job->pki, &r->root, &r->policy, g->items, g->n_items, e);
	if (g->n_items == 0)
		return 0;
	if (pipeline_login(p, e) < 0 || pipeline_prepare(p, g, e) < 0)
		return -1;
	if (p->is_ending) /* a group before this one failed while it was prepared */
		return 0;
	if (issue_run_begin(r->signing, g->items, g->n_items, e) < 0)
		return -1;
	g->state = GROUP_SIGNING;
	g->batch.n = g->n_items;
	stage_start(p->sign, &g->batch);
	return 0;
}

/* False: no group is read, or the signing threads have enough to do. */
static bool pipeline_begin_next(struct issue_pipeline *p)
{
	const size_t n_begun = p->n - pipeline_count(p, GROUP_READING);
	struct issue_group *g = pipeline_group(p, n_begun);
	struct err e = ERR_INIT;

	if (n_begun == p->n || !pipeline_is_done(p, g) || pipeline_count(p, GROUP_SIGNING) >= SIGNING_AHEAD ||
	    (p->is_serial && n_begun > 0))
		return false;
	if (!p->is_ending && pipeline_begin(p, g, &e) < 0)
		pipeline_fail(p, &e);
	if (g->state == GROUP_SIGNING)
		return true;
	g->is_failed = p->is_ending;
	pipeline_write(p, g);
	return true;
}

/* False: the oldest group is not written. */
static bool pipeline_report_oldest(struct issue_pipeline *p)
{
	struct issue_group *g = pipeline_group(p, 0);
	struct err e = ERR_INIT;

	if (p->n == 0 || g->state != GROUP_WRITING || !pipeline_is_done(p, g))
		return false;
	if (issue_group_report(g, &e) < 0)
		pipeline_fail(p, &e);
	p->n_reported += g->n;
	p->first = (p->first + 1) % GROUPS;
	p->n--;
	pipeline_show_progress(p);
	return true;
}

/* Does the most urgent work of the owner's thread. False: it has to wait for another thread. */
static bool pipeline_step(struct issue_pipeline *p)
{
	if (pipeline_read_next(p))
		return true;
	if (pipeline_count(p, GROUP_SIGNING) == 0 && pipeline_begin_next(p))
		return true;
	return pipeline_record_next(p) || pipeline_begin_next(p) || pipeline_report_oldest(p);
}

static int pipeline_open_all(struct issue_pipeline *p, struct err *e)
{
	const struct client_issue *job = p->run->job;
	const bool is_alone = job->n_files == 1;
	const struct stage_work read = { .item = issue_group_read,
		.n_threads = is_alone ? 0 : job->jobs < 1 ? 1 : job->jobs < READERS ? job->jobs : READERS };
	const struct stage_work write = { .item = issue_group_write, .end = issue_group_sync,
		.n_threads = is_alone || p->run->dry_run ? 0 : WRITERS };

	if (pipeline_open(&p->threads, e) < 0 || stage_open(&p->read, p->threads, &read, e) < 0 ||
	    stage_open(&p->write, p->threads, &write, e) < 0)
		return -1;
	for (size_t i = 0; i < GROUPS; i++)
		if (issue_group_open(&p->groups[i], p->run, e) < 0)
			return -1;
	return 0;
}

static void pipeline_close_all(struct issue_pipeline *p)
{
	pipeline_close(p->threads); /* first: its threads use the rest */
	for (unsigned i = 1; i < p->n_signers; i++)
		signer_close(&p->clones[i]);
	issue_run_close(p->run->signing);
	p->run->signing = NULL;
	for (size_t i = 0; i < GROUPS; i++)
		issue_group_close(&p->groups[i]);
}

int issue_pipeline_run(struct client_issue_run *r, struct err *e)
{
	struct issue_pipeline p = { .run = r, .e = e, .size = FIRST_GROUP };

	p.is_serial = r->job->pki->random.is_seeded; /* the order of the events depends on no thread */
	p.result = pipeline_open_all(&p, e);
	pipeline_show_progress(&p);
	while (p.result == 0 ? p.n > 0 || pipeline_has_more(&p) : p.n > 0)
		if (!pipeline_step(&p))
			pipeline_wait(p.threads);
	pipeline_close_all(&p);
	return p.result;
}
