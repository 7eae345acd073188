/* SPDX-License-Identifier: MIT */
/* test_uri.c - RFC 7512 URIs: what is taken, what is refused, what is written. */
#include "tests/unit/unit.h"

#include "tokens/internal.h"

static void assert_refused(const char *text)
{
	struct token_uri *u = NULL;
	struct err e = ERR_INIT;

	if (uri_parse(&u, text, &e) == 0)
		fail_msg("'%s' was taken", text);
	assert_null(u);
	assert_int_equal(e.status, ERR_USAGE);
	assert_non_null(e.hint);
	assert_null(strstr(e.what, "sesame"));
}

static struct token_uri *parsed(const char *text)
{
	struct token_uri *u = NULL;
	struct err e = ERR_INIT;

	if (uri_parse(&u, text, &e) < 0)
		fail_msg("'%s': %s", text, e.what);
	return u;
}

TEST(hostile_ones_are_refused)
{
	static const char *const bad[] = {
		"",
		"pkcs11:token=a;token=b",
		"pkcs11:token=a;token=a",
		"pkcs11:nonsense=a",
		"pkcs11:x-vendor=a",
		"pkcs11:token",
		"pkcs11:token=a;",
		"pkcs11:;token=a",
		"pkcs11:token=a;;serial=b",
		"pkcs11:=a",
		"pkcs11:token=%",
		"pkcs11:token=%4",
		"pkcs11:token=%zz",
		"pkcs11:token=a%00b",
		"pkcs11:token=a b",
		"pkcs11:token=a\nb",
		"pkcs11: token=a",
		"pkcs11:token=\xc3\xa9",
		"pkcs11:token=\x7f",
		"pkcs11:token=a\"",
		"pkcs11:token=a#b",
		"PKCS11:token=a",
		"Pkcs11:token=a",
		"pkcs11:objecttype=private",
		"pkcs11:object-type=private",
		"pkcs11:pinfile=/x",
		"pkcs11:type=nonsense",
		"pkcs11:library-version=x",
		"pkcs11:slot-id=99999999999999999999",
		"pkcs11:slot-id=-1",
		"pkcs11:slot-id=",
		"pkcs11:slot-id=0x1",
		"pkcs11:slot-id=4294967296",
		"pkcs11:slot-id=%31",
		"pkcs11:id=",
		"pkcs11:token=a?pin-value=sesame",
		"pkcs11:token=a&pin-value=sesame",
		"pkcs11:token=a,PIN-Value=sesame",
		"a?pin-value=sesame",
		"pkcs11:token=a?pin-source=file:/x&pin-value=sesame",
		"pkcs11:token=a?pin-value=sesame&pin-source=file:/x",
		"pkcs11:token=a?pin-source=a&pin-source=b",
		"pkcs11:token=a?",
		"pkcs11:token=a?pin-source=a&",
		"pkcs11:token=a?x-library-path=/x.so",
		"pkcs11:token=a?token=b",
		"pkcs11:pin-source=file:/x",
		"pkcs11:module-path=/x.so",
		"pkcs11:token=a?module-path=/x%00.so",
		"pkcs11:token=123456789012345678901234567890123",
		"pkcs11:serial=12345678901234567",
		"123456789012345678901234567890123",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i]);
}

TEST(too_long_is_refused)
{
	char text[8192] = "pkcs11:token=a?pin-source=file:";

	memset(text + strlen(text), 'x', sizeof(text) - strlen(text) - 1);
	assert_refused(text);
	text[4097] = '\0';
	assert_refused(text);
	text[4096] = '\0';
	uri_free(parsed(text));
}

TEST(parts)
{
	AUTO_STRUCT(token_uri) u = parsed("pkcs11:token=my%20card;id=%01%Ab?module-path=/m.so&pin-source=env:PIN");

	assert_string_equal(uri_module_path(u), "/m.so");
	assert_string_equal(uri_pin_source(u), "env:PIN");
	assert_string_equal(uri_id_hex(u), "01ab");
	assert_string_equal(uri_text(u), "pkcs11:token=my%20card;id=%01%Ab");
}

TEST(parts_not_given)
{
	AUTO_STRUCT(token_uri) u = parsed("pkcs11:");

	assert_null(uri_module_path(u));
	assert_null(uri_pin_source(u));
	assert_null(uri_id_hex(u));
	assert_string_equal(uri_text(u), "pkcs11:");
}

static void pad(unsigned char *field, size_t size, const char *text)
{
	memset(field, ' ', size);
	memcpy(field, text, strlen(text));
}

