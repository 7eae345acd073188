/* SPDX-License-Identifier: MIT */
/* test_csv.c - lists as spreadsheets write them: marks, encodings, separators. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "util/csv.h"
#include "util/text_decode.h"

static struct err e;

/* What was read: fields with '|' between them, a line feed after each record. */
static int collect(const char *const fields[], size_t n, unsigned line, void *arg, struct err *err)
{
	struct buf *out = arg;

	(void)line;
	for (size_t i = 0; i < n; i++)
		if (buf_add(out, fields[i], strlen(fields[i]), err) < 0 ||
		    buf_add(out, i + 1 < n ? "|" : "\n", 1, err) < 0)
			return -1;
	return 0;
}

static void assert_read(const void *file, size_t len, const char *want)
{
	AUTO_VALUE(buf) got = { 0 };

	assert_int_equal(csv_read((struct bytes){ file, len }, collect, &got, &e), 0);
	assert_int_equal(buf_add(&got, "", 1, &e), 0);
	assert_string_equal((const char *)got.data, want);
}
#define ASSERT_READ(text, want) assert_read(text, sizeof(text) - 1, want)

#define WANT "cn|device\nM\xc3\xbcller|\n\xf0\x9f\x94\x91|a,b\n"

TEST(lists_of_spreadsheets_are_read)
{
	ASSERT_READ("cn,device\nM\xc3\xbcller,\n\xf0\x9f\x94\x91,\"a,b\"\n", WANT);
	ASSERT_READ("\xef\xbb\xbf"
		    "cn,device\r\nM\xc3\xbcller,\r\n\xf0\x9f\x94\x91,\"a,b\"\r\n",
	    WANT); /* Excel: CSV UTF-8 */
	ASSERT_READ("\xef\xbb\xbf"
		    "cn;device\r\nM\xc3\xbcller;\r\n\xf0\x9f\x94\x91;a,b\r\n",
	    WANT); /* in Europe */
	ASSERT_READ("sep=;\r\ncn;device\r\nM\xc3\xbcller;\r\n\xf0\x9f\x94\x91;a,b\r\n", WANT);
	ASSERT_READ("\xef\xbb\xbf"
		    "SEP=\t\ncn\tdevice\nM\xc3\xbcller\t\n\xf0\x9f\x94\x91\ta,b",
	    WANT);
	ASSERT_READ("cn\tdevice\nM\xc3\xbcller\t\n\xf0\x9f\x94\x91\ta,b\n", WANT);
	ASSERT_READ("cn;device\n\"M\xc3\xbcller\";\"\"\n\"\xf0\x9f\x94\x91\";\"a,b\"\n;\n;;\n\n", WANT);
	/* Excel: Unicode text */
	ASSERT_READ("\xff\xfe"
		    "c\0n\0\t\0d\0e\0v\0i\0c\0e\0\r\0\n\0M\0\xfc\0l\0l\0e\0r\0\t\0\r\0\n\0"
		    "\x3d\xd8\x11\xdd\t\0a\0,\0b\0\r\0\n\0",
	    WANT);
	ASSERT_READ(
	    "\xfe\xff\0c\0n\0;\0d\0e\0v\0i\0c\0e\0\n\0M\0\xfc\0l\0l\0e\0r\0;\0\n\xd8\x3d\xdd\x11\0;\0a\0,\0b\0\n",
	    WANT);
	ASSERT_READ("\xef\xbb\xbf", "");
}

/* The header decides; what follows may have the other characters. */
TEST(the_header_decides_the_separator)
{
	ASSERT_READ("cn,device\na;b,\n", "cn|device\na;b|\n");
	ASSERT_READ("cn\na;b\n", "cn\na;b\n");
	ASSERT_READ("sep=,\ncn;x,y\n", "cn;x|y\n");
	ASSERT_READ("cn;device\na,b;c\n", "cn|device\na,b|c\n");
}

/* The bytes behind the end, which would be taken for a doubled quote, a line end or a separator, are not read. */
TEST(a_list_ends_with_its_last_byte)
{
	static const struct {
		const char *text, *behind, *want;
	} rows[] = {
		{ "cn\n\"a\"", "\"b\"\n", "cn\na\n" }, { "cn\n\"a\"", ",b\n", "cn\na\n" },
		{ "cn\na\r", "x\n", "cn\na\n" }, { "cn\na", "\rx", "cn\na\n" }, { "cn\na", "b\n", "cn\na\n" },
		{ "cn\n\"a\"\"\"", "\"", "cn\na\"\n" }, { "cn,device\na,", "b\n", "cn|device\na|\n" },
		{ "cn", ";x\n", "cn\n" }, { "sep=;", "\ncn;x\n", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) file = { 0 };

		assert_int_equal(buf_add(&file, rows[i].text, strlen(rows[i].text), &e), 0);
		assert_int_equal(buf_add(&file, rows[i].behind, strlen(rows[i].behind), &e), 0);
		assert_read(file.data, strlen(rows[i].text), rows[i].want);
	}
}

