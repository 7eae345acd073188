/* SPDX-License-Identifier: MIT */
/* test_text.c - text for people: tables and lines that fit the terminal, blocks, colours, sentences and titles. */
#include "tests/unit/unit.h"

#include "out/out.h"
#include "util/array.h"

struct row {
	const char *name, *serial, *note, *text;
	int64_t at;
};
static const struct out_field fields[] = {
	{ OUT_TEXT("name", "NAME", struct row, name), .help = "-" },
	{ OUT_TEXT("note", "NOTE", struct row, note), .as = OUT_AS_LOW, .help = "-" },
	{ OUT_TEXT("serial", "SERIAL", struct row, serial), .as = OUT_AS_ID, .help = "-" },
	{ OUT_TEXT("text", "TEXT", struct row, text), .as = OUT_AS_PROSE, .help = "-" },
	{ .key = NULL },
};
static const struct out_field block_fields[] = {
	{ OUT_TEXT("name", "NAME", struct row, name), .as = OUT_AS_OBJECT, .help = "-" },
	{ OUT_TEXT("serial", "SERIAL", struct row, serial), .as = OUT_AS_SEVERITY, .help = "-" },
	{ OUT_TEXT("note", "NOTE", struct row, note), .as = OUT_AS_REMEDY, .help = "-" },
	{ OUT_TEXT("text", "TEXT", struct row, text), .as = OUT_AS_FACT, .help = "-" },
	{ .key = NULL },
};
static const struct out_field record_fields[] = {
	{ OUT_TEXT("text", "Text", struct row, text), .help = "-" },
	{ OUT_TEXT("note", "Note", struct row, note), .as = OUT_AS_DETAIL, .help = "-" },
	{ .key = NULL },
};
static const struct row alice = { "alice", "0102030405060708090a0b0c0d0e0f1011121314", "a note",
	"one two three four five six seven eight nine ten eleven twelve", 0 };

