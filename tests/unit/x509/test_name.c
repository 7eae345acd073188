/* SPDX-License-Identifier: MIT */
/* test_name.c - names that may be certified, and distinguished names there and back. */
#include "tests/unit/unit.h"

#include "x509/dn.h"
#include "x509/name.h"
#include "x509/ossl.h"

#define CHARACTERS_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

TEST(only_the_organization_test_marks_a_test_name)
{
	assert_true(name_is_test("CN=x,O=TEST"));
	assert_true(name_is_test("O=TEST,CN=x"));
	assert_true(name_is_test("CN=x,O=TEST,C=DE"));
	assert_true(name_is_test("CN=O=TEST,O=TEST"));
	assert_false(name_is_test("CN=x,O=TESTER"));
	assert_false(name_is_test("CN=x\\,O=TEST"));
	assert_false(name_is_test("CN=O=TEST,O=Contoso"));
	assert_false(name_is_test("CN=TEST"));
}

TEST(what_kind_of_name)
{
	static const struct {
		const char *cn;
		enum cn_kind kind;
	} rows[] = {
		{ "alice", CN_HOST },
		{ "laptop-17.contoso.com", CN_HOST },
		{ "xn--bcher-kva.example", CN_HOST },
		{ "4711a", CN_HOST },
		{ "alice@contoso.com", CN_EMAIL },
		{ "alice.o'neill+vpn@contoso.com", CN_EMAIL },
		{ "Alice Smith", CN_TEXT },
		{ "Jürgen Groß", CN_TEXT },
		{ "a_b", CN_TEXT },
		{ "-dash", CN_TEXT },
		{ "dot.", CN_TEXT },
		{ "10.1.2.300", CN_TEXT }, /* no dNSName (RFC 5280, 4.2.1.6) */
		{ "bob.contoso.com.", CN_TEXT },
		{ "*@contoso.com", CN_EMAIL }, /* RFC 5321 allows it, and no pattern has it in mind */
		{ "4711", CN_TEXT },
		{ CHARACTERS_64, CN_TEXT }, /* a label has 63 at most */
		{ "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü", CN_TEXT }, /* 64 characters */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		enum cn_kind kind = CN_TEXT;

		if (name_check_cn(&kind, rows[i].cn, &e) < 0)
			fail_msg("%s: %s", rows[i].cn, e.what);
		if (kind != rows[i].kind)
			fail_msg("%s is %d", rows[i].cn, (int)kind);
	}
}

TEST(names_that_are_refused)
{
	static const struct {
		const char *cn, *code;
	} rows[] = {
		{ "", "name-empty" },
		{ "a\xff", "name-encoding" },
		{ "a\nb", "name-control" },
		{ "a\x1b[31mb", "name-control" },
		{ "alice\xe2\x80\xae" "moc", "name-control" }, /* U+202E, right-to-left override */
		{ CHARACTERS_64 "a", "name-length" },
		{ " alice", "name-spaces" },
		{ "alice ", "name-spaces" },
		{ "alice  x", "name-spaces" },
		{ "alice\xc2\xa0x", "name-character" },  /* U+00A0, no-break space */
		{ "al\xe2\x80\x8bice", "name-character" }, /* U+200B, zero width space */
		{ "alice\xe3\x85\xa4", "name-character" }, /* U+3164, Hangul filler */
		{ "laptop \xf0\x9f\x9a\x80", "name-character" },
		{ "\xcc\x81" "alice", "name-mark" },
		{ "...", "name-unreadable" },
		{ "*.contoso.com", "name-pattern" },
		{ "alice*", "name-pattern" },
		{ "10.0.0.1", "name-address" },
		{ "fe80::1", "name-address" },
		{ "::ffff:10.0.0.1", "name-address" },
		{ "al\xe2\x80\x8b@contoso.com", "name-character" },
		{ "CONTOSO\\alice", "name-domain-user" },
		{ "alice@bücher.example", "name-email-ascii" },
		{ "älice@contoso.com", "name-email-ascii" },
		{ "alice@", "name-email" },
		{ "@contoso.com", "name-email" },
		{ "a@b@c", "name-email" },
		{ "a..b@contoso.com", "name-email" },
		{ "Alice <alice@contoso.com>", "name-email" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		enum cn_kind kind = CN_TEXT;

		assert_int_equal(name_check_cn(&kind, rows[i].cn, &e), -1);
		assert_int_equal(e.status, ERR_POLICY);
		assert_string_equal(e.code, rows[i].code);
		assert_non_null(e.hint);
		assert_int_equal(kind, CN_TEXT);
	}
}

TEST(names_there_and_back)
{
	static const char *const same[] = {
		"CN=Contoso P2S Root",
		"CN=Contoso P2S Root,O=Contoso",
		"CN=alice,OU=Sales,OU=EMEA,O=Contoso\\, Inc.,C=DE",
		"CN=Jürgen,DC=contoso,DC=com",
		"CN=a\\+b\\\"c\\\\d\\<e\\>f\\;g",
		"CN=\\#sharp",
		"CN=\\ blank\\ ",
		"CN=a,ST=Bayern,L=München,street=Weg 1,UID=u1,serialNumber=17",
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		AUTO_VALUE(buf) der = { 0 };
		struct err e = ERR_INIT;
		char text[512];

		if (name_parse(&der, same[i], &e) < 0)
			fail_msg("%s: %s %s", same[i], e.what, e.cause);
		name_format(text, sizeof(text), buf_bytes(&der));
		assert_string_equal(text, same[i]);
	}
}

TEST(names_in_another_form)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "cn=a, o = b", NULL }, /* the blank before = is no RFC 4514 */
		{ "cn=a, o= b ", "CN=a,O=b" },
		{ "CN=a\\2Cb", "CN=a\\,b" },
		{ "CN=J\\C3\\BCrgen", "CN=Jürgen" },
		{ "CN=a=b", "CN=a=b" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) der = { 0 };
		struct err e = ERR_INIT;
		char text[512];
		int result = name_parse(&der, rows[i].text, &e);

		assert_int_equal(result, rows[i].want != NULL ? 0 : -1);
		if (result < 0)
			continue;
		name_format(text, sizeof(text), buf_bytes(&der));
		assert_string_equal(text, rows[i].want);
	}
}

