/* SPDX-License-Identifier: MIT */
/* answer.c - what the ledger knows of a name and a key that are about to be certified. */
#include "ledger/internal.h"

#include <string.h>

static bool is_live(const char *state, int64_t not_after, int64_t now)
{
	return (strcmp(state, "signing") == 0 || strcmp(state, "issued") == 0) && not_after >= now;
}

/* Whoever holds the private key now may not be whom it was made for (RFC 5280, 5.3.1). */
static bool is_compromise(const char *reason)
{
	return strcmp(reason, "keyCompromise") == 0 || strcmp(reason, "cACompromise") == 0;
}

struct certified {               /* one certificate with the key */
	char state[12], reason[24], name[256], device[65];
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
	return 0;
}

static void add_certified(struct ledger_answers *out, bool *is_other, const struct certified *c,
    const struct cert_row *who, int64_t now)
{
	const bool other = c->is_root != who->is_root || strcmp(c->name, who->name) != 0 ||
	    strcmp(c->device, who->device) != 0;

	out->is_root_key |= c->is_root;
	out->is_key_compromised |= is_compromise(c->reason);
	if (!is_live(c->state, c->not_after, now) || *is_other)
		return;
	out->is_key_certified = true;
	*is_other = other;
	memcpy(out->key_name, c->name, sizeof(out->key_name));
}

static int find_key(struct ledger_answers *out, bool *is_other, struct ledger *l, const struct cert_row *who,
    struct err *e)
{
	static const char sql[] = "SELECT state, revoke_reason, name, device, is_root, not_after FROM certificates"
				  " WHERE spki_sha256 = ?1";
	const int64_t now = clock_now(l->o.clock);
	AUTO_VALUE(query) q = { 0 };
	struct certified c;
	int r;

	if (db_query(&q, &l->db, sql, e, ARGS(v_text(who->spki_sha256))) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (read_certified(&c, &q, e) < 0)
			return -1;
		add_certified(out, is_other, &c, who, now);
	}
	return r;
}

static int find_live(struct ledger_answers *out, struct ledger *l, const struct cert_row *who, struct err *e)
{
	static const char sql[] =
	    "SELECT count(*), min(serial), max(state) = 'signing' FROM certificates WHERE name = ?1 AND device = ?2"
	    " AND is_root = ?3 AND state IN ('signing', 'issued') AND not_after >= ?4";
	AUTO_VALUE(query) q = { 0 };

	if (db_query(&q, &l->db, sql, e, ARGS(v_text(who->name), v_text(who->device), v_int(who->is_root),
						v_int(clock_now(l->o.clock)))) < 0 ||
	    db_next(&q, e) < 0)
		return -1;
	out->n_live = (unsigned)sqlite3_column_int64(q.stmt, 0);
	out->is_live_unfinished = sqlite3_column_int64(q.stmt, 2) != 0;
	return db_text(out->live_serial, sizeof(out->live_serial), &q, 1, e);
}

int answer_find(struct ledger_answers *out, bool *is_other, struct ledger *l, const struct cert_row *who, struct err *e)
{
	*out = (struct ledger_answers){ 0 };
	*is_other = false;
	return find_key(out, is_other, l, who, e) < 0 || find_live(out, l, who, e) < 0 ? -1 : 0;
}

int ledger_answer(struct ledger_answers *out, struct ledger *l, const char *spki_sha256, const char *name,
    const char *device, struct err *e)
{
	struct ledger_answers answers;
	struct cert_row who = { 0 };
	bool is_other;
	int64_t n = 0;

	(void)snprintf(who.spki_sha256, sizeof(who.spki_sha256), "%s", spki_sha256);
	(void)snprintf(who.name, sizeof(who.name), "%s", name);
	(void)snprintf(who.device, sizeof(who.device), "%s", device);
	if (answer_find(&answers, &is_other, l, &who, e) < 0 ||
	    db_int(&n, &l->db, "SELECT count(*) FROM keys WHERE spki_sha256 = ?1 AND purpose = 'root'", e,
		ARGS(v_text(spki_sha256))) < 0)
		return -1;
	answers.is_root_key |= n > 0;
	*out = answers;
	return 0;
}
