/* SPDX-License-Identifier: MIT */
/* row.c - reads rows of a table as structs, and changes a row together with its event. */
#include "ledger/internal.h"

#include <string.h>

#include "util/array.h"
#include "util/unicode.h"

#define COL(record, member, name, type, c) \
	{ name, type, OFFSET_OF_TYPE(struct record, member, c), sizeof(c), false }
#define CHARS(record, member, name, is_derived) \
	{ name, COL_TEXT, OFFSET_OF_CHARS(struct record, member), sizeof(((struct record *)0)->member), is_derived }
#define COL_CHARS(record, member, name) CHARS(record, member, name, false)

#define KEY(member, name, type, c) COL(key_record, member, name, type, c)
#define KEY_TEXT(member, name) COL_CHARS(key_record, member, name)
#define ROOT(member, name, type, c) COL(root_record, member, name, type, c)
#define ROOT_TEXT(member, name) COL_CHARS(root_record, member, name)
#define CERT(member, name, type, c) COL(cert_record, member, name, type, c)
#define CERT_TEXT(member, name) COL_CHARS(cert_record, member, name)
#define PROFILE(member, name, type, c) COL(profile_record, member, name, type, c)
#define PROFILE_TEXT(member, name) COL_CHARS(profile_record, member, name)
#define CRL(member, name, type, c) COL(crl_record, member, name, type, c)
#define CRL_TEXT(member, name) COL_CHARS(crl_record, member, name)
#define GATEWAY(member, name, type, c) COL(gateway_record, member, name, type, c)
#define GATEWAY_TEXT(member, name) COL_CHARS(gateway_record, member, name)
#define OBSERVATION(member, name, type, c) COL(observation_record, member, name, type, c)
#define OBSERVATION_TEXT(member, name) COL_CHARS(observation_record, member, name)
#define LOCATION(member, name, type, c) COL(location_record, member, name, type, c)
#define LOCATION_TEXT(member, name) COL_CHARS(location_record, member, name)
#define META(member, name, type, c) COL(meta_record, member, name, type, c)
#define META_TEXT(member, name) COL_CHARS(meta_record, member, name)
#define KEY_EVIDENCE(name) KEY(row.evidence.name, #name, COL_EVIDENCE, enum evidence)

static const struct col key_cols[] = {
	KEY_TEXT(row.state, "state"),
	KEY_TEXT(row.purpose, "purpose"),
	KEY_TEXT(row.name, "name"),
	KEY_TEXT(row.device, "device"),
	KEY_TEXT(row.spec, "spec"),
	KEY_TEXT(row.location.module_path, "module_path"),
	KEY_TEXT(row.location.token_label, "token_label"),
	KEY_TEXT(row.location.token_serial, "token_serial"),
	KEY_TEXT(row.location.token_manufacturer, "token_manufacturer"),
	KEY_TEXT(row.location.token_model, "token_model"),
	KEY_TEXT(row.location.cka_id, "cka_id"),
	KEY_TEXT(row.location.label, "label"),
	KEY_TEXT(row.spki_sha256, "spki_sha256"),
	CHARS(key_record, row.key_sha256, "key_sha256", true),
#define EVIDENCE(member, key, text) KEY_EVIDENCE(member),
#include "model/evidence.def"
#undef EVIDENCE
	KEY(row.evidence.is_challenge_signed, "is_challenge_signed", COL_BOOL, bool),
	KEY_TEXT(row.evidence.module_path, "proof_module_path"),
	KEY_TEXT(row.evidence.module_name, "proof_module_name"),
	KEY(row.evidence.time, "proof_at", COL_INT, int64_t),
	KEY(row.planned_at, "planned_at", COL_INT, int64_t),
	KEY(row.proved_at, "proved_at", COL_INT, int64_t),
	KEY(row.renews, "renews", COL_REF, int64_t),
	KEY_TEXT(writer, "writer"),
	KEY(spki, "spki", COL_BLOB, struct bytes),
};

static const struct col root_cols[] = {
	ROOT_TEXT(row.name, "name"),
	ROOT(row.key_id, "key_id", COL_REF, int64_t),
	ROOT(row.cert_id, "cert_id", COL_REF, int64_t),
	ROOT(row.is_retired, "is_retired", COL_BOOL, bool),
	ROOT_TEXT(row.subject, "subject"),
	ROOT_TEXT(row.allow_names, "allow_names"),
	ROOT_TEXT(row.origin, "origin"),
	ROOT(row.requested_at, "requested_at", COL_INT, int64_t),
	ROOT(row.created_at, "created_at", COL_INT, int64_t),
};

