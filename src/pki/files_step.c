/* SPDX-License-Identifier: MIT */
/*
 * files_step.c - what the person takes along: certificate, chain, root, and a receipt that names all of it.
 *
 * The receipt is written last, so that where it lies everything it names lies too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/op.h"
#include "pki/receipt.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/encode.h"

AUTO_DEFINE(char, free);

#define FILE_MAX (1024 * 1024)

/* One row per file: what it is, how it is called, and its content. */
struct file_row {
	const char *what;
	const char *suffix;          /* behind the slug; NULL: the name stands alone */
	const char *name;
	int (*content)(struct op *op, struct buf *out, struct err *e);
};

static int certificate(struct op *op, struct buf *out, struct err *e)
{
	return der_encode(out, buf_bytes(&op->cert_der), DER_CERT, "pem", e);
}

static int chain(struct op *op, struct buf *out, struct err *e)
{
	return certificate(op, out, e) < 0 ? -1 : der_encode(out, buf_bytes(&op->root.der), DER_CERT, "pem", e);
}

static int root(struct op *op, struct buf *out, struct err *e)
{
	return der_encode(out, buf_bytes(&op->root.der), DER_CERT, "cer", e);
}

static const struct file_row rows[] = {
	{ "certificate", ".pem", NULL, certificate },
	{ "chain", "-chain.pem", NULL, chain },
	{ "root", NULL, "root.cer", root },
	{ "receipt", NULL, "receipt.json", receipt_write },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static char *path_of(const struct op *op, const struct file_row *row, struct err *e)
{
	char name[160], slug[80];

	text_slug(slug, sizeof(slug), op->name);
	if (row->name != NULL)
		(void)snprintf(name, sizeof(name), "%s", row->name);
	else
		(void)snprintf(name, sizeof(name), "%s%s", slug, row->suffix);
	return file_join(op->out_path, name, e);
}

static bool is_receipt(const struct file_row *row)
{
	return row->content == receipt_write;
}

/* A receipt tells what was true when it was written; it is this certificate's when it names its serial. */
static int is_our_receipt(bool *ours, const struct op *op, const char *path, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char line[SERIAL_HEX + 20];
	struct stat st;

	*ours = false;
	if (op->cert_der.len == 0 || (lstat(path, &st) < 0 && errno == ENOENT))
		return 0;
	(void)snprintf(line, sizeof(line), "\"serial\": \"%s\"", op->cert_info.serial);
	if (file_read(&text, path, FILE_MAX, e) < 0)
		return -1;
	*ours = memmem(text.at, text.len, line, strlen(line)) != NULL;
	return 0;
}

/* *there: nothing to write. */
static int look_at(struct op *op, const struct file_row *row, bool *there, struct err *e)
{
	AUTO(char) path = path_of(op, row, e);
	AUTO_VALUE(buf) content = { 0 };
	int result = 0;

	*there = false;
	if (path == NULL)
		return -1;
	if (is_receipt(row))
		result = is_our_receipt(there, op, path, e);
	else if (op->cert_der.len > 0)
		result = row->content(op, &content, e) < 0 ? -1 : file_is_same(there, path, buf_bytes(&content), e);
	if (result < 0 || *there)
		return result;
	return file_check_writable(path, op->force, e);
}

static int files_look(struct op *op, enum step_state *out, struct err *e)
{
	bool all = true;
	struct stat st;

	if (op->out_path == NULL) {
		*out = STEP_DONE;
		return 0;
	}
	if (stat(op->out_path, &st) < 0)
		return file_check_folder(op->out_path, e);
	for (size_t i = 0; i < N_ROWS; i++) {
		bool there;

		if (look_at(op, &rows[i], &there, e) < 0)
			return -1;
		all = all && there;
	}
	*out = all ? STEP_DONE : STEP_TODO;
	return 0;
}

static int write_one(struct op *op, const struct file_row *row, struct err *e)
{
	AUTO(char) path = path_of(op, row, e);
	AUTO_VALUE(buf) content = { 0 };
	bool there;

	if (path == NULL || row->content(op, &content, e) < 0)
		return -1;
	if ((is_receipt(row) ? is_our_receipt(&there, op, path, e) :
			       file_is_same(&there, path, buf_bytes(&content), e)) < 0)
		return -1;
	if (!there && file_write(path, buf_bytes(&content), 0644, op->force, e) < 0)
		return -1;
	return op_add_file(op, row->what, path, buf_bytes(&content), e);
}

static int files_run(struct op *op, struct err *e)
{
	if (file_make_folder(op->out_path, e) < 0)
		return -1;
	for (size_t i = 0; i < N_ROWS; i++)
		if (write_one(op, &rows[i], e) < 0)
			return err_while(e, "writing the %s of '%s'", rows[i].what, op->name);
	return 0;
}

const struct step step_write_files = { .name = "write the files", .look = files_look, .run = files_run };
