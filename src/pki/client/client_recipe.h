/* SPDX-License-Identifier: MIT */
/* client_recipe.h - writes instructions for a machine without p11ca to make its own key and request. */
#ifndef PKI_CLIENT_CLIENT_RECIPE_H
#define PKI_CLIENT_CLIENT_RECIPE_H

#include "model/vpn_profile.h"
#include "pki/op.h"

struct recipe_job {
	struct op op;
	struct key_spec spec;        /* of the key that the machine makes */
	const char *kind;            /* "windows", "windows-tpm", "macos", "openssl" */
	struct profile_files files;  /* in memory */
};
static inline void recipe_job_clear(struct recipe_job *job)
{
	op_clear(&job->op);
	profile_files_clear(&job->files);
}
AUTO_VALUE_DEFINE(recipe_job, recipe_job_clear);
#define recipe_job_STEPS op_STEPS, const struct recipe_job_step *: 0
JOB_DEFINE(recipe_job, op);

/*
 * Writes the recipe for job->op.name into the folder job->op.out_path. Uses no ledger and no token.
 * -1: ERR_USAGE (unknown kind; a key that is not RSA), ERR_POLICY ("name-…"), ERR_OUTPUT ("folder-of-other-client",
 * also with --force).
 */
int client_recipe(struct recipe_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
