/* SPDX-License-Identifier: MIT */
/* schema.c - the tables, one migration per version; docs/LEDGER.md describes the tables. */
#include "ledger/internal.h"

#include <string.h>

#include "util/array.h"
#include "util/unicode.h"

#define APPLICATION_ID 0x70313163 /* "p11c" */

#define NEVER(table, verb) \
	"CREATE TRIGGER " table "_no_" verb " BEFORE " verb " ON " table \
	" BEGIN SELECT RAISE(ABORT, '" table " of a ledger: no " verb "'); END"

static const char *const version_1[] = {
	"CREATE TABLE ledger ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1), ledger_id TEXT NOT NULL, epoch INTEGER NOT NULL,"
	"  is_test INTEGER NOT NULL, created_at INTEGER NOT NULL,"
	"  n_events INTEGER NOT NULL DEFAULT 0, head TEXT NOT NULL DEFAULT '') STRICT",

	"CREATE TABLE events ("
	"  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, row_table TEXT, row_id INTEGER,"
	"  body TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
	"CREATE INDEX events_row ON events (row_table, row_id)",
	/* also prevents REPLACE, which inserts first */
	"CREATE TRIGGER events_in_order BEFORE INSERT ON events"
	"  WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM events)"
	"  BEGIN SELECT RAISE(ABORT, 'events of a ledger: appended in order only'); END",
	NEVER("events", "UPDATE"),
	NEVER("events", "DELETE"),

	"CREATE TABLE keys ("
	"  id INTEGER PRIMARY KEY,"
	"  state TEXT NOT NULL CHECK (state IN ('planned', 'made', 'proved', 'orphan')),"
	"  purpose TEXT NOT NULL, name TEXT NOT NULL, device TEXT NOT NULL, spec TEXT NOT NULL,"
	"  module_path TEXT NOT NULL, token_label TEXT NOT NULL, token_serial TEXT NOT NULL,"
	"  token_manufacturer TEXT NOT NULL, token_model TEXT NOT NULL, cka_id TEXT NOT NULL, label TEXT NOT NULL,"
	"  spki_sha256 TEXT NOT NULL, local TEXT NOT NULL, sensitive TEXT NOT NULL, always_sensitive TEXT NOT NULL,"
	"  extractable TEXT NOT NULL, never_extractable TEXT NOT NULL, value_refused TEXT NOT NULL,"
	"  always_authenticate TEXT NOT NULL, is_challenge_signed INTEGER NOT NULL, proof_module_path TEXT NOT NULL,"
	"  proof_module_name TEXT NOT NULL, proof_at INTEGER NOT NULL, planned_at INTEGER NOT NULL,"
	"  proved_at INTEGER NOT NULL, writer TEXT NOT NULL, spki BLOB) STRICT",
	"CREATE INDEX keys_spki ON keys (spki_sha256)",
	"CREATE INDEX keys_name ON keys (name, device)",
	"CREATE INDEX keys_unfinished ON keys (id) WHERE state IN ('planned', 'made')",

	"CREATE TABLE roots ("
	"  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key_id INTEGER NOT NULL REFERENCES keys,"
	"  cert_id INTEGER REFERENCES certificates, is_retired INTEGER NOT NULL, subject TEXT NOT NULL,"
	"  allow_names TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT",

	"CREATE TABLE certificates ("
	"  id INTEGER PRIMARY KEY,"
	"  state TEXT NOT NULL CHECK (state IN ('signing', 'issued', 'revoked', 'void', 'unknown')),"
	"  root_id INTEGER REFERENCES roots, key_id INTEGER REFERENCES keys, is_root INTEGER NOT NULL,"
	"  name TEXT NOT NULL, device TEXT NOT NULL, template_name TEXT NOT NULL, serial TEXT NOT NULL,"
	"  subject TEXT NOT NULL, spki_sha256 TEXT NOT NULL, request_sha256 TEXT NOT NULL, thumbprint TEXT NOT NULL,"
	"  fingerprint TEXT NOT NULL, not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,"
	"  created_at INTEGER NOT NULL, issued_at INTEGER NOT NULL, installed_at INTEGER NOT NULL,"
	"  revoked_at INTEGER NOT NULL, revoke_reason TEXT NOT NULL, writer TEXT NOT NULL, tbs BLOB, der BLOB) STRICT",
	/*
	 * An index on random values writes a page per certificate once the table is large. Only indexes that issuing
	 * queries do so; the others are divided into buckets by id, of which only the last is written to.
	 */
	"CREATE UNIQUE INDEX certificates_serial ON certificates (serial, ifnull(root_id, 0))",
	"CREATE INDEX certificates_spki ON certificates (spki_sha256)",
	"CREATE INDEX certificates_name ON certificates (name, device)",
	"CREATE INDEX certificates_key ON certificates (key_id) WHERE key_id IS NOT NULL",
	"CREATE INDEX certificates_request ON certificates (request_sha256) WHERE request_sha256 <> ''",
	"CREATE INDEX certificates_thumbprint ON certificates (id / 8192, thumbprint) WHERE thumbprint <> ''",
	"CREATE INDEX certificates_fingerprint ON certificates (id / 8192, fingerprint) WHERE fingerprint <> ''",
	"CREATE INDEX certificates_roots ON certificates (id) WHERE is_root = 1",
	"CREATE INDEX certificates_unfinished ON certificates (id) WHERE state = 'signing'",
	NEVER("ledger", "DELETE"),
	NEVER("keys", "DELETE"),
	NEVER("roots", "DELETE"),
	NEVER("certificates", "DELETE"),
	NULL,
};

