/* SPDX-License-Identifier: MIT */
/* key_location.c - see key_location.h. */
#include "pki/key/key_location.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/key/key_check.h"
#include "pki/test_mode.h"
#include "util/text.h"

#define ID_LEN 20

/*
 * A random id that the token does not have. Two random ids of 160 bits never collide; the check is for tokens that
 * shorten ids.
 */
static int key_location_draw(char id[129], struct key_job *job, struct err *e)
{
	const struct draw use = { "CKA_ID", job->op.name,
		{ (const unsigned char *)job->op.device, strlen(job->op.device) } };
	unsigned char raw[ID_LEN];

	if (pki_draw(raw, sizeof(raw), job->op.pki, &use, e) < 0)
		return -1;
	text_hex(id, 129, (struct bytes){ raw, sizeof(raw) });
	return token_check_id_free(job->card, id, e);
}

/* The ledger's keys in this key slot, without the key being made. */
struct tenant {
	struct key_job *job;
	const char *id;
	const char *root;            /* root whose key is in the slot and in use; NULL */
	struct key_row row;          /* the last key found */
	bool has_live;
};

static bool is_here(const struct tenant *t, const struct key_row *row)
{
	const struct token_info *card = &t->job->card_info;

	return strcmp(row->location.cka_id, t->id) == 0 && strcmp(row->location.token_serial, card->serial) == 0 &&
	    strcmp(row->location.token_manufacturer, card->manufacturer) == 0 && !key_is(row, KEY_ORPHAN) &&
	    row->id != t->job->row.id;
}

static int key_location_inspect(const struct key_row *row, void *arg, struct err *e)
{
	struct tenant *t = arg;
	struct cert_query q = { .key_sha256 = row->key_sha256, .live_only = true };
	struct cert_row cert;
	bool found = false;

	if (!is_here(t, row) || row->key_sha256[0] == '\0')
		return 0;
	if (ledger_cert_find(&cert, NULL, &found, t->job->op.pki->ledger, &q, e) < 0)
		return -1;
	if (found || strcmp(row->purpose, "client") != 0) {
		t->row = *row;
		t->has_live = true;
	}
	return 0;
}

static int refuse_in_use(struct key_job *job, const char *id, struct err *e)
{
	struct op *op = &job->op;
	struct tenant t = { .job = job, .id = id };

	if (op->pki->ledger == NULL || ledger_each_key(op->pki->ledger, key_location_inspect, &t, e) < 0)
		return op->pki->ledger == NULL ? 0 : -1;
	if (!t.has_live)
		return 0;
	(void)err_set(e, ERR_POLICY, "slot %s of token '%s' contains the %s key '%s', which is in use", job->slot,
	    job->card_info.label, t.row.purpose, t.row.name);
	return err_rule(e, "key-in-use", "choose another slot; a client's certificate is revoked first: "
	    "`p11ca client revoke`");
}

static int key_location_refuse_occupied(const struct key_job *job, const char *id, struct err *e)
{
	if (token_check_id_free(job->card, id, e) == 0)
		return 0;
	if (e->code != NULL && strcmp(e->code, "id-taken") == 0)
		e->hint = "`p11ca token show` lists the slots; --replace-key destroys the key in the slot permanently";
	return -1;
}

static int take_slot(char id[129], struct key_job *job, struct err *e)
{
	if (job->slot != NULL && token_slot_id(id, job->card, job->slot, e) < 0)
		return -1;
	if (job->slot == NULL && job->row.id != 0)
		(void)snprintf(id, 129, "%s", job->row.location.cka_id);
	else if (job->slot == NULL) {
		(void)err_set(
		    e, ERR_USAGE, "a token of kind %s has slots for keys, and none is named", job->card_info.kind);
		e->hint = "name one with --slot: 9a is for authentication, as a VPN client needs it";
		return -1;
	}
	return job->replace_key ? refuse_in_use(job, id, e) : key_location_refuse_occupied(job, id, e);
}

int key_location_choose(char id[129], struct key_job *job, struct err *e)
{
	if (token_has_slots(job->card))
		return take_slot(id, job, e);
	if (job->slot != NULL)
		return token_slot_id(id, job->card, job->slot, e);
	if (!job->replace_key)
		return key_location_draw(id, job, e);
	return err_set(e, ERR_USAGE, "--replace-key is for tokens that have slots for keys");
}

static int close_row(const struct key_row *row, void *arg, struct err *e)
{
	struct tenant *t = arg;

	if (is_here(t, row) && t->row.id == 0)
		t->row = *row;
	(void)e;
	return 0;
}

int key_location_taken(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;
	struct tenant t = { .job = job, .id = job->row.location.cka_id };

	if (!job->replace_key || op->pki->ledger == NULL)
		return 0;
	do { /* one at a time: rows must not be changed while they are read */
		t.row.id = 0;
		if (ledger_each_key(op->pki->ledger, close_row, &t, e) < 0 ||
		    (t.row.id != 0 && ledger_key_replaced(op->pki->ledger, t.row.id, e) < 0))
			return -1;
	} while (t.row.id != 0);
	return 0;
}

bool key_location_seems_here(const struct key_job *job)
{
	return strcmp(job->row.location.token_serial, job->card_info.serial) == 0 &&
	       strcmp(job->row.location.token_manufacturer, job->card_info.manufacturer) == 0 &&
	       strcmp(job->row.location.token_label, job->card_info.label) == 0;
}

int key_location_is_here(bool *out, struct key_job *job, struct bytes spki, struct err *e)
{
	AUTO_VALUE(buf) there = { 0 };
	struct err why = ERR_INIT;

	*out = key_location_seems_here(job);
	if (!job->card_info.shares_identity || spki.len == 0)
		return 0;
	if (token_read_spki(&there, job->card, job->row.location.cka_id, &why) < 0 && why.status != ERR_NOT_FOUND) {
		*e = why;
		return -1;
	}
	*out = false;
	return there.len == 0 ? 0 : key_is_same(out, buf_bytes(&there), spki, e);
}
