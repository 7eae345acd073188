/* SPDX-License-Identifier: MIT */
/* test_quote.c - every byte through every encoder: carried and read back, or refused as input. */
#include "tests/unit/unit.h"

#include <jansson.h>

#include "out/markdown.h"
#include "out/quote.h"
#include "util/text.h"

typedef int quote_fn(struct buf *out, const char *text, struct err *e);
static struct err e;

static const char *quoted(struct buf *out, quote_fn *fn, const char *text)
{
	buf_clear(out);
	assert_int_equal(fn(out, text, &e), 0);
	assert_int_equal(buf_add(out, "", 1, &e), 0);
	return (const char *)out->data;
}

static bool is_control(unsigned c)
{
	return c < 0x20 || c == 0x7f;
}

/* What a reader makes of "…" in which a backslash takes the next character as it is. */
static void unquote(char *out, const char *text)
{
	assert_int_equal(*text++, '"');
	while (*text != '"') {
		if (*text == '\\')
			text++;
		assert_int_not_equal(*text, '\0');
		*out++ = *text++;
	}
	*out = '\0';
	assert_int_equal(text[1], '\0');
}

static void quoted_bytes(quote_fn *fn)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { 'a', (char)c, ' ', (char)c, '\0' }, back[16];

		if (is_control(c)) {
			assert_int_equal(fn(&out, text, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		unquote(back, quoted(&out, fn, text));
		assert_string_equal(back, text);
	}
}

TEST(strongswan_carries_all_but_control_characters)
{
	quoted_bytes(quote_strongswan);
}

TEST(openvpn_carries_all_but_control_characters)
{
	quoted_bytes(quote_openvpn);
}

/* GKeyFile: \s is a blank, \\ a backslash; blanks at either end would be lost. */
TEST(keyfile_carries_utf8)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { (char)c, 'a', (char)c, '\0' }, back[16];
		size_t n = 0;

		if (is_control(c) || c > 0x7f) {
			assert_int_equal(quote_keyfile(&out, text, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		for (const char *at = quoted(&out, quote_keyfile, text); *at != '\0'; at++) {
			assert_true(*at != ' ');
			back[n++] = *at != '\\' ? *at : *++at == 's' ? ' ' : *at;
		}
		back[n] = '\0';
		assert_string_equal(back, text);
	}
	assert_string_equal(quoted(&out, quote_keyfile, "a b\\ü"), "a b\\\\ü");
}

TEST(json_carries_utf8)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { 'a', (char)c, '\0' };
		json_t *j;

		if (c > 0x7f) {
			assert_int_equal(quote_json(&out, text, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		j = json_loads(quoted(&out, quote_json, text), JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(j), text);
		json_decref(j);
	}
}

TEST(pkcs11_helper_carries_every_byte)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { (char)c, '\0' };
		const char *got = quoted(&out, quote_pkcs11_helper, text);
		unsigned char back = 0;

		if (got[0] != '\\') {
			assert_string_equal(got, text);
			continue;
		}
		assert_int_equal(strlen(got), 4);
		assert_int_equal(text_from_hex(&back, 1, got + 2), 1);
		assert_int_equal(back, c);
	}
	assert_string_equal(quoted(&out, quote_pkcs11_helper, "My token/\xc3\xa9"), "My\\x20token\\x2F\\xC3\\xA9");
}

static int code_span(struct buf *out, const char *text, struct err *err)
{
	return markdown_code(out, (struct bytes){ (const unsigned char *)text, strlen(text) }, err);
}

/* Nothing in a code span is markup; it ends only at a run of backticks as long as the one that began it. */
TEST(markdown_carries_every_byte)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { (char)c, 'x', (char)c, '\0' };
		const char *got = quoted(&out, code_span, text);

		assert_int_equal(got[0], '`');
		assert_int_equal(got[strlen(got) - 1], '`');
		assert_true(text_is_harmless(got, strlen(got)));
	}
	assert_string_equal(quoted(&out, code_span, "a``b"), "``` a``b ```");
	assert_string_equal(quoted(&out, code_span, "\n"), "`\\x0a`");
	assert_string_equal(quoted(&out, code_span, ""), "`  `");
}

/* A shell says what it reads: every byte that is taken, in one word. */
TEST(sh_carries_all_but_control_characters)
{
	char all[512] = "", back[512];
	AUTO_VALUE(buf) script = { 0 };
	FILE *shell;

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { (char)c, '\0' };

		if (!is_control(c)) {
			(void)strcat(all, text);
			continue;
		}
		assert_int_equal(quote_sh(&script, text, &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
	}
	(void)strcat(all, "''\\'; exit 7; $(exit 7)`exit 7`");
	buf_clear(&script);
	assert_int_equal(buf_add(&script, "printf %s ", 10, &e), 0);
	assert_int_equal(quote_sh(&script, all, &e), 0);
	assert_int_equal(buf_add(&script, "", 1, &e), 0);
	shell = popen((const char *)script.data, "r");
	assert_non_null(shell);
	back[fread(back, 1, sizeof(back) - 1, shell)] = '\0';
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(back, all);
}

/* Reads what Bicep's documentation of strings says: a backslash, and \u{hex}. */
static void unquote_bicep(char *out, const char *text)
{
	assert_int_equal(*text++, '\'');
	while (*text != '\'') {
		assert_false(is_control((unsigned char)*text));
		assert_false(text[0] == '$' && text[1] == '{');
		if (strncmp(text, "\\u{", 3) == 0) {
			char *end;

			*out++ = (char)strtoul(text + 3, &end, 16);
			assert_int_equal(*end, '}');
			text = end + 1;
			continue;
		}
		if (*text == '\\')
			text++;
		assert_int_not_equal(*text, '\0');
		*out++ = *text++;
	}
	*out = '\0';
	assert_int_equal(text[1], '\0');
}

TEST(bicep_carries_utf8)
{
	AUTO_VALUE(buf) out = { 0 };

	for (unsigned c = 1; c < 256; c++) {
		char text[] = { '$', (char)c, '{', (char)c, '\0' }, back[16];

		if (c >= 0x80) {
			assert_int_equal(quote_bicep(&out, text, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		unquote_bicep(back, quoted(&out, quote_bicep, text));
		assert_string_equal(back, text);
	}
	assert_string_equal(quoted(&out, quote_bicep, "\xc3\xbc${x}'\n"), "'\xc3\xbc\\${x}\\'\\u{a}'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strongswan_carries_all_but_control_characters),
		cmocka_unit_test(openvpn_carries_all_but_control_characters),
		cmocka_unit_test(keyfile_carries_utf8),
		cmocka_unit_test(json_carries_utf8),
		cmocka_unit_test(pkcs11_helper_carries_every_byte),
		cmocka_unit_test(markdown_carries_every_byte),
		cmocka_unit_test(sh_carries_all_but_control_characters),
		cmocka_unit_test(bicep_carries_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
