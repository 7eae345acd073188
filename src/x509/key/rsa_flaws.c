/* SPDX-License-Identifier: MIT */
/* rsa_flaws.c - see rsa_flaws.h. */
#include "x509/key/rsa_flaws.h"

#include <openssl/bn.h>
#include <openssl/rsa.h>

#include "x509/ossl.h"
#include "util/array.h"

#define FERMAT_ROUNDS 100
#define SMALL_FACTOR_MAX 1000
#define ROCA_PRIME_MAX 167 /* the primes that divide M for the shortest keys that the flawed library made */
#define ROCA_GENERATOR 65537

static bool is_exponent_bad(const BIGNUM *e)
{
	return !BN_is_odd(e) || BN_num_bits(e) > 256 || BN_get_word(e) < 65537;
}

static bool is_prime(unsigned n)
{
	for (unsigned d = 3; d * d <= n; d += 2)
		if (n % d == 0)
			return false;
	return n % 2 == 1 && n > 1;
}

static bool is_power_of_generator(unsigned residue, unsigned prime)
{
	unsigned power = 1;

	do {
		if (power == residue)
			return true;
		power = power * (ROCA_GENERATOR % prime) % prime;
	} while (power != 1);
	return false;
}

/*
 * M. Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, 2.3: primes of the form k·M + (65537^a mod M)
 * leave a modulus that is a power of 65537 modulo every prime that divides M; a sound one is so with 2^-27 or less.
 */
static void rsa_flaws_divide(struct rsa_flaws *out, const BIGNUM *n)
{
	out->is_roca = true;
	out->has_small_factor = !BN_is_odd(n);
	for (unsigned p = 3; p < SMALL_FACTOR_MAX; p += 2) {
		unsigned residue;

		if (!is_prime(p))
			continue;
		residue = (unsigned)BN_mod_word(n, p);
		out->has_small_factor = out->has_small_factor || residue == 0;
		if (p <= ROCA_PRIME_MAX)
			out->is_roca = out->is_roca && is_power_of_generator(residue, p);
	}
}

/* root = floor(sqrt(n)) by Newton's method from above, where it only falls.  n > 0. */
static bool square_root(BIGNUM *root, const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *next;
	bool ok;

	BN_CTX_start(ctx);
	next = BN_CTX_get(ctx);
	ok = next != NULL && BN_set_word(next, 0) && BN_set_bit(next, (BN_num_bits(n) + 1) / 2);
	do {
		ok = ok && BN_copy(root, next) != NULL && BN_div(next, NULL, n, root, ctx) &&
		     BN_add(next, next, root) && BN_rshift1(next, next);
	} while (ok && BN_cmp(next, root) < 0);
	BN_CTX_end(ctx);
	return ok;
}

/* Most numbers are not squares modulo 64 or 63·65·11, which a word division shows; only the rest needs a root. */
static bool may_be_square(const BIGNUM *n)
{
	static const unsigned moduli[] = { 64, 63, 65, 11 };
	unsigned long residue = (unsigned long)BN_mod_word(n, 64UL * 63 * 65 * 11);

	for (size_t i = 0; i < ARRAY_LEN(moduli); i++) {
		unsigned r = (unsigned)(residue % moduli[i]), x = 0;

		while (x < moduli[i] && x * x % moduli[i] != r)
			x++;
		if (x == moduli[i])
			return false;
	}
	return true;
}

static bool is_square(bool *out, const BIGNUM *n, BIGNUM *scratch, BN_CTX *ctx)
{
	*out = BN_is_zero(n);
	if (*out || !may_be_square(n))
		return true;
	if (!square_root(scratch, n, ctx) || !BN_sqr(scratch, scratch, ctx))
		return false;
	*out = BN_cmp(scratch, n) == 0;
	return true;
}

/* n = a² - b² with a from ceil(sqrt(n)) on; b² grows by 2a + 1 each time. */
static bool rsa_flaws_fermat(bool *found, const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *a = BN_CTX_get(ctx), *b2 = BN_CTX_get(ctx), *scratch = BN_CTX_get(ctx);

	if (scratch == NULL || !square_root(a, n, ctx) || !BN_sqr(b2, a, ctx))
		return false;
	if (BN_cmp(b2, n) < 0 && (!BN_add_word(a, 1) || !BN_sqr(b2, a, ctx)))
		return false;
	if (!BN_sub(b2, b2, n))
		return false;
	*found = false;
	for (int i = 0; i < FERMAT_ROUNDS && !*found; i++) {
		if (!is_square(found, b2, scratch, ctx) || !BN_add(b2, b2, a) || !BN_add_word(a, 1) ||
		    !BN_add(b2, b2, a))
			return false;
	}
	return true;
}

int rsa_flaws_find(struct rsa_flaws *out, struct bytes modulus, struct bytes exponent, struct err *e)
{
	AUTO(BIGNUM) n = NULL;
	AUTO(BIGNUM) exp = NULL;
	AUTO(BN_CTX) ctx = BN_CTX_new();
	struct rsa_flaws f = { 0 };
	bool ok;

	if (modulus.len <= OPENSSL_RSA_MAX_MODULUS_BITS / 8 && exponent.len <= OPENSSL_RSA_MAX_MODULUS_BITS / 8) {
		n = BN_bin2bn(modulus.data, (int)modulus.len, NULL);
		exp = BN_bin2bn(exponent.data, (int)exponent.len, NULL);
		if (ctx == NULL || n == NULL || exp == NULL || BN_is_zero(n))
			return ossl_fail(e, ERR_INTERNAL, "cannot examine an RSA key");
		f.is_exponent_bad = is_exponent_bad(exp);
		rsa_flaws_divide(&f, n);
		BN_CTX_start(ctx);
		ok = rsa_flaws_fermat(&f.has_close_primes, n, ctx);
		BN_CTX_end(ctx);
		if (!ok)
			return ossl_fail(e, ERR_INTERNAL, "cannot examine an RSA key");
	}
	*out = f;
	return 0;
}
