/* SPDX-License-Identifier: MIT */
/* test_ledger_verify.c - each way to change a ledger behind its back, and the fault that shows it. */
#include "tests/unit/ledger/ledger_unit.h"

#include <limits.h>

/* A root, one certificate, one more that is void: events 1 … 12: 9 and 10 are alice's. */
static struct ledger *some_ledger(void)
{
	struct ledger *l = open_ledger(true);
	const int64_t root = made_root(l, "contoso");
	struct fake f;

	fake_cert(&f, 100, "alice");
	f.row.root_id = root;
	OK(begin(l, &f, 1));
	OK(issue(l, &f));
	fake_cert(&f, 101, "bob");
	f.row.root_id = root;
	OK(begin(l, &f, 1));
	OK(ledger_cert_void(l, f.row.id, "token gone", &e));
	return l;
}

/* The triggers go, the change is made, the triggers come back: as a careful forger would do it. */
static void forge_all(const char *const sql[])
{
	static const char triggers[] = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	char drop[40][128], again[40][512];
	int n = 0;

	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, triggers, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && n < 40) {
		(void)snprintf(drop[n], sizeof(drop[n]), "DROP TRIGGER %s", (const char *)sqlite3_column_text(stmt, 0));
		(void)snprintf(again[n], sizeof(again[n]), "%s", (const char *)sqlite3_column_text(stmt, 1));
		n++;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	for (int i = 0; i < n; i++)
		assert_int_equal(sqlite3_exec(db, drop[i], NULL, NULL, NULL), SQLITE_OK);
	for (; *sql != NULL; sql++)
		assert_int_equal(sqlite3_exec(db, *sql, NULL, NULL, NULL), SQLITE_OK);
	for (int i = 0; i < n; i++)
		assert_int_equal(sqlite3_exec(db, again[i], NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static const struct forgery {
	const char *what;
	const char *sql[5];
	const char *faults;          /* all of them, in the order in which they are found */
} forgeries[] = {
	{ "a serial is edited", { "UPDATE certificates SET serial = '4f99' WHERE id = 2" }, " ledger-row-edited" },
	{ "a name is edited", { "UPDATE certificates SET name = 'mallory' WHERE id = 2" },
	    " ledger-row-edited ledger-row-edited" }, /* what it is compared by is not made from it, either */
	{ "a void certificate comes to life", { "UPDATE certificates SET state = 'issued' WHERE id = 3" },
	    " ledger-row-edited" },
	{ "a TBS is edited", { "UPDATE certificates SET tbs = x'3000' WHERE id = 3" }, " ledger-row-edited" },
	{ "what names are compared by is edited",
	    { "UPDATE certificates SET name_key = 'x', device_key = 'y' WHERE id = 2" },
	    " ledger-row-edited ledger-row-edited" },
	{ "what keys are found by is edited", { "UPDATE keys SET name_key = 'x'" }, " ledger-row-edited" },
	{ "a DER is edited", { "UPDATE certificates SET der = x'3000' WHERE id = 2" }, " ledger-row-edited" },
	{ "evidence is edited", { "UPDATE keys SET never_extractable = 'yes'" }, " ledger-row-edited" },
	{ "a key becomes another", { "UPDATE keys SET spki_sha256 = '00', spki = x'00'" },
	    " ledger-row-edited ledger-row-edited ledger-row-edited" },
	{ "a key is said to be another", { "UPDATE keys SET key_sha256 = '00'" }, " ledger-row-edited" },
	{ "a certificate is said to be for another key", { "UPDATE certificates SET key_sha256 = '' WHERE id = 2" },
	    " ledger-row-edited" },
	{ "a root becomes liberal", { "UPDATE roots SET allow_names = '*'" }, " ledger-row-edited" },
	{ "a test becomes serious", { "UPDATE ledger SET created_at = 1" }, " ledger-row-edited" },
	{ "a text hides behind a NUL", { "UPDATE certificates SET name = 'alice' || char(0) || 'x' WHERE id = 2" },
	    " ledger-row-edited" },
	{ "a row goes", { "DELETE FROM certificates WHERE id = 3" }, " ledger-row-missing" },
	{ "a row comes",
	    { "INSERT INTO roots SELECT 9, 'evil', key_id, cert_id, 0, 'CN=evil', '', 0, '', 0 FROM roots" },
	    " ledger-row-without-event" },
	{ "a row comes with its references broken",
	    { "PRAGMA foreign_keys = OFF",
		"INSERT INTO roots VALUES (9, 'evil', 77, NULL, 0, 'CN=evil', '', 0, '', 0)" },
	    " ledger-database ledger-row-without-event" },
	{ "an event is edited", { "UPDATE events SET body = replace(body, 'alice', 'carol')" },
	    " ledger-event-edited ledger-row-edited ledger-row-edited" },
	{ "an event's columns are edited", { "UPDATE events SET at = at + 1 WHERE seq = 10" },
	    " ledger-event-edited ledger-event-time" },
	{ "an event is about another row", { "UPDATE events SET row_id = 3 WHERE seq = 8" },
	    " ledger-event-edited ledger-row-edited ledger-row-missing" },
	{ "an event goes", { "DELETE FROM events WHERE seq = 10" },
	    " ledger-event-missing ledger-row-edited ledger-row-edited ledger-row-edited ledger-row-edited"
	    " ledger-row-edited ledger-row-edited" },
	{ "the last event goes", { "DELETE FROM events WHERE seq = 12" }, " ledger-head ledger-row-edited" },
	{ "the last event goes, and the head knows",
	    { "DELETE FROM events WHERE seq = 12", "UPDATE ledger SET n_events = 11, head = (SELECT hash FROM"
	      " events WHERE seq = 11)" }, " ledger-row-edited" },
	{ "two events change places",
	    { "UPDATE events SET seq = -seq WHERE seq IN (10, 11)", "UPDATE events SET seq = 21 + seq WHERE seq < 0" },
	    " ledger-event-moved ledger-chain-broken ledger-event-moved ledger-chain-broken ledger-chain-broken" },
	{ "the head is edited", { "UPDATE ledger SET head = 'x'" }, " ledger-head" },
	{ "an event is added",
	    { "INSERT INTO events SELECT 13, at, row_table, row_id, body, hash FROM events WHERE seq = 12" },
	    " ledger-event-moved ledger-chain-broken ledger-head ledger-transition" },
	{ "a trigger becomes toothless",
	    { "CREATE TRIGGER x BEFORE DELETE ON keys WHEN 0 BEGIN SELECT 1; END" }, " ledger-schema" },
	{ "an index goes", { "DROP INDEX certificates_serial" }, " ledger-schema" },
};

TEST(each_forgery_shows)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		const struct forgery *f = &forgeries[i];
		struct ledger *l;
		struct faults found;

		assert_int_equal(in_folder(NULL), 0);
		l = some_ledger();
		assert_string_equal(verify(l, NULL).texts, "");
		ledger_close(l);
		forge_all(f->sql);
		l = open_ledger(false);
		found = verify(l, NULL);
		if (strcmp(found.ids, f->faults) != 0)
			print_error("%s: found%s\n%s", f->what, found.ids, found.texts);
		wrong += strcmp(found.ids, f->faults) != 0;
		ledger_close(l);
		assert_int_equal(remove_folder(NULL), 0);
	}
	assert_int_equal(wrong, 0);
}

/* With a new hash for what was edited, the next event tells. */
TEST(an_event_rewritten_with_its_hash_breaks_the_chain)
{
	AUTO_STRUCT(ledger) l = NULL;
	char sql[4096], hash[SHA256_HEX];
	static const char body[] = "p11ca event v1\nledger: x";
	const char *const edit[] = { sql, NULL };

	ledger_close(some_ledger());
	OK(hash_sha256_hex(hash, (struct bytes){ (const unsigned char *)body, sizeof(body) - 1 }, &e));
	(void)snprintf(sql, sizeof(sql), "UPDATE events SET body = '%s', hash = '%s' WHERE seq = 10", body, hash);
	forge_all(edit);
	l = open_ledger(false);
	assert_non_null(strstr(verify(l, NULL).ids, "ledger-chain-broken"));
}

/* The text of the last event. */
static void read_last(char *body, size_t size)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_open(db_path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT body FROM events WHERE seq = 12", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	(void)snprintf(body, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	assert_int_equal(sqlite3_finalize(stmt) + sqlite3_close(db), SQLITE_OK);
}

/* Someone who can edit everything, head and hash too, still has to name the ledger of the event. */
TEST(a_last_event_of_another_ledger_shows)
{
	AUTO_STRUCT(ledger) l = NULL;
	char body[2000], hash[SHA256_HEX], sql[4096];
	const char *const edit[] = { sql, "UPDATE ledger SET head = (SELECT hash FROM events WHERE seq = 12)", NULL };
	char *id;

	ledger_close(some_ledger());
	read_last(body, sizeof(body));
	id = strstr(body, "\nledger: ");
	assert_non_null(id);
	id[9] = id[9] == '0' ? '1' : '0';
	OK(hash_sha256_hex(hash, (struct bytes){ (const unsigned char *)body, strlen(body) }, &e));
	(void)snprintf(sql, sizeof(sql), "UPDATE events SET body = '%s', hash = '%s' WHERE seq = 12", body, hash);
	forge_all(edit);
	l = open_ledger(false);
	assert_string_equal(verify(l, NULL).ids, " ledger-event-other-ledger");
}

/* Nothing is appended to a chain whose end was changed. */
TEST(a_ledger_with_a_false_head_takes_nothing)
{
	const char *const edit[] = { "UPDATE ledger SET head = 'x'", NULL };
	AUTO_STRUCT(ledger) l = NULL;

	ledger_close(some_ledger());
	forge_all(edit);
	l = open_ledger(false);
	REFUSED(ledger_note(l, "pin-changed", "token", "", &e), ERR_LEDGER);
}

TEST(a_text_too_long_is_an_error_not_an_overrun)
{
	const char *const edit[] = { "UPDATE certificates SET serial = hex(zeroblob(99)) WHERE id = 2", NULL };
	AUTO_STRUCT(ledger) l = NULL;
	struct cert_row row;
	bool found;

	ledger_close(some_ledger());
	forge_all(edit);
	l = open_ledger(false);
	REFUSED(ledger_cert_find(&row, NULL, &found, l, &(struct cert_query){ .id = 2 }, &e), ERR_LEDGER);
	assert_string_equal(verify(l, NULL).ids, " ledger-row-edited");
}

TEST(a_damaged_file_is_said_to_be_one)
{
	struct ledger_options o = options();
	AUTO_STRUCT(ledger) l = NULL;
	long page;
	FILE *f;

	ledger_close(some_ledger());
	page = (long)forge("SELECT rootpage FROM sqlite_schema WHERE name = 'certificates_value'");
	f = fopen(db_path, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, (page - 1) * 4096, SEEK_SET), 0);
	assert_int_equal(fwrite("\xff\xff\xff\xff\xff\xff\xff\xff", 1, 8, f), 8);
	assert_int_equal(fclose(f), 0);
	l = open_ledger(false);
	assert_non_null(strstr(verify(l, NULL).ids, " ledger-database"));
	ledger_close(STEAL(l));
	assert_int_equal(truncate(db_path, 5000), 0);
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	assert_non_null(strstr(e.what, "damaged"));
}