static const struct col cert_cols[] = {
	CERT_TEXT(row.state, "state"),
	CERT(row.root_id, "root_id", COL_REF, int64_t),
	CERT(row.key_id, "key_id", COL_REF, int64_t),
	CERT(row.renews, "renews", COL_REF, int64_t),
	CERT(row.is_root, "is_root", COL_BOOL, bool),
	CERT_TEXT(row.name, "name"),
	CERT_TEXT(row.device, "device"),
	CERT_TEXT(row.template_name, "template_name"),
	CERT_TEXT(row.serial, "serial"),
	CERT_TEXT(row.subject, "subject"),
	CERT_TEXT(row.spki_sha256, "spki_sha256"),
	CHARS(cert_record, row.key_sha256, "key_sha256", true),
	CERT_TEXT(row.request_sha256, "request_sha256"),
	CERT_TEXT(row.thumbprint, "thumbprint"),
	CERT_TEXT(row.fingerprint, "fingerprint"),
	CERT(row.not_before, "not_before", COL_INT, int64_t),
	CERT(row.not_after, "not_after", COL_INT, int64_t),
	CERT(row.created_at, "created_at", COL_INT, int64_t),
	CERT(row.issued_at, "issued_at", COL_INT, int64_t),
	CERT(row.installed_at, "installed_at", COL_INT, int64_t),
	CERT(row.revoked_at, "revoked_at", COL_INT, int64_t),
	CERT_TEXT(row.revoke_reason, "revoke_reason"),
	CERT_TEXT(writer, "writer"),
	CERT(row.tbs, "tbs", COL_BLOB, struct bytes),
	CERT(row.der, "der", COL_BLOB, struct bytes),
	CERT(row.issuers, "issuers", COL_BLOB, struct bytes),
};

static const struct col profile_cols[] = {
	PROFILE(row.cert_id, "cert_id", COL_REF, int64_t),
	PROFILE_TEXT(row.format, "format"),
	PROFILE_TEXT(row.package_sha256, "package_sha256"),
	PROFILE_TEXT(row.server, "server"),
	PROFILE_TEXT(row.gateway_roots, "gateway_roots"),
	PROFILE_TEXT(row.tls_auth_sha256, "tls_auth_sha256"),
	PROFILE(row.written_at, "written_at", COL_INT, int64_t),
};

static const struct col crl_cols[] = {
	CRL(row.root_id, "root_id", COL_REF, int64_t),
	CRL(row.number, "number", COL_INT, int64_t),
	CRL(row.this_update, "this_update", COL_INT, int64_t),
	CRL(row.next_update, "next_update", COL_INT, int64_t),
	CRL(row.n_entries, "n_entries", COL_INT, int64_t),
	CRL_TEXT(row.tbs_sha256, "tbs_sha256"),
	CRL_TEXT(row.sha256, "sha256"),
	CRL(row.created_at, "created_at", COL_INT, int64_t),
	CRL(row.signed_at, "signed_at", COL_INT, int64_t),
};

static const struct col gateway_cols[] = {
	GATEWAY_TEXT(row.name, "name"),
	GATEWAY_TEXT(row.resource_group, "resource_group"),
	GATEWAY_TEXT(row.subscription, "subscription"),
	GATEWAY_TEXT(row.type, "shape"),
	GATEWAY_TEXT(row.pools, "pools"),
	GATEWAY_TEXT(row.tunnels, "tunnels"),
	GATEWAY_TEXT(row.roots, "roots"),
	GATEWAY(row.added_at, "added_at", COL_INT, int64_t),
	GATEWAY(row.observed_at, "seen_at", COL_INT, int64_t),
};

static const struct col observation_cols[] = {
	OBSERVATION(row.gateway_id, "gateway_id", COL_REF, int64_t),
	OBSERVATION(row.cert_id, "cert_id", COL_REF, int64_t),
	OBSERVATION_TEXT(row.what, "what"),
	OBSERVATION(row.observed_at, "seen_at", COL_INT, int64_t),
};

static const struct col location_cols[] = {
	LOCATION(row.epoch, "epoch", COL_INT, int64_t),
	LOCATION_TEXT(row.state, "state"),
	LOCATION_TEXT(row.host, "host"),
	LOCATION(row.n_events, "n_events", COL_INT, int64_t),
	LOCATION(row.known_seq, "known_seq", COL_INT, int64_t),
	LOCATION(row.placed_at, "placed_at", COL_INT, int64_t),
	LOCATION(row.acknowledged_at, "acknowledged_at", COL_INT, int64_t),
};

