/* SPDX-License-Identifier: MIT */
/* test_ledger.c - opening and making a ledger, keys, roots, events. */
#include "tests/unit/ledger/ledger_unit.h"

#include <fcntl.h>

TEST(nothing_is_made_unless_asked)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	REFUSED(ledger_open(&l, &o, &e), ERR_NOT_FOUND);
	assert_non_null(strstr(e.what, home));
	assert_non_null(strstr(e.hint, "root create"));
	assert_int_equal(access(home, F_OK), -1);
	o.read_only = true;
	REFUSED(ledger_open(&l, &o, &e), ERR_NOT_FOUND);
	o.create = true;
	o.read_only = false;
	o.home = "/proc/nosuch/home";
	REFUSED(ledger_open(&l, &o, &e), ERR_OUTPUT);
	assert_null(l);
}

TEST(made_private_and_found_again)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct ledger_info info, again;
	struct stat st;

	assert_int_equal(stat(home, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(db_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	OK(ledger_get_info(&info, l, &e));
	assert_int_equal(strlen(info.id), 32);
	assert_int_equal(info.epoch, 1);
	assert_int_equal(info.n_events, 1);
	assert_int_equal(info.last_event_at, NOW);
	assert_false(ledger_is_test(l));
	ledger_close(STEAL(l));
	l = open_ledger(true);
	OK(ledger_get_info(&again, l, &e));
	assert_memory_equal(&info, &again, sizeof(info));
	assert_string_equal(ledger_id(l), info.id);
	ledger_close(NULL);
}

TEST(a_home_that_others_may_change_is_refused)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	ledger_close(open_ledger(true));
	assert_int_equal(chmod(home, 0720), 0);
	REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
	assert_string_equal(e.code, "home-writable");
	o.read_only = true; /* looking does no harm */
	OK(ledger_open(&l, &o, &e));
	ledger_close(l);
	o.read_only = false;
	assert_int_equal(chmod(home, 0700), 0);
	assert_int_equal(chmod(db_path, 0602), 0);
	REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
	if (geteuid() == 0) {
		assert_int_equal(chmod(db_path, 0600), 0);
		assert_int_equal(chown(home, 1, 1), 0);
		REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
		assert_string_equal(e.code, "home-other-owner");
	}
}

TEST(a_link_is_no_ledger)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	ledger_close(open_ledger(true));
	assert_int_equal(rename(db_path, "elsewhere"), 0);
	assert_int_equal(symlink("../elsewhere", db_path), 0);
	REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
	assert_string_equal(e.code, "ledger-not-a-file");
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

TEST(not_ours_and_newer_are_told_apart)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	ledger_close(open_ledger(true));
	(void)forge("PRAGMA user_version = 99");
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	assert_non_null(strstr(e.what, "version 99"));
	assert_non_null(strstr(e.what, "supports versions up to "));
	(void)forge("PRAGMA application_id = 1");
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	assert_non_null(strstr(e.what, "not a ledger of p11ca"));
	assert_int_equal(unlink(db_path), 0);
	write_file(db_path, "this text is no database, not one byte of it, however long one looks at it");
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	o.create = true; /* and never overwritten */
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
}

TEST(an_empty_file_is_no_ledger)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	o.create = true;
	assert_int_equal(mkdir(home, 0700), 0);
	write_file(db_path, "");
	REFUSED(ledger_open(&l, &o, &e), ERR_LEDGER);
	assert_int_equal(unlink(db_path), 0);
	o.is_test = true;
	OK(ledger_open(&l, &o, &e));
	assert_true(ledger_is_test(l));
	ledger_close(l);
}

TEST(the_clock_may_not_go_back)
{
	struct ledger_options o = options();
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct event_row;
	struct faults f;

	ledger_close(STEAL(l));
	the_clock.fixed = NOW - 3; /* being corrected */
	ledger_close(open_ledger(false));
	the_clock.fixed = NOW - 3600;
	REFUSED(ledger_open(&l, &o, &e), ERR_POLICY);
	assert_string_equal(e.code, "clock-went-back");
	o.clock_ok = true;
	OK(ledger_open(&l, &o, &e));
	OK(ledger_note(l, "token-initialised", "token card", NULL, &e));
	f = verify(l, NULL);
	assert_string_equal(f.texts, "");
	ledger_close(STEAL(l));
	assert_int_equal(forge("SELECT body LIKE '%clock_behind: 3600%' FROM events WHERE seq = 2"), 1);
}

