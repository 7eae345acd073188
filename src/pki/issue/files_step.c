/* SPDX-License-Identifier: MIT */
/*
 * files_step.c - the step that writes certificate, chain and root as files, with a receipt that lists them.
 *
 * The receipt is written last, so that every file in a receipt exists.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/issue/issue_steps.h"
#include "pki/op.h"
#include "pki/issue/receipt.h"
#include "pki/issue/receipt_read.h"
#include "util/file.h"
#include "util/file_name.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define FILE_MAX (1024 * 1024)

/* One row per file: its kind, name and content. */
struct file_row {
	const char *what;
	const char *suffix;          /* suffix of the client's file name; NULL: a fixed name */
	const char *name;
	int (*content)(struct issue_job *job, struct buf *out, struct err *e);
};

static int files_step_certificate(struct issue_job *job, struct buf *out, struct err *e)
{
	return der_encode(out, buf_bytes(&job->cert_der), DER_CERT, "pem", e);
}

static int files_step_chain(struct issue_job *job, struct buf *out, struct err *e)
{
	if (files_step_certificate(job, out, e) < 0 ||
	    der_encode(out, buf_bytes(&job->key.root.der), DER_CERT, "pem", e) < 0)
		return -1;
	return issuers_encode(out, buf_bytes(&job->key.root.issuers), "pem", e);
}

static int files_step_root(struct issue_job *job, struct buf *out, struct err *e)
{
	const struct bytes top = issuers_top(buf_bytes(&job->key.root.der), buf_bytes(&job->key.root.issuers));

	return der_encode(out, top, DER_CERT, "cer", e);
}

static const struct file_row rows[] = {
	{ "certificate", ".pem", NULL, files_step_certificate },
	{ "chain", "-chain.pem", NULL, files_step_chain },
	{ "root", NULL, "root.cer", files_step_root },
	{ "receipt", NULL, "receipt.json", receipt_write },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static char *files_step_path_of(const struct op *op, const struct file_row *row, struct err *e)
{
	char name[160], stem[FILE_NAME_SIZE];

	if (row->name != NULL)
		return file_join(op->out_path, row->name, e);
	if (file_name_of(stem, op->name, e) < 0)
		return NULL;
	(void)snprintf(name, sizeof(name), "%s%s", stem, row->suffix);
	return file_join(op->out_path, name, e);
}

static bool is_receipt(const struct file_row *row)
{
	return row->content == receipt_write;
}

/* Whether the receipt lists all files of this run. */
static bool names_files(const struct op *op, const char *path)
{
	for (size_t i = 0; i < op->n_files; i++)
		if (!receipt_names(path, op->files[i].sha256))
			return false;
	return true;
}

enum receipt_state { RECEIPT_NONE, RECEIPT_OTHER, RECEIPT_SHORT, RECEIPT_GOOD };

/*
 * A receipt keeps the state of the time when it was written. A receipt of this certificate is written again (SHORT)
 * only if it lacks a file. text: the content of the file.
 */
static int files_step_read_receipt(
    enum receipt_state *state, struct buf *text, const struct issue_job *job, const char *path, struct err *e)
{
	struct stat st;

	*state = RECEIPT_NONE;
	if (job->cert_der.len == 0 || (lstat(path, &st) < 0 && errno == ENOENT))
		return 0;
	if (file_read(text, path, FILE_MAX, e) < 0)
		return -1;
	*state = !receipt_is_of(path, job->cert_info.fingerprint) ? RECEIPT_OTHER
		 : names_files(&job->key.op, path)                ? RECEIPT_GOOD
								  : RECEIPT_SHORT;
	return 0;
}

/* *there: nothing to write; content then holds the existing file. */
static int inspect_receipt(struct issue_job *job, const char *path, struct buf *content, bool *there, struct err *e)
{
	enum receipt_state state;

	if (files_step_read_receipt(&state, content, job, path, e) < 0)
		return -1;
	*there = state == RECEIPT_GOOD;
	return *there ? 0 : file_check_writable(path, job->key.op.force || state >= RECEIPT_SHORT, e);
}

static int files_step_inspect(struct issue_job *job, const struct file_row *row, bool *there, struct err *e)
{
	AUTO(char) path = files_step_path_of(&job->key.op, row, e);
	AUTO_VALUE(buf) content = { 0 };

	*there = false;
	if (path == NULL)
		return -1;
	if (is_receipt(row)) {
		if (inspect_receipt(job, path, &content, there, e) < 0)
			return -1;
	} else {
		if (job->cert_der.len > 0 &&
		    (row->content(job, &content, e) < 0 || file_is_same(there, path, buf_bytes(&content), e) < 0))
			return -1;
		if (!*there && file_check_writable(path, job->key.op.force, e) < 0)
			return -1;
	}
	return *there ? op_add_file(&job->key.op, row->what, path, buf_bytes(&content), e) : 0;
}

static int files_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	size_t n_before = op->n_files;
	bool all = !job->has_pending_files;
	struct stat st;

	if (op->out_path == NULL) {
		*out = STEP_DONE;
		return 0;
	}
	if (stat(op->out_path, &st) < 0)
		return file_check_folder(op->out_path, e);
	if (receipt_check_folder(op->out_path, op->name, op->device, e) < 0)
		return -1;
	for (size_t i = 0; i < N_ROWS; i++) {
		bool there;

		if (files_step_inspect(job, &rows[i], &there, e) < 0)
			return -1;
		all = all && there;
	}
	if (!all)
		op_forget_files(op, n_before);
	*out = all ? STEP_DONE : STEP_PENDING;
	return 0;
}

static int write_receipt(struct issue_job *job, const char *path, struct buf *content, struct err *e)
{
	AUTO_VALUE(buf) old = { 0 };
	enum receipt_state state;

	if (files_step_read_receipt(&state, &old, job, path, e) < 0)
		return -1;
	if (state == RECEIPT_GOOD)
		return buf_add(content, old.data, old.len, e);
	if (receipt_write(job, content, e) < 0)
		return -1;
	return file_write(path, buf_bytes(content), 0644, job->key.op.force || state == RECEIPT_SHORT, e);
}

static int write_content(
    struct issue_job *job, const struct file_row *row, const char *path, struct buf *content, struct err *e)
{
	bool there;

	if (row->content(job, content, e) < 0 || file_is_same(&there, path, buf_bytes(content), e) < 0)
		return -1;
	return there ? 0 : file_write(path, buf_bytes(content), 0644, job->key.op.force, e);
}

static int files_step_write_one(struct issue_job *job, const struct file_row *row, struct err *e)
{
	AUTO(char) path = files_step_path_of(&job->key.op, row, e);
	AUTO_VALUE(buf) content = { 0 };

	if (path == NULL ||
	    (is_receipt(row) ? write_receipt(job, path, &content, e) : write_content(job, row, path, &content, e)) < 0)
		return -1;
	return op_add_file(&job->key.op, row->what, path, buf_bytes(&content), e);
}

static int files_step_write_all(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;

	if (file_make_folder(op->out_path, e) < 0)
		return -1;
	for (size_t i = 0; i < N_ROWS; i++)
		if (files_step_write_one(job, &rows[i], e) < 0)
			return err_while(e, "writing the %s of '%s'", rows[i].what, op->name);
	return 0;
}

static int files_run(struct issue_job *job, struct err *e)
{
	if (files_step_write_all(job, e) == 0)
		return 0;
	return err_while(e, "writing the files of certificate %s, which was issued: the same command writes them later",
	    job->cert.serial);
}

const struct issue_job_step step_write_files = { STEP_OF(issue_job, "write the files"), .probe = files_probe,
	.run = files_run };