TEST(what_is_no_name)
{
	static const char *const bad[] = {
		"",
		",",
		"CN",
		"CN=",
		"CN= ",
		"O=Contoso",
		"CN=a,",
		"CN=a,,O=b",
		"CN=a,CN=b",
		"CN=a,O=b,O=c",
		"XX=a,CN=b",
		"CN=a+O=b",
		"CN=\"a\"",
		"CN=#0c0161",
		"CN=a\\",
		"CN=a\\x",
		"CN=a\\0",
		"CN=a\\00",
		"CN=a\\0Ab",
		"CN=a\xff",
		"CN=a;O=b",
		"CN=a,C=DEU",
		"CN=" CHARACTERS_64 "a",
		"CN=a,DC=bücher",
		"CN=" CHARACTERS_64 CHARACTERS_64 CHARACTERS_64 CHARACTERS_64 CHARACTERS_64,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO_VALUE(buf) der = { 0 };
		struct err e = ERR_INIT;

		if (name_parse(&der, bad[i], &e) == 0)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(e.status, ERR_USAGE);
		assert_int_equal(der.len, 0);
	}
}

TEST(a_name_of_one_cn)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) test = { 0 };
	struct err e = ERR_INIT;
	char text[64], cut[6];

	assert_int_equal(name_from_cn(&der, "alice", false, &e), 0);
	name_format(text, sizeof(text), buf_bytes(&der));
	assert_string_equal(text, "CN=alice");
	name_format(cut, sizeof(cut), buf_bytes(&der));
	assert_string_equal(cut, "CN=al");
	assert_int_equal(name_from_cn(&test, "alice", true, &e), 0);
	name_format(text, sizeof(text), buf_bytes(&test));
	assert_string_equal(text, "CN=alice,O=TEST");
	name_format(text, sizeof(text), (struct bytes){ der.data, der.len - 1 });
	assert_string_equal(text, "(not a name)");
	assert_int_equal(name_from_cn(&test, CHARACTERS_64 "a", false, &e), -1);
}

/* A Name with one CN of these bytes and this string type. */
static void read_cn(struct dn_facts *out, int type, const void *bytes, int len)
{
	AUTO(X509_NAME) name = X509_NAME_new();
	unsigned char *der = NULL;
	struct err e = ERR_INIT;
	char text[512];
	int der_len;

	assert_int_equal(X509_NAME_add_entry_by_NID(name, NID_commonName, type, bytes, len, -1, 0), 1);
	der_len = i2d_X509_NAME(name, &der);
	assert_int_equal(dn_read(out, text, sizeof(text), (struct bytes){ der, (size_t)der_len }, &e), 0);
	OPENSSL_free(der);
}

TEST(names_of_others)
{
	struct dn_facts f;
	char long_cn[300];

	read_cn(&f, V_ASN1_BMPSTRING, "\0a\0l\0\xef", 6);
	assert_string_equal(f.cn, "alï");
	assert_false(f.is_text_bad);
	read_cn(&f, V_ASN1_PRINTABLESTRING, "alice", 5);
	assert_string_equal(f.cn, "alice");
	assert_false(f.is_text_bad);
	read_cn(&f, V_ASN1_UTF8STRING, "bank.com\0.evil.com", 18);
	assert_string_equal(f.cn, "bank.com\\x00.evil.com");
	assert_true(f.is_text_bad);
	read_cn(&f, V_ASN1_UTF8STRING, "a\xe2\x80\xae" "b", 5);
	assert_true(f.is_text_bad);
	read_cn(&f, V_ASN1_BIT_STRING, "alice", 5);
	assert_true(f.is_text_bad);
	assert_int_equal(f.n_cn, 1);
	memset(long_cn, 'a', sizeof(long_cn));
	read_cn(&f, V_ASN1_UTF8STRING, long_cn, sizeof(long_cn));
	assert_true(f.is_text_bad);
}

TEST(a_name_that_is_no_utf8)
{
	static const unsigned char der[] = { 0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c,
		0x02, 'a', 0xff };
	struct dn_facts f;
	struct err e = ERR_INIT;
	char text[64];

	assert_int_equal(dn_read(&f, text, sizeof(text), (struct bytes){ der, sizeof(der) }, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_kind_of_name),
		cmocka_unit_test(names_that_are_refused),
		cmocka_unit_test(names_there_and_back),
		cmocka_unit_test(names_in_another_form),
		cmocka_unit_test(what_is_no_name),
		cmocka_unit_test(a_name_of_one_cn),
		cmocka_unit_test(only_the_organization_test_marks_a_test_name),
		cmocka_unit_test(names_of_others),
		cmocka_unit_test(a_name_that_is_no_utf8),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