TEST(a_key_goes_its_way)
{
	static const char spki[] = "SPKI of alice";
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct key_row row = planned_key(l, "client", "alice"), got;
	AUTO_VALUE(buf) bytes = { 0 };
	struct key_evidence none = { 0 };
	bool found;

	assert_string_equal(row.state, "planned");
	OK(ledger_key_spki(&bytes, l, row.id, &e));
	assert_int_equal(bytes.len, 0);
	REFUSED(ledger_key_proved(l, row.id, &none, &e), ERR_LEDGER);
	row = proved_key(l, "client", "bob");
	assert_string_equal(row.state, "proved");
	assert_string_equal(row.location.cka_id, "0a0c");
	assert_int_equal(row.evidence.local, EVIDENCE_YES);
	assert_int_equal(row.evidence.extractable, EVIDENCE_NO);
	assert_int_equal(row.evidence.never_extractable, EVIDENCE_NOT_STATED);
	assert_true(row.evidence.is_challenge_signed);
	assert_string_equal(row.evidence.module_name, "M 1.0");
	assert_int_equal(row.proved_at, NOW);
	assert_false(row.is_writer_dead);
	OK(ledger_key_find(&got, &found, l, row.spki_sha256, &e));
	assert_true(found);
	assert_int_equal(got.id, row.id);
	OK(ledger_key_find_for(&got, &found, l, &(struct key_query){ "client", "bob", "" }, &e));
	assert_true(found);
	OK(ledger_key_find_for(&got, &found, l, &(struct key_query){ "client", "bob", "phone" }, &e));
	assert_false(found);
	OK(ledger_key_spki(&bytes, l, row.id, &e));
	assert_memory_equal(bytes.data, "SPKI of bob", bytes.len);
	REFUSED(ledger_key_orphan(l, row.id, "no", &e), ERR_LEDGER);
	OK(ledger_key_made(l, 1, "01", (struct bytes){ (const unsigned char *)spki, sizeof(spki) - 1 }, &e));
	OK(ledger_key_orphan(l, 1, NULL, &e));
	OK(ledger_key_find_for(&got, &found, l, &(struct key_query){ "client", "alice", "" }, &e));
	assert_false(found);
	row = proved_key(l, "client", "alice"); /* the orphan's key may be recorded again */
	REFUSED(ledger_key_plan(l, &row, &e), ERR_POLICY);
	assert_string_equal(e.code, "operation-running");
	row = planned_key(l, "client", "mallory");
	REFUSED(ledger_key_made(l, row.id, "01", (struct bytes){ (const unsigned char *)spki, sizeof(spki) - 1 }, &e),
	    ERR_POLICY);
	assert_string_equal(e.code, "key-recorded");
	REFUSED(ledger_key_get(&got, l, 99, &e), ERR_NOT_FOUND);
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(roots_have_names_of_their_own)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct root_row root = { .name = "contoso", .subject = "CN=other" }, got;
	bool found;

	OK(ledger_root_find(&got, &found, l, NULL, &e));
	assert_false(found);
	assert_int_equal(made_root(l, "contoso"), 1);
	root.key_id = proved_key(l, "root", "another").id;
	REFUSED(ledger_root_plan(l, &root, &e), ERR_POLICY);
	assert_string_equal(e.code, "root-name-taken");
	(void)snprintf(root.name, sizeof(root.name), "two");
	(void)snprintf(root.subject, sizeof(root.subject), "CN=contoso");
	REFUSED(ledger_root_plan(l, &root, &e), ERR_POLICY);
	assert_string_equal(e.code, "root-subject-taken");
	OK(ledger_root_find(&got, &found, l, NULL, &e));
	assert_true(found && got.cert_id != 0);
	OK(ledger_root_set_allow_names(l, got.id, "*.contoso.com", &e));
	assert_int_equal(made_root(l, "two"), 2);
	REFUSED(ledger_root_find(&got, &found, l, NULL, &e), ERR_NOT_FOUND);
	assert_string_equal(e.cause, "contoso, two");
	OK(ledger_root_retire(l, 2, &e));
	OK(ledger_root_find(&got, &found, l, NULL, &e));
	assert_true(found);
	assert_string_equal(got.allow_names, "*.contoso.com");
	OK(ledger_root_find(&got, &found, l, "two", &e));
	assert_true(found && got.is_retired);
	REFUSED(ledger_root_get(&got, l, 3, &e), ERR_NOT_FOUND);
	REFUSED(ledger_root_set_cert(l, 1, 99, &e), ERR_NOT_FOUND);
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(a_root_whose_key_failed_leaves_its_name)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct root_row root = { .name = "contoso", .subject = "CN=contoso", .allow_names = "*" };

	root.key_id = planned_key(l, "root", "contoso").id;
	OK(ledger_root_plan(l, &root, &e));
	REFUSED(ledger_root_plan(l, &root, &e), ERR_POLICY);
	OK(ledger_key_orphan(l, root.key_id, "token full", &e));
	root.key_id = planned_key(l, "root", "contoso").id;
	root.allow_names[0] = '\0';
	OK(ledger_root_plan(l, &root, &e));
	assert_int_equal(root.id, 1);
	OK(ledger_root_get(&root, l, 1, &e));
	assert_int_equal(root.key_id, 2);
	assert_int_equal(verify(l, NULL).n, 0);
}

