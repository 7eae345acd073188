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

static int open_job(struct op *op, struct err *e)
{
	if (op->profile_job->options == op->profiles)
		return 0;
	if (profile_job_open(op->profile_job, op->profiles, e) < 0 ||
	    profile_rules_package(op->profile_job, op->pki, op->root.der.len > 0 ? &op->root.top : NULL, e) < 0)
		return -1;
	return profile_job_check(op->profile_job, true, e);
}

static int note_file(const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e)
{
	return op_add_file(arg, format, path, buf_bytes(&f->content), e);
}

static int profile_step_write_all(struct op *op, bool dry_run, profile_wrote_fn *wrote, void *arg, struct err *e)
{
	struct profile_client c = { .cert = buf_bytes(&op->cert_der), .cert_info = &op->cert_info,
		.location = &op->key.location, .cert_id = op->cert.id };
	struct profile_chain chain;
	const struct profile_target to = { .folder = op->out_path, .force = op->force, .dry_run = dry_run,
		.pki = op->pki, .wrote = wrote, .arg = arg };

	if (profile_set_chain(&c, &chain, buf_bytes(&op->root.der), buf_bytes(&op->root.issuers), e) < 0)
		return -1;
	if (op->card != NULL) {
		if (token_ask_rsa_pss(op->card, e) < 0)
			return -1;
		c.token = token_get_info(op->card);
	}
	if (profile_job_write(op->profile_job, &c, &to, e) < 0)
		return -1;
	return dry_run ? 0 : profile_remember(op->pki, op->profile_job, op->cert.id, e);
}

struct inspection {
	struct op *op;
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
		return note_file(format, path, f, l->op, e);
	return lstat(path, &st) == 0 ? file_check_writable(path, l->op->force, e) : 0;
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
static int check_folders(const struct op *op, struct err *e)
{
	for (size_t i = 0; i < op->profile_job->n_formats && !op->force; i++) {
		AUTO(char) folder = file_join(op->out_path, op->profile_job->formats[i]->name, e);

		if (folder == NULL)
			return -1;
		if (profile_step_is_empty(folder))
			continue;
		(void)err_set(e, ERR_OUTPUT, "folder '%s' holds files already", folder);
		e->hint = "choose another --out, or allow overwriting with --force";
		return -1;
	}
	return 0;
}

/* Checks the signer's token before any login. */
static int inspect_signer(const struct op *op, struct err *e)
{
	struct profile_job other = { .options = op->profiles, .n_formats = op->profile_job->n_formats };
	int result;

	memcpy(other.formats, op->profile_job->formats, sizeof(other.formats));
	result = profile_job_seal(&other, op->pki, true, e);
	profile_seal_clear(&other.seal);
	return result;
}

/* With a certificate the content of all files is known: existing files are compared before any login. */
static int profiles_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct inspection l = { op, true };
	size_t n_before = op->n_files;

	*out = op->profiles == NULL ? STEP_DONE : STEP_TODO;
	if (op->profiles == NULL)
		return 0;
	if (open_job(op, e) < 0 || inspect_signer(op, e) < 0 || file_check_folder(op->out_path, e) < 0)
		return -1;
	if (op->cert_der.len == 0)
		return check_folders(op, e);
	if (profile_step_write_all(op, true, inspect_file, &l, e) < 0)
		return -1;
	if (l.all)
		*out = STEP_DONE;
	else
		op_forget_files(op, n_before);
	return 0;
}

static int profiles_run(struct op *op, struct err *e)
{
	struct profile_job *profile = op->profile_job;

	if (profile->seal.token == NULL && profile_job_seal(profile, op->pki, false, e) < 0)
		return -1;
	return profile_step_write_all(op, false, note_file, op, e);
}

const struct op_step step_write_profiles = { STEP_OF(op, "write the profiles"), .probe = profiles_probe,
	.run = profiles_run };
