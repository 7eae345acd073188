/* SPDX-License-Identifier: MIT */
/* precedents.c - reads the ledger's facts about a name and a key for which a certificate is requested. */
#include "ledger/internal.h"

#include <string.h>

#include "util/unicode.h"

static bool precedents_is_live(const char *state, int64_t not_after, int64_t now)
{
	return (cert_state_is(state, CERT_SIGNING) || cert_state_is(state, CERT_ISSUED)) && not_after >= now;
}

/* The holder of a compromised private key may not be the client it was made for (RFC 5280, 5.3.1). */
static bool is_compromise(const char *reason)
{
	return strcmp(reason, REVOKE_COMPROMISE) == 0 || strcmp(reason, "cACompromise") == 0;
}

struct certified {               /* one certificate with the key */
	char state[12], reason[24], name[256], device[65];
	char name_key[NAME_KEY_MAX], device_key[NAME_KEY_MAX];
	bool is_root;
	int64_t not_after;
};

static int read_certified(struct certified *c, const struct query *q, struct err *e)
{
	if (db_text(c->state, sizeof(c->state), q, 0, e) < 0 || db_text(c->reason, sizeof(c->reason), q, 1, e) < 0 ||
	    db_text(c->name, sizeof(c->name), q, 2, e) < 0 || db_text(c->device, sizeof(c->device), q, 3, e) < 0)
		return -1;
	c->is_root = sqlite3_column_int64(q->stmt, 4) != 0;
	c->not_after = sqlite3_column_int64(q->stmt, 5);
	return db_text(c->name_key, sizeof(c->name_key), q, 6, e) < 0 ? -1 :
	    db_text(c->device_key, sizeof(c->device_key), q, 7, e);
}

struct subject {                 /* the name and key to be certified */
	const struct cert_row *row;
	char name_key[NAME_KEY_MAX], device_key[NAME_KEY_MAX];
};

/* Names of roots are compared exactly. */
static bool is_subject(const struct subject *s, const struct certified *c)
{
	if (c->is_root != s->row->is_root)
		return false;
	return c->is_root ? strcmp(c->name, s->row->name) == 0 :
	    strcmp(c->name_key, s->name_key) == 0 && strcmp(c->device_key, s->device_key) == 0;
}

static void add_certified(struct ledger_precedents *out, bool *is_other, const struct certified *c,
    const struct subject *s, int64_t now)
{
	out->is_root_key |= c->is_root;
	out->is_key_compromised |= is_compromise(c->reason);
	if (!precedents_is_live(c->state, c->not_after, now) || *is_other)
		return;
	out->is_key_certified = true;
	*is_other = !is_subject(s, c);
	memcpy(out->key_name, c->name, sizeof(out->key_name));
}

static int precedents_find_key(struct ledger_precedents *out, bool *is_other, struct ledger *l, const struct subject *s,
    struct err *e)
{
	static const char sql[] = "SELECT state, revoke_reason, name, device, is_root, not_after, name_key, device_key"
				  " FROM certificates WHERE key_sha256 = ?1 AND key_sha256 <> ''";
	const int64_t now = clock_now(l->o.clock);
	AUTO_VALUE(query) q = { 0 };
	struct certified c;
	int r;

	if (db_query(&q, &l->db, sql, e, ARGS(v_text(s->row->key_sha256))) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (read_certified(&c, &q, e) < 0)
			return -1;
		add_certified(out, is_other, &c, s, now);
	}
	return r;
}

/*
 * SQLite takes the other columns from the row that min() found. Without the +, it would compare the argument with the
 * condition of the index certificates_roots, and compile the statement again for each call.
 */
static int find_live(struct ledger_precedents *out, struct ledger *l, const struct subject *s, struct err *e)
{
	static const char sql[] =
	    "SELECT count(*), min(serial), ifnull(sum(state = 'signing'), 0), ifnull(name, '') FROM certificates"
	    " WHERE name_key = ?1 AND device_key = ?2 AND +is_root = ?3 AND state IN ('signing', 'issued')"
	    " AND not_after >= ?4 AND (is_root = 0 OR name = ?5)";
	AUTO_VALUE(query) q = { 0 };

	if (db_query(&q, &l->db, sql, e,
		ARGS(v_text(s->name_key), v_text(s->device_key), v_int(s->row->is_root), v_int(clock_now(l->o.clock)),
		    v_text(s->row->name))) < 0 ||
	    db_next(&q, e) < 0)
		return -1;
	out->n_live = (unsigned)sqlite3_column_int64(q.stmt, 0);
	out->is_live_unfinished = sqlite3_column_int64(q.stmt, 2) != 0;
	return db_text(out->live_serial, sizeof(out->live_serial), &q, 1, e) < 0 ? -1 :
	    db_text(out->live_name, sizeof(out->live_name), &q, 3, e);
}

int precedents_find(
    struct ledger_precedents *out, bool *is_other, struct ledger *l, const struct cert_row *row, struct err *e)
{
	struct subject s = { .row = row };

	*out = (struct ledger_precedents){ 0 };
	*is_other = false;
	if (name_key(s.name_key, row->name, e) < 0 || name_key(s.device_key, row->device, e) < 0)
		return -1;
	return precedents_find_key(out, is_other, l, &s, e) < 0 || find_live(out, l, &s, e) < 0 ? -1 : 0;
}

int ledger_precedents_find(struct ledger_precedents *out, struct ledger *l, const char *key_sha256, const char *name,
    const char *device, struct err *e)
{
	struct ledger_precedents answers;
	struct cert_row who = { 0 };
	bool is_other;
	static const char roots[] = "SELECT count(*) FROM keys"
				    " WHERE key_sha256 = ?1 AND key_sha256 <> '' AND purpose = 'root'";
	int64_t n = 0;

	(void)snprintf(who.key_sha256, sizeof(who.key_sha256), "%s", key_sha256);
	(void)snprintf(who.name, sizeof(who.name), "%s", name);
	(void)snprintf(who.device, sizeof(who.device), "%s", device);
	if (precedents_find(&answers, &is_other, l, &who, e) < 0 ||
	    db_int(&n, &l->db, roots, e, ARGS(v_text(key_sha256))) < 0)
		return -1;
	answers.is_root_key |= n > 0;
	*out = answers;
	return 0;
}
