/* SPDX-License-Identifier: MIT */
/* test_ledger_profiles.c - what the ledger remembers of profiles, and how a ledger of before learns to. */
#include "tests/unit/ledger/ledger_unit.h"

#include "ledger/internal.h"

#include <sys/wait.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SHA1_C "cccccccccccccccccccccccccccccccccccccccc"
#define SERVER "azuregateway-0.vpn.azure.com"

/* Version 1 as it was written, word for word: this text must never follow the sources. */
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
	"INSERT INTO ledger SELECT * FROM old.ledger",
	"INSERT INTO events SELECT * FROM old.events",
	"PRAGMA defer_foreign_keys = ON",
	NULL,                        /* the rows of keys, roots and certificates, as far as there were such columns */
	"PRAGMA application_id = 1882272099",
	"PRAGMA user_version = 1",
	"COMMIT",
	"DETACH old",
};

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static void copy_rows(sqlite3 *db, const char *table)
{
	char ask[200], sql[4096];
	sqlite3_stmt *columns = NULL;

	(void)snprintf(ask, sizeof(ask), "SELECT group_concat(name) FROM pragma_table_info('%s', 'main')", table);
	assert_int_equal(sqlite3_prepare_v2(db, ask, -1, &columns, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(columns), SQLITE_ROW);
	(void)snprintf(sql, sizeof(sql), "INSERT INTO main.%s SELECT %s FROM old.%s", table,
	    (const char *)sqlite3_column_text(columns, 0), table);
	(void)sqlite3_finalize(columns);
	run(db, sql);
}

/* The ledger as the version before would have left it. */
static void back_to_version_1(void)
{
	char attach[200], old[100];
	sqlite3 *db = NULL;

	(void)snprintf(old, sizeof(old), "%s.2", db_path);
	assert_int_equal(rename(db_path, old), 0);
	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	(void)snprintf(attach, sizeof(attach), "ATTACH '%s' AS old; PRAGMA journal_mode = WAL; BEGIN", old);
	assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof(version_1) / sizeof(version_1[0]); i++) {
		if (version_1[i] != NULL) {
			run(db, version_1[i]);
			continue;
		}
		copy_rows(db, "keys");
		copy_rows(db, "roots");
		copy_rows(db, "certificates");
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(chmod(db_path, 0600), 0);
	assert_int_equal(unlink(old), 0);
}

/* Root and a client's certificate; its id. */
static int64_t client_of(struct ledger *l, const char *name, unsigned number)
{
	static int64_t root;
	struct fake f;

	if (number == 1)
		root = made_root(l, "contoso");
	fake_cert(&f, 100 + number, name);
	f.row.root_id = root;
	OK(begin(l, &f, 1));
	OK(issue(l, &f));
	return f.row.id;
}

static struct profile_row profile_of(int64_t cert_id, const char *format, const char *package)
{
	struct profile_row row = { .cert_id = cert_id, .server = SERVER, .gateway_roots = HASH_B "," SHA1_C,
		.tls_auth_sha256 = HASH_B };

	(void)snprintf(row.format, sizeof(row.format), "%s", format);
	(void)snprintf(row.package_sha256, sizeof(row.package_sha256), "%s", package);
	return row;
}

struct seen {
	char text[600];              /* "certificate format package's first letter" */
	struct profile_row last;
};

static int see(const struct profile_row *row, void *arg, struct err *unused)
{
	struct seen *s = arg;
	const size_t used = strlen(s->text);

	(void)unused;
	(void)snprintf(s->text + used, sizeof(s->text) - used, " %lld %s %.1s", (long long)row->cert_id, row->format,
	    row->package_sha256);
	s->last = *row;
	return 0;
}

static const char *profiles(struct ledger *l, bool newest_only)
{
	static struct seen s;

	s = (struct seen){ 0 };
	OK(ledger_each_profile(l, newest_only, see, &s, &e));
	return s.text;
}

static int find_event(const struct event_row *row, void *arg, struct err *unused)
{
	char *text = arg;

	(void)unused;
	if (strcmp(row->kind, "profiles-written") == 0 || strcmp(row->kind, "ledger-upgraded") == 0)
		(void)snprintf(text, 2000, "%.*s", (int)row->bytes.len, (const char *)row->bytes.data);
	return 0;
}

static const char *last_event(struct ledger *l)
{
	static char text[2000];

	text[0] = '\0';
	OK(ledger_each_event(l, 1, find_event, text, &e));
	return text;
}

TEST(profiles_are_remembered)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t alice = client_of(l, "alice", 1), bob = client_of(l, "bob", 2);
	const struct profile_row first[] = { profile_of(bob, "openvpn", HASH_A), profile_of(alice, "swanctl", HASH_A) };
	struct profile_row again = profile_of(alice, "swanctl", HASH_B);
	struct seen s = { 0 };

	assert_string_equal(profiles(l, true), "");
	OK(ledger_profiles_written(l, first, 2, &e));
	the_clock.fixed = NOW + 60;
	again.id = 77;
	again.written_at = 1;
	OK(ledger_profiles_written(l, &again, 1, &e));
	assert_string_equal(profiles(l, false), " 2 swanctl a 2 swanctl b 3 openvpn a");
	assert_string_equal(profiles(l, true), " 2 swanctl b 3 openvpn a");
	OK(ledger_each_profile(l, true, see, &s, &e));
	assert_int_equal(s.last.id, 1);
	assert_int_equal(s.last.written_at, NOW);
	assert_string_equal(s.last.server, SERVER);
	assert_string_equal(s.last.gateway_roots, HASH_B "," SHA1_C);
	assert_string_equal(s.last.tls_auth_sha256, HASH_B);
	assert_string_equal(verify(l, NULL).texts, "");
}

