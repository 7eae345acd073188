/* SPDX-License-Identifier: MIT */
/*
 * op.h - what all operations share: what they are about, the files they wrote, and how their steps run.
 *
 * struct op is the first member of every job: struct key_job (key/), issue_job (issue/), profiled_job (profile/) and
 * client_job (client/) begin with each other in this order; other operations have a job in their folder's header.
 * Steps fill a job from left to right; its clear() frees what it owns.
 */
#ifndef PKI_OP_H
#define PKI_OP_H

#include "pki/pki.h"
#include "pki/step.h"

struct op {
	struct pki *pki;             /* borrowed */
	/* asked for */
	const char *name;            /* root name, or the authorised name of the client */
	const char *purpose;         /* "root", "client": in the ledger */
	const char *device;          /* "" = none */
	const char *out_path;        /* folder (enroll) or file (request); NULL = none */
	bool force;                  /* overwrites files */
	const char *confirm;         /* what a person would type: of what destroys or ends something; NULL = ask */
	/* what was written */
	struct op_file {
		char *path;          /* owned */
		char what[24];       /* "certificate", "chain", "root", "receipt", "request", or the profile's format */
		char sha256[SHA256_HEX];
	} files[128];
	size_t n_files;
	bool is_done_before;         /* nothing was left to do; in a dry run: nothing is left to do */
};

void op_clear(struct op *op);
AUTO_VALUE_DEFINE(op, op_clear);

/* The person types want, or --confirm says it.  -1 (ERR_POLICY): "not-confirmed". */
int op_confirm(struct op *op, const char *question, const char *want, struct err *e) MUST_CHECK;
/* Remembers a file that was written, for the receipt. */
int op_add_file(struct op *op, const char *what, const char *path, struct bytes content, struct err *e) MUST_CHECK;
/* Forgets all but the first `keep` files. */
void op_forget_files(struct op *op, size_t keep);

/* Runs or shows a list; notes whether nothing was left to do. Call it through TYPE_run() of the job. */
int op_run_steps(const struct step *const list[], struct op *op, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/*
 * Defines the steps of a job, whose struct op is its member chain, and TYPE_run(), which runs a list of the job.
 * Write the job's TYPE_STEPS beside it: those of the job that it begins with, and its own.
 */
#define JOB_DEFINE(type, chain) \
	_Static_assert(offsetof(struct type, chain) == 0, "steps receive the address of the op"); \
	STEPS_DEFINE(type); \
	MUST_CHECK static inline int type##_run(const struct type##_list list[], struct type *job, \
	    const struct run_mode *mode, struct out *o, struct err *e) \
	{ \
		return op_run_steps(&list->step, &job->chain, mode, o, e); \
	} \
	struct type##_job_semicolon

#define op_STEPS const struct op_step *: 0
STEPS_DEFINE(op);
static inline int MUST_CHECK op_run(
    const struct op_list list[], struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	return op_run_steps(&list->step, op, mode, o, e);
}

#endif
