/* SPDX-License-Identifier: MIT */
/* test_out.c - one set of rows, every type, every format. */
#include "tests/unit/unit.h"

#include <jansson.h>

#include "out/out.h"

struct item {
	const char *name;
};
static const struct out_field item_fields[] = {
	{ OUT_TEXT("name", "NAME", struct item, name), .help = "-" },
	{ .key = NULL },
};

struct record {
	const char *text;
	char chars[8];
	struct bytes hex;
	unsigned count;
	int64_t balance;
	bool flag;
	enum tri tri;
	int64_t when;
	struct out_array items;
};
static const struct out_field fields[] = {
	{ OUT_TEXT("text", "TEXT", struct record, text), .help = "-" },
	{ OUT_CHARS("chars", "CHARS", struct record, chars), .help = "-" },
	{ OUT_HEX("hex", "HEX", struct record, hex), .help = "-" },
	{ OUT_UINT("count", NULL, struct record, count), .help = "-" },
	{ OUT_INT64("balance", NULL, struct record, balance), .help = "-" },
	{ OUT_BOOL("flag", "FLAG", struct record, flag), .help = "-" },
	{ OUT_TRI("tri", "TRI", struct record, tri), .help = "-" },
	{ OUT_TIME("when", "WHEN", struct record, when), .help = "-" },
	{ OUT_LIST("items", "ITEMS", struct record, items, item_fields), .help = "-" },
	{ .key = NULL },
};
static const struct item two[] = { { "a" }, { "b" } };
static const struct record sample = {
	"x\033\xff", "yes", { (const unsigned char *)"\x01\xfe", 2 }, 7, -5, true, TRI_NOT_STATED, 86400,
	{ two, 2, sizeof(two[0]) },
};

static void write_all(struct out *o, const struct err *failed)
{
	struct err e = ERR_INIT;

	assert_int_equal(out_record(o, "one", fields, &sample, &e), 0);
	assert_int_equal(out_list(o, "many", fields, &e), 0);
	assert_int_equal(out_row(o, &sample, &e), 0);
	assert_int_equal(out_row(o, &sample, &e), 0);
	out_warn(o, "w-id", "bad \xff text");
	if (failed == NULL)
		assert_int_equal(out_end(o, &e), 0);
	assert_int_equal(out_close(o, failed, &e), 0);
}

TEST(text_is_a_table_with_nothing_raw)
{
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, NULL, f, &e), 0);
	write_all(o, NULL);
	assert_non_null(strstr(text, "TEXT: x\\x1b\\xff\nCHARS: yes\nHEX: 01fe\nFLAG: yes\nTRI: not stated\n"
				     "WHEN: 1970-01-02T00:00:00Z\nITEMS: a, b\n"));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "count"));
	STREAM_CLOSE(f, text);
}

TEST(json_has_every_field_and_the_error)
{
	struct err e = ERR_INIT, failed = ERR_INIT;
	struct out *o;
	json_t *j, *one;
	STREAM_OPEN(f, text);

	(void)err_set(&failed, ERR_TOKEN, "broke \xfe");
	assert_int_equal(out_open(&o, "json", f, &e), 0);
	write_all(o, &failed); /* the list is left open, as when a row's source fails */
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	assert_int_equal(json_array_size(json_object_get(j, "many")), 2);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "error"), "status")), 6);
	assert_int_equal(json_array_size(json_object_get(j, "warnings")), 1);
	one = json_object_get(j, "one");
	assert_int_equal(json_object_size(one), 9);
	assert_int_equal(json_integer_value(json_object_get(one, "balance")), -5);
	assert_string_equal(json_string_value(json_object_get(one, "hex")), "01fe");
	assert_string_equal(json_string_value(json_object_get(one, "text")), "x\\x1b\\xff");
	assert_true(json_is_null(json_object_get(one, "tri")));
	assert_true(json_is_true(json_object_get(one, "flag")));
	assert_int_equal(json_array_size(json_object_get(one, "items")), 2);
	json_decref(j);
	STREAM_CLOSE(f, text);
}

