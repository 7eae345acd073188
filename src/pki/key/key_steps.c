/* SPDX-License-Identifier: MIT */
/*
 * key_steps.c - the steps that plan, generate and prove a key on the token.
 *
 * The id is chosen and recorded before the key is generated, so that objects left by a crash can be told from
 * other objects. Without a ledger (a client's own machine) the same steps run without records.
 */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/card_owner.h"
#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/key/key_location.h"
#include "pki/key/root_hardware.h"
#include "pki/op.h"
#include "pki/token_ref.h"
#include "util/text.h"
#include "x509/key/spki.h"

static int has_key(const struct op *op, const char *client_hint, const char *root_hint, struct err *e)
{
	const bool is_root = strcmp(op->purpose, "root") == 0;

	return err_rule(e, is_root ? "root-has-key" : "client-has-key", is_root ? root_hint : client_hint);
}

static int refuse_other_token(const struct key_job *job, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%s' has a %s key on token '%s', serial %s", job->op.name, job->row.state,
	    job->row.location.token_label, job->row.location.token_serial);
	if (key_location_seems_here(job))
		(void)err_cause(e, "this token has the same label and serial number, but does not contain that key");
	return has_key(&job->op,
	    "use that token; if it is lost, first revoke its certificates: `p11ca client revoke --card SERIAL --reason "
	    "keyCompromise`; for a second token, name the device with --device",
	    "name that token, or choose another name; `p11ca root attach` records a second token with the same key", e);
}

static int refuse_other_spec(const struct key_job *job, struct err *e)
{
	(void)err_set(
	    e, ERR_POLICY, "'%s' already has a %s key of type %s", job->op.name, job->row.state, job->row.spec);
	return has_key(&job->op, "run the command again without --key", "run the command again without --key", e);
}

static int refuse_busy(const struct op *op, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "another p11ca process is generating the key of '%s'", op->name);
	e->code = "operation-running";
	e->hint = "wait until that process ends, then run the command again";
	return -1;
}

/*
 * The ledger records only keys that p11ca makes. An existing key (existing_id) belongs to somebody; if it were
 * recorded and became an orphan, `token clean` would destroy it.
 */
static struct ledger *key_ledger(const struct key_job *job)
{
	return job->existing_id == NULL ? job->op.pki->ledger : NULL;
}

/* A renewal uses a new key, or the key of the renewed certificate. */
static int key_steps_find_row(struct key_job *job, bool *found, struct err *e)
{
	*found = true;
	if (job->renewed.id == 0)
		return ledger_key_find_for(&job->row, found, job->op.pki->ledger,
		    &(struct key_query){ job->op.purpose, job->op.name, job->op.device }, e);
	if (job->same_key)
		return ledger_key_get(&job->row, job->op.pki->ledger, job->renewed.key_id, e);
	return ledger_key_find_renewal(&job->row, found, job->op.pki->ledger, job->renewed.id, e);
}

/* The ledger's key of this name, whose state decides which steps remain. */
static int refuse_other_slot(const struct key_job *job, struct err *e)
{
	char id[129];

	if (job->slot == NULL)
		return 0;
	if (token_slot_id(id, job->card, job->slot, e) < 0)
		return -1;
	if (strcmp(id, job->row.location.cka_id) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "'%s' already has a %s key with CKA_ID %s on this token", job->op.name,
	    job->row.state, job->row.location.cka_id);
	return err_rule(e, "client-has-key", "run the command again without --slot");
}

/* A client whose token is lost gets a key on another token when no certificate of the lost key is valid any more. */
static int key_steps_leave_token(struct key_job *job, struct err *e)
{
	bool retired = false;

	if (strcmp(job->op.purpose, "client") == 0 && job->renewed.id == 0 &&
	    ledger_key_is_retired(&retired, job->op.pki->ledger, job->row.id, e) < 0)
		return -1;
	if (!retired)
		return refuse_other_token(job, e);
	job->row = (struct key_row){ .id = 0 };
	job->spki.len = 0;
	return 0;
}

