/* SPDX-License-Identifier: MIT */
/* test_util.c - err, text, bytes, secret, cleanup, clock, random. */
#include "tests/unit/unit.h"

#include <stdatomic.h>

#include "util/array.h"
#include "util/bytes.h"
#include "util/clock.h"
#include "util/stage.h"
#include "util/random.h"
#include "util/secret.h"
#include "util/text.h"

TEST(a_failure_nobody_described_is_internal)
{
	struct err e = ERR_INIT;

	assert_int_equal(err_exit_status(-1, &e), 1);
}

TEST(an_ignored_inner_error_does_not_change_a_success)
{
	struct err e = ERR_INIT;

	assert_int_equal(err_set(&e, ERR_TOKEN, "optional part failed"), -1);
	assert_int_equal(err_exit_status(0, &e), 0);
	assert_int_equal(err_exit_status(-1, &e), 6);
}

TEST(print_shows_each_part_once_and_escapes)
{
	struct err e = ERR_INIT, inner = ERR_INIT;
	STREAM_OPEN(f, text);

	(void)err_set(&e, ERR_PIN, "no\nerror: forged");
	(void)err_while(&e, "logging in to '%s'", "a\033[31m");
	(void)err_while(&e, "listing keys");
	(void)err_set(&inner, ERR_OUTPUT, "disk full");
	(void)err_also(&e, &inner);
	e.has_rv = true;
	e.rv = 0x800000a4UL;
	e.rv_name = "CKR_VENDOR_DEFINED";
	e.hint = "look";
	err_print(&e, f, "p11ca");
	(void)fflush(f);
	assert_string_equal(text, "p11ca: error: no\\x0aerror: forged\n  while logging in to 'a\\x1b[31m'\n"
				  "  while listing keys\n  token answered: CKR_VENDOR_DEFINED (0x800000a4)\n"
				  "  and then: disk full\nhint: look\n");
	STREAM_CLOSE(f, text);
}

TEST(more_context_than_fits_is_dropped_not_overrun)
{
	struct err e = ERR_INIT;

	(void)err_set(&e, ERR_INPUT, "x");
	for (int i = 0; i < 2 * ERR_MAX; i++)
		(void)err_while(&e, "%d", i);
	assert_int_equal(e.n_doing, ERR_MAX);
	assert_string_equal(e.doing[0], "0");
}

TEST(status_rows_have_the_documented_numbers)
{
	int number = -1;
	unsigned n = 0;

	for (; err_status_row(n, &number) != NULL; n++)
		assert_int_equal(number, n);
	assert_int_equal(n, 12);
}

static void assert_safe(const char *in, size_t len, const char *want)
{
	char out[64];

	assert_int_equal(print_safe(out, sizeof(out), in, len), strlen(want));
	assert_string_equal(out, want);
}

TEST(print_safe_keeps_text_and_escapes_the_rest)
{
	char small[6];

	assert_safe("caf\xc3\xa9 \xf0\x9f\x94\x91", 10, "caf\xc3\xa9 \xf0\x9f\x94\x91");
	assert_safe("a\033b\x7f", 4, "a\\x1b" "b\\x7f");
	assert_safe("\xff\xc0\xaf\xed\xa0\x80", 6, "\\xff\\xc0\\xaf\\xed\\xa0\\x80"); /* overlong, surrogate */
	assert_safe("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");                            /* right-to-left override */
	assert_safe("\xe2\x80\x8b", 3, "\\xe2\\x80\\x8b");                            /* zero width space */
	assert_safe("\xef\xbb\xbf", 3, "\\xef\\xbb\\xbf");                            /* byte order mark */
	assert_safe("a\xc2\xad", 3, "a\\xc2\\xad");                                 /* soft hyphen */
	assert_safe("\xe3\x85\xa4\xe2\xa0\x80", 6, "\\xe3\\x85\\xa4\\xe2\\xa0\\x80"); /* blank symbols */
	assert_safe("\xf3\xa0\x81\x81", 4, "\\xf3\\xa0\\x81\\x81");                  /* tag */
	assert_safe("\xc2\xa0", 2, "\\xc2\\xa0");                                     /* no-break space */
	assert_safe("\xc2\x9b", 2, "\\xc2\\x9b");                                     /* C1: CSI */
	assert_safe("a\0b", 3, "a\\x00" "b");
	assert_safe("\xe2\x82", 2, "\\xe2\\x82");                                     /* cut off */
	assert_int_equal(print_safe(small, sizeof(small), "abc\xc3\xa9\xc3\xa9", 7), 5);
	assert_string_equal(small, "abc\xc3\xa9");
}

