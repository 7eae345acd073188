/* SPDX-License-Identifier: MIT */
/* test_ledger_many.c - many processes at once, processes that are killed, a disk that is full. */
#include "ledger/internal.h"
#include "tests/unit/ledger/ledger_unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define CHILDREN 16
#define EACH 50

/* In a child: says what failed, and ends without the parent's cleanup. */
static void must(int r)
{
	if (r == 0)
		return;
	err_print(&e, stderr, "child");
	_exit(1);
}

static void issue_some(struct ledger *l, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++) {
		struct fake f;
		char name[32];

		(void)snprintf(name, sizeof(name), "client %u", i);
		fake_cert(&f, i, name);
		must(begin(l, &f, 1));
		must(issue(l, &f));
	}
}

/* A statement whose plan depends on an argument is compiled for each call, which takes longer than running it. */
TEST(no_statement_is_compiled_twice)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);

	issue_some(l, 0, 3);
	assert_true(l->db.n_cached > 5);
	for (size_t i = 0; i < l->db.n_cached; i++)
		assert_int_equal(sqlite3_stmt_status(l->db.cache[i].stmt, SQLITE_STMTSTATUS_REPREPARE, 0), 0);
}

static unsigned failures(const pid_t pids[], unsigned n)
{
	unsigned failed = 0;
	int status;

	for (unsigned i = 0; i < n; i++)
		failed += waitpid(pids[i], &status, 0) != pids[i] || status != 0;
	return failed;
}

/* They also race to make it.  Forked before the parent has touched SQLite. */
TEST(sixteen_at_once)
{
	AUTO_STRUCT(ledger) l = NULL;
	pid_t pids[CHILDREN];

	for (unsigned i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct ledger_options o = options();

			o.create = true;
			must(ledger_open(&l, &o, &e));
			issue_some(l, i * EACH, EACH);
			ledger_close(l);
			_exit(0);
		}
	}
	l = open_ledger(true);
	for (unsigned i = 0; i < 20; i++)
		assert_string_equal(verify(l, NULL).texts, ""); /* what is being worked on is no fault */
	assert_int_equal(failures(pids, CHILDREN), 0);
	assert_int_equal(forge("SELECT count(DISTINCT serial) FROM certificates WHERE state = 'issued'"),
	    CHILDREN * EACH);
	assert_int_equal(forge("SELECT max(seq) FROM events"), 1 + 2 * CHILDREN * EACH);
	assert_string_equal(verify(l, NULL).texts, "");
	assert_int_equal(rmdir("home/writers"), -1); /* ours is in it, and only ours */
	ledger_close(STEAL(l));
	assert_int_equal(rmdir("home/writers"), 0);
}

/* Only one of those who want the same serial, or the last certificate of a client, gets it. */
TEST(one_of_sixteen_gets_it)
{
	pid_t pids[CHILDREN];

	ledger_close(open_ledger(true));
	for (unsigned i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct ledger *l = open_ledger(false);
			struct fake f;
			int r;

			fake_cert(&f, i % 2, "alice");
			r = begin(l, &f, 1);
			ledger_close(l);
			_exit(r == 0 ? 0 : 1);
		}
	}
	assert_int_equal(failures(pids, CHILDREN), CHILDREN - 1);
}

static void work_until_killed(unsigned round)
{
	struct ledger_options o = options();
	struct ledger *l = NULL;

	o.create = true;
	must(ledger_open(&l, &o, &e));
	for (unsigned i = 0; ; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "c%u.%u", round, i);
		(void)planned_key(l, "client", name);
		issue_some(l, round * 100000 + i, 1);
	}
}

static int take_all(const struct cert_row *row, void *arg, struct err *unused)
{
	(void)unused;
	assert_true(row->is_writer_dead);
	*(int64_t *)arg = row->id;
	return 0;
}

TEST(killed_at_any_time)
{
	const char *wanted = getenv("SEED"); /* repeats a run */
	unsigned seed = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)getpid();

	print_message("# SEED=%u\n", seed);
	for (unsigned round = 0; round < 40; round++) {
		const struct timespec wait = { 0, (long)(rand_r(&seed) % 30) * 1000000L };
		AUTO_STRUCT(ledger) l = NULL;
		struct faults faults;
		int64_t left = 0;
		bool taken;
		pid_t pid = fork();

		if (pid == 0)
			work_until_killed(round);
		(void)nanosleep(&wait, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(failures(&pid, 1), 1);
		l = open_ledger(true);
		OK(ledger_each_cert(l, &(struct cert_query){ .state = "signing" }, take_all, &left, &e));
		if (left != 0) {
			OK(ledger_cert_take(&taken, l, left, &e));
			assert_true(taken);
			OK(ledger_cert_unknown(l, left, "killed", &e));
		}
		faults = verify(l, NULL);
		assert_null(strstr(faults.ids, "ledger-certificate"));
		assert_null(strstr(faults.ids, "ledger-row"));
		assert_null(strstr(faults.ids, "ledger-event"));
		assert_null(strstr(faults.ids, "ledger-chain"));
		assert_null(strstr(faults.ids, "ledger-head"));
		assert_null(strstr(faults.ids, "ledger-database"));
	}
}

/* Files may not grow beyond a limit: writes fail as on a full disk, wherever they happen to be. */
TEST(a_full_disk_is_a_clean_error)
{
	AUTO_STRUCT(ledger) l = open_ledger(true);
	struct rlimit limit, small;
	unsigned done = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	for (rlim_t size = 4096; size < 600000; size += 20000) {
		const unsigned before = done;
		struct fake f;

		small = (struct rlimit){ .rlim_cur = size, .rlim_max = limit.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		for (;;) {
			char name[32];

			(void)snprintf(name, sizeof(name), "client %u", done);
			fake_cert(&f, done, name);
			if (begin(l, &f, 1) < 0)
				break;
			done++;
			if (done - before > 50)
				break;
		}
		if (done - before <= 50)
			assert_int_equal(e.status, ERR_OUTPUT);
		ledger_close(STEAL(l));
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		l = open_ledger(false);
		assert_int_equal(forge("SELECT count(*) FROM certificates"), (int64_t)done);
	}
	assert_true(done > 50);
	assert_null(strstr(verify(l, NULL).ids, "ledger-row"));
	assert_null(strstr(verify(l, NULL).ids, "ledger-event"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(sixteen_at_once),
		UNIT(one_of_sixteen_gets_it),
		UNIT(killed_at_any_time),
		UNIT(a_full_disk_is_a_clean_error),
		UNIT(no_statement_is_compiled_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