static int load_key(struct key_job *job, struct err *e)
{
	bool found = false, on_card;

	if (key_ledger(job) == NULL || job->row.id != 0)
		return 0;
	if (key_steps_find_row(job, &found, e) < 0)
		return -1;
	if (!found) {
		job->row = (struct key_row){ .id = 0 };
		return 0;
	}
	job->spki.len = 0;
	if (!key_is(&job->row, KEY_PLANNED) && ledger_key_spki(&job->spki, job->op.pki->ledger, job->row.id, e) < 0)
		return -1;
	if (key_location_is_here(&on_card, job, buf_bytes(&job->spki), e) < 0)
		return -1;
	if (!on_card)
		return key_steps_leave_token(job, e);
	if (!key_is(&job->row, KEY_PROVED) && !job->row.is_writer_dead)
		return refuse_busy(&job->op, e);
	if (job->is_spec_given && key_spec_name(&job->spec) != NULL &&
	    strcmp(job->row.spec, key_spec_name(&job->spec)) != 0)
		return refuse_other_spec(job, e);
	return refuse_other_slot(job, e);
}

static void key_steps_fill_row(struct key_job *job, const char *id_hex)
{
	struct op *op = &job->op;
	struct key_row *k = &job->row;
	const char *spec = key_spec_name(&job->spec);

	*k = (struct key_row){ .state = "planned", .renews = job->renewed.id };
	(void)snprintf(k->purpose, sizeof(k->purpose), "%s", op->purpose);
	(void)snprintf(k->name, sizeof(k->name), "%s", op->name);
	(void)snprintf(k->device, sizeof(k->device), "%s", op->device);
	(void)snprintf(k->spec, sizeof(k->spec), "%s", spec != NULL ? spec : "other");
	(void)snprintf(k->location.cka_id, sizeof(k->location.cka_id), "%s", id_hex);
	(void)snprintf(k->location.label, sizeof(k->location.label), "%s", op->name);
	(void)snprintf(k->location.token_label, sizeof(k->location.token_label), "%s", job->card_info.label);
	(void)snprintf(k->location.token_serial, sizeof(k->location.token_serial), "%s", job->card_info.serial);
	(void)snprintf(
	    k->location.token_manufacturer, sizeof(k->location.token_manufacturer), "%s", job->card_info.manufacturer);
	(void)snprintf(k->location.token_model, sizeof(k->location.token_model), "%s", job->card_info.model);
	(void)snprintf(
	    k->location.module_path, sizeof(k->location.module_path), "%s", module_get_info(job->card_module)->path);
}

static int plan_location(struct key_job *job, struct err *e)
{
	char id[129];

	if (key_location_choose(id, job, e) < 0)
		return -1;
	key_steps_fill_row(job, id);
	return 0;
}

static int plan_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	if (op_card_open(job, e) < 0 || load_key(job, e) < 0)
		return -1;
	if (strcmp(job->op.purpose, "root") == 0 && root_check_hardware(job, e) < 0)
		return -1;
	if (job->row.id != 0) {
		*out = STEP_DONE;
		return 0;
	}
	if (card_refuse_other(job, e) < 0)
		return -1;
	if (job->existing_id != NULL) {
		key_steps_fill_row(job, job->existing_id);
		return 0;
	}
	if (token_check_can(job->card, &job->spec, true, e) < 0)
		return err_while(e, "checking whether token '%s' can generate the key", job->card_info.label);
	return plan_location(job, e);
}

static int plan_run(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;

	if ((job->existing_id != NULL ? op_card_login(job, e) : op_card_login_to_fill(job, e)) < 0)
		return -1;
	/* A ledger is created only when there is something to record, not when the command is refused. */
	if (strcmp(op->purpose, "root") == 0 && pki_use_ledger(op->pki, LEDGER_CREATE, job->is_test, e) < 0)
		return -1;
	return key_ledger(job) == NULL ? 0 : ledger_key_plan(op->pki->ledger, &job->row, e);
}

struct key_shown {
	const char *key, *id;
	const void *token;           /* struct token_ref */
	const char *label;
};
const struct out_field key_shown_fields[] = {
	{ OUT_TEXT("key_type", "Key", struct key_shown, key), .help = "type of the key to be generated" },
	{ OUT_TEXT("cka_id", "  CKA_ID", struct key_shown, id),
	    .help = "of the slot, or drawn again for the real run" },
	{ OUT_OBJECT("token", "  on token", struct key_shown, token, token_ref_by_uri), .help = "where it will be" },
	{ OUT_TEXT("label", "  label", struct key_shown, label), .help = "CKA_LABEL" },
	{ .key = NULL },
};

