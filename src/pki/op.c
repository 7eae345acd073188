/* SPDX-License-Identifier: MIT */
/* op.c - what all operations share: the files they wrote, confirmation, and the run of their steps. */

#include <stdlib.h>
#include <string.h>

#include "pki/op.h"

void op_clear(struct op *op)
{
	op_forget_files(op, 0);
	memset(op, 0, sizeof(*op));
}

void op_forget_files(struct op *op, size_t keep)
{
	while (op->n_files > keep)
		free(op->files[--op->n_files].path);
}

int op_confirm(struct op *op, const char *question, const char *want, struct err *e)
{
	if (op->confirm == NULL)
		return op->pki->ui->confirm(op->pki->ui->self, question, want, e);
	if (strcmp(op->confirm, want) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "--confirm is '%s', not '%s'", op->confirm, want);
	e->code = "not-confirmed";
	return -1;
}

int op_run_steps(
    const struct step *const list[], struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	unsigned n_run;
	const struct run_mode counting = { .dry_run = mode->dry_run, .note = mode->note, .n_run = &n_run };

	if (steps_run(list, op, &counting, o, op->pki->ui, e) < 0)
		return -1;
	op->is_done_before = n_run == 0;
	return 0;
}

int op_add_file(struct op *op, const char *what, const char *path, struct bytes content, struct err *e)
{
	struct op_file *f = &op->files[op->n_files];

	if (op->n_files >= sizeof(op->files) / sizeof(op->files[0]))
		return err_set(e, ERR_INTERNAL, "more files than a receipt has room for");
	if (hash_sha256_hex(f->sha256, content, e) < 0)
		return -1;
	f->path = strdup(path);
	if (f->path == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	(void)snprintf(f->what, sizeof(f->what), "%s", what);
	op->n_files++;
	return 0;
}