TEST(csv_is_quoted_and_runs_no_formula)
{
	static const struct record nasty = { "=1+\"1\",2", "@x", { NULL, 0 }, 0, -7, false, TRI_YES, 0, { two, 1, 0 } };
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, "csv", f, &e), 0);
	write_all(o, NULL);
	assert_int_equal(out_open(&o, "csv", f, &e), 0);
	assert_int_equal(out_record(o, "one", fields, &nasty, &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
#define HEADER "text,chars,hex,count,balance,flag,tri,when,items\r\n"
#define LINE "x\\x1b\\xff,yes,01fe,7,-5,yes,,1970-01-02T00:00:00Z,\"a, b\"\r\n"
	assert_string_equal(text, HEADER LINE HEADER LINE LINE HEADER
	    "\"'=1+\"\"1\"\",2\",'@x,,0,-7,no,yes,,a\r\n");
	STREAM_CLOSE(f, text);
}

TEST(csv_runs_no_formula_in_any_text)
{
	static const char *const beginnings[] = { "=1", "+1", "-1", "@x", "\t=1", "\r=1" };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		struct record r = { beginnings[i], "x", { NULL, 0 }, 0, 0, false, TRI_YES, 0,
			{ (const char *const *)&beginnings[i], 1, 0 } };
		struct err e = ERR_INIT;
		struct out *o;
		const char *row;
		STREAM_OPEN(f, text);

		assert_int_equal(out_open(&o, "csv", f, &e), 0);
		assert_int_equal(out_record(o, "one", fields, &r, &e), 0);
		assert_int_equal(out_close(o, NULL, &e), 0);
		row = strchr(text, '\n') + 1;
		row += *row == '"';
		assert_int_equal(row[0], '\'');
		assert_non_null(strstr(strrchr(text, ','), ",'")); /* the list, which is the last column */
		STREAM_CLOSE(f, text);
	}
}

TEST(jsonl_is_an_object_per_line)
{
	struct err e = ERR_INIT;
	struct out *o;
	unsigned n = 0;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, "jsonl", f, &e), 0);
	write_all(o, NULL);
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, n++) {
		json_t *j = json_loadb(line, (size_t)(end - line), 0, NULL);

		assert_int_equal(json_object_size(j), 9);
		json_decref(j);
	}
	assert_int_equal(n, 3);
	STREAM_CLOSE(f, text);
}

static void print_names(struct out *o, const char *const *names)
{
	struct pair {
		const char *name;
		unsigned number;
	} rec = { NULL, 1 };
	static const struct out_field pair_fields[] = {
		{ OUT_TEXT("name", "NAME", struct pair, name), .help = "-" },
		{ OUT_UINT("number", "NUMBER", struct pair, number), .help = "-" },
		{ .key = NULL },
	};
	struct err e = ERR_INIT;

	assert_int_equal(out_list(o, "pairs", pair_fields, &e), 0);
	for (; *names != NULL; names++, rec.number++) {
		rec.name = *names;
		assert_int_equal(out_row(o, &rec, &e), 0);
	}
	assert_int_equal(out_end(o, &e), 0);
}

TEST(columns_are_as_wide_as_what_is_in_them)
{
	static const char *const names[] = { "a", "a long name", "\xc3\xa4", NULL };
	static const char *const none[] = { NULL };
	const char *many[100] = { NULL };
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, NULL, f, &e), 0);
	print_names(o, names);
	print_names(o, none);
	(void)fflush(f);
	assert_string_equal(
	    text, "NAME         NUMBER\na            1\na long name  2\n\xc3\xa4            3\n");
	for (size_t i = 0; i < 99; i++)
		many[i] = i < 64 ? "abcdef" : "longer than all of them";
	print_names(o, many);
	assert_int_equal(out_close(o, NULL, &e), 0);
	assert_non_null(strstr(text, "NAME    NUMBER\nabcdef  1\n"));
	assert_non_null(strstr(text, "abcdef  64\nlonger than all of them  65\n"));
	assert_non_null(strstr(text, "them  99\n"));
	STREAM_CLOSE(f, text);
}

