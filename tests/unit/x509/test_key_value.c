/* SPDX-License-Identifier: MIT */
/* test_key_value.c - encodings of one key: one is canonical, and all have the same value. */
#include <openssl/core_names.h>
#include <openssl/x509.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "x509/alg.h"
#include "x509/der.h"
#include "x509/key/key_value.h"
#include "x509/ossl.h"
#include "x509/key/public_key.h"
#include "x509/key/spki.h"
#include "tests/unit/x509/x509_kit.h"

#define BYTES(s) { (const unsigned char *)(s), sizeof(s) - 1 }
#define RSA_ALG(parameters) "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" parameters

static void add(struct buf *out, struct bytes b)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, b.data, b.len, &e), 0);
}

static void wrap(struct buf *out, enum der_tag tag, struct bytes body)
{
	struct err e = ERR_INIT;

	assert_int_equal(der_add(out, tag, body, &e), 0);
}

/* SEQUENCE { SEQUENCE { alg }, BIT STRING { 00 bits } } */
static void spki_of(struct buf *out, struct bytes alg, struct bytes bits)
{
	AUTO_VALUE(buf) body = { 0 };
	AUTO_VALUE(buf) string = { 0 };

	add(&string, (struct bytes)BYTES("\0"));
	add(&string, bits);
	wrap(&body, DER_SEQUENCE, alg);
	wrap(&body, DER_BIT_STRING, buf_bytes(&string));
	wrap(out, DER_SEQUENCE, buf_bytes(&body));
}

static void value_is(struct bytes spki, const char *want)
{
	char value[SHA256_HEX];
	struct err e = ERR_INIT;

	assert_int_equal(key_value_sha256(value, spki, &e), 0);
	assert_string_equal(value, want);
}

TEST(one_encoding_of_each_kind_is_canonical)
{
	static const char *const kinds[] = { "rsa", "P-256", "P-384", "P-521", "ED25519", "secp256k1" };
	char value[sizeof(kinds) / sizeof(kinds[0])][SHA256_HEX];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		AUTO(EVP_PKEY) key = kit_key(kinds[i]);
		AUTO_VALUE(buf) spki = { 0 };
		struct err e = ERR_INIT;

		assert_int_equal(spki_encode(&spki, key, &e), 0);
		assert_true(key_is_canonical(buf_bytes(&spki)));
		assert_int_equal(key_value_sha256(value[i], buf_bytes(&spki), &e), 0);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(value[i], value[j]);
	}
}

TEST(rsa_parameters)
{
	static const struct bytes algs[] = { BYTES(RSA_ALG("\x05\x00")), BYTES(RSA_ALG("")),
		BYTES(RSA_ALG("\x04\x01x")), BYTES(RSA_ALG("\x02\x01\x01")), BYTES(RSA_ALG("\x30\x03\x02\x01\xff")),
		BYTES(RSA_ALG("\x0c\x01" "a")), BYTES(RSA_ALG("\x05\x81\x00")), BYTES(RSA_ALG("\x05\x00\x05\x00")) };
	AUTO_VALUE(buf) spki = { 0 };
	struct spki_facts facts;
	char value[SHA256_HEX];
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, kit_rsa(), &e), 0);
	assert_int_equal(spki_read(&facts, buf_bytes(&spki), &e), 0);
	assert_int_equal(key_value_sha256(value, buf_bytes(&spki), &e), 0);
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		AUTO_VALUE(buf) other = { 0 };

		spki_of(&other, algs[i], facts.key_bits);
		assert_int_equal(key_is_canonical(buf_bytes(&other)), i == 0);
		value_is(buf_bytes(&other), value);
	}
}