/* Ledgers have hashes of it: not even a better form may replace it. */
TEST(what_is_hashed_is_escaped_as_ever)
{
	char out[64];

	(void)text_escape(out, sizeof(out), "a\033\xe2\x80\xae\xc2\x9b\xff", 8);
	assert_string_equal(out, "a\\x1b\\xe2\\x80\\xae\\xc2\\x9b\\xff");
	(void)text_escape(out, sizeof(out), "\xe2\x80\x8b\xc2\xad\xc2\xa0\xf3\xa0\x81\x81", 11);
	assert_string_equal(out, "\xe2\x80\x8b\xc2\xad\xc2\xa0\xf3\xa0\x81\x81");
}

TEST(numbers_are_strict)
{
	unsigned n = 7;

	assert_true(text_to_unsigned("4294967295", &n));
	assert_int_equal(n, 4294967295U);
	assert_false(text_to_unsigned("4294967296", &n) || text_to_unsigned("", &n) || text_to_unsigned("-1", &n));
	assert_false(text_to_unsigned("1 ", &n) || text_to_unsigned("0x1", &n) || text_to_unsigned("+1", &n));
}

TEST(padded_fields_lose_only_their_padding)
{
	char out[9];

	text_from_padded(out, sizeof(out), (const unsigned char *)"a b     ", 8);
	assert_string_equal(out, "a b");
	text_from_padded(out, sizeof(out), (const unsigned char *)"123456789", 9);
	assert_string_equal(out, "12345678");
}

TEST(buffers_grow_and_hex_cuts_at_bytes)
{
	AUTO_VALUE(buf) b = { 0 };
	struct err e = ERR_INIT;
	char hex[6];

	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(buf_add(&b, "\xab\xcd\xef", 3, &e), 0);
	assert_int_equal(b.len, 3000);
	text_hex(hex, sizeof(hex), buf_bytes(&b));
	assert_string_equal(hex, "abcd");
	assert_int_equal(buf_add(&b, "", SIZE_MAX - 1, &e), -1);
	assert_int_equal(b.len, 3000);
}

/* What of `watched` was left when it was given back to the C library: the linker sends every free() here. */
static const unsigned char *watched;
static size_t watched_len, watched_left;
void __real_free(void *p);
void __wrap_free(void *p);
void __wrap_free(void *p)
{
	for (size_t i = 0; p != NULL && p == watched && i < watched_len; i++)
		watched_left += watched[i] != 0;
	__real_free(p);
}

TEST(buffers_are_wiped_before_they_are_given_back)
{
	struct err e = ERR_INIT;
	struct buf b = { 0 };

	assert_int_equal(buf_add(&b, "secret", 6, &e), 0);
	watched = b.data;
	watched_len = 6;
	watched_left = 0;
	for (unsigned i = 0; b.data == watched && i < 1000; i++) /* until it is moved */
		assert_int_equal(buf_add(&b, "0123456789abcdef", 16, &e), 0);
	assert_true(b.data != watched);
	assert_int_equal(watched_left, 0);
	watched = b.data;
	watched_len = b.len;
	buf_clear(&b);
	assert_int_equal(watched_left, 0);
	watched = NULL;
}

TEST(secrets_refuse_what_does_not_fit_and_are_wiped)
{
	static const struct secret empty;
	struct secret s = { 0 };
	struct err e = ERR_INIT;
	char long_pin[SECRET_MAX + 1] = { 0 };

	assert_int_equal(secret_set(&s, "1234", 4, &e), 0);
	assert_string_equal((const char *)s.data, "1234");
	assert_int_equal(secret_set(&s, long_pin, sizeof(long_pin), &e), -1);
	assert_int_equal(e.status, ERR_PIN);
	secret_clear(&s);
	assert_memory_equal(&s, &empty, sizeof(s));
}

struct thing {
	int *freed;
};
static void thing_free(struct thing *t)
{
	if (t != NULL)
		++*t->freed;
}
AUTO_STRUCT_DEFINE(thing, thing_free);

static struct thing *keep_or_drop(struct thing *t, int keep)
{
	AUTO_STRUCT(thing) mine = t;

	return keep ? STEAL(mine) : NULL;
}