static const struct col meta_cols[] = {
	META_TEXT(ledger_id, "ledger_id"),
	META(epoch, "epoch", COL_INT, int64_t),
	META(is_test, "is_test", COL_BOOL, bool),
	META(created_at, "created_at", COL_INT, int64_t),
};

#define TABLE(name, cols) { name, cols, ARRAY_LEN(cols), NULL, 0 }
static const struct derived name_keys[] = { { "name_key", "name" }, { "device_key", "device" } };
#define NAMED_TABLE(name, cols) \
	{ name, cols, ARRAY_LEN(cols), name_keys, ARRAY_LEN(name_keys) }

const struct table keys_table = NAMED_TABLE("keys", key_cols);
const struct table roots_table = TABLE("roots", root_cols);
const struct table certs_table = NAMED_TABLE("certificates", cert_cols);
const struct table profiles_table = TABLE("profiles", profile_cols);
const struct table crls_table = TABLE("crls", crl_cols);
const struct table gateways_table = TABLE("gateways", gateway_cols);
const struct table observations_table = TABLE("sightings", observation_cols);
const struct table locations_table = TABLE("places", location_cols);
const struct table meta_table = TABLE("ledger", meta_cols);

const char *col_default(const struct col *c)
{
	static const char *const defaults[] = {
		[COL_TEXT] = "", [COL_INT] = "0", [COL_REF] = "", [COL_BOOL] = "0", [COL_EVIDENCE] = "not stated",
		[COL_BLOB] = "",
	};

	return defaults[c->type];
}

static struct value value_of(const struct col *c, const void *member)
{
	int64_t n = 0;

	switch (c->type) {
	case COL_TEXT:
		return v_text(member);
	case COL_EVIDENCE:
		return v_text(evidence_text(*(const enum evidence *)member));
	case COL_BLOB:
		return v_blob(*(const struct bytes *)member);
	case COL_BOOL:
		return v_int(*(const bool *)member);
	case COL_INT:
	case COL_REF:
		break;
	}
	memcpy(&n, member, sizeof(n));
	return c->type == COL_REF ? v_ref(n) : v_int(n);
}

static bool is_default(const struct col *c, const struct value *v)
{
	return v->type == VALUE_NULL || (v->type == VALUE_INT && v->i == 0) ||
	    (v->type == VALUE_TEXT && strcmp(v->text, col_default(c)) == 0);
}

size_t row_facts(struct fact facts[COLS_MAX], const struct table *t, const void *record, bool is_new)
{
	for (size_t i = 0; i < t->n_cols; i++) {
		const struct col *c = &t->cols[i];

		facts[i] = (struct fact){ .key = c->name, .v = value_of(c, (const char *)record + c->offset) };
		facts[i].is_default = c->is_derived || (is_new && is_default(c, &facts[i].v));
	}
	return t->n_cols;
}

static int row_add(struct buf *sql, const char *text, struct err *e)
{
	return buf_add(sql, text, strlen(text), e);
}