/* The SEQUENCE inside the BIT STRING, with `zeros` more zeros before the modulus and `exponent` as it stands. */
static void rsa_bits(struct buf *out, struct bytes modulus, size_t zeros, struct bytes exponent)
{
	AUTO_VALUE(buf) number = { 0 };
	AUTO_VALUE(buf) body = { 0 };

	for (size_t i = 0; i <= zeros; i++)
		add(&number, (struct bytes)BYTES("\0"));
	add(&number, modulus);
	wrap(&body, DER_INTEGER, buf_bytes(&number));
	add(&body, exponent);
	wrap(out, DER_SEQUENCE, buf_bytes(&body));
}

TEST(rsa_numbers)
{
	static const struct {
		size_t zeros;
		struct bytes exponent;
		bool is_canonical;
	} rows[] = {
		{ 0, BYTES("\x02\x03\x01\x00\x01"), true },
		{ 0, BYTES("\x02\x03\x01\x00\x03"), true }, /* another exponent is the same key */
		{ 1, BYTES("\x02\x03\x01\x00\x01"), false },
		{ 40, BYTES("\x02\x03\x01\x00\x01"), false },
		{ 0, BYTES("\x02\x04\x00\x01\x00\x01"), false },
		{ 0, BYTES("\x02\x81\x03\x01\x00\x01"), false },
	};
	AUTO_VALUE(buf) spki = { 0 };
	struct spki_facts facts;
	char value[SHA256_HEX];
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, kit_rsa(), &e), 0);
	assert_int_equal(spki_read(&facts, buf_bytes(&spki), &e), 0);
	assert_int_equal(key_value_sha256(value, buf_bytes(&spki), &e), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) bits = { 0 };
		AUTO_VALUE(buf) other = { 0 };

		rsa_bits(&bits, facts.modulus, rows[i].zeros, rows[i].exponent);
		spki_of(&other, (struct bytes)BYTES(RSA_ALG("\x05\x00")), buf_bytes(&bits));
		assert_int_equal(key_is_canonical(buf_bytes(&other)), rows[i].is_canonical);
		value_is(buf_bytes(&other), value);
	}
}

/* The key with a point in another form, or its curve spelt out, as OpenSSL writes it. */
static void encode_as(struct buf *out, const char *kind_of_point, const char *encoding)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	char first[SHA256_HEX];
	AUTO_VALUE(buf) plain = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&plain, key, &e), 0);
	assert_int_equal(key_value_sha256(first, buf_bytes(&plain), &e), 0);
	assert_int_equal(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, kind_of_point),
	    1);
	assert_int_equal(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding), 1);
	assert_int_equal(spki_encode(out, key, &e), 0);
	value_is(buf_bytes(out), first);
}

TEST(forms_of_a_point)
{
	static const char *const rows[][2] = { { "compressed", "named_curve" }, { "hybrid", "named_curve" },
		{ "uncompressed", "explicit" }, { "compressed", "explicit" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) other = { 0 };
		struct public_key_info info;
		struct err e = ERR_INIT;

		encode_as(&other, rows[i][0], rows[i][1]);
		assert_false(key_is_canonical(buf_bytes(&other)));
		assert_int_equal(public_key_info_read(&info, buf_bytes(&other), &e), 0);
		assert_true(info.is_encoding_bad);
	}
}

#define ED_ALG "\x06\x03\x2b\x65\x70"
#define FF10 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define FF30 FF10 FF10 FF10

TEST(ed25519)
{
	/* 2^255 - 20 is the largest y; 2^255 - 19 is zero in another form, and so on */
	static const struct bytes twice = BYTES("\xec" FF30 "\x7f"), zero = BYTES("\xed" FF30 "\x7f"),
				  beyond = BYTES("\xee" FF30 "\x7f");
	AUTO_VALUE(buf) is_zero = { 0 };
	AUTO_VALUE(buf) plain = { 0 };
	AUTO_VALUE(buf) with_null = { 0 };
	AUTO_VALUE(buf) not_reduced = { 0 };
	char value[SHA256_HEX];
	struct err e = ERR_INIT;

	spki_of(&plain, (struct bytes)BYTES(ED_ALG), twice);
	spki_of(&with_null, (struct bytes)BYTES(ED_ALG "\x05\x00"), twice);
	spki_of(&not_reduced, (struct bytes)BYTES(ED_ALG), beyond);
	assert_true(key_is_canonical(buf_bytes(&plain)));
	assert_false(key_is_canonical(buf_bytes(&with_null)));
	assert_false(key_is_canonical(buf_bytes(&not_reduced)));
	spki_of(&is_zero, (struct bytes)BYTES(ED_ALG), zero);
	assert_false(key_is_canonical(buf_bytes(&is_zero)));
	assert_int_equal(key_value_sha256(value, buf_bytes(&plain), &e), 0);
	value_is(buf_bytes(&with_null), value);
}