TEST(auto_struct_frees_once_and_steal_hands_over)
{
	int freed = 0;
	struct thing t = { &freed };

	assert_ptr_equal(keep_or_drop(&t, 1), &t);
	assert_int_equal(freed, 0);
	assert_null(keep_or_drop(&t, 0));
	assert_int_equal(freed, 1);
	assert_null(keep_or_drop(NULL, 0));
}

TEST(a_fixed_clock_stands_still)
{
	assert_int_equal(clock_now(&(struct clock){ .fixed = 1000 }), 1000);
	assert_true(clock_now(&(struct clock){ 0 }) > 1700000000);
}

TEST(a_date_that_does_not_exist_is_refused)
{
	int64_t time = 0;

	assert_true(clock_parse(&time, "2026-03-01T12:00:05Z"));
	assert_int_equal(time, 1772366405);
	assert_true(clock_parse(&time, "2024-02-29"));
	assert_int_equal(time, 1709164800);
	assert_true(clock_has_form("2026-02-29"));
	assert_false(clock_parse(&time, "2026-02-29"));
	assert_false(clock_parse(&time, "2026-03-01T24:00:00Z"));
	assert_false(clock_has_form("2026-03-01T12:00:05"));
	assert_false(clock_parse(&time, "1772366405"));
	assert_int_equal(time, 1709164800);
}

/* `openssl kdf -keylen 20 -kdfopt digest:SHA256 -kdfopt hexkey:0001… -kdfopt salt:serial -kdfopt info:alice HKDF` */
TEST(a_seed_gives_the_bytes_of_hkdf)
{
	const struct random_use use = { "serial", { (const unsigned char *)"alice", 5 } };
	struct random_source s = { .is_seeded = false };
	unsigned char seed[SHA256_LEN], out[20], again[20];
	char hex[2 * sizeof(out) + 1];
	struct err e = ERR_INIT;

	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (unsigned char)i;
	assert_int_equal(random_draw(out, sizeof(out), &s, &use, &e), 0);
	assert_int_equal(random_draw(again, sizeof(again), NULL, &use, &e), 0);
	assert_memory_not_equal(out, again, sizeof(out));
	random_source_seed(&s, seed);
	assert_int_equal(random_draw(out, sizeof(out), &s, &use, &e), 0);
	text_hex(hex, sizeof(hex), (struct bytes){ out, sizeof(out) });
	assert_string_equal(hex, "2c5778fbd5e4ddf64bddcd7122769799148dd750");
}

TEST(days_are_counted_from_midnight_to_midnight)
{
	const int64_t midnight = INT64_C(20000) * 86400;

	assert_int_equal(clock_days(midnight, midnight + 20 * 86400), 20);
	assert_int_equal(clock_days(midnight + 86399, midnight + 20 * 86400), 20);
	assert_int_equal(clock_days(midnight, midnight + 21 * 86400 - 1), 20);
	assert_int_equal(clock_days(midnight - 1, midnight), 1);
	assert_int_equal(clock_days(midnight + 5 * 86400, midnight + 10), -5);
}

TEST(times_are_rfc_3339)
{
	char text[TEXT_TIME];

	text_time(text, 0);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	text_time(text, 1709164799);
	assert_string_equal(text, "2024-02-28T23:59:59Z");
	text_time(text, 253402300799);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	text_time(text, 253402300800);
	assert_string_equal(text, "");
	text_time(text, INT64_MAX);
	assert_string_equal(text, "");
}

struct counted {
	atomic_uint counts[200], n_ends;
	unsigned n_at_end;           /* items that were done when the batch ended */
};

static void count_item(void *worker, void *data, size_t i)
{
	struct counted *c = data;

	if (worker != NULL)
		(void)atomic_fetch_add((atomic_uint *)worker, 1);
	(void)atomic_fetch_add(&c->counts[i], 1);
}

static void count_end(void *data)
{
	struct counted *c = data;

	for (size_t i = 0; i < 199; i++)
		c->n_at_end += atomic_load(&c->counts[i]);
	(void)atomic_fetch_add(&c->n_ends, 1);
}

static void wait_for(struct pipeline *p, const struct stage_batch *b)
{
	while (!stage_is_done(p, b))
		pipeline_wait(p);
}

