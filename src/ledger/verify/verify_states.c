/* SPDX-License-Identifier: MIT */
/*
 * verify_states.c - checks that each event was possible after the events before it.
 *
 * A person who can write to the file can append an event with a correct hash. Changes that p11ca never makes (a
 * certificate that is restored after keyCompromise, a key that is proved before it was made) are found here, from
 * the events alone.
 */
#include "ledger/internal.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum guard {
	GUARD_NONE,
	GUARD_REASON,                /* the reason is a word of RFC 5280 */
	GUARD_OTHER_REASON,          /* certificateHold becomes another reason, or any reason keyCompromise */
	GUARD_SUSPENDED,                  /* only a certificate on hold is restored, to its earlier state */
	GUARD_UNSEEN,                /* the certificate itself was unknown before */
	GUARD_ABANDONED,             /* the root's key became an orphan before */
	GUARD_ROOT_ISSUED,           /* the certificate was issued before, and is a root's */
	GUARD_EPOCH                  /* a later epoch */
};

#define EVIDENCE_COLUMNS \
	"local sensitive always_sensitive extractable never_extractable value_refused always_authenticate" \
	" on_token private can_sign can_decrypt can_unwrap can_derive can_sign_recover public_on_token public_private" \
	" can_verify can_encrypt can_wrap public_can_derive can_verify_recover read_again" \
	" is_challenge_signed proof_module_path proof_module_name proof_at"
#define LOCATION_COLUMNS "module_path token_label token_serial token_manufacturer token_model cka_id label"

static const struct transition {
	const char *table, *kind, *from, *to, *columns;
	enum guard guard;
} transitions[] = {
#define TRANSITION(table, kind, from, to, columns, guard) { table, kind, from, to, columns, guard },
#include "ledger/transitions.def"
#undef TRANSITION
};

/* Whether the list contains the word; the character separates words. */
static bool verify_states_has_word(const char *list, const char *word, size_t len, char separator)
{
	for (const char *at = list; at != NULL; at = strchr(at, separator), at += at != NULL) {
		const char *end = strchr(at, separator);
		const size_t n = end != NULL ? (size_t)(end - at) : strlen(at);

		if (n == len && memcmp(at, word, len) == 0)
			return true;
	}
	return false;
}

static const char *verify_states_column(const struct replayed *r, const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n_cols; i++)
		if (strcmp(t->cols[i].name, name) == 0)
			return r->text[i] != NULL ? r->text[i] : col_default(&t->cols[i]);
	return "";
}

/* Tables without a state column have one implicit state. */
static const char *state_of(const struct replayed *r, const struct table *t)
{
	if (r->n_events == 0)
		return "new";
	if (t == &keys_table || t == &certs_table || t == &locations_table)
		return verify_states_column(r, t, "state");
	if (t == &roots_table)
		return strcmp(verify_states_column(r, t, "is_retired"), "1") == 0 ? "retired" :
		    verify_states_column(r, t, "cert_id")[0] != '\0' ? "certified" : "planned";
	if (t == &crls_table)
		return verify_states_column(r, t, "sha256")[0] != '\0' ? "signed" : "signing";
	return "there";
}

void moment_read(struct moment *m, const struct replayed *r, const struct table *t)
{
	*m = (struct moment){ .epoch = strtoll(verify_states_column(r, t, "epoch"), NULL, 10) };
	(void)snprintf(m->state, sizeof(m->state), "%s", state_of(r, t));
	(void)snprintf(m->reason, sizeof(m->reason), "%s", verify_states_column(r, t, "revoke_reason"));
	(void)snprintf(m->revoked_at, sizeof(m->revoked_at), "%s", verify_states_column(r, t, "revoked_at"));
	(void)snprintf(m->key_id, sizeof(m->key_id), "%s", verify_states_column(r, t, "key_id"));
	(void)snprintf(m->cert_id, sizeof(m->cert_id), "%s", verify_states_column(r, t, "cert_id"));
	m->was_issued = strcmp(verify_states_column(r, t, "issued_at"), "0") != 0;
	m->has_fingerprint = verify_states_column(r, t, "fingerprint")[0] != '\0';
}