#define PSS "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define SHA_256(parameters, len) "\x30" len "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01" parameters
#define MGF_1 "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define SHA_1 "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"

/* RFC 4055, 3.1; NULL and no parameters of a digest mean the same (2.1). */
TEST(algorithm_identifiers)
{
	static const struct {
		struct bytes body;
		bool is_standard;
	} rows[] = {
		{ BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"), true }, /* sha256WithRSAEncryption */
		{ BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), false },
		{ BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x04\x04junk"), false },
		{ BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x81\x00"), false },
		{ BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00"), false }, /* SHA-1 */
		{ BYTES("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"), true }, /* ecdsa-with-SHA256 */
		{ BYTES("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x05\x00"), false },
		{ BYTES(ED_ALG), true },
		{ BYTES(ED_ALG "\x05\x00"), false },
		{ BYTES(PSS "\x30\x30\xa0\x0d" SHA_256("", "\x0b") "\xa1\x1a\x30\x18" MGF_1 SHA_256("", "\x0b")
			"\xa2\x03\x02\x01\x20"), true },
		{ BYTES(PSS "\x30\x34\xa0\x0f" SHA_256("\x05\x00", "\x0d") "\xa1\x1c\x30\x1a" MGF_1
			SHA_256("\x05\x00", "\x0d") "\xa2\x03\x02\x01\x20"), true },
		{ BYTES(PSS "\x30\x30\xa0\x0d" SHA_256("", "\x0b") "\xa1\x1a\x30\x18" MGF_1 SHA_256("", "\x0b")
			"\xa2\x03\x02\x01\x00"), false }, /* no salt */
		{ BYTES(PSS "\x30\x2b\xa0\x0d" SHA_256("", "\x0b") "\xa1\x1a\x30\x18" MGF_1 SHA_256("", "\x0b")),
		    false }, /* 20 bytes of salt by default */
		{ BYTES(PSS "\x30\x2e\xa0\x0d" SHA_256("", "\x0b") "\xa1\x18\x30\x16" MGF_1 SHA_1
			"\xa2\x03\x02\x01\x20"), false },
		{ BYTES(PSS "\x30\x35\xa0\x0d" SHA_256("", "\x0b") "\xa1\x1a\x30\x18" MGF_1 SHA_256("", "\x0b")
			"\xa2\x03\x02\x01\x20\xa3\x03\x02\x01\x01"), false }, /* the default, spelt out */
		{ BYTES(PSS "\x30\x00"), false },
		{ BYTES(PSS), false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) alg = { 0 };

		wrap(&alg, DER_SEQUENCE, rows[i].body);
		if (alg_is_standard(buf_bytes(&alg)) != rows[i].is_standard)
			fail_msg("row %zu", i);
	}
}

TEST(rsa_pss_parameters)
{
	static const struct {
		struct bytes alg;
		bool is_canonical;
	} rows[] = {
		{ BYTES(PSS), true },
		{ BYTES(PSS "\x30\x30\xa0\x0d" SHA_256("", "\x0b") "\xa1\x1a\x30\x18" MGF_1 SHA_256("", "\x0b")
			"\xa2\x03\x02\x01\x20"), true },
		{ BYTES(PSS "\x30\x00"), false }, /* SHA-1 by default */
		{ BYTES(PSS "\x05\x00"), false },
		{ BYTES(PSS "\x30\x2e\xa0\x0d" SHA_256("", "\x0b") "\xa1\x18\x30\x16" MGF_1 SHA_1
			"\xa2\x03\x02\x01\x20"), false },
	};
	AUTO_VALUE(buf) spki = { 0 };
	struct spki_facts facts;
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, kit_rsa(), &e), 0);
	assert_int_equal(spki_read(&facts, buf_bytes(&spki), &e), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(buf) other = { 0 };

		spki_of(&other, rows[i].alg, facts.key_bits);
		if (key_is_canonical(buf_bytes(&other)) != rows[i].is_canonical)
			fail_msg("row %zu", i);
	}
}

/* Lengths that take a byte more than they need: BER, not DER. */
TEST(lengths_in_long_form)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) spki = { 0 };
	struct err e = ERR_INIT;
	unsigned char outer[92 + 1], inner[91 + 1];

	assert_int_equal(spki_encode(&spki, key, &e), 0);
	assert_int_equal(spki.len, 91); /* 30 59, 21 bytes of algorithm, 03 42 00 04 x y */
	memcpy(outer, "\x30\x81\x59", 3);
	memcpy(outer + 3, spki.data + 2, 89);
	assert_false(key_is_canonical((struct bytes){ outer, 92 }));
	memcpy(inner, spki.data, 24);
	inner[1]++;
	memcpy(inner + 24, "\x81\x42", 2);
	memcpy(inner + 26, spki.data + 25, 66);
	assert_false(key_is_canonical((struct bytes){ inner, 92 }));
}