TEST(long_text_is_not_cut)
{
	static const struct out_field name[] = { { OUT_TEXT("name", "NAME", struct item, name), .help = "-" },
		{ .key = NULL } };
	char longest[3001], expected[3010];
	const struct item one = { longest };
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	for (size_t i = 0; i + 1 < sizeof(longest); i += 3)
		memcpy(longest + i, "\xe2\x82\xac", 3);
	longest[sizeof(longest) - 1] = '\0';
	(void)snprintf(expected, sizeof(expected), "NAME: %s\n", longest);
	assert_int_equal(out_open(&o, NULL, f, &e), 0);
	assert_int_equal(out_record(o, "one", name, &one, &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
	assert_string_equal(text, expected);
	STREAM_CLOSE(f, text);
}

/* Prints bytes as the whole output; returns what came out, to be freed. */
static char *raw(const char *format, const void *bytes, size_t len, size_t *out_len)
{
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, format, f, &e), 0);
	assert_int_equal(out_raw(o, (struct bytes){ bytes, len }, &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
	(void)fclose(f);
	*out_len = text_len;
	return text;
}

TEST(raw_output_is_exact)
{
	size_t len;
	char *text = raw("text", "\x30\x00\xff", 3, &len);
	json_t *j;

	assert_int_equal(len, 3);
	assert_memory_equal(text, "\x30\x00\xff", 3);
	free(text);
	text = raw("json", "line\n", 5, &len);
	j = json_loads(text, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(j, "data")), "line\n");
	json_decref(j);
	free(text);
	text = raw("json", "\x30\x00\xff", 3, &len);
	j = json_loads(text, 0, NULL);
	assert_null(json_object_get(j, "data"));
	assert_string_equal(json_string_value(json_object_get(j, "data_hex")), "3000ff");
	json_decref(j);
	free(text);
}

struct card {
	const char *label, *serial, *model;
};
struct stated {
	const char *words, *yes, *other;
	char empty[4];
	const void *card, *no_card;
};
static const struct out_field card_fields[] = {
	{ OUT_TEXT("label", "LABEL", struct card, label), .help = "-" },
	{ OUT_TEXT("serial", "SERIAL", struct card, serial), .help = "-" },
	{ OUT_TEXT("model", NULL, struct card, model), .help = "-" },
	{ .key = NULL },
};
static const struct out_field stated_fields[] = {
	{ OUT_TEXT("words", "WORDS", struct stated, words), .separator = ',', .help = "-" },
	{ OUT_STATED("yes", "YES", struct stated, yes), .help = "-" },
	{ OUT_STATED("other", "OTHER", struct stated, other), .help = "-" },
	{ OUT_CHARS("empty", NULL, struct stated, empty), .help = "-" },
	{ OUT_OBJECT("card", "CARD", struct stated, card, card_fields), .help = "-" },
	{ OUT_OBJECT("no_card", NULL, struct stated, no_card, card_fields), .help = "-" },
	{ .key = NULL },
};

static char *printed_as(const char *format)
{
	static const struct card card = { "=1+1", "77", "x" };
	static const struct stated row = { "a, b,c", "yes", "not stated", "", &card, NULL };
	struct err e = ERR_INIT;
	struct out *o;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, format, f, &e), 0);
	assert_int_equal(out_record(o, "one", stated_fields, &row, &e), 0);
	assert_int_equal(out_close(o, NULL, &e), 0);
	(void)fclose(f);
	return text;
}

TEST(words_statements_and_objects_have_json_types)
{
	char *text = printed_as("json");

	assert_string_equal(text, "{\"schema_version\": 2, \"one\": {\"words\": [\"a\", \"b\", \"c\"], \"yes\": true, "
				  "\"other\": null, \"empty\": null, \"card\": {\"label\": \"=1+1\", "
				  "\"serial\": \"77\", \"model\": \"x\"}, \"no_card\": null}, \"warnings\": []}\n");
	free(text);
	text = printed_as(NULL);
	assert_string_equal(text, "WORDS: a, b,c\nYES: yes\nOTHER: not stated\nCARD: =1+1, 77\n");
	free(text);
	text = printed_as("csv");
	assert_non_null(strstr(text, "\r\n\"a, b,c\",yes,not stated,,\"'=1+1, 77\",\r\n"));
	free(text);
}

TEST(warnings_beyond_the_kept_ones_are_counted)
{
	struct err e = ERR_INIT;
	struct out *o;
	json_t *j, *list;
	STREAM_OPEN(f, text);

	assert_int_equal(out_open(&o, "json", f, &e), 0);
	for (int i = 0; i < 20; i++)
		out_warn(o, "w", "again");
	assert_int_equal(out_close(o, NULL, &e), 0);
	j = json_loads(text, 0, NULL);
	list = json_object_get(j, "warnings");
	assert_int_equal(json_array_size(list), 17);
	list = json_array_get(list, 16);
	assert_string_equal(json_string_value(json_object_get(list, "message")), "4 more, see stderr");
	json_decref(j);
	STREAM_CLOSE(f, text);
}

TEST(calls_out_of_order_and_full_disks_are_errors)
{
	struct err e = ERR_INIT;
	struct out *o;
	FILE *f = fopen("/dev/full", "w");

	assert_int_equal(out_open(&o, "xml", stdout, &e), -1);
	assert_int_equal(e.status, ERR_USAGE);
	assert_non_null(f);
	assert_int_equal(out_open(&o, "json", f, &e), 0);
	assert_int_equal(out_row(o, &sample, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_int_equal(out_close(o, NULL, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
	assert_string_equal(e.cause, "No space left on device");
	(void)fclose(f);
	assert_int_equal(out_close(NULL, NULL, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_a_table_with_nothing_raw),
		cmocka_unit_test(json_has_every_field_and_the_error),
		cmocka_unit_test(csv_is_quoted_and_runs_no_formula),
		cmocka_unit_test(csv_runs_no_formula_in_any_text),
		cmocka_unit_test(jsonl_is_an_object_per_line),
		cmocka_unit_test(columns_are_as_wide_as_what_is_in_them),
		cmocka_unit_test(long_text_is_not_cut),
		cmocka_unit_test(raw_output_is_exact),
		cmocka_unit_test(words_statements_and_objects_have_json_types),
		cmocka_unit_test(warnings_beyond_the_kept_ones_are_counted),
		cmocka_unit_test(calls_out_of_order_and_full_disks_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
