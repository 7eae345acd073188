/* SPDX-License-Identifier: MIT */
/* root_create.c - creates a root: a key made and proved on a token, and a self-signed certificate. */
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue_steps.h"
#include "pki/issue/request_step.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "pki/root/root_name.h"
#include "util/text.h"
#include "util/unicode.h"
#include "x509/name.h"
#include "x509/tbs.h"
#include "x509/templates.h"

static int make_subject(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	bool is_test = job->key.is_test || (op->pki->ledger != NULL && ledger_is_test(op->pki->ledger));
	char text[600];

	job->subject.len = 0;
	if (job->subject_text == NULL)
		return name_from_cn(&job->subject, op->name, is_test, e);
	if ((size_t)snprintf(text, sizeof(text), "%s%s", job->subject_text, is_test ? ",O=TEST" : "") >= sizeof(text))
		return err_set(e, ERR_USAGE, "the subject is longer than %zu bytes", sizeof(text) - 8);
	return name_parse(&job->subject, text, e);
}

static int root_create_name_taken(const struct op *op, const char *what, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "%s", what);
	e->code = "root-name-taken";
	e->hint = "choose another name; see `p11ca root list`";
	(void)err_while(e, "creating root '%s'", op->name);
	return -1;
}

/* A root with a certificate is finished; only the same command may run again. */
struct taken {
	const char *name;
	char subject[512];
};

static int check_other_root(const struct root_row *row, void *arg, struct err *e)
{
	const struct taken *t = arg;

	bool same_name, same_subject;

	if (strcmp(row->name, t->name) == 0)
		return 0;
	if (name_is_same(&same_name, row->name, t->name, e) < 0 ||
	    name_is_same(&same_subject, row->subject, t->subject, e) < 0)
		return -1;
	if (same_name) {
		(void)err_set(e, ERR_POLICY, "the ledger already has a root '%s'", row->name);
		return err_rule(e, "root-name-taken", "choose another name; see `p11ca root list`");
	}
	if (!same_subject)
		return 0;
	(void)err_set(e, ERR_POLICY, "root '%s' has the subject %s", row->name, row->subject);
	e->code = "root-subject-taken";
	e->hint = "clients cannot distinguish two roots with the same subject; choose another --subject";
	return -1;
}

static int reserve_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	struct taken taken = { .name = op->name };
	bool found = false;
	struct key_row key;

	if (op->pki->ledger == NULL)
		return 0;
	name_format(taken.subject, sizeof(taken.subject), buf_bytes(&job->subject));
	if (ledger_each_root(op->pki->ledger, check_other_root, &taken, e) < 0)
		return -1;
	if (ledger_root_find(&job->key.root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	if (!found) {
		job->key.root.row = (struct root_row){ .id = 0 };
		return 0;
	}
	if (ledger_key_get(&key, op->pki->ledger, job->key.root.row.key_id, e) < 0)
		return -1;
	if (key_is(&key, KEY_ORPHAN)) {
		job->key.root.row = (struct root_row){ .id = 0 };
		return 0;
	}
	if (strcmp(job->key.root.row.subject, taken.subject) != 0)
		return root_create_name_taken(op, "the root with this name has another subject", e);
	if (job->key.root.row.key_id != job->key.row.id && job->key.row.id != 0)
		return root_create_name_taken(op, "the root with this name has another key", e);
	if (strcmp(key.location.token_serial, job->key.card_info.serial) != 0)
		return root_create_name_taken(op, "a root of this name has the same key on another token", e);
	*out = STEP_DONE;
	return 0;
}

/* Reserves the name after the key has its row, so that a crash leaves both, or a key without a name. */
static int reserve_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct root_row *row = &job->key.root.row;

	*row = (struct root_row){ .key_id = job->key.row.id };
	(void)snprintf(row->name, sizeof(row->name), "%s", op->name);
	name_format(row->subject, sizeof(row->subject), buf_bytes(&job->subject));
	return ledger_root_plan(op->pki->ledger, row, e);
}

static int root_create_check_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	int64_t from, to;

	*out = STEP_DONE; /* look() does everything */
	if (root_check_name(op->name, e) < 0 || make_subject(job, e) < 0)
		return -1;
	if (key_job_choose_spec(&job->key, e) < 0 ||
	    template_check_key(job->key.template, &job->key.spec, key_spec_name(&job->key.spec), e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){ clock_now(&job->key.op.pki->clock), job->days, job->key.template, NULL }, e);
}

const struct issue_job_step step_check_root_name = { STEP_OF(issue_job, "check the name"),
	.probe = root_create_check_probe };
const struct issue_job_step step_reserve_root = { STEP_OF(issue_job, "reserve the name"), .probe = reserve_probe,
	.run = reserve_run };

int root_create(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->key.op;
	static const struct issue_job_list list[] = { STEP(issue_job, step_check_root_name),
		STEP(issue_job, step_plan_key), STEP(issue_job, step_reserve_root), STEP(issue_job, step_generate_key),
		STEP(issue_job, step_prove_key), STEP(issue_job, step_self_sign), STEP(issue_job, step_install),
		STEPS_END };

	static const struct issue_job_list with_existing[] = { STEP(issue_job, step_check_root_name),
		STEP(issue_job, step_existing_key), STEP(issue_job, step_self_sign), STEP(issue_job, step_install),
		STEPS_END };

	op->purpose = "root";
	op->device = "";
	if (issue_job_run(job->key.existing_id != NULL ? with_existing : list, job, mode, o, e) < 0)
		return err_while(e, "creating root '%s'", op->name);
	return 0;
}
