/* SPDX-License-Identifier: MIT */
/* test_base64.c - base64 and PEM, both ways. */
#include "tests/unit/unit.h"

#include "util/array.h"
#include "util/base64.h"

static struct err e;

static struct bytes text_bytes(const char *text)
{
	return (struct bytes){ (const unsigned char *)text, strlen(text) };
}

static void is_text(const struct buf *got, const char *want)
{
	assert_int_equal(got->len, strlen(want));
	assert_true(got->len == 0 || memcmp(got->data, want, got->len) == 0);
}

/* RFC 4648, 10. */
TEST(base64_of_the_standard)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xff\xfe\xfd", "//79" } };
	AUTO_VALUE(buf) out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		buf_clear(&out);
		assert_int_equal(base64_encode(&out, text_bytes(pairs[i][0]), 0, "", &e), 0);
		is_text(&out, pairs[i][1]);
		buf_clear(&out);
		assert_int_equal(base64_decode(&out, text_bytes(pairs[i][1]), &e), 0);
		is_text(&out, pairs[i][0]);
	}
	buf_clear(&out);
	assert_int_equal(base64_encode(&out, text_bytes("foobar"), 4, "\r\n", &e), 0);
	is_text(&out, "Zm9v\r\nYmFy\r\n");
	buf_clear(&out);
	assert_int_equal(pem_encode(&out, "X", text_bytes("f"), &e), 0);
	is_text(&out, "-----BEGIN X-----\nZg==\n-----END X-----\n");
}

/* What is refused leaves the buffer as it was. */
TEST(incomplete_base64_is_refused)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg==Zg==", "Z-==", "Zm9v!" };
	AUTO_VALUE(buf) out = { 0 };

	assert_int_equal(base64_decode(&out, text_bytes("Zm9v\r\nYmFy\n"), &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(base64_decode(&out, text_bytes(bad[i]), &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
		is_text(&out, "foobar");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_of_the_standard),
		cmocka_unit_test(incomplete_base64_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
