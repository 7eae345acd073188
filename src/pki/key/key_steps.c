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
#include "util/text.h"
#include "x509/key/spki.h"

static int has_key(const struct op *op, const char *client_hint, const char *root_hint, struct err *e)
{
	const bool is_root = strcmp(op->purpose, "root") == 0;

	return err_rule(e, is_root ? "root-has-key" : "client-has-key", is_root ? root_hint : client_hint);
}

static int refuse_other_token(const struct op *op, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%s' has a %s key on token '%s', serial %s", op->name, op->key.state,
	    op->key.location.token_label, op->key.location.token_serial);
	if (key_location_seems_here(op))
		(void)err_cause(e, "this token looks the same, but does not hold that key");
	return has_key(op, "name that token, or give this one a name of its own with --device",
	    "name that token, or choose another name; `p11ca root attach` records a second token with the same key", e);
}

static int refuse_other_spec(const struct op *op, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%s' has a %s key of kind %s already", op->name, op->key.state, op->key.spec);
	return has_key(op, "run the command again without --key", "run the command again without --key", e);
}

static int refuse_busy(const struct op *op, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "another p11ca is making the key of '%s' right now", op->name);
	e->code = "operation-running";
	e->hint = "wait for it to end, then run the command again";
	return -1;
}

/*
 * The ledger records only keys that p11ca makes. An existing key (existing_id) belongs to somebody; if it were
 * recorded and became an orphan, `token clean` would destroy it.
 */
static struct ledger *key_ledger(const struct op *op)
{
	return op->existing_id == NULL ? op->pki->ledger : NULL;
}

/* A renewal uses a new key, or the key of the renewed certificate. */
static int key_steps_find_row(struct op *op, bool *found, struct err *e)
{
	*found = true;
	if (op->renewed.id == 0)
		return ledger_key_find_for(&op->key, found, op->pki->ledger,
		    &(struct key_query){ op->purpose, op->name, op->device }, e);
	if (op->same_key)
		return ledger_key_get(&op->key, op->pki->ledger, op->renewed.key_id, e);
	return ledger_key_find_renewal(&op->key, found, op->pki->ledger, op->renewed.id, e);
}

/* The ledger's key of this name, whose state decides which steps remain. */
static int refuse_other_slot(const struct op *op, struct err *e)
{
	char id[129];

	if (op->slot == NULL)
		return 0;
	if (token_slot_id(id, op->card, op->slot, e) < 0)
		return -1;
	if (strcmp(id, op->key.location.cka_id) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "'%s' has a %s key with the id %s on this token already", op->name, op->key.state,
	    op->key.location.cka_id);
	return err_rule(e, "client-has-key", "run the command again without --slot");
}

static int load_key(struct op *op, struct err *e)
{
	bool found = false, on_card;

	if (key_ledger(op) == NULL || op->key.id != 0)
		return 0;
	if (key_steps_find_row(op, &found, e) < 0)
		return -1;
	if (!found) {
		op->key = (struct key_row){ .id = 0 };
		return 0;
	}
	op->spki.len = 0;
	if (!key_is(&op->key, KEY_PLANNED) && ledger_key_spki(&op->spki, op->pki->ledger, op->key.id, e) < 0)
		return -1;
	if (key_location_is_here(&on_card, op, buf_bytes(&op->spki), e) < 0)
		return -1;
	if (!on_card)
		return refuse_other_token(op, e);
	if (!key_is(&op->key, KEY_PROVED) && !op->key.is_writer_dead)
		return refuse_busy(op, e);
	if (op->is_spec_given && key_spec_name(&op->spec) != NULL &&
	    strcmp(op->key.spec, key_spec_name(&op->spec)) != 0)
		return refuse_other_spec(op, e);
	return refuse_other_slot(op, e);
}

