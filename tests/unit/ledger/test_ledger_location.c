/* SPDX-License-Identifier: MIT */
/* test_ledger_location.c - one machine per ledger; moved, restored, held until it is acknowledged. */
#include "tests/unit/ledger/ledger_unit.h"

static const char here[] = "00000000000000000000000000000000000000000000000000000000000000aa";
static const char there[] = "00000000000000000000000000000000000000000000000000000000000000bb";
static char second[80];

static struct ledger_options on(const char *host)
{
	struct ledger_options o = options();

	o.host = host;
	return o;
}

static struct ledger *made_on(const char *host, bool is_test)
{
	struct ledger_options o = on(host);
	struct ledger *l = NULL;

	o.create = true;
	o.is_test = is_test;
	OK(ledger_open(&l, &o, &e));
	return l;
}

static struct location_row place_of(struct ledger *l)
{
	struct location_row row;

	OK(ledger_location(&row, l, &e));
	return row;
}

/* Into the folder `second`. */
static int restore(const char *copy, const char *host, const struct ledger_event_id *known)
{
	AUTO_STRUCT(ledger_restore) r = NULL;
	struct ledger_options o = on(host);

	(void)snprintf(second, sizeof(second), "%s/second", base);
	o.home = second;
	return ledger_restore_prepare(&r, &o, copy, known, &e) < 0 ? -1 : ledger_restore_commit(r, &e);
}

static struct ledger *open_second(const char *host)
{
	struct ledger_options o = on(host);
	struct ledger *l = NULL;

	o.home = second;
	OK(ledger_open(&l, &o, &e));
	return l;
}

TEST(a_ledger_belongs_to_the_machine_that_it_was_made_on)
{
	struct ledger_options other = on(there), none = on(NULL);
	struct ledger *l = made_on(here, false);

	assert_string_equal(place_of(l).state, LOCATION_IN_USE);
	assert_string_equal(place_of(l).host, here);
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
	REFUSED(ledger_open(&l, &other, &e), ERR_POLICY);
	assert_string_equal(e.code, "ledger-other-host");
	REFUSED(ledger_open(&l, &none, &e), ERR_POLICY);
	other.read_only = true; /* looking does no harm */
	OK(ledger_open(&l, &other, &e));
	ledger_close(l);
	ledger_close(made_on(here, false));
}

TEST(one_without_a_machine_is_bound_by_the_first_that_has_an_id)
{
	struct ledger_options other = on(there), mine = on(here);
	struct ledger *l = made_on("", false);

	assert_int_equal(place_of(l).id, 0);
	ledger_close(l);
	OK(ledger_open(&l, &mine, &e));
	assert_string_equal(place_of(l).host, here);
	ledger_close(l);
	REFUSED(ledger_open(&l, &other, &e), ERR_POLICY);
}

TEST(a_test_ledger_goes_anywhere)
{
	struct ledger_options other = on(there);
	struct ledger *l = made_on(here, true);

	ledger_close(l);
	OK(ledger_open(&l, &other, &e));
	assert_int_equal(place_of(l).id, 0);
	ledger_close(l);
}

TEST(a_restored_one_signs_nothing_until_it_is_acknowledged)
{
	struct crl_row crl = { .number = NOW, .this_update = NOW, .next_update = NOW + 10 };
	struct ledger_info before, after;
	struct ledger *l = made_on(here, false);
	struct fake f;
	bool is_late;

	crl.root_id = made_root(l, "vpn");
	OK(ledger_get_info(&before, l, &e));
	OK(ledger_backup(l, "copy.db", &e));
	ledger_close(l);
	OK(restore("copy.db", there, NULL));
	l = open_second(there);
	OK(ledger_get_info(&after, l, &e));
	assert_string_equal(after.id, before.id);
	assert_int_equal(after.epoch, 2);
	assert_string_equal(place_of(l).state, LOCATION_SUSPENDED);
	assert_int_equal(place_of(l).n_events, before.n_events);
	assert_string_equal(place_of(l).host, there);
	REFUSED(ledger_may_sign(l, &e), ERR_POLICY);
	fake_cert(&f, 7, "alice");
	f.row.root_id = crl.root_id;
	REFUSED(begin(l, &f, 1), ERR_POLICY);
	assert_string_equal(e.code, "ledger-issuing-suspended");
	REFUSED(ledger_crl_begin(&is_late, l, &crl, 0, &e), ERR_POLICY);
	REFUSED(ledger_move(l, "moved.db", &e), ERR_POLICY);
	assert_string_equal(verify(l, NULL).texts, "");
	the_clock.fixed += 60;
	OK(ledger_acknowledge(l, &e));
	assert_int_equal(place_of(l).acknowledged_at, NOW + 60);
	OK(begin(l, &f, 1));
	OK(ledger_crl_begin(&is_late, l, &crl, 0, &e));
	REFUSED(ledger_acknowledge(l, &e), ERR_POLICY);
	assert_string_equal(e.code, "ledger-issuing-not-suspended");
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
}