static int plan_show(const struct key_job *job, struct out *o, struct err *e)
{
	const struct token_ref token = token_ref_of_info(&job->card_info);
	const struct key_shown s = { job->row.spec,
		job->existing_id != NULL     ? job->existing_id
		: token_has_slots(job->card) ? job->row.location.cka_id
					     : "(random)",
		&token, job->row.location.label };

	return out_record(o, "key", key_shown_fields, &s, e);
}

static int generate_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	(void)e;
	*out = job->row.id != 0 && !key_is(&job->row, KEY_PLANNED) ? STEP_DONE : STEP_PENDING;
	return 0;
}

/* A refused key stays refused: its name is freed, and the same command makes another key. */
static int give_up(struct key_job *job, struct err *e)
{
	struct err inner = ERR_INIT;

	if (key_ledger(job) != NULL &&
	    ledger_key_orphan(job->op.pki->ledger, job->row.id, e->code != NULL ? e->code : "refused", &inner) < 0)
		(void)err_also(e, &inner);
	return -1;
}

/*
 * If the token has just made a key that anybody could compute, or another key than requested, the key becomes an
 * orphan: the name is freed, and `p11ca token clean` may remove the key.
 */
static int keep_sound(struct key_job *job, struct err *e)
{
	return op_judge_key(job, true, e) < 0 ? give_up(job, e) : 0;
}

static int record_made(struct key_job *job, struct err *e)
{
	if (op_know_key(job, e) < 0)
		return -1;
	(void)snprintf(job->row.state, sizeof(job->row.state), "%s", key_state_word(KEY_MADE));
	if (key_ledger(job) == NULL ||
	    ledger_key_made(job->op.pki->ledger, job->row.id, job->row.location.cka_id, buf_bytes(&job->spki), e) == 0)
		return 0;
	return e->code != NULL && strcmp(e->code, "key-recorded") == 0 ? give_up(job, e) : -1;
}

static int key_steps_take_key(struct key_job *job, struct err *e)
{
	bool taken = true;

	if (key_ledger(job) != NULL && ledger_key_take(&taken, job->op.pki->ledger, job->row.id, e) < 0)
		return -1;
	job->row.is_writer_dead = false;
	return taken ? 0 : refuse_busy(&job->op, e);
}

/* *found: both halves of the planned key exist, made by a run that died after generating. */
static int find_made(struct key_job *job, bool *found, struct err *e)
{
	struct key_ref key;

	*found = false;
	job->spki.len = 0;
	if (token_find_key(&key, job->card, job->row.location.cka_id, e) < 0 ||
	    token_read_spki(&job->spki, job->card, job->row.location.cka_id, e) < 0)
		return e->status == ERR_NOT_FOUND ? 0 : -1;
	*found = true;
	return 0;
}

/* The ledger's key must satisfy the same rules as a root's, because checkpoints depend on it. */
static enum proof proof_for(const struct key_job *job)
{
	if (job->existing_id != NULL)
		return PROOF_AUDIT; /* another program made the key: further allowed uses cause a warning */
	return strcmp(job->op.purpose, "client") == 0 ? PROOF_CARD : PROOF_ROOT;
}

/* Every key that is proved here then signs a request or a certificate. */
static int expect_proof(struct key_job *job, struct err *e)
{
	if (token_expect_signatures(job->card, job->row.location.cka_id, 2, e) == 0)
		return 0;
	return e->status == ERR_NOT_FOUND ? 0 : -1; /* the proof reports a missing half more precisely */
}

/*
 * *whole: the key found can sign. A token that was stopped while it made the key may show both halves of a key that
 * never can; another failure of the token says nothing about the key.
 */
static int check_whole(struct key_job *job, bool *whole, struct err *e)
{
	struct err why = ERR_INIT;

	*whole = expect_proof(job, &why) == 0 && op_prove_key(job, proof_for(job), &why) == 0;
	if (*whole)
		return 0;
	job->spki.len = 0;
	if (token_key_is_broken(&why))
		return 0;
	*e = why;
	return -1;
}

/*
 * A planned key of an earlier run: if the key is complete, it is used; otherwise the plan is closed and a new key
 * planned. Halves stay on the token for `p11ca token clean`, which asks before it destroys.
 */