static bool fits(const char *text, const char *label, const char *serial)
{
	AUTO_STRUCT(token_uri) u = parsed(text);
	struct module m = { .info = { .path = "/usr/lib/libcard.so" } };
	CK_SLOT_INFO slot = { .flags = 0 };
	CK_TOKEN_INFO token = { .flags = 0 };

	pad(m.raw.libraryDescription, sizeof(m.raw.libraryDescription), "A library");
	pad(m.raw.manufacturerID, sizeof(m.raw.manufacturerID), "Maker");
	m.raw.libraryVersion = (CK_VERSION){ 2, 6 };
	pad(slot.slotDescription, sizeof(slot.slotDescription), "Reader 1");
	pad(slot.manufacturerID, sizeof(slot.manufacturerID), "Reader maker");
	pad(token.label, sizeof(token.label), label);
	pad(token.manufacturerID, sizeof(token.manufacturerID), "Card maker");
	pad(token.model, sizeof(token.model), "Card 3");
	pad(token.serialNumber, sizeof(token.serialNumber), serial);
	return uri_matches(u, &m, 7, &slot, &token);
}

TEST(matching)
{
	assert_true(fits("pkcs11:", "alice", "1"));
	assert_true(fits("pkcs11:token=alice;serial=1", "alice", "1"));
	assert_true(fits("pkcs11:token=%61lice", "alice", "1"));
	assert_false(fits("pkcs11:token=alice;serial=2", "alice", "1"));
	assert_false(fits("pkcs11:token=alic", "alice", "1"));
	assert_false(fits("pkcs11:token=Alice", "alice", "1"));
	assert_true(fits("pkcs11:manufacturer=Card%20maker;model=Card%203", "alice", "1"));
	assert_true(fits("pkcs11:slot-id=7", "alice", "1"));
	assert_false(fits("pkcs11:slot-id=8", "alice", "1"));
	assert_true(fits("pkcs11:slot-description=Reader%201", "alice", "1"));
	assert_false(fits("pkcs11:slot-description=Reader%202", "alice", "1"));
	assert_true(fits("pkcs11:library-description=A%20library;library-version=2.6", "alice", "1"));
	assert_false(fits("pkcs11:library-version=2.7", "alice", "1"));
	assert_true(fits("pkcs11:?module-name=card", "alice", "1"));
	assert_true(fits("pkcs11:?module-name=libcard", "alice", "1"));
	assert_false(fits("pkcs11:?module-name=car", "alice", "1"));
}

TEST(a_bare_word_is_a_label)
{
	AUTO_STRUCT(token_uri) u = parsed("al\x1b[31mice");

	assert_string_equal(uri_text(u), "al\\x1b[31mice");
	assert_true(fits("alice", "alice", "1"));
	assert_false(fits("alice", "alice2", "1"));
	assert_true(fits("/etc/passwd", "/etc/passwd", "1"));
	assert_true(fits("my card", "my card", "1"));
	assert_true(fits("a%20b", "a%20b", "1"));
	assert_true(fits("12345678901234567890123456789012", "12345678901234567890123456789012", "1"));
}

TEST(formatting)
{
	struct token_info info = { .label = "my card;x", .serial = "01", .model = "\x1b[0m", .manufacturer = "" };
	char out[400], small[20];
	struct err e = ERR_INIT;

	assert_int_equal(uri_format_token(out, sizeof(out), &info, &e), 0);
	assert_string_equal(out, "pkcs11:model=%1B%5B0m;serial=01;token=my%20card%3Bx");
	uri_free(parsed(out));
	assert_int_equal(uri_format_object(out, sizeof(out), &info, "private", "0aff", &e), 0);
	assert_string_equal(out, "pkcs11:model=%1B%5B0m;serial=01;token=my%20card%3Bx;id=%0A%FF;type=private");
	uri_free(parsed(out));
	assert_int_equal(uri_format_object(out, sizeof(out), &info, NULL, "x", &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(uri_format_token(small, sizeof(small), &info, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
}

TEST(the_longest_fits)
{
	struct token_info info = { .is_initialised = true };
	struct object_info o;
	char id[2 * ID_MAX + 1];
	struct err e = ERR_INIT;

	memset(info.label, 0xff, sizeof(info.label) - 1);
	memset(info.manufacturer, 0xff, sizeof(info.manufacturer) - 1);
	memset(info.model, 0xff, sizeof(info.model) - 1);
	memset(info.serial, 0xff, sizeof(info.serial) - 1);
	memset(id, 'f', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	assert_int_equal(uri_format_token(info.uri, sizeof(info.uri), &info, &e), 0);
	assert_int_equal(uri_format_object(o.uri, sizeof(o.uri), &info, "secret-key", id, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_ones_are_refused),
		cmocka_unit_test(too_long_is_refused),
		cmocka_unit_test(parts),
		cmocka_unit_test(parts_not_given),
		cmocka_unit_test(matching),
		cmocka_unit_test(a_bare_word_is_a_label),
		cmocka_unit_test(formatting),
		cmocka_unit_test(the_longest_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