/* The first column that the event sets and may not set; NULL = none. */
static bool sets_only(const struct table *t, const char *columns, const char *body)
{
	struct line line;

	if (strcmp(columns, "*") == 0)
		return true;
	do {
		if (!line_next(&line, &body))
			return true;
	} while (!line_is(&line, LINE_LAST_HEADER));
	while (line_next(&line, &body)) {
		bool is_column = false;

		for (size_t i = 0; i < t->n_cols && !is_column; i++)
			is_column = line_is(&line, t->cols[i].name);
		if (is_column && !verify_states_has_word(columns, line.key, line.key_len, ' '))
			return false;
	}
	return true;
}

/* A line of the events of a row. */
struct recorded_line {
	const char *table, *id;      /* of the row */
	const char *line;            /* "key: value" */
};

/* Whether an event of the row before `seq` has the line. */
static int was_recorded(bool *was, struct verify *v, const struct recorded_line *r, int64_t seq, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM events WHERE row_table = ?1 AND row_id = ?2 AND seq < ?3"
				  " AND instr(body || char(10), char(10) || ?4 || char(10)) > 0";
	int64_t n = 0;

	if (db_int(&n, &v->l->db, sql, e,
		ARGS(v_text(r->table), v_int(strtoll(r->id, NULL, 10)), v_int(seq), v_text(r->line))) < 0)
		return -1;
	*was = n > 0;
	return 0;
}

static bool is_hold(const char *reason)
{
	return strcmp(reason, REVOKE_HOLD) == 0;
}

/* Guards that depend only on the row's own history. */
static bool guard_row(enum guard guard, const struct moment *before, const struct moment *after)
{
	switch (guard) {
	case GUARD_REASON:
		return revoke_reason_code(after->reason) >= 0;
	case GUARD_OTHER_REASON:
		return revoke_reason_code(after->reason) >= 0 && strcmp(before->reason, after->reason) != 0 &&
		    (is_hold(before->reason) || strcmp(after->reason, "keyCompromise") == 0);
	case GUARD_SUSPENDED:
		return is_hold(before->reason) && after->reason[0] == '\0' && strcmp(after->revoked_at, "0") == 0 &&
		    strcmp(after->state, before->was_issued ? "issued" : "unknown") == 0;
	case GUARD_UNSEEN:
		return !before->has_fingerprint;
	case GUARD_EPOCH:
		return after->epoch > before->epoch;
	case GUARD_NONE:
	case GUARD_ABANDONED:
	case GUARD_ROOT_ISSUED:
		break;
	}
	return true;
}

/* Guards that depend on the history of other rows. */
static int guard_others(bool *holds, struct verify *v, enum guard guard, const struct step_of_row *s, struct err *e)
{
	const struct recorded_line orphan = { "keys", s->before->key_id, "state: orphan" };
	const struct recorded_line root = { "certificates", s->after->cert_id, "is_root: 1" };
	const struct recorded_line issued = { "certificates", s->after->cert_id, "state: issued" };
	bool is_root = false;

	*holds = true;
	if (guard == GUARD_ABANDONED)
		return was_recorded(holds, v, &orphan, s->seq, e);
	if (guard != GUARD_ROOT_ISSUED)
		return 0;
	if (was_recorded(&is_root, v, &root, s->seq, e) < 0 || was_recorded(holds, v, &issued, s->seq, e) < 0)
		return -1;
	*holds = *holds && is_root;
	return 0;
}

static int is_possible(bool *is, struct verify *v, const struct transition *x, const struct step_of_row *s,
    struct err *e)
{
	*is =
	    verify_states_has_word(x->from, s->before->state, strlen(s->before->state), '|') &&
	    (strcmp(x->to, "=") == 0 ? strcmp(s->before->state, s->after->state) == 0
				     : verify_states_has_word(x->to, s->after->state, strlen(s->after->state), '|')) &&
	    sets_only(s->table, x->columns, s->body) && guard_row(x->guard, s->before, s->after);
	return *is ? guard_others(is, v, x->guard, s, e) : 0;
}