#define P256_ALG "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"

TEST(points_of_another_length)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) spki = { 0 };
	struct spki_facts facts;
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, key, &e), 0);
	assert_int_equal(spki_read(&facts, buf_bytes(&spki), &e), 0);
	assert_int_equal(facts.key_bits.len, 65);
	for (size_t len = 64; len <= 66; len++) {
		AUTO_VALUE(buf) other = { 0 };
		unsigned char point[66] = { 0 };

		memcpy(point, facts.key_bits.data, 65);
		spki_of(&other, (struct bytes)BYTES(P256_ALG), (struct bytes){ point, len });
		assert_int_equal(key_is_canonical(buf_bytes(&other)), len == 65);
	}
}

TEST(a_point_that_is_not_on_its_curve)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO_VALUE(buf) spki = { 0 };
	struct public_key_info info;
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, key, &e), 0);
	assert_int_equal(public_key_info_read(&info, buf_bytes(&spki), &e), 0);
	assert_false(info.is_point_bad);
	spki.data[spki.len - 1] ^= 1;
	assert_int_equal(public_key_info_read(&info, buf_bytes(&spki), &e), 0);
	assert_true(info.is_point_bad);
}

TEST(what_is_no_key_has_a_value_of_its_own)
{
	static const struct bytes junk[] = { BYTES("junk"), BYTES("\x30\x00"), BYTES("") };
	char value[3][SHA256_HEX];
	struct err e = ERR_INIT;

	for (size_t i = 0; i < 3; i++) {
		assert_false(key_is_canonical(junk[i]));
		assert_int_equal(key_value_sha256(value[i], junk[i], &e), 0);
	}
	assert_string_not_equal(value[0], value[1]);
	assert_int_equal(key_value_of_cert(value[0], junk[0], &e), 0);
	assert_string_equal(value[0], "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_encoding_of_each_kind_is_canonical),
		cmocka_unit_test(rsa_parameters),
		cmocka_unit_test(rsa_numbers),
		cmocka_unit_test(forms_of_a_point),
		cmocka_unit_test(ed25519),
		cmocka_unit_test(algorithm_identifiers),
		cmocka_unit_test(rsa_pss_parameters),
		cmocka_unit_test(lengths_in_long_form),
		cmocka_unit_test(points_of_another_length),
		cmocka_unit_test(a_point_that_is_not_on_its_curve),
		cmocka_unit_test(what_is_no_key_has_a_value_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