TEST(the_event_says_all_of_it)
{
	static const char *const lines[] = { "kind: profiles-written",
		"object: swanctl profile of certificate 4f00000065",
		"row: profiles 1", "cert_id: 2", "format: swanctl", "package_sha256: " HASH_A, "server: " SERVER,
		"gateway_roots: " HASH_B "," SHA1_C, "tls_auth_sha256: " HASH_B, "written_at: 1800000000",
		"client: alice" };
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const struct profile_row row = profile_of(client_of(l, "alice", 1), "swanctl", HASH_A);

	OK(ledger_profiles_written(l, &row, 1, &e));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strstr(last_event(l), lines[i]) == NULL)
			fail_msg("no '%s' in:\n%s", lines[i], last_event(l));
	}
}

/* What may not be recorded takes what came before it with it. */
TEST(all_or_none)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t alice = client_of(l, "alice", 1);
	struct profile_row rows[] = { profile_of(alice, "swanctl", HASH_A), profile_of(alice, "ipsec", HASH_A) };

	OK(ledger_profiles_written(l, rows, 0, &e));
	rows[1].cert_id = 99;
	REFUSED(ledger_profiles_written(l, rows, 2, &e), ERR_NOT_FOUND);
	rows[1].cert_id = 1;
	REFUSED(ledger_profiles_written(l, rows, 2, &e), ERR_LEDGER);
	rows[1] = profile_of(alice, "", HASH_A);
	REFUSED(ledger_profiles_written(l, rows, 2, &e), ERR_USAGE);
	rows[1] = profile_of(alice, "ipsec", "0A");
	REFUSED(ledger_profiles_written(l, rows, 2, &e), ERR_USAGE);
	static const char *const bad[] = { ",", HASH_A ",", "," HASH_A, HASH_A HASH_A, "x", SHA1_C ";" SHA1_C };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rows[1] = profile_of(alice, "ipsec", HASH_A);
		(void)snprintf(rows[1].gateway_roots, sizeof(rows[1].gateway_roots), "%s", bad[i]);
		REFUSED(ledger_profiles_written(l, rows, 2, &e), ERR_USAGE);
	}
	assert_string_equal(profiles(l, false), "");
	rows[1] = profile_of(alice, "windows", "");
	rows[1].gateway_roots[0] = rows[1].tls_auth_sha256[0] = '\0';
	OK(ledger_profiles_written(l, rows, 2, &e));
	assert_string_equal(profiles(l, false), " 2 swanctl a 2 windows ");
	assert_string_equal(verify(l, NULL).texts, "");
}