int verify_transition(struct verify *v, const struct step_of_row *s, struct err *e)
{
	bool is = false;
	char kind[64];

	line_find(kind, sizeof(kind), s->body, "kind");
	for (size_t i = 0; !is && i < ARRAY_LEN(transitions); i++) {
		const struct transition *x = &transitions[i];

		if (strcmp(x->table, s->table->name) == 0 && strcmp(x->kind, kind) == 0 &&
		    is_possible(&is, v, x, s, e) < 0)
			return -1;
	}
	if (is)
		return 0;
	return verify_fault(v, "ledger-transition", e,
	    "event %lld: %.40s cannot follow for row %lld of %s, which was %s",
	    (long long)s->seq, kind, (long long)s->row_id, s->table->name, s->before->state);
}

/* Reports each row of a query for forbidden pairs. */
static int each_pair(struct verify *v, const char *sql, const char *id, const char *fmt, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	char text[300];
	int r;

	if (db_query(&q, &v->l->db, sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		(void)snprintf(text, sizeof(text), "%s %s: %s", (const char *)sqlite3_column_text(q.stmt, 0),
		    (const char *)sqlite3_column_text(q.stmt, 1), fmt);
		if (verify_fault(v, id, e, "%s", text) < 0)
			return -1;
	}
	return r;
}

#define SAYS(event, line) "instr(" event ".body || char(10), char(10) || '" line "' || char(10)) > 0"
#define IS_SIGNED SAYS("s", "kind: certificate-signing")

/* Changes that p11ca refuses because of other rows; the order of the events decides whether it had to refuse. */
static const struct order_rule {
	const char *id, *fault, *sql;
} order_rules[] = {
	{ "ledger-key-compromised", "its key was revoked as compromised before",
	    "SELECT DISTINCT 'certificate', c.serial FROM certificates x"
	    " JOIN certificates c ON c.key_sha256 = x.key_sha256 AND c.id <> x.id"
	    " JOIN events r ON r.row_table = 'certificates' AND r.row_id = x.id"
	    " JOIN events s ON s.row_table = 'certificates' AND s.row_id = c.id AND s.seq > r.seq"
	    " WHERE x.state = 'revoked' AND x.revoke_reason IN ('keyCompromise', 'cACompromise') AND x.key_sha256 <> ''"
	    " AND (" SAYS("r", "revoke_reason: keyCompromise") " OR " SAYS(
		"r", "revoke_reason: cACompromise") ")"
						    " AND " IS_SIGNED },
	{ "ledger-root-retired", "its root was retired before",
	    "SELECT 'certificate', c.serial FROM roots x JOIN certificates c ON c.root_id = x.id"
	    " JOIN events s ON s.row_table = 'certificates' AND s.row_id = c.id WHERE x.is_retired = 1 AND " IS_SIGNED
	    " AND s.seq > (SELECT min(r.seq) FROM events r WHERE r.row_table = 'roots' AND r.row_id = x.id AND " SAYS(
		"r", "kind: root-retired") ")" },
	{ "ledger-signed-while-suspended", "issuing was suspended at that time",
	    "SELECT 'event', s.seq FROM events r JOIN events s ON s.seq > r.seq AND s.seq < ifnull((SELECT min(n.seq)"
	    " FROM events n WHERE n.row_table = 'places' AND n.seq > r.seq), 9223372036854775807)"
	    " WHERE r.row_table = 'places' AND " SAYS("r", "state: held") " AND (" IS_SIGNED
									  " OR " SAYS("s", "kind: crl-signing") ")" },
};

static int verify_order(struct verify *v, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(order_rules); i++)
		if (each_pair(v, order_rules[i].sql, order_rules[i].id, order_rules[i].fault, e) < 0)
			return -1;
	return 0;
}

int verify_uniqueness(struct verify *v, struct err *e)
{
	static const char serials[] =
	    "SELECT 'serial', serial FROM certificates GROUP BY serial, ifnull(root_id, 0) HAVING count(*) > 1";
	static const char numbers[] =
	    "SELECT 'CRL', number FROM crls a WHERE EXISTS (SELECT 1 FROM crls b WHERE b.root_id = a.root_id"
	    " AND b.id < a.id AND b.number >= a.number)";

	return each_pair(v, serials, "ledger-serial-reused", "two certificates of one root have this serial "
	    "number", e) < 0 ? -1 :
	    each_pair(v, numbers, "ledger-crl-number", "its number is not higher than that of the CRL before "
	        "it", e) < 0 ? -1 :
	    verify_order(v, e);
}
