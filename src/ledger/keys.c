/* SPDX-License-Identifier: MIT */
/* keys.c - records keys: planned, made, proved, or an orphan. */
#include "ledger/internal.h"

#include <string.h>

#include "util/array.h"
#include "util/unicode.h"

#define NOT_ORPHAN "state <> 'orphan'"

static void keys_object_of(char out[OBJECT_MAX], const struct key_record *key)
{
	(void)snprintf(out, OBJECT_MAX, "%s key %.120s", key->row.purpose, key->row.name);
}

static bool keys_is_unfinished(const struct key_row *row)
{
	return key_is_in(row, STATE_SET(KEY_PLANNED) | STATE_SET(KEY_MADE));
}

static int keys_read_key(struct key_record *out, struct ledger *l, const struct query *q, struct err *e)
{
	*out = (struct key_record){ 0 };
	if (row_read(&out->row.id, out, q, &keys_table, e) < 0)
		return -1;
	out->row.is_writer_dead = keys_is_unfinished(&out->row) && writer_is_dead(l, out->writer);
	return 0;
}

/* Reads the first row, if any; spki (may be NULL) is appended to. */
static int keys_find_key(struct key_record *out, bool *found, struct buf *spki, struct ledger *l,
    const struct row_filter *filter, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &keys_table, filter, e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	*found = r > 0;
	if (r == 0)
		return 0;
	if (keys_read_key(out, l, &q, e) < 0 || (spki != NULL && buf_add(spki, out->spki.data, out->spki.len, e) < 0))
		return -1;
	out->spki = (struct bytes){ 0 };
	return 0;
}