static const char *check_cert(const struct cert_row *row, struct bytes issuer, void *arg)
{
	(void)arg;
	assert_int_equal(row->der.len, 320);
	assert_non_null(strstr((const char *)issuer.data + 8, "of contoso"));
	return row->is_root ? NULL : "not signed by its issuer";
}

TEST(certificates_are_shown_with_their_issuer)
{
	AUTO_STRUCT(ledger) l = NULL;
	struct faults faults;

	l = some_ledger();
	faults = verify(l, check_cert);
	assert_string_equal(faults.ids, " ledger-certificate-invalid");
	assert_non_null(strstr(faults.texts, "of 'alice': not signed by its issuer"));
}

static char *manual; /* docs/LEDGER.md, absolute; NULL = not known */

/* The manual's own commands, with nothing of ours in between. */
TEST(a_stranger_finds_the_same_head)
{
	char command[PATH_MAX + 200], mine[SHA256_HEX + 1] = "";
	struct ledger *l = some_ledger();
	struct ledger_info info;
	FILE *f;

	OK(ledger_get_info(&info, l, &e));
	ledger_close(l);
	if (manual == NULL || chdir(home) != 0)
		skip();
	(void)snprintf(command, sizeof(command),
	    "command -v sqlite3 >/dev/null || exit 0;"
	    " awk '/^```sh/ { p = 1; next } /^```/ { p = 0 } p' '%s' | sed -n '/^prev=/,/ head FROM/p' | sh 2>&1",
	    manual);
	f = popen(command, "r");
	assert_non_null(f);
	if (fgets(mine, sizeof(mine), f) == NULL)
		mine[0] = '\0';
	if (pclose(f) == 0 && mine[0] == '\0')
		skip();
	mine[strcspn(mine, "\n")] = '\0';
	assert_string_equal(mine, info.head);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_MAX];
	int failed;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_forgery_shows),
		UNIT(an_event_rewritten_with_its_hash_breaks_the_chain),
		UNIT(a_last_event_of_another_ledger_shows),
		UNIT(a_ledger_with_a_false_head_takes_nothing),
		UNIT(a_text_too_long_is_an_error_not_an_overrun),
		UNIT(a_damaged_file_is_said_to_be_one),
		UNIT(certificates_are_shown_with_their_issuer),
		UNIT(a_stranger_finds_the_same_head),
	};

	(void)snprintf(path, sizeof(path), "%s/docs/LEDGER.md", srcdir != NULL ? srcdir : ".");
	manual = realpath(path, NULL);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(manual);
	return failed;
}