static int see_event(const struct event_row *row, void *arg, struct err *unused)
{
	(void)unused;
	*(struct event_row *)arg = *row;
	return 0;
}

TEST(an_event_cannot_smuggle_a_line)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct ledger_options o = options();
	struct event_row row = { 0 };
	struct ledger_info info;

	ledger_close(STEAL(l));
	o.note = "first\nprev: 00\\x";
	OK(ledger_open(&l, &o, &e));
	OK(ledger_note(l, "token-initialised", "token \033[31m", "x\nstate: proved", &e));
	OK(ledger_each_event(l, 2, see_event, &row, &e));
	assert_string_equal(row.kind, "token-initialised");
	assert_string_equal(row.note, "first\\x0aprev: 00\\\\x");
	assert_string_equal(row.object, "token \\x1b[31m");
	assert_string_equal(row.actor, "uid 0 (root) host test");
	assert_int_equal(row.seq, 2);
	OK(ledger_get_info(&info, l, &e));
	assert_string_equal(row.hash, info.head);
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(nothing_is_taken_back)
{
	static const char *const tries[] = {
		"UPDATE events SET body = 'x'", "DELETE FROM events",
		"INSERT OR REPLACE INTO events VALUES (1, 0, NULL, NULL, 'x', 'x')",
		"INSERT INTO events VALUES (99, 0, NULL, NULL, 'x', 'x')", "DELETE FROM keys", "DELETE FROM roots",
		"DELETE FROM certificates", "DELETE FROM ledger",
	};
	AUTO_STRUCT(ledger) l = open_ledger(true);

	(void)made_root(l, "contoso");
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		assert_int_equal(forge(tries[i]), -1);
	assert_int_equal(verify(l, NULL).n, 0);
}

TEST(reading_changes_nothing)
{
	struct ledger_options o = options();
	AUTO_STRUCT(ledger) l = open_ledger(true);
	AUTO_STRUCT(ledger) reader = NULL;
	struct root_row root = { .name = "r", .subject = "CN=r", .key_id = 1 };
	struct ledger_info info;
	struct stat st;

	o.read_only = true;
	OK(ledger_open(&reader, &o, &e)); /* beside a writer */
	(void)made_root(l, "contoso");
	OK(ledger_get_info(&info, reader, &e));
	assert_true(info.n_events > 1);
	REFUSED(ledger_root_plan(reader, &root, &e), ERR_OUTPUT);
	assert_int_equal(verify(reader, NULL).n, 0);
	ledger_close(STEAL(reader));
	ledger_close(STEAL(l));
	assert_int_equal(mkdir("copy", 0700), 0);
	assert_int_equal(rename(db_path, "copy/handed over?.db"), 0);
	o.home = "copy/handed over?.db"; /* the auditor's */
	OK(ledger_open(&reader, &o, &e));
	assert_int_equal(verify(reader, NULL).n, 0);
	ledger_close(STEAL(reader));
	assert_int_equal(stat("copy/writers", &st), -1);
}

static void read_as_nobody(void)
{
	struct ledger_options o = options();
	struct ledger *reader = NULL;
	const uid_t me = geteuid();

	assert_int_equal(seteuid(65534), 0);
	o.read_only = true;
	OK(ledger_open(&reader, &o, &e));
	assert_int_equal(verify(reader, NULL).n, 0);
	ledger_close(reader);
	assert_int_equal(seteuid(me), 0);
}

TEST(a_reader_without_rights_reads)
{
	AUTO_STRUCT(ledger) l = NULL;

	if (geteuid() != 0)
		skip();
	l = open_ledger(true);
	assert_int_equal(chmod(base, 0755) | chmod(home, 0755) | chmod(db_path, 0644), 0);
	ledger_close(STEAL(l));
	l = open_ledger(false); /* -wal and -shm get the file's mode */
	(void)made_root(l, "contoso");
	read_as_nobody();
	ledger_close(STEAL(l));
	read_as_nobody();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(nothing_is_made_unless_asked),
		UNIT(made_private_and_found_again),
		UNIT(a_home_that_others_may_change_is_refused),
		UNIT(a_link_is_no_ledger),
		UNIT(not_ours_and_newer_are_told_apart),
		UNIT(an_empty_file_is_no_ledger),
		UNIT(the_clock_may_not_go_back),
		UNIT(a_key_goes_its_way),
		UNIT(roots_have_names_of_their_own),
		UNIT(a_root_whose_key_failed_leaves_its_name),
		UNIT(an_event_cannot_smuggle_a_line),
		UNIT(nothing_is_taken_back),
		UNIT(reading_changes_nothing),
		UNIT(a_reader_without_rights_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