static int keys_load(struct key_record *out, struct buf *spki, struct ledger *l, int64_t id, struct err *e)
{
	bool found;

	if (keys_find_key(out, &found, spki, l, FILTER("WHERE id = ?1", v_int(id)), e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_NOT_FOUND, "the ledger has no key %lld", (long long)id);
}

int key_load(struct key_record *out, struct ledger *l, int64_t id, struct err *e)
{
	return keys_load(out, NULL, l, id, e);
}

/* A suspended certificate can become valid again, and one in state unknown may exist: both keep their key in use. */
int ledger_key_is_retired(bool *out, struct ledger *l, int64_t id, struct err *e)
{
	static const char sql[] =
	    "SELECT ifnull(sum(c.key_id = k.id), 0), ifnull(sum(NOT ("
	    "  (c.state = 'revoked' AND c.revoke_reason <> '" REVOKE_HOLD "')"
	    "  OR (c.state = 'issued' AND c.not_after < ?2))), 0)"
	    " FROM keys k JOIN certificates c ON c.name_key = k.name_key AND c.device_key = k.device_key"
	    " WHERE k.id = ?1 AND c.is_root = 0 AND c.state <> 'void'";
	AUTO_VALUE(query) q = { 0 };

	if (db_query(&q, &l->db, sql, e, ARGS(v_int(id), v_int(clock_now(l->o.clock)))) < 0 || db_next(&q, e) < 0)
		return -1;
	*out = sqlite3_column_int64(q.stmt, 0) > 0 && sqlite3_column_int64(q.stmt, 1) == 0;
	return 0;
}

static int keys_refuse_second(struct ledger *l, const struct key_row *row, struct err *e)
{
	const struct key_query same = { row->purpose, row->name, row->device };
	struct key_row other;
	bool found, retired = false;

	if (row->renews != 0) {
		if (ledger_key_find_renewal(&other, &found, l, row->renews, e) < 0)
			return -1;
	} else if (ledger_key_find_for(&other, &found, l, &same, e) < 0) {
		return -1;
	}
	if (found && row->renews == 0 && strcmp(row->purpose, "client") == 0 &&
	    ledger_key_is_retired(&retired, l, other.id, e) < 0)
		return -1;
	if (!found || retired)
		return 0;
	(void)err_set(e, ERR_POLICY, "another p11ca process is creating the %s key '%.120s'", row->purpose, row->name);
	e->code = "operation-running";
	e->hint = "when that process has ended, run the command again: it resumes";
	return -1;
}

int ledger_key_plan(struct ledger *l, struct key_row *row, struct err *e)
{
	struct key_record key = { .row = *row };
	struct fact facts[COLS_MAX];
	AUTO_VALUE(txn) t = { 0 };
	char object[OBJECT_MAX];
	int64_t id;

	memset(&key.row.evidence, 0, sizeof(key.row.evidence));
	(void)snprintf(key.row.state, sizeof(key.row.state), "%s", key_state_word(KEY_PLANNED));
	(void)snprintf(key.writer, sizeof(key.writer), "%s", l->writer);
	key.row.spki_sha256[0] = key.row.key_sha256[0] = '\0';
	key.row.planned_at = clock_now(l->o.clock);
	key.row.proved_at = 0;
	keys_object_of(object, &key);
	if (txn_begin(&t, l, e) < 0 || keys_refuse_second(l, row, e) < 0 ||
	    row_write(&id, l, &(struct change){ &keys_table, 0, "key-planned", object }, e, facts,
		row_facts(facts, &keys_table, &key, true)) < 0 ||
	    txn_commit(&t, e) < 0)
		return -1;
	*row = key.row;
	row->id = id;
	return 0;
}

/* Loads the key for a change: it must be in one of the set of states, and no other process may work on it. */
static int keys_load_in_state(struct key_record *key, char object[OBJECT_MAX], struct ledger *l, int64_t id,
    unsigned states, struct err *e)
{
	char words[STATE_WORDS];

	if (key_load(key, l, id, e) < 0)
		return -1;
	keys_object_of(object, key);
	if (!key_is_in(&key->row, states)) {
		key_state_words(words, states);
		return err_set(e, ERR_LEDGER, "the %s is %s, which is not one of: %s", object, key->row.state, words);
	}
	return keys_is_unfinished(&key->row) ? writer_may_finish(l, key->writer, object, e) : 0;
}

static int change_key(struct ledger *l, const struct state_change *c, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct key_record key;
	char object[OBJECT_MAX];

	if (txn_begin(&t, l, e) < 0 || keys_load_in_state(&key, object, l, c->id, c->states, e) < 0 ||
	    row_write(NULL, l, &(struct change){ &keys_table, c->id, c->kind, object }, e, c->facts, c->n_facts) < 0)
		return -1;
	return txn_commit(&t, e);
}

int key_refuse_recorded(struct ledger *l, const char *key_sha256, struct err *e)
{
	struct key_row other;
	bool found;

	if (ledger_key_find(&other, &found, l, key_sha256, e) < 0)
		return -1;
	if (!found)
		return 0;
	(void)err_set(e, ERR_POLICY, "the ledger already has this key: %s key '%.120s'", other.purpose, other.name);
	e->code = "key-recorded";
	e->hint = "use the recorded key";
	return -1;
}

int ledger_key_made(struct ledger *l, int64_t id, const char *cka_id, struct bytes spki, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct key_record key;
	char object[OBJECT_MAX], hash[SHA256_HEX], value[SHA256_HEX];
	struct fact derived = FACT("key_sha256", v_text(value));

	derived.is_default = true; /* the value follows from spki, whose hash is in the event */
	if (hash_sha256_hex(hash, spki, e) < 0 || value_of_spki(value, l, spki, e) < 0 || txn_begin(&t, l, e) < 0 ||
	    keys_load_in_state(&key, object, l, id, STATE_SET(KEY_PLANNED), e) < 0 ||
	    key_refuse_recorded(l, value, e) < 0 ||
	    row_write(NULL, l, &(struct change){ &keys_table, id, "key-made", object }, e,
		FACTS(FACT("state", v_text(key_state_word(KEY_MADE))), FACT("cka_id", v_text(cka_id)),
		    FACT("spki_sha256", v_text(hash)), FACT("spki", v_blob(spki)), derived)) < 0)
		return -1;
	return txn_commit(&t, e);
}

size_t key_proof_facts(struct fact facts[PROOF_FACTS], const struct ledger *l, const struct key_evidence *v)
{
	const struct fact all[PROOF_FACTS] = {
		FACT("state", v_text(key_state_word(KEY_PROVED))),
		FACT("proved_at", v_int(clock_now(l->o.clock))),
#define EVIDENCE(member, key, text) FACT(#member, v_text(evidence_text(v->member))),
#include "model/evidence.def"
#undef EVIDENCE
		FACT("is_challenge_signed", v_int(v->is_challenge_signed)),
		FACT("proof_module_path", v_text(v->module_path)),
		FACT("proof_module_name", v_text(v->module_name)),
		FACT("proof_at", v_int(v->time)),
	};

	memcpy(facts, all, sizeof(all));
	return PROOF_FACTS;
}

int ledger_key_proved(struct ledger *l, int64_t id, const struct key_evidence *v, struct err *e)
{
	struct fact facts[PROOF_FACTS];

	return change_key(l,
	    &(struct state_change){ id, STATE_SET(KEY_MADE) | STATE_SET(KEY_PROVED), "key-proved",
		facts, key_proof_facts(facts, l, v) }, e);
}

int ledger_key_orphan(struct ledger *l, int64_t id, const char *why, struct err *e)
{
	return change_key(l,
	    &(struct state_change){ id, STATE_SET(KEY_PLANNED) | STATE_SET(KEY_MADE), "key-orphaned",
		FACTS(FACT("state", v_text(key_state_word(KEY_ORPHAN))), EXTRA("why", v_text(why))) }, e);
}

int ledger_key_replaced(struct ledger *l, int64_t id, struct err *e)
{
	return change_key(l,
	    &(struct state_change){ id, STATE_SET(KEY_PLANNED) | STATE_SET(KEY_MADE) | STATE_SET(KEY_PROVED),
		"key-replaced",
		FACTS(FACT("state", v_text(key_state_word(KEY_ORPHAN)))) }, e);
}

int ledger_key_attached(struct ledger *l, int64_t id, const struct key_location *p, const struct key_evidence *v,
    struct err *e)
{
	struct fact facts[PROOF_FACTS + 7];
	const struct fact place[] = { FACT("module_path", v_text(p->module_path)),
		FACT("token_label", v_text(p->token_label)), FACT("token_serial", v_text(p->token_serial)),
		FACT("token_manufacturer", v_text(p->token_manufacturer)), FACT("token_model", v_text(p->token_model)),
		FACT("cka_id", v_text(p->cka_id)), FACT("label", v_text(p->label)) };
	const size_t n = key_proof_facts(facts, l, v);

	memcpy(facts + n, place, sizeof(place));
	return change_key(l,
	    &(struct state_change){ id, STATE_SET(KEY_PROVED), "key-attached", facts, n + ARRAY_LEN(place) }, e);
}

int ledger_key_take(bool *taken, struct ledger *l, int64_t id, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct key_record key;
	char object[OBJECT_MAX];

	if (txn_begin(&t, l, e) < 0 || key_load(&key, l, id, e) < 0)
		return -1;
	*taken = key.row.is_writer_dead;
	if (!*taken)
		return 0;
	keys_object_of(object, &key);
	if (row_write(NULL, l, &(struct change){ &keys_table, id, "key-taken", object }, e,
		FACTS(FACT("writer", v_text(l->writer)))) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_key_get(struct key_row *out, struct ledger *l, int64_t id, struct err *e)
{
	struct key_record key;

	if (key_load(&key, l, id, e) < 0)
		return -1;
	*out = key.row;
	return 0;
}

static int keys_find_row(struct key_row *out, bool *found, struct ledger *l, const struct row_filter *filter,
    struct err *e)
{
	struct key_record key;

	if (keys_find_key(&key, found, NULL, l, filter, e) < 0)
		return -1;
	if (*found)
		*out = key.row;
	return 0;
}

int ledger_key_find(struct key_row *out, bool *found, struct ledger *l, const char *key_sha256, struct err *e)
{
	return keys_find_row(out, found, l,
	    FILTER("WHERE key_sha256 = ?1 AND key_sha256 <> '' AND " NOT_ORPHAN, v_text(key_sha256)), e);
}

int ledger_key_find_for(struct key_row *out, bool *found, struct ledger *l, const struct key_query *q, struct err *e)
{
	/* names of roots and ledgers are compared exactly */
	static const char sql[] =
	    "WHERE name_key = ?2 AND device_key = ?3 AND purpose = ?1 AND (purpose = 'client' OR name = ?4)"
	    " AND " NOT_ORPHAN " AND (renews IS NULL OR EXISTS"
	    " (SELECT 1 FROM certificates c WHERE c.key_id = keys.id AND c.state IN ('issued', 'revoked')))"
	    " ORDER BY id DESC LIMIT 1";
	char key_of_name[NAME_KEY_MAX], key_of_device[NAME_KEY_MAX];

	if (name_key(key_of_name, q->name, e) < 0 || name_key(key_of_device, q->device, e) < 0)
		return -1;
	return keys_find_row(out, found, l,
	    FILTER(sql, v_text(q->purpose), v_text(key_of_name), v_text(key_of_device), v_text(q->name)), e);
}

int ledger_key_find_renewal(struct key_row *out, bool *found, struct ledger *l, int64_t cert_id, struct err *e)
{
	static const char sql[] =
	    "WHERE renews = ?1 AND " NOT_ORPHAN " AND NOT EXISTS"
	    " (SELECT 1 FROM certificates c WHERE c.key_id = keys.id AND c.state = 'revoked') ORDER BY id DESC LIMIT 1";

	return keys_find_row(out, found, l, FILTER(sql, v_int(cert_id)), e);
}

int ledger_card_serial(char out[17], struct ledger *l, const char *card, struct err *e)
{
	static const char sql[] =
	    "SELECT count(DISTINCT token_serial), ifnull(max(token_serial), ''),"
	    " ifnull(group_concat(DISTINCT token_serial), '')"
	    " FROM keys WHERE token_label = ?1 AND NOT EXISTS (SELECT 1 FROM keys k WHERE k.token_serial = ?1)";
	AUTO_VALUE(query) q = { 0 };

	if (db_query(&q, &l->db, sql, e, ARGS(v_text(card))) < 0 || db_next(&q, e) < 0)
		return -1;
	if (sqlite3_column_int64(q.stmt, 0) > 1) {
		(void)err_set(e, ERR_NOT_FOUND, "several tokens have the label '%.32s'", card);
		(void)err_cause(e, "serial numbers %.200s", (const char *)sqlite3_column_text(q.stmt, 2));
		return err_rule(e, "token-ambiguous", "give the serial number of one token");
	}
	if (sqlite3_column_int64(q.stmt, 0) == 1)
		return db_text(out, 17, &q, 1, e);
	if (strlen(card) > 16) {
		(void)err_set(e, ERR_NOT_FOUND, "no token in the ledger has the label or serial number '%.64s'", card);
		return err_rule(e, "token-not-found", "`p11ca client list` lists the tokens of the clients");
	}
	(void)snprintf(out, 17, "%s", card);
	return 0;
}

int ledger_key_spki(struct buf *out, struct ledger *l, int64_t id, struct err *e)
{
	struct key_record key;

	return keys_load(&key, out, l, id, e);
}

int ledger_each_key(struct ledger *l, key_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	struct key_record key;
	int r;

	if (row_query(&q, l, &keys_table, FILTER_ONLY("ORDER BY id"), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (keys_read_key(&key, l, &q, e) < 0 || fn(&key.row, arg, e) < 0)
			return -1;
	}
	return r;
}