/* INSERT INTO t (a,b) VALUES (?,?)  or  UPDATE t SET (a,b) = (?,?) WHERE id = ? */
static int write_sql(struct buf *sql, const struct change *c, struct err *e, const struct fact facts[], size_t n)
{
	const bool is_new = c->id == 0;
	const char *between = "";

	if (row_add(sql, is_new ? "INSERT INTO " : "UPDATE ", e) < 0 || row_add(sql, c->table->name, e) < 0 ||
	    row_add(sql, is_new ? " (" : " SET (", e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (facts[i].is_extra)
			continue;
		if (row_add(sql, between, e) < 0 || row_add(sql, facts[i].key, e) < 0)
			return -1;
		between = ",";
	}
	if (row_add(sql, is_new ? ") VALUES (" : ") = (", e) < 0)
		return -1;
	between = "?";
	for (size_t i = 0; i < n; i++) {
		if (facts[i].is_extra)
			continue;
		if (row_add(sql, between, e) < 0)
			return -1;
		between = ",?";
	}
	return row_add(sql, is_new ? ")" : ") WHERE id = ?", e) < 0 ? -1 : buf_add(sql, "", 1, e);
}

/* Adds the derived columns of the changed facts; their texts are stored in keys. */
static int add_derived(struct fact out[COLS_MAX + DERIVED_MAX], size_t *n, char keys[DERIVED_MAX][NAME_KEY_MAX],
    const struct table *t, struct err *e)
{
	const size_t n_said = *n;

	for (size_t d = 0; d < t->n_derived; d++) {
		for (size_t i = 0; i < n_said; i++) {
			if (out[i].is_extra || strcmp(out[i].key, t->derived[d].of) != 0)
				continue;
			if (name_key(keys[d], out[i].v.text, e) < 0)
				return -1;
			out[*n] = (struct fact){ t->derived[d].column, v_text(keys[d]), false, true };
			++*n;
		}
	}
	return 0;
}

static int write_facts(int64_t *id, struct ledger *l, const struct change *c, struct err *e, const struct fact facts[],
    size_t n)
{
	AUTO_VALUE(buf) sql = { 0 };
	struct event ev = { .kind = c->kind, .object = c->object, .table = c->table->name, .row_id = c->id };
	struct value args[COLS_MAX + DERIVED_MAX + 1];
	size_t n_args = 0;

	for (size_t i = 0; i < n; i++) {
		if (!facts[i].is_extra)
			args[n_args++] = facts[i].v;
	}
	if (c->id != 0)
		args[n_args++] = v_int(c->id);
	if (write_sql(&sql, c, e, facts, n) < 0 || db_run(&l->db, (const char *)sql.data, e, args, n_args) < 0)
		return -1;
	if (c->id == 0)
		ev.row_id = sqlite3_last_insert_rowid(l->db.handle);
	if (event_append(l, &ev, e, facts, n) < 0)
		return -1;
	if (id != NULL)
		*id = ev.row_id;
	return 0;
}

int row_write(int64_t *id, struct ledger *l, const struct change *c, struct err *e, const struct fact facts[],
    size_t n)
{
	struct fact all[COLS_MAX + DERIVED_MAX];
	char keys[DERIVED_MAX][NAME_KEY_MAX];

	if (n > COLS_MAX)
		return err_set(e, ERR_INTERNAL, "too many facts");
	memcpy(all, facts, n * sizeof(*all));
	return add_derived(all, &n, keys, c->table, e) < 0 ? -1 : write_facts(id, l, c, e, all, n);
}

int row_query(struct query *out, struct ledger *l, const struct table *t, const struct row_filter *filter,
    struct err *e)
{
	AUTO_VALUE(buf) sql = { 0 };

	if (row_add(&sql, "SELECT id", e) < 0)
		return -1;
	for (size_t i = 0; i < t->n_cols; i++) {
		if (row_add(&sql, ",", e) < 0 || row_add(&sql, t->cols[i].name, e) < 0)
			return -1;
	}
	if (row_add(&sql, " FROM ", e) < 0 || row_add(&sql, t->name, e) < 0 || row_add(&sql, " ", e) < 0 ||
	    row_add(&sql, filter->sql, e) < 0 || buf_add(&sql, "", 1, e) < 0)
		return -1;
	return db_query(out, &l->db, (const char *)sql.data, e, filter->args, filter->n_args);
}

static int read_evidence(enum evidence *out, const struct query *q, int at, struct err *e)
{
	char word[16];

	if (db_text(word, sizeof(word), q, at, e) < 0)
		return -1;
	if (!evidence_parse(out, word))
		return db_damaged(q->db, e, "'%s' is not a known value of the key's attributes", word);
	return 0;
}

static int read_member(void *member, const struct query *q, const struct col *c, int at, struct err *e)
{
	struct bytes b;
	int64_t n;

	switch (c->type) {
	case COL_TEXT:
		return db_text(member, c->size, q, at, e);
	case COL_EVIDENCE:
		return read_evidence(member, q, at, e);
	case COL_BLOB:
		b = db_blob(q, at);
		memcpy(member, &b, sizeof(b));
		return 0;
	case COL_BOOL:
		*(bool *)member = sqlite3_column_int64(q->stmt, at) != 0;
		return 0;
	case COL_INT:
	case COL_REF:
		break;
	}
	n = sqlite3_column_int64(q->stmt, at);
	memcpy(member, &n, sizeof(n));
	return 0;
}

int row_read(int64_t *id, void *record, const struct query *q, const struct table *t, struct err *e)
{
	for (size_t i = 0; i < t->n_cols; i++) {
		if (read_member((char *)record + t->cols[i].offset, q, &t->cols[i], (int)i + 1, e) < 0)
			return -1;
	}
	*id = sqlite3_column_int64(q->stmt, 0);
	return 0;
}
