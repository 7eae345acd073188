/* SPDX-License-Identifier: MIT */
/* profile_step.c - the step of an enrolment that writes the client's profiles. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/op.h"
#include "pki/profile/profile_history.h"
#include "pki/profile/profile_step.h"
#include "profiles/profile.h"
#include "util/file.h"

static int open_job(struct profiled_job *job, struct err *e)
{
	struct key_job *k = &job->issue.key;

	if (job->profile_job->options == job->profiles) {
		profile_job_next_client(job->profile_job);
		return 0;
	}
	if (profile_job_open(job->profile_job, job->profiles, e) < 0 ||
	    profile_rules_package(
		job->profile_job, job->issue.key.op.pki, k->root.der.len > 0 ? &k->root.top : NULL, e) < 0)
		return -1;
	if (profile_job_check(job->profile_job, true, e) < 0)
		return -1;
	profile_rules_report_unusable(job->profile_job, job->issue.key.op.pki, NULL);
	return 0;
}

static int note_file(const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e)
{
	return op_add_file(arg, format, path, buf_bytes(&f->content), e);
}

static int profile_step_write_all(
    struct profiled_job *job, bool dry_run, profile_wrote_fn *wrote, void *arg, struct err *e)
{
	struct key_job *k = &job->issue.key;
	struct op *op = &job->issue.key.op;
	struct profile_client c = { .cert = buf_bytes(&job->issue.cert_der),
		.cert_info = &job->issue.cert_info,
		.location = &k->row.location,
		.cert_id = job->issue.cert.id };
	struct profile_chain chain;
	const struct profile_target to = { .folder = op->out_path, .force = op->force, .dry_run = dry_run,
		.pki = op->pki, .wrote = wrote, .arg = arg };

	if (profile_set_chain(&c, &chain, buf_bytes(&k->root.der), buf_bytes(&k->root.issuers), e) < 0)
		return -1;
	if (k->card != NULL) {
		if (token_ask_rsa_pss(k->card, e) < 0)
			return -1;
		c.token = token_get_info(k->card);
	}
	if (profile_job_write(job->profile_job, &c, &to, e) < 0)
		return -1;
	if (dry_run)
		return 0;
	profile_rules_report_unusable(job->profile_job, op->pki, job->issue.cert_info.cn);
	return profile_remember(op->pki, job->profile_job, job->issue.cert.id, e);
}

struct inspection {
	struct profiled_job *job;
	bool all;                    /* every file exists with the expected content */
};

static int inspect_file(const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e)
{
	struct inspection *l = arg;
	struct stat st;
	bool same;

	if (file_is_same(&same, path, buf_bytes(&f->content), e) < 0)
		return -1;
	l->all = l->all && same;
	if (same)
		return note_file(format, path, f, &l->job->issue.key.op, e);
	return lstat(path, &st) == 0 ? file_check_writable(path, l->job->issue.key.op.force, e) : 0;
}

static bool profile_step_is_empty(const char *folder)
{
	DIR *d = opendir(folder);
	unsigned n = 0;

	if (d == NULL)
		return errno == ENOENT;
	while (readdir(d) != NULL && n < 3)
		n++;
	(void)closedir(d);
	return n < 3; /* . and .. */
}

/* Without a certificate no existing file can be this client's. */
static int check_folders(const struct profiled_job *job, struct err *e)
{
	const struct op *op = &job->issue.key.op;

	for (size_t i = 0; i < job->profile_job->n_formats && !op->force; i++) {
		AUTO(char) folder = file_join(op->out_path, job->profile_job->formats[i]->name, e);

		if (folder == NULL)
			return -1;
		if (profile_step_is_empty(folder))
			continue;
		(void)err_set(e, ERR_OUTPUT, "folder '%s' is not empty", folder);
		e->hint = "choose another --out, or allow overwriting with --force";
		return -1;
	}
	return 0;
}

/* Checks the signer's token before any login. */
static int inspect_signer(const struct profiled_job *job, struct err *e)
{
	struct profile_job other = { .options = job->profiles, .n_formats = job->profile_job->n_formats };
	int result;

	memcpy(other.formats, job->profile_job->formats, sizeof(other.formats));
	result = profile_job_seal(&other, job->issue.key.op.pki, true, e);
	profile_seal_clear(&other.seal);
	return result;
}

/* With a certificate the content of all files is known: existing files are compared before any login. */
static int profiles_probe(struct profiled_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->issue.key.op;
	struct inspection l = { job, true };
	size_t n_before = op->n_files;

	*out = job->profiles == NULL ? STEP_DONE : STEP_PENDING;
	if (job->profiles == NULL)
		return 0;
	if (open_job(job, e) < 0 || inspect_signer(job, e) < 0 || file_check_folder(op->out_path, e) < 0)
		return -1;
	job->issue.has_pending_files = true;
	if (job->issue.cert_der.len == 0)
		return check_folders(job, e);
	if (profile_step_write_all(job, true, inspect_file, &l, e) < 0)
		return -1;
	job->issue.has_pending_files = !l.all;
	if (l.all)
		*out = STEP_DONE;
	else
		op_forget_files(op, n_before);
	return 0;
}

static int profiles_run(struct profiled_job *job, struct err *e)
{
	struct profile_job *profile = job->profile_job;

	if (profile->seal.token == NULL && profile_job_seal(profile, job->issue.key.op.pki, false, e) < 0)
		return -1;
	return profile_step_write_all(job, false, note_file, &job->issue.key.op, e);
}

const struct profiled_job_step step_write_profiles = { STEP_OF(profiled_job, "write the profiles"),
	.probe = profiles_probe, .run = profiles_run };