/* Prints the rows in a list on a screen, NULL for a pipe, and compares the text. */
static void expect_list(const char *expected, const struct out_field *f, const struct screen *s,
    const struct row *rows, size_t n)
{
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(stream, text);

	assert_int_equal(out_open(&o, "text", stream, &e), 0);
	if (s != NULL)
		out_set_screen(o, s, false);
	assert_int_equal(out_list(o, "rows", f, &e), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(out_row(o, &rows[i], &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
	assert_string_equal(text, expected);
	STREAM_CLOSE(stream, text);
}

TEST(a_table_in_a_pipe_is_complete)
{
	expect_list("NAME   NOTE    SERIAL                                    TEXT\n"
	            "alice  a note  0102030405060708090a0b0c0d0e0f1011121314  "
	            "one two three four five six seven eight nine ten eleven twelve\n", fields, NULL, &alice, 1);
}

TEST(a_table_fits_the_terminal)
{
	static const struct screen wide = { .columns = 80 }, narrow = { .columns = 56 }, tiny = { .columns = 28 };
	static const struct row rows[] = { { "a name of more than the width", "01", NULL, "x", 0 },
		{ "\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d", "02", NULL, "y", 0 } };

	expect_list("NAME   NOTE    SERIAL            TEXT\n"
	            "alice  a note  0102030405060708  one two three four five six seven eight nine\n"
	            "                                 ten eleven twelve\n", fields, &wide, &alice, 1);
	expect_list("NAME   NOTE    SERIAL\n"
	            "alice  a note  0102030405060708\n"
	            "    one two three four five six seven eight nine ten\n"
	            "    eleven twelve\n", fields, &narrow, &alice, 1);
	expect_list("NAME               SERIAL\n"
	            "a name of more t…  01\n"
	            "    x\n"
	            "\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d       02\n"
	            "    y\n",
	    fields, &(struct screen){ .columns = 25 }, rows, ARRAY_LEN(rows));
	expect_list("NAME   SERIAL\n"
	            "alice  0102030405060708\n"
	            "    one two three four five\n"
	            "    six seven eight nine ten\n"
	            "    eleven twelve\n", fields, &tiny, &alice, 1);
}

TEST(times_are_cut_to_their_dates_before_names_are_shortened)
{
	static const struct screen s = { .columns = 24 };
	static const struct row row = { .name = "a long name", .serial = "0102030405060708090a", .at = 86400 };
	static const struct out_field timed_fields[] = {
		{ OUT_TEXT("name", "NAME", struct row, name), .help = "-" },
		{ OUT_TIME("at", "AT", struct row, at), .help = "-" },
		{ OUT_TEXT("serial", "SERIAL", struct row, serial), .as = OUT_AS_LOW_ID, .help = "-" },
		{ .key = NULL },
	};

	expect_list("NAME         AT\n"
	            "a long name  1970-01-02\n", timed_fields, &s, &row, 1);
}

TEST(a_finding_is_a_block)
{
	static const struct screen plain = { .columns = 40 }, colored = { .has_color = true };
	static const struct row rows[] = {
		{ "a.pem", "fail", "do it", "one two three four five six seven eight nine ten eleven twelve", 0 },
		{ NULL, "info", NULL, "fact", 0 },
	};

	expect_list("fail  a.pem\n"
	            "      one two three four five six seven\n"
	            "      eight nine ten eleven twelve\n"
	            "      -> do it\n"
	            "info\n"
	            "      fact\n", block_fields, &plain, rows, ARRAY_LEN(rows));
	expect_list("\033[1;31mfail\033[0m  a.pem\n"
	            "      one two three four five six seven eight nine ten eleven twelve\n"
	            "      -> do it\n", block_fields, &colored, rows, 1);
	expect_list("fail  a.pem\n"
	            "      one two three four five six seven eight nine ten eleven twelve\n"
	            "      -> do it\n", block_fields, NULL, rows, 1);
}

TEST(a_record_is_wrapped_and_has_its_details_with_verbose)
{
	static const struct row row = { .text = "word 0123456789abcdefghijklmnopqrstuvwxyz", .note = "detail" };
	static const struct screen s = { .columns = 24 };

	for (int verbose = 0; verbose < 2; verbose++) {
		struct err e = ERR_INIT;
		struct out *o;
		STREAM_OPEN(stream, text);

		assert_int_equal(out_open(&o, "text", stream, &e), 0);
		out_set_screen(o, &s, verbose);
		assert_int_equal(out_say(o, &e, "%s is enrolled\x1b", "alice@contoso.com"), 0);
		assert_int_equal(out_record(o, "row", record_fields, &row, &e), 0);
		out_title(o, "Rows");
		assert_int_equal(out_list(o, "rows", record_fields, &e), 0);
		assert_int_equal(out_row(o, &(struct row){ .text = "t" }, &e), 0);
		assert_int_equal(out_close(o, NULL, &e), 0);
		assert_string_equal(text, verbose ?
		    "alice@contoso.com is\n  enrolled\\x1b\nText: word 0123456789abc\n  defghijklmnopqrstuvwxy\n  z\n"
		    "Note: detail\n\nRows:\nText  Note\nt     -\n" :
		    "alice@contoso.com is\n  enrolled\\x1b\nText: word 0123456789abc\n  defghijklmnopqrstuvwxy\n  z\n"
		    "\nRows:\nText\nt\n");
		STREAM_CLOSE(stream, text);
	}
}

TEST(several_words_of_a_record_are_numbered)
{
	static const struct out_field numbered[] = {
		{ OUT_TEXT("text", "Causes", struct row, text), .separator = ';', .as = OUT_AS_NUMBERED, .help = "-" },
		{ .key = NULL },
	};
	static const struct row rows[] = { { .text = "one cause; another cause" }, { .text = "a cause" },
		{ .text = NULL } };
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(stream, text);

	assert_int_equal(out_open(&o, "text", stream, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(out_record(o, "row", numbered, &rows[i], &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
	assert_string_equal(text, "Causes:\n  1. one cause\n  2. another cause\nCauses: a cause\n");
	STREAM_CLOSE(stream, text);
}

TEST(a_wrapped_command_can_be_copied)
{
	static const struct screen s = { .columns = 24 };
	STREAM_OPEN(stream, text);

	screen_wrap_command(stream, &s, "az network --name 'a gateway of mine' --id 1", 3, 3);
	(void)fflush(stream);
	assert_string_equal(text, "az network --name \\\n   'a gateway of mine' \\\n   --id 1\n");
	STREAM_CLOSE(stream, text);
}

TEST(a_wrapped_cmdlet_can_be_copied)
{
	static const struct screen s = { .columns = 24 };
	STREAM_OPEN(stream, text);

	screen_wrap_command(stream, &s, "Get-AzVpn -Name 'a gateway' -Id 1", 3, 3);
	(void)fflush(stream);
	assert_string_equal(text, "Get-AzVpn -Name `\n   'a gateway' -Id 1\n");
	STREAM_CLOSE(stream, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_in_a_pipe_is_complete),
		cmocka_unit_test(a_table_fits_the_terminal),
		cmocka_unit_test(times_are_cut_to_their_dates_before_names_are_shortened),
		cmocka_unit_test(a_finding_is_a_block),
		cmocka_unit_test(a_record_is_wrapped_and_has_its_details_with_verbose),
		cmocka_unit_test(several_words_of_a_record_are_numbered),
		cmocka_unit_test(a_wrapped_command_can_be_copied),
		cmocka_unit_test(a_wrapped_cmdlet_can_be_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