TEST(only_who_was_issued_a_certificate_has_profiles)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t alice = client_of(l, "alice", 1);
	struct profile_row row = profile_of(alice, "swanctl", HASH_A);
	struct fake f;

	OK(ledger_cert_revoke(l, alice, "superseded", &e));
	OK(ledger_profiles_written(l, &row, 1, &e));
	fake_cert(&f, 200, "carol");
	f.row.root_id = 1;
	OK(begin(l, &f, 1));
	row.cert_id = f.row.id;
	REFUSED(ledger_profiles_written(l, &row, 1, &e), ERR_LEDGER);
	OK(ledger_cert_unknown(l, f.row.id, "token gone", &e));
	REFUSED(ledger_profiles_written(l, &row, 1, &e), ERR_LEDGER);
}

static int refuse_row(const struct profile_row *row, void *arg, struct err *out)
{
	(void)row;
	++*(int *)arg;
	return err_set(out, ERR_INTERRUPTED, "enough");
}

TEST(whoever_reads_may_stop)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const int64_t alice = client_of(l, "alice", 1);
	const struct profile_row rows[] = { profile_of(alice, "swanctl", HASH_A), profile_of(alice, "ipsec", HASH_A) };
	int n = 0;

	OK(ledger_profiles_written(l, rows, 2, &e));
	REFUSED(ledger_each_profile(l, false, refuse_row, &n, &e), ERR_INTERRUPTED);
	assert_int_equal(n, 1);
}

TEST(an_edited_profile_shows)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	const struct profile_row row = profile_of(client_of(l, "alice", 1), "swanctl", HASH_A);

	OK(ledger_profiles_written(l, &row, 1, &e));
	assert_int_equal(forge("UPDATE profiles SET server = 'evil.example'"), -1);
	assert_int_equal(forge("DELETE FROM profiles"), -1);
	assert_int_equal(forge("INSERT INTO profiles SELECT 9, 2, 'ipsec', '', server, '', '', 0 FROM profiles"), 0);
	assert_string_equal(verify(l, NULL).ids, " ledger-row-without-event");
	ledger_close(STEAL(l));
	(void)forge("DROP TRIGGER profiles_no_UPDATE");
	(void)forge("UPDATE profiles SET server = 'evil.example' WHERE id = 1");
	(void)forge("DROP TRIGGER profiles_no_DELETE");
	(void)forge("DELETE FROM profiles WHERE id = 9");
	l = open_ledger(false);
	assert_string_equal(verify(l, NULL).ids, " ledger-schema ledger-row-edited");
	(void)forge("DELETE FROM profiles");
	assert_string_equal(verify(l, NULL).ids, " ledger-schema ledger-row-missing");
}

static int64_t make_version_1(void)
{
	struct ledger *l = open_ledger(true);
	const int64_t alice = client_of(l, "alice", 1);

	ledger_close(l);
	back_to_version_1();
	return alice;
}

TEST(an_older_ledger_is_brought_up)
{
	AUTO_STRUCT(ledger) l = NULL;
	const int64_t alice = make_version_1();
	struct profile_row row = profile_of(alice, "swanctl", HASH_A);
	struct ledger_info info;
	char upgraded[80];
	int64_t events, newest;

	assert_int_equal(forge("SELECT user_version FROM pragma_user_version"), 1);
	assert_int_equal(forge("SELECT count(*) FROM sqlite_schema WHERE name = 'profiles'"), 0);
	events = forge("SELECT count(*) FROM events");
	l = open_ledger(false);
	newest = forge("SELECT user_version FROM pragma_user_version");
	assert_true(newest >= 9);
	(void)snprintf(upgraded, sizeof(upgraded), "from_version: 1\nto_version: %d", (int)newest);
	OK(ledger_get_info(&info, l, &e));
	assert_int_equal(info.n_events, events + 1);
	assert_non_null(strstr(last_event(l), "kind: ledger-upgraded"));
	assert_non_null(strstr(last_event(l), upgraded));
	assert_int_equal(forge("SELECT count(*) FROM certificates WHERE name = 'alice' AND name_key = 'alice'"), 1);
	OK(ledger_profiles_written(l, &row, 1, &e));
	assert_string_equal(verify(l, NULL).texts, ""); /* the schema, too, is as a new ledger's */
	ledger_close(STEAL(l));
	l = open_ledger(false);
	OK(ledger_get_info(&info, l, &e));
	assert_int_equal(info.n_events, events + 2); /* upgraded once */
}

