/* SPDX-License-Identifier: MIT */
/* test_step.c - a dry run shows, a run runs, a failure undoes. */
#include "tests/unit/unit.h"

#include "pki/step.h"

struct op {
	char log[200];
	bool have_key, fail_issue, fail_undo, refuse, lost_key;
};
#define op_STEPS const struct op_step * : 0
STEPS_DEFINE(op);

static int say(struct op *op, const char *what)
{
	(void)strncat(op->log, what, sizeof(op->log) - strlen(op->log) - 1);
	return 0;
}

static int key_probe(struct op *op, enum step_state *out, struct err *e)
{
	*out = op->have_key ? STEP_DONE : STEP_PENDING;
	return op->refuse ? err_set(e, ERR_POLICY, "card is full") : 0;
}
static int key_run(struct op *op, struct err *e)
{
	(void)e;
	return say(op, "key ");
}
static int key_undo(struct op *op, struct err *e)
{
	(void)say(op, "undo-key ");
	return op->fail_undo ? err_set(e, ERR_TOKEN, "cannot destroy the key") : 0;
}
static int key_check(struct op *op, struct err *e)
{
	(void)say(op, "check-key ");
	return op->lost_key ? err_set(e, ERR_TOKEN, "the key is gone") : 0;
}
struct shown {
	const char *root;
};
static const struct out_field issue_fields[] = {
	{ OUT_TEXT("root", "ROOT", struct shown, root), .help = "who signs" },
	{ .key = NULL },
};
static int issue_show(const struct op *op, struct out *o, struct err *e)
{
	const struct shown s = { "R1" };

	(void)op;
	return out_record(o, "issue", issue_fields, &s, e);
}
static int issue_run(struct op *op, struct err *e)
{
	(void)say(op, "issue ");
	return op->fail_issue ? err_set(e, ERR_TOKEN, "no signature") : 0;
}

static const struct op_step key_generate = { STEP_OF(op, "generate key"), .probe = key_probe, .run = key_run,
	.check = key_check, .undo = key_undo };
static const struct op_step issue = { STEP_OF(op, "issue"), .show = issue_show, .run = issue_run };
/* What was done before and needs no check is passed over. */
static int read_probe(struct op *op, enum step_state *out, struct err *e)
{
	(void)op;
	(void)e;
	*out = STEP_DONE;
	return 0;
}
static int read_run(struct op *op, struct err *e)
{
	(void)e;
	return say(op, "read ");
}
static const struct op_step read_request = { STEP_OF(op, "read"), .probe = read_probe, .run = read_run };
static const struct op_list list[] = { STEP(op, read_request), STEP(op, key_generate), STEP(op, issue), STEPS_END };

static bool stop_now;
static void no_progress(void *self, const char *what, uint64_t done, uint64_t total)
{
	(void)self;
	(void)what;
	assert_true(done <= total);
}
static bool stop(void *self)
{
	(void)self;
	return stop_now;
}
static const struct ui ui = { .progress = no_progress, .stop = stop };

static int run(struct op *op, bool dry_run, char **text, struct err *e)
{
	const struct run_mode mode = { .dry_run = dry_run };
	struct err at_close = ERR_INIT;
	size_t len;
	FILE *f = open_memstream(text, &len);
	struct out *o;
	int result;

	assert_int_equal(out_open(&o, "text", f, e), 0);
	result = steps_run(&list->step, op, &mode, o, &ui, e);
	assert_int_equal(out_close(o, NULL, &at_close), 0);
	(void)fclose(f);
	return result;
}

static void assert_run(struct op *op, bool dry_run, int want, const char *log, const char *shown, struct err *e)
{
	char *text = NULL;

	assert_int_equal(run(op, dry_run, &text, e), want);
	assert_string_equal(op->log, log);
	assert_true(shown == NULL ? text[0] == '\0' : strstr(text, shown) != NULL);
	free(text);
}

TEST(a_dry_run_shows_and_does_nothing)
{
	struct op op = { .log = "" };
	struct err e = ERR_INIT;

	assert_run(&op, true, 0, "", "ROOT: R1", &e);
}

TEST(a_run_does_what_is_to_do)
{
	struct op op = { .log = "" }, resumed = { .log = "", .have_key = true };
	struct err e = ERR_INIT;

	assert_run(&op, false, 0, "key issue ", NULL, &e);
	assert_run(&resumed, false, 0, "check-key issue ", NULL, &e);
}

TEST(what_an_earlier_run_did_is_checked_and_not_believed)
{
	struct op op = { .log = "", .have_key = true, .lost_key = true };
	struct op shown = { .log = "", .have_key = true, .lost_key = true };
	struct err e = ERR_INIT;

	assert_run(&op, false, -1, "check-key ", NULL, &e);
	assert_string_equal(e.what, "the key is gone");
	assert_run(&shown, true, 0, "", "generate key  done", &e); /* a dry run logs in nowhere */
}

TEST(a_failure_undoes_what_this_run_did)
{
	struct op op = { .log = "", .fail_issue = true, .fail_undo = true };
	struct op resumed = { .log = "", .fail_issue = true, .have_key = true };
	struct err e = ERR_INIT;

	assert_run(&op, false, -1, "key issue undo-key ", NULL, &e);
	assert_string_equal(e.what, "no signature");
	assert_string_equal(e.also[0], "cannot destroy the key");
	assert_string_equal(e.doing[0], "doing step 'issue'");
	assert_run(&resumed, false, -1, "check-key issue ", NULL, &e); /* an older key is not ours to undo */
}

TEST(a_refusal_comes_before_anything_is_done)
{
	struct op op = { .log = "", .refuse = true };
	struct err e = ERR_INIT;

	assert_run(&op, false, -1, "", NULL, &e);
	assert_int_equal(e.status, ERR_POLICY);
}

TEST(stopping_is_between_steps)
{
	struct op op = { .log = "" };
	struct err e = ERR_INIT;

	stop_now = true;
	assert_run(&op, false, -1, "", NULL, &e);
	stop_now = false;
	assert_int_equal(e.status, ERR_INTERRUPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dry_run_shows_and_does_nothing),
		cmocka_unit_test(a_run_does_what_is_to_do),
		cmocka_unit_test(what_an_earlier_run_did_is_checked_and_not_believed),
		cmocka_unit_test(a_failure_undoes_what_this_run_did),
		cmocka_unit_test(a_refusal_comes_before_anything_is_done),
		cmocka_unit_test(stopping_is_between_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