static void key_steps_fill_row(struct op *op, const char *id_hex)
{
	struct key_row *k = &op->key;
	const char *spec = key_spec_name(&op->spec);

	*k = (struct key_row){ .state = "planned", .renews = op->renewed.id };
	(void)snprintf(k->purpose, sizeof(k->purpose), "%s", op->purpose);
	(void)snprintf(k->name, sizeof(k->name), "%s", op->name);
	(void)snprintf(k->device, sizeof(k->device), "%s", op->device);
	(void)snprintf(k->spec, sizeof(k->spec), "%s", spec != NULL ? spec : "other");
	(void)snprintf(k->location.cka_id, sizeof(k->location.cka_id), "%s", id_hex);
	(void)snprintf(k->location.label, sizeof(k->location.label), "%s", op->name);
	(void)snprintf(k->location.token_label, sizeof(k->location.token_label), "%s", op->card_info.label);
	(void)snprintf(k->location.token_serial, sizeof(k->location.token_serial), "%s", op->card_info.serial);
	(void)snprintf(k->location.token_manufacturer, sizeof(k->location.token_manufacturer), "%s",
	    op->card_info.manufacturer);
	(void)snprintf(k->location.token_model, sizeof(k->location.token_model), "%s", op->card_info.model);
	(void)snprintf(k->location.module_path, sizeof(k->location.module_path), "%s",
	    module_get_info(op->card_module)->path);
}

static int plan_location(struct op *op, struct err *e)
{
	char id[129];

	if (key_location_choose(id, op, e) < 0)
		return -1;
	key_steps_fill_row(op, id);
	return 0;
}

static int plan_probe(struct op *op, enum step_state *out, struct err *e)
{
	if (op_card_open(op, e) < 0 || load_key(op, e) < 0)
		return -1;
	if (strcmp(op->purpose, "root") == 0 && root_check_hardware(op, e) < 0)
		return -1;
	if (op->key.id != 0) {
		*out = STEP_DONE;
		return 0;
	}
	if (card_refuse_other(op, e) < 0)
		return -1;
	if (op->existing_id != NULL) {
		key_steps_fill_row(op, op->existing_id);
		return 0;
	}
	if (token_check_can(op->card, &op->spec, true, e) < 0)
		return err_while(e, "looking whether token '%s' can make the key", op->card_info.label);
	return plan_location(op, e);
}

static int plan_run(struct op *op, struct err *e)
{
	if ((op->existing_id != NULL ? op_card_login(op, e) : op_card_login_to_fill(op, e)) < 0)
		return -1;
	/* A ledger is created only when there is something to record, not when the command is refused. */
	if (strcmp(op->purpose, "root") == 0 && pki_use_ledger(op->pki, LEDGER_CREATE, op->is_test, e) < 0)
		return -1;
	return key_ledger(op) == NULL ? 0 : ledger_key_plan(op->pki->ledger, &op->key, e);
}

struct key_shown {
	const char *key, *id, *token, *label;
};
const struct out_field key_shown_fields[] = {
	{ OUT_TEXT("key", "Key", struct key_shown, key), .help = "kind of key that will be made" },
	{ OUT_TEXT("id", "  CKA_ID", struct key_shown, id), .help = "of the slot, or drawn again for the real run" },
	{ OUT_TEXT("token", "  on token", struct key_shown, token), .help = "URI" },
	{ OUT_TEXT("label", "  label", struct key_shown, label), .help = "CKA_LABEL" },
	{ .key = NULL },
};

static int plan_show(const struct op *op, struct out *o, struct err *e)
{
	const struct key_shown s = { op->key.spec, op->existing_id != NULL ? op->existing_id :
		token_has_slots(op->card) ? op->key.location.cka_id : "(random)",
		op->card_info.uri, op->key.location.label };

	return out_record(o, "key", key_shown_fields, &s, e);
}

static int generate_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)e;
	*out = op->key.id != 0 && !key_is(&op->key, KEY_PLANNED) ? STEP_DONE : STEP_TODO;
	return 0;
}