TEST(an_older_ledger_is_not_changed_by_reading_or_by_a_wrong_clock)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	(void)make_version_1();
	o.read_only = true;
	OK(ledger_open(&l, &o, &e));
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
	assert_int_equal(forge("SELECT user_version FROM pragma_user_version"), 1);
	o.read_only = false;
	the_clock.fixed = NOW - 86400;
	REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
	assert_string_equal(e.code, "clock-went-back");
	the_clock.fixed = NOW;
	assert_int_equal(forge("SELECT user_version FROM pragma_user_version"), 1);
	assert_int_equal(forge("SELECT count(*) FROM sqlite_schema WHERE name = 'profiles'"), 0);
}

/* As each version of p11ca left it: read and verified as it is. */
TEST(a_ledger_of_any_older_version_is_verified_and_not_changed)
{
	struct ledger_options o = options();
	int64_t newest;

	o.read_only = true;
	ledger_close(open_ledger(true));
	newest = forge("SELECT user_version FROM pragma_user_version");
	assert_true(newest >= 10);
	for (int64_t version = 1; version < newest; version++) {
		AUTO_STRUCT(ledger) l = NULL;
		struct db db = { .path = strdup(db_path) };
		struct schema_step step;
		int64_t seen;

		assert_int_equal(remove_folder(NULL), 0);
		assert_int_equal(in_folder(NULL), 0);
		(void)make_version_1();
		assert_int_equal(sqlite3_open(db_path, &db.handle), SQLITE_OK);
		OK(schema_migrate_to(&step, &db, version, &e));
		db_close(&db);
		seen = forge("SELECT count(*) FROM events");
		OK(ledger_open(&l, &o, &e));
		assert_string_equal(verify(l, NULL).texts, "");
		ledger_close(STEAL(l));
		assert_int_equal(forge("SELECT user_version FROM pragma_user_version"), version);
		assert_int_equal(forge("SELECT count(*) FROM events"), seen);
		(void)forge("UPDATE certificates SET subject = 'CN=mallory' WHERE name = 'alice'");
		OK(ledger_open(&l, &o, &e));
		assert_non_null(strstr(verify(l, NULL).ids, " ledger-row-edited"));
	}
}

/* It stops in the middle: then there is the old ledger, not half a new one. */
TEST(an_upgrade_is_whole_or_not_at_all)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	(void)make_version_1();
	(void)forge("CREATE TABLE x (y)");
	(void)forge("CREATE INDEX profiles_of_certificate ON x (y)");
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	assert_int_equal(forge("SELECT user_version FROM pragma_user_version"), 1);
	assert_int_equal(forge("SELECT count(*) FROM sqlite_schema WHERE name = 'profiles'"), 0);
	(void)forge("DROP TABLE x");
	l = open_ledger(false);
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
}

TEST(of_many_one_upgrades)
{
	struct ledger_options o = options();
	struct ledger *l;
	int64_t events;

	(void)make_version_1();
	events = forge("SELECT count(*) FROM events");
	for (int i = 0; i < 8; i++) {
		if (fork() == 0)
			_exit(ledger_open(&l, &o, &e) == 0 ? 0 : 1);
	}
	for (int i = 0; i < 8; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	l = open_ledger(false);
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
	assert_int_equal(forge("SELECT count(*) FROM events"), events + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(profiles_are_remembered),
		UNIT(the_event_says_all_of_it),
		UNIT(all_or_none),
		UNIT(only_who_was_issued_a_certificate_has_profiles),
		UNIT(whoever_reads_may_stop),
		UNIT(an_edited_profile_shows),
		UNIT(an_older_ledger_is_brought_up),
		UNIT(an_older_ledger_is_not_changed_by_reading_or_by_a_wrong_clock),
		UNIT(a_ledger_of_any_older_version_is_verified_and_not_changed),
		UNIT(an_upgrade_is_whole_or_not_at_all),
		UNIT(of_many_one_upgrades),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
