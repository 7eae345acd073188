/* SPDX-License-Identifier: MIT */
/* ledger_restore.c - restores a ledger from a copy, which is verified before it becomes the ledger. */
#include <stdlib.h>
#include <string.h>

#include "pki/ledger/ledger_audit.h"
#include "pki/ledger/checkpoint.h"
#include "pki/ledger/ledger_location.h"
#include "pki/op.h"

struct restore_job {
	struct op op;
	const struct restore_args *args;
	struct ledger_event_id known;
	struct ledger_restore *restore;
};
#define restore_job_STEPS op_STEPS, const struct restore_job_step *: 0
JOB_DEFINE(restore_job, op);

static const struct ledger_event_id *known_of(const struct restore_job *j)
{
	return j->args->checkpoint_file != NULL ? &j->known : NULL;
}

/* All checks that need no writing. */
static int ledger_restore_look(struct restore_job *j, enum step_state *out, struct err *e)
{
	const struct verify_against against = { j->args->checkpoint_file, j->args->root_file, NULL };
	const struct ledger_options o = pki_ledger_options(j->op.pki, LEDGER_CREATE, false);
	struct checkpoint c;

	*out = STEP_PENDING;
	if (j->args->checkpoint_file != NULL) {
		if (ledger_read_checkpoint(&c, &against, e) < 0)
			return -1;
		j->known.seq = c.seq;
		j->known.epoch = c.epoch;
		memcpy(j->known.ledger, c.ledger, sizeof(j->known.ledger));
		memcpy(j->known.hash, c.head, sizeof(j->known.hash));
	}
	return ledger_restore_inspect(&o, e);
}

static int ledger_ledger_restore_prepare(struct restore_job *j, struct err *e)
{
	const struct ledger_options o = pki_ledger_options(j->op.pki, LEDGER_CREATE, false);

	return ledger_restore_prepare(&j->restore, &o, j->args->copy, known_of(j), e);
}

static int ledger_restore_verify(const struct restore_job *j, struct out *o, struct err *e)
{
	static const struct verify_against nothing = { NULL, NULL, NULL };
	AUTO_VALUE(pki) copy = { .ui = NULL };
	const char *path = j->restore != NULL ? ledger_restore_path(j->restore) : j->args->copy; /* NULL in a dry run */
	char *home = strdup(j->op.pki->home);
	int result;

	if (home == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	result = pki_open_copy(&copy, path, j->op.pki->ui, e);
	free(copy.home);
	copy.home = home; /* the path of the home, which the person expects */
	if (result == 0)
		result = ledger_verify_all(&copy, &nothing, o, e);
	if (result <= 0)
		return result;
	(void)err_set(e, ERR_LEDGER, "the copy '%.200s' has faults", j->args->copy);
	return err_rule(e, "copy-faulty", "restore an older copy that `p11ca ledger verify FILE` finds clean");
}

static int take_sealed(const struct location_row *row, void *arg, struct err *e)
{
	bool *is_sealed = arg;

	(void)e;
	if (strcmp(row->state, LOCATION_SUSPENDED) != 0) /* this restore's own location is not the copy's */
		*is_sealed = strcmp(row->state, LOCATION_MOVED) == 0;
	return 0;
}

/* Warns that issuing is suspended, so that this is not found out only while a client waits. */
static int warn_suspended(struct pki *p, struct err *e)
{
	struct location_row row;
	bool is_sealed = false;
	char text[400];

	if (ledger_location(&row, p->ledger, e) < 0 || ledger_each_location(p->ledger, take_sealed, &is_sealed, e) < 0)
		return -1;
	if (is_sealed)
		(void)snprintf(text, sizeof(text),
		    "the ledger was moved here and is complete if this is the first restore of that copy: run "
		    "`p11ca ledger acknowledge`; until then, issuing is suspended");
	else
		(void)snprintf(text, sizeof(text), "events after event %lld are missing from the ledger, so roots "
		    "sign nothing"
		    " new: bring it back with `p11ca client import`, then say `p11ca ledger acknowledge`",
		    (long long)row.n_events);
	p->ui->warn(p->ui->self, "ledger-issuing-suspended", text);
	return 0;
}

static int put_in_place(struct restore_job *j, struct out *o, struct err *e)
{
	struct pki *p = j->op.pki;

	if (ledger_restore_verify(j, o, e) < 0 || ledger_restore_commit(j->restore, e) < 0 ||
	    pki_use_ledger(p, LEDGER_WRITE, false, e) < 0)
		return -1;
	if (out_say(o, e, "The ledger is restored in '%s'.", p->home) < 0)
		return -1;
	return ledger_location_print(p, o, e) < 0 ? -1 : warn_suspended(p, e);
}

int ledger_restore_from(struct pki *p, const struct restore_args *args, const struct run_mode *mode, struct out *o,
    struct err *e)
{
	static const struct restore_job_step copy = { STEP_OF(restore_job, "copy it into the home, in a new epoch"),
		.probe = ledger_restore_look, .run = ledger_ledger_restore_prepare };
	static const struct restore_job_list list[] = { STEP(restore_job, copy), STEPS_END };
	struct restore_job j = { .op = { .pki = p, .name = "", .purpose = "ledger", .device = "" }, .args = args };
	int result = restore_job_run(list, &j, mode, o, e);

	if (result == 0)
		result = mode->dry_run ? ledger_restore_verify(&j, o, e) : put_in_place(&j, o, e);
	ledger_restore_end(j.restore);
	op_clear(&j.op);
	return result < 0 ? err_while(e, "restoring the ledger from '%s'", args->copy) : 0;
}