/* A refused key stays refused: its name is freed, and the same command makes another key. */
static int give_up(struct op *op, struct err *e)
{
	struct err inner = ERR_INIT;

	if (key_ledger(op) != NULL &&
	    ledger_key_orphan(op->pki->ledger, op->key.id, e->code != NULL ? e->code : "refused", &inner) < 0)
		(void)err_also(e, &inner);
	return -1;
}

/*
 * If the token has just made a key that anybody could compute, or another key than requested, the key becomes an
 * orphan: the name is freed, and `p11ca token clean` may remove the key.
 */
static int keep_sound(struct op *op, struct err *e)
{
	return op_judge_key(op, true, e) < 0 ? give_up(op, e) : 0;
}

static int record_made(struct op *op, struct err *e)
{
	if (op_know_key(op, e) < 0)
		return -1;
	(void)snprintf(op->key.state, sizeof(op->key.state), "%s", key_state_word(KEY_MADE));
	if (key_ledger(op) == NULL ||
	    ledger_key_made(op->pki->ledger, op->key.id, op->key.location.cka_id, buf_bytes(&op->spki), e) == 0)
		return 0;
	return e->code != NULL && strcmp(e->code, "key-recorded") == 0 ? give_up(op, e) : -1;
}

static int key_steps_take_key(struct op *op, struct err *e)
{
	bool taken = true;

	if (key_ledger(op) != NULL && ledger_key_take(&taken, op->pki->ledger, op->key.id, e) < 0)
		return -1;
	op->key.is_writer_dead = false;
	return taken ? 0 : refuse_busy(op, e);
}

/* *found: both halves of the planned key exist, made by a run that died after generating. */
static int find_made(struct op *op, bool *found, struct err *e)
{
	struct key_ref key;

	*found = false;
	op->spki.len = 0;
	if (token_find_key(&key, op->card, op->key.location.cka_id, e) < 0 ||
	    token_read_spki(&op->spki, op->card, op->key.location.cka_id, e) < 0)
		return e->status == ERR_NOT_FOUND ? 0 : -1;
	*found = true;
	return 0;
}

/* The ledger's key must satisfy the same rules as a root's, because checkpoints depend on it. */
static enum proof proof_for(const struct op *op)
{
	if (op->existing_id != NULL)
		return PROOF_AUDIT; /* another program made the key: further allowed uses cause a warning */
	return strcmp(op->purpose, "client") == 0 ? PROOF_CARD : PROOF_ROOT;
}

/* Every key that is proved here then signs a request or a certificate. */
static int expect_proof(struct op *op, struct err *e)
{
	if (token_expect_signatures(op->card, op->key.location.cka_id, 2, e) == 0)
		return 0;
	return e->status == ERR_NOT_FOUND ? 0 : -1; /* the proof reports a missing half more precisely */
}

/*
 * *whole: the key found can sign. A token that was stopped while it made the key may show both halves of a key that
 * never can; another failure of the token says nothing about the key.
 */
static int check_whole(struct op *op, bool *whole, struct err *e)
{
	struct err why = ERR_INIT;

	*whole = expect_proof(op, &why) == 0 && op_prove_key(op, proof_for(op), &why) == 0;
	if (*whole)
		return 0;
	op->spki.len = 0;
	if (token_key_is_broken(&why))
		return 0;
	*e = why;
	return -1;
}

/*
 * A planned key of an earlier run: if the key is complete, it is used; otherwise the plan is closed and a new key
 * planned. Halves stay on the token for `p11ca token clean`, which asks before it destroys.
 */