TEST(a_seal_holds_against_who_has_it_open)
{
	struct ledger_options mine = on(here);
	struct ledger *l = made_on(here, false), *other = NULL;
	int64_t events;

	mine.is_moving = true;
	OK(ledger_open(&other, &mine, &e));
	REFUSED(ledger_move(other, "moved.db", &e), ERR_POLICY); /* while l is at work */
	assert_string_equal(e.code, "operation-running");
	ledger_close(other);
	/* a writer whose lock nobody can see: on another path, say; its transactions are refused even so */
	assert_int_equal(rename("home/writers", "home/hidden"), 0);
	OK(ledger_open(&other, &mine, &e));
	OK(ledger_move(other, "moved.db", &e));
	ledger_close(other);
	events = forge("SELECT count(*) FROM events");
	REFUSED(ledger_note(l, "noted", "object", "", &e), ERR_POLICY);
	assert_string_equal(e.code, "ledger-moved");
	assert_int_equal(forge("SELECT count(*) FROM events"), events);
	ledger_close(l);
}

TEST(what_is_written_after_the_seal_shows)
{
	struct ledger *l = made_on(here, false);

	OK(ledger_move(l, "moved.db", &e));
	ledger_close(l);
	/* as a p11ca that knows no seals would have gone on */
	assert_int_equal(forge("UPDATE places SET state = 'in use' RETURNING 0"), 0);
	l = made_on(here, false);
	OK(ledger_note(l, "noted", "object", "", &e));
	assert_non_null(strstr(verify(l, NULL).ids, "ledger-written-after-move"));
	ledger_close(l);
}

TEST(a_restored_epoch_is_above_the_checkpoint_s)
{
	struct ledger_event_id known = { .epoch = 7 };
	struct ledger_info info;
	struct ledger *l = made_on(here, false);

	OK(ledger_get_info(&info, l, &e));
	OK(ledger_backup(l, "copy.db", &e));
	ledger_close(l);
	memcpy(known.ledger, info.id, sizeof(known.ledger));
	known.seq = info.n_events + 9;
	OK(restore("copy.db", here, &known));
	l = open_second(here);
	OK(ledger_get_info(&info, l, &e));
	assert_int_equal(info.epoch, 8);
	ledger_close(l);
}