static int take_over(struct key_job *job, bool *found, struct err *e)
{
	struct op *op = &job->op;

	if (key_steps_take_key(job, e) < 0 || find_made(job, found, e) < 0 ||
	    (*found && (keep_sound(job, e) < 0 || check_whole(job, found, e) < 0)))
		return -1;
	if (*found)
		return 0;
	if (ledger_key_orphan(op->pki->ledger, job->row.id, "its generation was interrupted", e) < 0 ||
	    plan_location(job, e) < 0 || ledger_key_plan(op->pki->ledger, &job->row, e) < 0)
		return -1;
	if (job->root.row.id == 0 || strcmp(op->purpose, "root") != 0)
		return 0;
	job->root.row.key_id = job->row.id;
	return ledger_root_plan(op->pki->ledger, &job->root.row, e); /* the name of an orphan is free */
}

static int use_existing(struct key_job *job, struct err *e)
{
	struct spki_facts facts;
	bool found;

	if (find_made(job, &found, e) < 0)
		return -1;
	if (!found) {
		(void)err_set(e, ERR_NOT_FOUND, "token '%s' has no key pair with CKA_ID %s", job->card_info.label,
		    job->existing_id);
		e->hint = "see `p11ca token show` for the keys that are there";
		return -1;
	}
	if (spki_read(&facts, buf_bytes(&job->spki), e) < 0)
		return -1;
	(void)snprintf(job->row.spec, sizeof(job->row.spec), "%s", facts.name);
	return record_made(job, e);
}

static int generate_run(struct key_job *job, struct err *e)
{
	struct key_plan plan = { .spec = job->spec, .replace = job->replace_key };
	char id[sizeof(plan.id)];
	bool found = false;

	if (job->existing_id != NULL || job->row.is_writer_dead) {
		if (op_card_login(job, e) < 0)
			return -1;
		if (job->existing_id != NULL)
			return use_existing(job, e);
		if (take_over(job, &found, e) < 0)
			return -1;
	}
	if (found)
		return record_made(job, e);
	if (op_card_login_to_fill(job, e) < 0)
		return -1;
	plan.label = job->row.location.label;
	(void)snprintf(plan.id, sizeof(plan.id), "%s", job->row.location.cka_id);
	if (token_generate(job->card, &plan, id, &job->spki, e) < 0)
		return err_while(e, "generating the key of '%s'", job->op.name);
	(void)snprintf(
	    job->row.location.cka_id, sizeof(job->row.location.cka_id), "%s", id); /* a token may choose another id */
	return keep_sound(job, e) < 0 || record_made(job, e) < 0 ? -1 : key_location_taken(job, e);
}

static int prove_probe(struct key_job *job, enum step_state *out, struct err *e)
{
	(void)e;
	*out = job->row.id != 0 && key_is(&job->row, KEY_PROVED) ? STEP_DONE : STEP_PENDING;
	return 0;
}

static int prove_run(struct key_job *job, struct err *e)
{
	const struct key_evidence *ev = &job->row.evidence;

	if (op_card_login(job, e) < 0 || (job->row.is_writer_dead && key_steps_take_key(job, e) < 0) ||
	    expect_proof(job, e) < 0)
		return -1;
	if (op_prove_key(job, proof_for(job), e) < 0)
		return token_key_is_refused(e) ? give_up(job, e) : -1;
	(void)snprintf(job->row.state, sizeof(job->row.state), "%s", key_state_word(KEY_PROVED));
	job->row.proved_at = ev->time;
	if (key_ledger(job) == NULL)
		return 0;
	return ledger_key_proved(job->op.pki->ledger, job->row.id, ev, e);
}

/* Asks the token again, because the ledger's record of the key may be outdated. */
static int prove_check(struct key_job *job, struct err *e)
{
	return op_card_login(job, e) < 0 ? -1 : op_check_key(job, proof_for(job), e);
}

const struct key_job_step step_plan_key = { STEP_OF(key_job, "plan the key"), .probe = plan_probe, .show = plan_show,
	.run = plan_run };
const struct key_job_step step_generate_key = { STEP_OF(key_job, "generate the key"), .probe = generate_probe,
	.run = generate_run };
const struct key_job_step step_prove_key = { STEP_OF(key_job, "prove the key"), .probe = prove_probe, .run = prove_run,
	.check = prove_check };
