/* SPDX-License-Identifier: MIT */
/* client_recipe.c - see client_recipe.h. */
#include "pki/client/client_recipe.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/issue/receipt_read.h"
#include "pki/op.h"
#include "profiles/recipe.h"
#include "util/file.h"
#include "util/file_name.h"
#include "x509/name.h"

#define PAGE_MAX ((size_t)1 << 20)

static int client_recipe_inspect(const struct op *op, const struct profile_file *f, struct err *e)
{
	AUTO(char) path = file_join(op->out_path, f->name, e);
	struct stat st;
	bool same;

	if (path == NULL || file_is_same(&same, path, buf_bytes(&f->content), e) < 0)
		return -1;
	return same || lstat(path, &st) < 0 ? 0 : file_check_writable(path, op->force, e);
}

static bool is_of_name(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("@._-", c) != NULL);
}

/* Whether a page or script names a request STEM.csr; *other: that of another client. */
static void find_requests(bool *other, struct bytes text, const char *stem)
{
	const char *at = (const char *)text.data, *end = at + text.len;
	const size_t len = strlen(stem);

	for (const char *dot; at < end && (dot = memmem(at, (size_t)(end - at), ".csr", 4)) != NULL; at = dot + 4) {
		const char *begin = dot;

		while (begin > (const char *)text.data && is_of_name(begin[-1]))
			begin--;
		if (begin < dot && !((size_t)(dot - begin) == len && memcmp(begin, stem, len) == 0))
			*other = true;
	}
}

/* The files of all recipes have the same names, so --force could mix the recipes of two clients. */
static int check_folder(const struct op *op, struct err *e)
{
	static const char *const files[] = { "RECIPE.md", "OPERATOR.md", "request.sh" };
	char stem[FILE_NAME_SIZE];
	bool other = false;

	if (receipt_check_folder(op->out_path, op->name, op->device, e) < 0 ||
	    file_name_of_client(stem, op->name, op->device, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		AUTO(char) path = file_join(op->out_path, files[i], e);
		AUTO_VALUE(buf) text = { 0 };
		struct err unread;

		if (path == NULL)
			return -1;
		if (file_read(&text, path, PAGE_MAX, &unread) == 0) /* other files are not of a recipe */
			find_requests(&other, buf_bytes(&text), stem);
	}
	if (!other)
		return 0;
	(void)err_set(e, ERR_OUTPUT, "the folder '%.120s' contains the recipe of another client or "
	    "device", op->out_path);
	return err_rule(e, "folder-of-other-client", "choose a different folder for each client with --out");
}

static int recipe_probe(struct recipe_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->op;
	const struct recipe_client who = { .cn = op->name, .device = op->device, .rsa_bits = job->spec.bits };
	struct profile_files *files = &job->files;
	enum cn_kind kind;

	*out = STEP_PENDING;
	if (job->spec.type != KEY_RSA)
		return err_set(e, ERR_USAGE, "a recipe generates RSA keys only: Azure accepts no others");
	if (recipe_check(job->kind, e) < 0 || name_check_cn(&kind, op->name, e) < 0 ||
	    recipe_write(files, job->kind, &who, e) < 0 || file_check_folder(op->out_path, e) < 0 ||
	    check_folder(op, e) < 0)
		return -1;
	if (recipe_is_in_tpm(job->kind) && job->spec.bits > 2048)
		op->pki->ui->warn(op->pki->ui->self, "recipe-tpm-key-size",
		    "most TPMs generate RSA keys of 2048 bits only: on those, `certreq -new` fails with this recipe");
	for (size_t i = 0; i < files->n; i++)
		if (client_recipe_inspect(op, &files->all[i], e) < 0)
			return -1;
	return 0;
}

static int recipe_run(struct recipe_job *job, struct err *e)
{
	struct op *op = &job->op;
	struct profile_files *files = &job->files;

	if (file_make_folder(op->out_path, e) < 0)
		return -1;
	for (size_t i = 0; i < files->n; i++) {
		const struct profile_file *f = &files->all[i];
		AUTO(char) path = file_join(op->out_path, f->name, e);
		bool same;

		if (path == NULL || file_is_same(&same, path, buf_bytes(&f->content), e) < 0 ||
		    (!same && file_write(path, buf_bytes(&f->content), f->mode, op->force, e) < 0) ||
		    op_add_file(op, "recipe", path, buf_bytes(&f->content), e) < 0)
			return -1;
	}
	return 0;
}

int client_recipe(struct recipe_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct recipe_job_step write = { STEP_OF(recipe_job, "write the recipe"), .probe = recipe_probe,
		.run = recipe_run };
	static const struct recipe_job_list list[] = { STEP(recipe_job, write), STEPS_END };

	job->op.purpose = "client";
	return recipe_job_run(list, job, mode, o, e) < 0 ? err_while(e, "writing the recipe for '%s'", job->op.name)
							 : 0;
}