TEST(a_quote_without_its_other_is_refused)
{
	static const char *const texts[] = { "cn\n\"", "cn\n\"a", "cn\n\"a\"\"", "cn\n\"a\"b", "cn\na\"", "\"" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_VALUE(buf) got = { 0 };
		AUTO_VALUE(buf) file = { 0 };

		assert_int_equal(buf_add(&file, texts[i], strlen(texts[i]), &e), 0);
		assert_int_equal(buf_add(&file, "\"\n", 2, &e), 0);
		assert_int_equal(csv_read((struct bytes){ file.data, strlen(texts[i]) }, collect, &got, &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
	}
}

static int count(const char *const fields[], size_t n, unsigned line, void *arg, struct err *err)
{
	(void)fields, (void)n, (void)line, (void)err;
	++*(unsigned *)arg;
	return 0;
}

TEST(a_list_has_an_end)
{
	AUTO_VALUE(buf) list = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < CSV_RECORDS_MAX; i++)
		assert_int_equal(buf_add(&list, "a,b\n,\n", 6, &e), 0); /* blank rows do not count */
	assert_int_equal(csv_read(buf_bytes(&list), count, &n, &e), 0);
	assert_int_equal(n, CSV_RECORDS_MAX);
	assert_int_equal(buf_add(&list, "a,b\n", 4, &e), 0);
	assert_int_equal(csv_read(buf_bytes(&list), count, &n, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_string_equal(e.code, "list-too-long");
}

TEST(other_encodings_are_refused)
{
	static const struct bytes files[] = {
		{ (const unsigned char *)"cn\nM\xfcller\n", 10 }, /* Windows-1252 */
		{ (const unsigned char *)"\xff\xfe"
					 "c\0n",
		    5 }, /* half a character */
		{ (const unsigned char *)"\xff\xfe\x3d\xd8"
					 "c\0",
		    6 }, /* half a surrogate pair */
		{ (const unsigned char *)"\xff\xfe\x11\xdd"
					 "c\0",
		    6 }, /* the other half */
		{ (const unsigned char *)"\xff\xfe\x3d\xd8", 4 },
		{ (const unsigned char *)"c\0n\0\n\0", 6 }, /* no mark */
		{ (const unsigned char *)"\xff\xfe"
					 "c\0\0\0",
		    6 }, /* NUL */
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		AUTO_VALUE(buf) got = { 0 };

		assert_int_equal(csv_read(files[i], collect, &got, &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
	}
}

TEST(every_character_survives_utf16)
{
	static const unsigned long points[] = { 0x24, 0x7f, 0x80, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xffff, 0x10000,
		0x10ffff };
	static const char *const utf8[] = { "$", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		const unsigned long p = points[i], high = 0xd800 + ((p - 0x10000) >> 10), low = 0xdc00 + (p & 0x3ff);
		const unsigned char one[] = { 0xff, 0xfe, p & 0xff, p >> 8 & 0xff };
		const unsigned char two[] = { 0xff, 0xfe, high & 0xff, high >> 8 & 0xff, low & 0xff, low >> 8 & 0xff };
		const struct bytes file =
		    p < 0x10000 ? (struct bytes){ one, sizeof(one) } : (struct bytes){ two, sizeof(two) };
		AUTO_VALUE(buf) store = { 0 };
		struct bytes text;

		assert_int_equal(text_decode(&text, &store, file, &e), 0);
		assert_int_equal(text.len, strlen(utf8[i]));
		assert_memory_equal(text.data, utf8[i], text.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_spreadsheets_are_read),
		cmocka_unit_test(the_header_decides_the_separator), cmocka_unit_test(a_list_ends_with_its_last_byte),
		cmocka_unit_test(a_quote_without_its_other_is_refused),
		cmocka_unit_test(a_list_has_an_end),
		cmocka_unit_test(other_encodings_are_refused),
		cmocka_unit_test(every_character_survives_utf16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