TEST(what_a_restore_locks_is_not_taken_for_its_copy)
{
	char path[120];
	FILE *f;

	ledger_close(made_on(here, false));
	(void)snprintf(second, sizeof(second), "%s/second", base);
	assert_int_equal(mkdir(second, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/ledger.db.restoring", second);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	REFUSED(restore(path, here, NULL), ERR_USAGE);
	assert_int_equal(access(path, F_OK), 0); /* it stays */
}

TEST(a_sealed_one_is_whole_wherever_it_goes)
{
	struct ledger_options mine = on(here);
	struct ledger *l = made_on(here, false);

	(void)made_root(l, "vpn");
	OK(ledger_move(l, "moved.db", &e));
	ledger_close(l);
	REFUSED(ledger_open(&l, &mine, &e), ERR_POLICY);
	assert_string_equal(e.code, "ledger-moved");
	mine.is_moving = true; /* the copy was lost: another one */
	OK(ledger_open(&l, &mine, &e));
	OK(ledger_move(l, "again.db", &e));
	REFUSED(ledger_move(l, "again.db", &e), ERR_OUTPUT);
	ledger_close(l);
	OK(restore("moved.db", there, NULL));
	l = open_second(there);
	assert_string_equal(place_of(l).state, LOCATION_SUSPENDED); /* who knows whether it was restored before */
	OK(ledger_acknowledge(l, &e));
	OK(ledger_may_sign(l, &e));
	(void)proved_key(l, "client", "alice");
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
}

TEST(a_known_event_must_be_in_the_copy_or_after_it)
{
	struct ledger_event_id known = { .seq = 2 };
	struct ledger_info info;
	struct ledger *l = made_on(here, false);

	(void)made_root(l, "vpn");
	OK(ledger_get_info(&info, l, &e));
	OK(ledger_backup(l, "copy.db", &e));
	ledger_close(l);
	memcpy(known.ledger, info.id, sizeof(known.ledger));
	memcpy(known.hash, info.head, sizeof(known.hash)); /* of another event */
	REFUSED(restore("copy.db", here, &known), ERR_POLICY);
	assert_string_equal(e.code, "copy-not-of-checkpoint");
	assert_int_equal(access(second, F_OK), -1); /* nothing is left behind */
	known.seq = info.n_events + 5;
	OK(restore("copy.db", here, &known));
	l = open_second(here);
	assert_int_equal(place_of(l).known_seq, info.n_events + 5);
	ledger_close(l);
}

TEST(no_ledger_is_overwritten_and_no_journal_played_into_another)
{
	char path[120];

	struct ledger *l = made_on(here, false);
	OK(ledger_backup(l, "copy.db", &e));
	ledger_close(l);
	OK(restore("copy.db", here, NULL));
	REFUSED(restore("copy.db", here, NULL), ERR_OUTPUT);
	(void)snprintf(path, sizeof(path), "%s/ledger.db", second);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/ledger.db-wal", second);
	assert_int_equal(symlink("nowhere", path), 0);
	REFUSED(restore("copy.db", here, NULL), ERR_OUTPUT);
	assert_int_equal(unlink(path), 0);
	REFUSED(restore("nothing.db", here, NULL), ERR_NOT_FOUND);
	OK(restore("copy.db", here, NULL));
}

TEST(what_a_dead_restore_left_is_written_over)
{
	char path[120];
	FILE *f;

	struct ledger *l = made_on(here, false);
	OK(ledger_backup(l, "copy.db", &e));
	ledger_close(l);
	(void)snprintf(second, sizeof(second), "%s/second", base);
	assert_int_equal(mkdir(second, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/ledger.db.restoring", second);
	f = fopen(path, "w");
	assert_non_null(f);
	for (int i = 0; i < 100000; i++)
		(void)fputs("half a ledger", f);
	assert_int_equal(fclose(f), 0);
	OK(restore("copy.db", here, NULL));
	assert_int_equal(access(path, F_OK), -1);
	l = open_second(here);
	assert_string_equal(verify(l, NULL).texts, "");
	ledger_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_ledger_belongs_to_the_machine_that_it_was_made_on),
		UNIT(one_without_a_machine_is_bound_by_the_first_that_has_an_id),
		UNIT(a_test_ledger_goes_anywhere),
		UNIT(a_restored_one_signs_nothing_until_it_is_acknowledged),
		UNIT(a_seal_holds_against_who_has_it_open),
		UNIT(what_is_written_after_the_seal_shows),
		UNIT(a_restored_epoch_is_above_the_checkpoint_s),
		UNIT(what_a_restore_locks_is_not_taken_for_its_copy),
		UNIT(a_sealed_one_is_whole_wherever_it_goes),
		UNIT(a_known_event_must_be_in_the_copy_or_after_it),
		UNIT(no_ledger_is_overwritten_and_no_journal_played_into_another),
		UNIT(what_a_dead_restore_left_is_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