TEST(a_stage_works_on_each_item_once)
{
	static const unsigned n_threads[] = { 0, 1, 2, 7, 64 };

	for (size_t k = 0; k < ARRAY_LEN(n_threads); k++) {
		static struct counted counted[5];
		struct stage_batch batches[5];
		struct pipeline *p;
		struct stage *s;
		struct err e;

		memset(counted, 0, sizeof(counted));
		assert_int_equal(pipeline_open(&p, &e), 0);
		assert_int_equal(stage_open(&s, p,
		    &(struct stage_work){ .item = count_item, .end = count_end, .n_threads = n_threads[k] }, &e), 0);
		for (size_t b = 0; b < 5; b++) {
			batches[b] = (struct stage_batch){ .data = &counted[b], .n = b == 4 ? 0 : 199 };
			stage_start(s, &batches[b]);
		}
		for (size_t b = 0; b < 5; b++)
			wait_for(p, &batches[b]);
		for (size_t b = 0; b < 4; b++) {
			for (size_t i = 0; i < 200; i++)
				assert_int_equal(atomic_load(&counted[b].counts[i]), i < 199);
			assert_int_equal(atomic_load(&counted[b].n_ends), 1);
			assert_int_equal(counted[b].n_at_end, 199);
		}
		assert_int_equal(atomic_load(&counted[4].n_ends), 0);
		pipeline_close(p);
	}
}

TEST(a_batch_passes_through_two_stages_and_each_thread_has_its_worker)
{
	static struct counted counted;
	atomic_uint first[2] = { 0 }, second = 0;
	void *workers[2] = { &first[0], &first[1] }, *other = &second;
	struct stage_batch b = { .data = &counted, .n = 100 };
	struct stage *s[2];
	struct pipeline *p;
	struct err e;

	assert_int_equal(pipeline_open(&p, &e), 0);
	assert_int_equal(stage_open(&s[0], p,
	    &(struct stage_work){ .item = count_item, .workers = workers, .n_threads = 2 }, &e), 0);
	assert_int_equal(stage_open(&s[1], p,
	    &(struct stage_work){ .item = count_item, .workers = &other, .n_threads = 1 }, &e), 0);
	for (size_t i = 0; i < 2; i++) {
		stage_start(s[i], &b);
		wait_for(p, &b);
	}
	pipeline_close(p);
	assert_int_equal(atomic_load(&first[0]) + atomic_load(&first[1]), 100);
	assert_int_equal(atomic_load(&second), 100);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(atomic_load(&counted.counts[i]), i < 100 ? 2 : 0);
}

TEST(closing_a_pipeline_finishes_the_batches_that_were_started)
{
	static struct counted counted;
	struct stage_batch b = { .data = &counted, .n = 199 };
	struct pipeline *p;
	struct stage *s;
	struct err e;

	assert_int_equal(pipeline_open(&p, &e), 0);
	assert_int_equal(stage_open(&s, p,
	    &(struct stage_work){ .item = count_item, .end = count_end, .n_threads = 2 }, &e), 0);
	stage_start(s, &b);
	pipeline_close(p);
	assert_int_equal(atomic_load(&counted.n_ends), 1);
	pipeline_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_nobody_described_is_internal),
		cmocka_unit_test(an_ignored_inner_error_does_not_change_a_success),
		cmocka_unit_test(print_shows_each_part_once_and_escapes),
		cmocka_unit_test(more_context_than_fits_is_dropped_not_overrun),
		cmocka_unit_test(status_rows_have_the_documented_numbers),
		cmocka_unit_test(what_is_hashed_is_escaped_as_ever),
		cmocka_unit_test(print_safe_keeps_text_and_escapes_the_rest),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(padded_fields_lose_only_their_padding),
		cmocka_unit_test(buffers_grow_and_hex_cuts_at_bytes),
		cmocka_unit_test(buffers_are_wiped_before_they_are_given_back),
		cmocka_unit_test(secrets_refuse_what_does_not_fit_and_are_wiped),
		cmocka_unit_test(auto_struct_frees_once_and_steal_hands_over),
		cmocka_unit_test(a_fixed_clock_stands_still),
		cmocka_unit_test(a_date_that_does_not_exist_is_refused),
		cmocka_unit_test(a_seed_gives_the_bytes_of_hkdf),
		cmocka_unit_test(days_are_counted_from_midnight_to_midnight),
		cmocka_unit_test(times_are_rfc_3339),
		cmocka_unit_test(a_stage_works_on_each_item_once),
		cmocka_unit_test(a_batch_passes_through_two_stages_and_each_thread_has_its_worker),
		cmocka_unit_test(closing_a_pipeline_finishes_the_batches_that_were_started),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
