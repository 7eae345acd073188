/* SPDX-License-Identifier: MIT */
/* test_der.c - items, strictness, algorithm identifiers, keys, from bytes written by hand. */
#include "tests/unit/unit.h"

#include "x509/alg.h"
#include "x509/der.h"
#include "x509/key/spki.h"

#define BYTES(text) { (const unsigned char *)(text), sizeof(text) - 1 }

TEST(items)
{
	struct bytes in = BYTES("\x02\x01\x05\x30\x03\x01\x01\xff");
	struct der_item a, b;

	assert_false(der_take(&in, DER_SEQUENCE, &a));
	assert_true(der_take(&in, DER_INTEGER, &a));
	assert_int_equal(a.body.data[0], 5);
	assert_true(der_next(&in, &b));
	assert_int_equal(b.tag, DER_SEQUENCE);
	assert_int_equal(b.all.len, 5);
	assert_int_equal(in.len, 0);
	assert_false(der_next(&in, &b));
}

TEST(what_is_no_item)
{
	static const struct bytes rows[] = {
		{ NULL, 0 },
		BYTES("\x30"),
		BYTES("\x30\x01"),
		BYTES("\x30\x80\x00\x00"), /* indefinite */
		BYTES("\x30\x84\xff\xff\xff\xff"),
		BYTES("\x30\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01"),
		BYTES("\x1f\x81\x01\x00"), /* a tag above 30 */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes in = rows[i];
		struct der_item item;

		assert_false(der_next(&in, &item));
		assert_int_equal(in.len, rows[i].len);
		assert_false(der_is_strict(rows[i]));
	}
}

TEST(strictness)
{
	static const struct {
		struct bytes der;
		bool is_strict;
	} rows[] = {
		{ BYTES("\x30\x00"), true },
		{ BYTES("\x02\x01\x00"), true },
		{ BYTES("\x02\x02\x00\x80"), true },
		{ BYTES("\x02\x02\x00\x7f"), false },
		{ BYTES("\x02\x02\xff\x80"), false },
		{ BYTES("\x02\x00"), false },
		{ BYTES("\x01\x01\x01"), false },
		{ BYTES("\x01\x01\xff"), true },
		{ BYTES("\x03\x02\x01\x02"), true },
		{ BYTES("\x03\x02\x01\x03"), false },
		{ BYTES("\x03\x01\x00"), true },
		{ BYTES("\x03\x01\x01"), false },
		{ BYTES("\x03\x02\x08\x00"), false },
		{ BYTES("\x30\x81\x02\x05\x00"), false },
		{ BYTES("\x30\x04\x30\x02\x05\x01"), false },
		{ BYTES("\x31\x06\x02\x01\x01\x02\x01\x02"), true },
		{ BYTES("\x31\x06\x02\x01\x02\x02\x01\x01"), false },
		{ BYTES("\xa0\x03\x02\x01\x02"), true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (der_is_strict(rows[i].der) != rows[i].is_strict)
			fail_msg("row %zu", i);
}

TEST(depth_is_bounded)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	for (int i = 0; i < 40; i++) {
		AUTO_VALUE(buf) outer = { 0 };

		assert_int_equal(der_add(&outer, DER_SEQUENCE, buf_bytes(&der), &e), 0);
		buf_clear(&der);
		assert_int_equal(buf_add(&der, outer.data, outer.len, &e), 0);
		assert_true(der_is_strict(buf_bytes(&der)) == (i < 32));
	}
}

TEST(algorithms)
{
	static const struct {
		struct bytes der;
		const char *name;
		bool is_weak;
	} rows[] = {
		{ BYTES("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"), "sha256WithRSAEncryption",
		    false },
		{ BYTES("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00"), "sha1WithRSAEncryption",
		    true },
		{ BYTES("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04\x05\x00"), "md5WithRSAEncryption", true },
		{ BYTES("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"), "rsassaPss",
		    true }, /* SHA-1 by default */
		{ BYTES("\x30\x05\x06\x03\x2b\x65\x70"), "ED25519", false },
		{ BYTES("\x30\x04\x06\x02\x2a\x03"), "1.2.3", true },
		{ BYTES("\x30\x00"), "malformed", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[48];
		bool is_weak;

		alg_read(name, sizeof(name), &is_weak, rows[i].der);
		assert_string_equal(name, rows[i].name);
		assert_true(is_weak == rows[i].is_weak);
	}
}

TEST(our_algorithms)
{
	for (int alg = SIG_RSA_SHA256; alg <= SIG_ED25519; alg++) {
		AUTO_VALUE(buf) der = { 0 };
		struct err e = ERR_INIT;
		char name[48];
		bool is_weak = true;

		assert_int_equal(alg_encode(&der, (enum sig_alg)alg, &e), 0);
		alg_read(name, sizeof(name), &is_weak, buf_bytes(&der));
		assert_false(is_weak);
		assert_true((alg_digest((enum sig_alg)alg) == NULL) == (alg == SIG_ED25519));
	}
}

#define RSA_OID "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"

TEST(keys)
{
	static const struct {
		struct bytes der;
		const char *name;            /* NULL = refused */
	} rows[] = {
		{ BYTES("\x30\x1a" RSA_OID "\x03\x09\x00\x30\x06\x02\x01\x0f\x02\x01\x03"), "rsa:4" },
		{ BYTES("\x30\x1a" RSA_OID "\x03\x09\x00\x30\x06\x02\x01\xff\x02\x01\x03"), NULL }, /* negative */
		{ BYTES("\x30\x1a" RSA_OID "\x03\x09\x00\x30\x06\x02\x01\x0f\x02\x01\x00"), NULL }, /* zero */
		{ BYTES("\x30\x1a" RSA_OID "\x03\x09\x01\x30\x06\x02\x01\x0f\x02\x01\x03"), NULL }, /* unused bits */
		{ BYTES("\x30\x17" RSA_OID "\x03\x06\x00\x30\x03\x02\x01\x0f"), NULL },
		{ BYTES("\x30\x0b\x30\x05\x06\x03\x2b\x65\x70\x03\x02\x00\x01"), NULL }, /* Ed25519 of one byte */
		{ BYTES("\x30\x0a\x30\x04\x06\x02\x2a\x03\x03\x02\x00\x01"), "1.2.3" },
		{ BYTES("\x30\x00"), NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct spki_facts facts;
		struct err e = ERR_INIT;
		int result = spki_read(&facts, rows[i].der, &e);

		assert_int_equal(result, rows[i].name != NULL ? 0 : -1);
		if (result == 0)
			assert_string_equal(facts.name, rows[i].name);
		else
			assert_int_equal(e.status, ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items),
		cmocka_unit_test(what_is_no_item),
		cmocka_unit_test(strictness),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(algorithms),
		cmocka_unit_test(our_algorithms),
		cmocka_unit_test(keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