/* Profiles that clients received, with their package: append-only; the newest of a format is valid. */
static const char *const version_2[] = {
	"CREATE TABLE profiles ("
	"  id INTEGER PRIMARY KEY, cert_id INTEGER NOT NULL REFERENCES certificates, format TEXT NOT NULL,"
	"  package_sha256 TEXT NOT NULL, server TEXT NOT NULL, gateway_roots TEXT NOT NULL,"
	"  tls_auth_sha256 TEXT NOT NULL, written_at INTEGER NOT NULL) STRICT",
	"CREATE INDEX profiles_of_certificate ON profiles (cert_id, format, id)",
	NEVER("profiles", "UPDATE"),
	NEVER("profiles", "DELETE"),
	NULL,
};

/* The origin of a root's key, as it was accepted. */
static const char *const version_3[] = {
	"ALTER TABLE roots ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* CRLs, whose numbers only increase, and an index to find the few certificates of a list. */
static const char *const version_4[] = {
	"CREATE TABLE crls ("
	"  id INTEGER PRIMARY KEY, root_id INTEGER NOT NULL REFERENCES roots, number INTEGER NOT NULL,"
	"  this_update INTEGER NOT NULL, next_update INTEGER NOT NULL, n_entries INTEGER NOT NULL,"
	"  tbs_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL,"
	"  signed_at INTEGER NOT NULL) STRICT",
	"CREATE UNIQUE INDEX crls_number ON crls (root_id, number)",
	"CREATE INDEX certificates_revoked ON certificates (root_id, id) WHERE state IN ('revoked', 'unknown')",
	NEVER("crls", "DELETE"),
	NULL,
};

/* Renewals: the certificate that another renews, and the key made for the successor. */
static const char *const version_5[] = {
	"ALTER TABLE keys ADD COLUMN renews INTEGER",
	"ALTER TABLE certificates ADD COLUMN renews INTEGER",
	"CREATE INDEX keys_renews ON keys (renews) WHERE renews IS NOT NULL",
	"CREATE INDEX certificates_renews ON certificates (renews) WHERE renews IS NOT NULL",
	NULL,
};

/* Gateways and observations; an observation never changes, the newest is valid. */
static const char *const version_6[] = {
	"CREATE TABLE gateways ("
	"  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, resource_group TEXT NOT NULL,"
	"  subscription TEXT NOT NULL, shape TEXT NOT NULL CHECK (shape IN ('vnet', 'vwan')), pools TEXT NOT NULL,"
	"  tunnels TEXT NOT NULL, roots TEXT NOT NULL, added_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT",
	"CREATE TABLE sightings ("
	"  id INTEGER PRIMARY KEY, gateway_id INTEGER NOT NULL REFERENCES gateways,"
	"  cert_id INTEGER NOT NULL REFERENCES certificates,"
	"  what TEXT NOT NULL CHECK (what IN ('refused', 'not refused', 'trusted', 'not trusted')),"
	"  seen_at INTEGER NOT NULL) STRICT",
	"CREATE INDEX sightings_of ON sightings (gateway_id, cert_id, id)",
	NEVER("gateways", "DELETE"),
	NEVER("sightings", "UPDATE"),
	NEVER("sightings", "DELETE"),
	NULL,
};

/* Roots that another CA signed: the certificates of their issuers. */
static const char *const version_7[] = {
	"ALTER TABLE certificates ADD COLUMN issuers BLOB",
	NULL,
};

/*
 * The ledger's location: a second machine with the same ledger is refused, a restored ledger suspends issuing.
 * And roots whose certificate another CA was asked for.
 */
static const char *const version_8[] = {
	"CREATE TABLE places ("
	"  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
	"  state TEXT NOT NULL CHECK (state IN ('in use', 'held', 'moved')), host TEXT NOT NULL,"
	"  n_events INTEGER NOT NULL, known_seq INTEGER NOT NULL, placed_at INTEGER NOT NULL,"
	"  acknowledged_at INTEGER NOT NULL) STRICT",
	NEVER("places", "DELETE"),
	"ALTER TABLE roots ADD COLUMN requested_at INTEGER NOT NULL DEFAULT 0",
	NULL,
};

/* Attributes of a key that are read back in addition to those of version 1; older keys have "not stated". */
#define ADD_EVIDENCE(column) "ALTER TABLE keys ADD COLUMN " column " TEXT NOT NULL DEFAULT 'not stated'"
static const char *const version_9[] = {
	ADD_EVIDENCE("on_token"), ADD_EVIDENCE("private"), ADD_EVIDENCE("can_sign"), ADD_EVIDENCE("can_decrypt"),
	ADD_EVIDENCE("can_unwrap"), ADD_EVIDENCE("can_derive"), ADD_EVIDENCE("can_sign_recover"),
	ADD_EVIDENCE("public_on_token"), ADD_EVIDENCE("public_private"), ADD_EVIDENCE("can_verify"),
	ADD_EVIDENCE("can_encrypt"), ADD_EVIDENCE("can_wrap"), ADD_EVIDENCE("public_can_derive"),
	ADD_EVIDENCE("can_verify_recover"), ADD_EVIDENCE("read_again"),
	NULL,
};

/* Keys for comparing names; the SQL function name_key() of this file exists only during a migration. */
static const char *const version_10[] = {
	"ALTER TABLE keys ADD COLUMN name_key TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE keys ADD COLUMN device_key TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE certificates ADD COLUMN name_key TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE certificates ADD COLUMN device_key TEXT NOT NULL DEFAULT ''",
	"UPDATE keys SET name_key = name_key(name), device_key = name_key(device)",
	"UPDATE certificates SET name_key = name_key(name), device_key = name_key(device)",
	"DROP INDEX keys_name",
	"DROP INDEX certificates_name",
	"CREATE INDEX keys_name_key ON keys (name_key, device_key)",
	"CREATE INDEX certificates_name_key ON certificates (name_key, device_key)",
	NULL,
};

/* Keys identified by their value instead of the bytes of one encoding (value.c fills the column). */
static const char *const version_11[] = {
	"ALTER TABLE keys ADD COLUMN key_sha256 TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE certificates ADD COLUMN key_sha256 TEXT NOT NULL DEFAULT ''",
	"DROP INDEX keys_spki",
	"DROP INDEX certificates_spki",
	"CREATE INDEX keys_value ON keys (key_sha256)",
	"CREATE INDEX certificates_value ON certificates (key_sha256)",
	NULL,
};

/* Migrations are appended, never changed: row n upgrades version n to n + 1; each row ends with NULL. */
static const char *const *const migrations[] = { version_1, version_2, version_3, version_4, version_5, version_6,
	version_7, version_8, version_9, version_10, version_11 };
#define NEWEST ((int64_t)ARRAY_LEN(migrations))

static void sql_name_key(sqlite3_context *context, int n, sqlite3_value **args)
{
	const char *name = n == 1 ? (const char *)sqlite3_value_text(args[0]) : NULL;
	char key[NAME_KEY_MAX];
	struct err e;

	if (name == NULL)
		sqlite3_result_error(context, "name_key() requires a name", -1);
	else if (name_key(key, name, &e) < 0)
		sqlite3_result_error(context, e.what, -1);
	else
		sqlite3_result_text(context, key, -1, SQLITE_TRANSIENT);
}

/* For migrations only: tables, indexes and triggers use no function that other programs lack. */
static int add_functions(struct db *db, struct err *e)
{
	return sqlite3_create_function_v2(db->handle, "name_key", 1,
		   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, sql_name_key, NULL, NULL,
		   NULL) == SQLITE_OK
		   ? 0
		   : db_fail(db, "upgrade", e);
}

int schema_migrate_to(struct schema_step *step, struct db *db, int64_t version, struct err *e)
{
	char pragmas[96];

	*step = (struct schema_step){ .to = version };
	if (add_functions(db, e) < 0)
		return -1;
	/* checked inside the transaction: another process may have upgraded already */
	if (db_int(&step->from, db, "PRAGMA user_version", e, NO_ARGS) < 0)
		return -1;
	for (int64_t v = step->from; v < version; v++) {
		for (const char *const *sql = migrations[v]; *sql != NULL; sql++) {
			if (db_script(db, *sql, e) < 0)
				return -1;
		}
	}
	(void)snprintf(pragmas, sizeof(pragmas), "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
	    (int)version);
	return db_script(db, pragmas, e);
}

int schema_migrate(struct schema_step *step, struct db *db, struct err *e)
{
	return schema_migrate_to(step, db, NEWEST, e);
}

int schema_check(bool *is_old, struct db *db, struct err *e)
{
	int64_t application = 0, version = 0;

	if (db_int(&application, db, "PRAGMA application_id", e, NO_ARGS) < 0 ||
	    db_int(&version, db, "PRAGMA user_version", e, NO_ARGS) < 0)
		return -1;
	if (application != APPLICATION_ID || version < 1) {
		(void)err_set(e, ERR_LEDGER, "'%.200s' is not a ledger of p11ca", db->path);
		e->hint = OTHER_HOME;
		return -1;
	}
	if (version > NEWEST) {
		(void)err_set(e, ERR_LEDGER, "the ledger '%.160s' has version %d, but this p11ca supports versions "
		    "up to %d", db->path,
		    (int)version, (int)NEWEST);
		e->hint = "use the newer p11ca that wrote the ledger";
		return -1;
	}
	*is_old = version < NEWEST;
	return 0;
}

/* The whole schema as one text. */
static int schema_text(struct buf *out, struct db *db, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, db, "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_schema ORDER BY name", e,
		NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct bytes row = db_blob(&q, 0);

		if (buf_add(out, row.data, row.len, e) < 0)
			return -1;
	}
	return r;
}

static int schema_text_wanted(struct buf *out, struct err *e)
{
	struct db fresh = { 0 };
	struct schema_step step;
	int r;

	if (sqlite3_open(":memory:", &fresh.handle) != SQLITE_OK || (fresh.path = strdup(":memory:")) == NULL)
		r = err_oom(e);
	else
		r = schema_migrate(&step, &fresh, e) < 0 ? -1 : schema_text(out, &fresh, e);
	db_close(&fresh);
	return r;
}

int schema_compare(bool *is_same, struct db *db, struct err *e)
{
	AUTO_VALUE(buf) have = { 0 };
	AUTO_VALUE(buf) want = { 0 };

	if (schema_text(&have, db, e) < 0 || schema_text_wanted(&want, e) < 0)
		return -1;
	*is_same = have.len == want.len && memcmp(have.data, want.data, want.len) == 0;
	return 0;
}
