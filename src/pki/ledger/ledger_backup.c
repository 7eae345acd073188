/* SPDX-License-Identifier: MIT */
/* ledger_backup.c - copies the ledger, and verifies the copy before it is recorded. */
#include <string.h>
#include <sys/stat.h>

#include "pki/ledger/ledger_audit.h"
#include "pki/ledger/ledger_location.h"
#include "pki/op.h"
#include "util/file.h"

int ledger_copy_inspect(const char *path, struct err *e)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		(void)err_set(e, ERR_USAGE, "a copy of the ledger does not go to standard output");
		e->hint = "name a new file with --out";
		return -1;
	}
	if (file_check_writable(path, false, e) == 0)
		return 0;
	if (lstat(path, &st) == 0)
		e->hint = "p11ca does not overwrite a backup: choose another file name";
	return -1;
}

static int ledger_backup_write_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = STEP_PENDING;
	return ledger_copy_inspect(op->out_path, e);
}

static int ledger_backup_write_run(struct op *op, struct err *e)
{
	return ledger_backup(op->pki->ledger, op->out_path, e);
}

static int verify_copy(const char *path, const struct ui *ui, struct out *o, struct err *e)
{
	const struct verify_against nothing = { NULL, NULL, NULL };
	AUTO_VALUE(pki) copy = { .ui = NULL };

	return pki_open_copy(&copy, path, ui, e) < 0 ? -1 : ledger_verify_all(&copy, &nothing, o, e);
}

int ledger_backup_to(struct pki *p, const char *path, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step write = { STEP_OF(op, "write the copy"), .probe = ledger_backup_write_probe,
		.run = ledger_backup_write_run };
	static const struct op_list list[] = { STEP(op, write), STEPS_END };
	AUTO_VALUE(op) op = { .pki = p, .name = "", .purpose = "ledger", .device = "", .out_path = path };
	int result;

	if (op_run(list, &op, mode, o, e) < 0)
		return -1;
	if (mode->dry_run)
		return 0;
	if (out_say(o, e, "The ledger is copied to '%s'.", path) < 0)
		return -1;
	result = verify_copy(path, p->ui, o, e);
	if (result < 0)
		return err_while(e, "verifying the copy '%s'", path);
	/* after the copy, which therefore cannot contain this event */
	return ledger_note(p->ledger, "backup-written", path, result == 0 ? "clean" : "faulty", e) < 0 ? -1 : result;
}
