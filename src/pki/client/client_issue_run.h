/* SPDX-License-Identifier: MIT */
/*
 * client_issue_run.h - one run of `client issue`: groups of requests, and the pipeline through which they pass.
 *
 * Private to client_issue*.c.
 */
#ifndef PKI_CLIENT_CLIENT_ISSUE_RUN_H
#define PKI_CLIENT_CLIENT_ISSUE_RUN_H

#include "pki/client/client_issue.h"
#include "pki/issuer.h"
#include "util/stage.h"

struct client_issue_run {
	const struct client_issue *job;
	struct issuer root;
	struct name_authority names;
	struct issue_policy policy;
	struct issue_run *signing;   /* NULL until the login */
	struct out *o;
	size_t n_refused;
	struct err first;            /* of the refusals */
	bool dry_run, is_folder_ready;
	char *made;                  /* owned: the topmost folder that this run created; NULL */
};

/* A request. */
struct issue_entry {
	const char *file;
	char name[256], device[65];
	struct buf der;
	struct request_info request;
	struct err err;
	struct issue_item *item;     /* borrowed; NULL: refused before */
	char *path;
	bool is_refused, is_unwritten; /* err has the reason */
};

enum issue_group_state { GROUP_READING, GROUP_SIGNING, GROUP_WRITING };

struct issue_group {
	struct client_issue_run *run;
	enum issue_group_state state;
	struct stage_batch batch;
	struct issue_entry *entries; /* ISSUE_GROUP of each */
	struct issue_item *items;    /* of the entries that were not refused, in the same order */
	size_t n, n_items;
	bool is_failed;              /* only issued certificates are reported */
	bool is_unsynced;            /* sync_err has the reason */
	struct err sync_err;
};

int issue_group_open(struct issue_group *g, struct client_issue_run *r, struct err *e) MUST_CHECK;
void issue_group_close(struct issue_group *g); /* g may be { 0 } */
/* Begins with the requests in n files, at most ISSUE_GROUP; forgets those before. */
void issue_group_fill(struct issue_group *g, char *const files[], size_t n);

/* What the threads do: for a stage of the pipeline. */
void issue_group_read(void *worker, void *group, size_t i);  /* entry i */
void issue_group_write(void *worker, void *group, size_t i); /* the file of entry i */
void issue_group_sync(void *group);                          /* the folder of the files */

/*
 * Finds the name of a request that was read. -1 (ERR_POLICY "name-not-approved"): may_ask is false, or the person
 * refused.
 */
int issue_entry_authorise(const struct client_issue_run *r, struct issue_entry *en, bool may_ask, struct err *e)
    MUST_CHECK;
/* Whether the error of one request ends the run. Of several files, an unreadable file is refused. */
bool issue_entry_ends_run(const struct client_issue_run *r, const struct err *why);
/* Makes the items of the entries that were not refused. */
void issue_group_make_items(struct issue_group *g);
/* A certificate of an earlier run keeps its spelling of the name, in the report and in the file name. */
void issue_group_keep_names(struct issue_group *g);
/* Prints the results in the order of the requests and records the refusals. -1: also if a file was not written. */
int issue_group_report(struct issue_group *g, struct err *e) MUST_CHECK;

/* Whether root.cer and issuers.pem can be written. -1 (ERR_OUTPUT): a file of that name has other content. */
int issue_folder_check(const struct client_issue_run *r, struct err *e) MUST_CHECK;
/* Writes them with the first certificate, so that a run in which all requests are refused leaves no file. */
int issue_folder_prepare(struct client_issue_run *r, const struct issue_group *g, struct err *e) MUST_CHECK;

/* Issues for all requests of the job. -1: the run ended early; what was issued is recorded, written and printed. */
int issue_pipeline_run(struct client_issue_run *r, struct err *e) MUST_CHECK;

#endif
