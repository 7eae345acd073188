/* SPDX-License-Identifier: MIT */
/*
 * public_key.c - rules for every public key: of a request, a root or a token.
 *
 * Each rule has two rows: "request-…" for a request, among the other rules for requests; "key-…" for a key that
 * p11ca makes, finds on a token, or reads from a certificate.
 */
#include "model/cert_template.h"
#include "model/public_key_info.h"
#include "x509/lint/lint.h"

/* Tests that consist of a flag of the key and a sentence. */
#define FLAG_TEST(name, flag, text)                                                                \
	RULE_TEST(name)                                                                            \
	{                                                                                          \
		return f->public_key->flag ? finding_add(out, r, e, text) : 0;                     \
	}

FLAG_TEST(encoding, is_encoding_bad, "the public key is not in its canonical encoding")
FLAG_TEST(rsa_pss, is_rsa_pss, "the key is for RSA-PSS alone")
FLAG_TEST(ec_explicit, is_ec_explicit, "the key brings its own curve instead of naming one")
FLAG_TEST(point, is_point_bad, "the public key is not a point of its curve")
FLAG_TEST(roca, is_roca, "the key is one of those that ROCA finds (CVE-2017-15361)")
FLAG_TEST(close_primes, has_close_primes, "the primes of the key are close together")
FLAG_TEST(small_factor, has_small_factor, "the modulus of the key has a small factor")
FLAG_TEST(exponent, is_exponent_bad, "the public exponent is even, below 65537 or beyond 2^256")

RULE_TEST(key_type)
{
	const struct public_key_info *k = f->public_key;

	if (k->spec.type != KEY_OTHER && (f->template->key_types & 1U << k->spec.type) != 0)
		return 0;
	return finding_add(out, r, e, "the key is %s; %s", k->name, f->template->why_not);
}

RULE_TEST(key_size)
{
	const struct public_key_info *k = f->public_key;

	if (k->spec.type != KEY_RSA || k->spec.bits >= f->template->min_rsa_bits)
		return 0;
	return finding_add(out, r, e, "the key is %s, %u bits are the least", k->name, f->template->min_rsa_bits);
}

#define GATE "gate,check"
#define KEY "key"
#define OF_REQUEST (FACT_REQUEST | FACT_PUBLIC_KEY)
#define WITH_TEMPLATE (FACT_PUBLIC_KEY | FACT_TEMPLATE)

#define WHY_ENCODING                                                                               \
	"in another encoding, a compromised key or a key that is certified for another client looks like a new one"
#define WHY_PSS "clients of VPN gateways sign with PKCS#1 v1.5, too"
#define WHY_EXPLICIT                                                                               \
	"a curve of one's own can be chosen so that signatures are forged (CVE-2020-0601; RFC 5480, 2.1.1)"
#define WHY_POINT "a public key off its curve gives the private key away, or is none"
#define WHY_TYPE "the template says which types of key it certifies"
#define WHY_SIZE "the template says how long a key must be"
#define WHY_EXPONENT "public exponents are odd, from 65537 up to 2^256 (NIST SP 800-56B)"
#define WHY_ROCA                                                                                   \
	"the private key can be computed from the public one; cards and TPMs with firmware before 2018 make such keys"
#define WHY_CLOSE "Fermat's method finds the private key at once"
#define WHY_FACTOR "the modulus is no product of two large primes"
#define OTHER_KEY "make another key, and a new request with it; this one must never be certified"
#define NEW_KEY "make another key; this one must not be used"
#define NEW_CARD "update or replace the card or TPM, then make another key"

const struct rule rules_public_key[] = {
	{ "request-ec-explicit", FINDING_FAIL, GATE, OF_REQUEST, ec_explicit, WHY_EXPLICIT,
	    "make the key on a named curve such as P-256" },
	{ "request-rsa-pss", FINDING_FAIL, GATE, OF_REQUEST, rsa_pss, WHY_PSS, "make the key as plain RSA" },
	{ "request-encoding", FINDING_FAIL, GATE, OF_REQUEST, encoding, WHY_ENCODING,
	    "make the request with software that writes DER (RSA with NULL parameters, EC with a named curve and the "
	    "uncompressed point)" },
	{ "request-point", FINDING_FAIL, GATE, OF_REQUEST, point, WHY_POINT, OTHER_KEY },
	{ "request-key-type", FINDING_FAIL, GATE, FACT_REQUEST | WITH_TEMPLATE, key_type, WHY_TYPE,
	    "make such a key, or choose another template" },
	{ "request-key-size", FINDING_FAIL, GATE, FACT_REQUEST | WITH_TEMPLATE, key_size, WHY_SIZE,
	    "make a longer key" },
	{ "request-exponent", FINDING_FAIL, GATE, OF_REQUEST, exponent, WHY_EXPONENT, OTHER_KEY },
	{ "request-roca", FINDING_FAIL, GATE, OF_REQUEST, roca, WHY_ROCA, NEW_CARD },
	{ "request-close-primes", FINDING_FAIL, GATE, OF_REQUEST, close_primes, WHY_CLOSE, OTHER_KEY },
	{ "request-small-factor", FINDING_FAIL, GATE, OF_REQUEST, small_factor, WHY_FACTOR, OTHER_KEY },
	{ "key-ec-explicit", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, ec_explicit, WHY_EXPLICIT, NEW_KEY },
	{ "key-rsa-pss", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, rsa_pss, WHY_PSS, NEW_KEY },
	{ "key-encoding", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, encoding, WHY_ENCODING, NEW_KEY },
	{ "key-point", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, point, WHY_POINT, NEW_KEY },
	{ "key-type", FINDING_FAIL, KEY, WITH_TEMPLATE, key_type, WHY_TYPE, NEW_KEY },
	{ "key-size", FINDING_FAIL, KEY, WITH_TEMPLATE, key_size, WHY_SIZE, "make a longer key" },
	{ "key-exponent", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, exponent, WHY_EXPONENT, NEW_KEY },
	{ "key-roca", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, roca, WHY_ROCA, NEW_CARD },
	{ "key-close-primes", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, close_primes, WHY_CLOSE, NEW_KEY },
	{ "key-small-factor", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, small_factor, WHY_FACTOR, NEW_KEY },
	{ .id = NULL },
};