static int take_over(struct op *op, bool *found, struct err *e)
{
	if (key_steps_take_key(op, e) < 0 || find_made(op, found, e) < 0 ||
	    (*found && (keep_sound(op, e) < 0 || check_whole(op, found, e) < 0)))
		return -1;
	if (*found)
		return 0;
	if (ledger_key_orphan(op->pki->ledger, op->key.id, "its generation was interrupted", e) < 0 ||
	    plan_location(op, e) < 0 || ledger_key_plan(op->pki->ledger, &op->key, e) < 0)
		return -1;
	if (op->root.row.id == 0 || strcmp(op->purpose, "root") != 0)
		return 0;
	op->root.row.key_id = op->key.id;
	return ledger_root_plan(op->pki->ledger, &op->root.row, e); /* the name of an orphan is free */
}

static int use_existing(struct op *op, struct err *e)
{
	struct spki_facts facts;
	bool found;

	if (find_made(op, &found, e) < 0)
		return -1;
	if (!found) {
		(void)err_set(e, ERR_NOT_FOUND, "token '%s' has no key pair with the id %s", op->card_info.label,
		    op->existing_id);
		e->hint = "see `p11ca token show` for the keys that are there";
		return -1;
	}
	if (spki_read(&facts, buf_bytes(&op->spki), e) < 0)
		return -1;
	(void)snprintf(op->key.spec, sizeof(op->key.spec), "%s", facts.name);
	return record_made(op, e);
}

static int generate_run(struct op *op, struct err *e)
{
	struct key_plan plan = { .spec = op->spec, .replace = op->replace_key };
	char id[sizeof(plan.id)];
	bool found = false;

	if (op->existing_id != NULL || op->key.is_writer_dead) {
		if (op_card_login(op, e) < 0)
			return -1;
		if (op->existing_id != NULL)
			return use_existing(op, e);
		if (take_over(op, &found, e) < 0)
			return -1;
	}
	if (found)
		return record_made(op, e);
	if (op_card_login_to_fill(op, e) < 0)
		return -1;
	plan.label = op->key.location.label;
	(void)snprintf(plan.id, sizeof(plan.id), "%s", op->key.location.cka_id);
	if (token_generate(op->card, &plan, id, &op->spki, e) < 0)
		return err_while(e, "generating the key of '%s'", op->name);
	(void)snprintf(
	    op->key.location.cka_id, sizeof(op->key.location.cka_id), "%s", id); /* a token may choose another id */
	return keep_sound(op, e) < 0 || record_made(op, e) < 0 ? -1 : key_location_taken(op, e);
}

static int prove_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)e;
	*out = op->key.id != 0 && key_is(&op->key, KEY_PROVED) ? STEP_DONE : STEP_TODO;
	return 0;
}

static int prove_run(struct op *op, struct err *e)
{
	const struct key_evidence *ev = &op->key.evidence;

	if (op_card_login(op, e) < 0 || (op->key.is_writer_dead && key_steps_take_key(op, e) < 0) ||
	    expect_proof(op, e) < 0)
		return -1;
	if (op_prove_key(op, proof_for(op), e) < 0)
		return token_key_is_refused(e) ? give_up(op, e) : -1;
	(void)snprintf(op->key.state, sizeof(op->key.state), "%s", key_state_word(KEY_PROVED));
	op->key.proved_at = ev->time;
	if (key_ledger(op) == NULL)
		return 0;
	return ledger_key_proved(op->pki->ledger, op->key.id, ev, e);
}

/* Asks the token again, because the ledger's record of the key may be outdated. */
static int prove_check(struct op *op, struct err *e)
{
	return op_card_login(op, e) < 0 ? -1 : op_check_key(op, proof_for(op), e);
}

const struct op_step step_plan_key = { STEP_OF(op, "plan the key"), .probe = plan_probe, .show = plan_show,
	.run = plan_run };
const struct op_step step_generate_key = { STEP_OF(op, "generate the key"), .probe = generate_probe,
	.run = generate_run };
const struct op_step step_prove_key = { STEP_OF(op, "prove the key"), .probe = prove_probe, .run = prove_run,
	.check = prove_check };
