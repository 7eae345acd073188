/* SPDX-License-Identifier: MIT */
/* profile_step.c - what the person's machine installs, as the last but one step of an enrolment. */
#include <string.h>

#include "pki/profile_memory.h"
#include "util/file.h"

static int open_job(struct op *op, struct err *e)
{
	if (op->profile_job->wish == op->profiles)
		return 0;
	if (profile_job_open(op->profile_job, op->profiles, e) < 0 || profile_job_check(op->profile_job, e) < 0)
		return -1;
	return profile_rules_package(op->profile_job, op->pki, op->root.der.len > 0 ? &op->root.info : NULL, e);
}

static int profiles_look(struct op *op, enum step_state *out, struct err *e)
{
	*out = op->profiles == NULL ? STEP_DONE : STEP_TODO;
	if (op->profiles == NULL)
		return 0;
	return open_job(op, e) < 0 ? -1 : file_check_folder(op->out_path, e);
}

static int note_file(const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e)
{
	return op_add_file(arg, format, path, buf_bytes(&f->content), e);
}

static int profiles_run(struct op *op, struct err *e)
{
	struct profile_client c = { .cert = buf_bytes(&op->cert_der), .cert_info = &op->cert_info,
		.root = buf_bytes(&op->root.der), .root_info = &op->root.info, .place = &op->key.place,
		.cert_id = op->cert.id };
	const struct profile_target to = { .folder = op->out_path, .force = op->force, .pki = op->pki,
		.wrote = note_file, .arg = op };

	if (op->card != NULL) {
		if (token_ask_rsa_pss(op->card, e) < 0)
			return -1;
		c.token = token_get_info(op->card);
	}
	if (profile_job_write(op->profile_job, &c, &to, e) < 0)
		return -1;
	return profile_remember(op->pki, op->profile_job, op->cert.id, e);
}

const struct step step_write_profiles = { .name = "write the profiles", .look = profiles_look, .run = profiles_run };
