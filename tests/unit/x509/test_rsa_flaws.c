/* SPDX-License-Identifier: MIT */
/* test_rsa_flaws.c - keys that are found, and keys that are not. */
#include "tests/unit/unit.h"

#include <openssl/rsa.h>

#include "x509/ossl.h"
#include "x509/key/rsa_flaws.h"
#include "x509/signer.h"
#include "x509/key/spki.h"

static void find(struct rsa_flaws *out, const BIGNUM *n, unsigned long exponent)
{
	AUTO(BIGNUM) exp = BN_new();
	unsigned char a[4096], b[16];
	struct err e = ERR_INIT;

	assert_true(BN_num_bytes(n) <= (int)sizeof(a));
	assert_int_equal(BN_set_word(exp, exponent), 1);
	assert_int_equal(rsa_flaws_find(out, (struct bytes){ a, (size_t)BN_bn2bin(n, a) },
			     (struct bytes){ b, (size_t)BN_bn2bin(exp, b) }, &e), 0);
}

static BIGNUM *prime(int bits)
{
	BIGNUM *p = BN_new();

	assert_int_equal(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL), 1);
	return p;
}

static BIGNUM *product(const BIGNUM *a, const BIGNUM *b)
{
	AUTO(BN_CTX) ctx = BN_CTX_new();
	BIGNUM *n = BN_new();

	assert_int_equal(BN_mul(n, a, b, ctx), 1);
	return n;
}

TEST(sound_keys)
{
	for (int i = 0; i < 10; i++) {
		AUTO(EVP_PKEY) key = EVP_RSA_gen(1024);
		AUTO_VALUE(buf) spki = { 0 };
		struct spki_facts facts;
		struct rsa_flaws f;
		struct err e = ERR_INIT;

		assert_int_equal(spki_encode(&spki, key, &e), 0);
		assert_int_equal(spki_read(&facts, buf_bytes(&spki), &e), 0);
		assert_int_equal(rsa_flaws_find(&f, facts.modulus, facts.exponent, &e), 0);
		assert_false(f.is_exponent_bad || f.is_roca || f.has_close_primes || f.has_small_factor);
	}
}

TEST(exponents)
{
	static const struct {
		unsigned long e;
		bool is_bad;
	} rows[] = { { 0, true }, { 1, true }, { 3, true }, { 65535, true }, { 65536, true }, { 65537, false },
		{ 65538, true }, { 0xffffffffUL, false } };
	static const unsigned char beyond[] = { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 1 }; /* 2^256 + 1 */
	static const unsigned char modulus[] = { 0xff, 0x01 };
	AUTO(BIGNUM) p = prime(512);
	struct rsa_flaws f;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		find(&f, p, rows[i].e);
		assert_true(f.is_exponent_bad == rows[i].is_bad);
	}
	assert_int_equal(
	    rsa_flaws_find(&f, (struct bytes){ modulus, 2 }, (struct bytes){ beyond, sizeof(beyond) }, &e), 0);
	assert_true(f.is_exponent_bad);
	assert_int_equal(rsa_flaws_find(&f, (struct bytes){ modulus, 2 }, (struct bytes){ beyond + 1, 32 }, &e), 0);
	assert_true(f.is_exponent_bad);
}

/* q is the next prime after p, or a few thousand further on. */
static void close_by(unsigned long distance, bool is_found)
{
	AUTO(BIGNUM) p = prime(1024);
	AUTO(BIGNUM) q = BN_dup(p);
	AUTO(BIGNUM) n = NULL;
	struct rsa_flaws f;

	assert_int_equal(BN_add_word(q, distance), 1);
	n = product(p, q);
	find(&f, n, 65537);
	assert_true(f.has_close_primes == is_found);
}

TEST(close_primes)
{
	close_by(0, true); /* a square */
	close_by(2, true);
	close_by(123456, true);
	for (unsigned shift = 1; shift <= 3; shift++)
		close_by(1UL << (60 + shift), true);
}

TEST(primes_that_are_far_apart)
{
	AUTO(BIGNUM) p = prime(1024);
	AUTO(BIGNUM) q = prime(1024);
	AUTO(BIGNUM) short_q = prime(900);
	AUTO(BIGNUM) n = product(p, q);
	AUTO(BIGNUM) uneven = product(p, short_q);
	struct rsa_flaws f;

	find(&f, n, 65537);
	assert_false(f.has_close_primes || f.has_small_factor || f.is_roca);
	find(&f, uneven, 65537);
	assert_false(f.has_close_primes);
}

TEST(small_factors)
{
	static const unsigned long factors[] = { 2, 3, 167, 173, 997 };
	AUTO(BIGNUM) p = prime(1024);

	for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
		AUTO(BIGNUM) n = BN_dup(p);
		struct rsa_flaws f;

		assert_int_equal(BN_mul_word(n, factors[i]), 1);
		find(&f, n, 65537);
		assert_true(f.has_small_factor);
	}
}

/* A prime k·M + (65537^a mod M), where M is the product of the primes up to 167, as the flawed library made them. */
static BIGNUM *roca_prime(int bits)
{
	AUTO(BN_CTX) ctx = BN_CTX_new();
	AUTO(BIGNUM) m = BN_new();
	AUTO(BIGNUM) k = BN_new();
	AUTO(BIGNUM) g = BN_new();
	AUTO(BIGNUM) a = BN_new();
	BIGNUM *p = BN_new();

	assert_int_equal(BN_one(m), 1);
	for (unsigned i = 2; i <= 167; i++) {
		bool is_prime = true;

		for (unsigned d = 2; d * d <= i; d++)
			is_prime = is_prime && i % d != 0;
		if (is_prime)
			assert_int_equal(BN_mul_word(m, i), 1);
	}
	do {
		assert_int_equal(BN_rand(k, bits - BN_num_bits(m), BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), 1);
		assert_int_equal(BN_rand(a, 62, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), 1);
		assert_int_equal(BN_set_word(g, 65537), 1);
		assert_int_equal(BN_mod_exp(g, g, a, m, ctx), 1);
		assert_int_equal(BN_mul(p, k, m, ctx), 1);
		assert_int_equal(BN_add(p, p, g), 1);
	} while (BN_check_prime(p, ctx, NULL) != 1);
	return p;
}

TEST(roca)
{
	AUTO(BIGNUM) p = roca_prime(512);
	AUTO(BIGNUM) q = roca_prime(512);
	AUTO(BIGNUM) sound = prime(512);
	AUTO(BIGNUM) n = product(p, q);
	AUTO(BIGNUM) half = product(p, sound);
	struct rsa_flaws f;

	find(&f, n, 65537);
	assert_true(f.is_roca);
	assert_false(f.has_small_factor);
	find(&f, half, 65537);
	assert_false(f.is_roca);
}

TEST(a_modulus_beyond_all_bounds)
{
	AUTO(BIGNUM) n = BN_new();
	struct rsa_flaws f;

	assert_int_equal(BN_set_bit(n, 20000), 1);
	find(&f, n, 1);
	assert_false(f.is_exponent_bad); /* not looked at: no signature by it verifies */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_keys),
		cmocka_unit_test(exponents),
		cmocka_unit_test(close_primes),
		cmocka_unit_test(primes_that_are_far_apart),
		cmocka_unit_test(small_factors),
		cmocka_unit_test(roca),
		cmocka_unit_test(a_modulus_beyond_all_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
