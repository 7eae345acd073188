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
FLAG_TEST(rsa_pss, is_rsa_pss, "the key is restricted to RSA-PSS")
FLAG_TEST(ec_explicit, is_ec_explicit, "the key has explicit curve parameters")
FLAG_TEST(point, is_point_bad, "the public key is not a point on its curve")
FLAG_TEST(roca, is_roca, "the key has the ROCA weakness (CVE-2017-15361)")
FLAG_TEST(close_primes, has_close_primes, "the primes of the key are too close together")
FLAG_TEST(small_factor, has_small_factor, "the modulus of the key has a small factor")
FLAG_TEST(exponent, is_exponent_bad, "the public exponent is even, less than 65537 or greater than 2^256")

RULE_TEST(key_type)
{
	const struct public_key_info *k = f->public_key;

	if (k->spec.type != KEY_OTHER && (f->template->key_types & 1U << k->spec.type) != 0)
		return 0;
	return finding_add(out, r, e, "the key is %s; %s", k->name, f->template->why_not);
}

#define MIN_RSA_BITS 2048 /* without a template: the gateway's minimum, and that of NIST SP 800-131A */

RULE_TEST(key_size)
{
	const struct public_key_info *k = f->public_key;

	const unsigned min = f->template != NULL ? f->template->min_rsa_bits : MIN_RSA_BITS;

	if (k->spec.type != KEY_RSA || k->spec.bits >= min)
		return 0;
	return finding_add(out, r, e, "the key is %s; the minimum is %u bits", k->name, min);
}

#define GATE "gate,check"
#define KEY "key"
#define OF_REQUEST (FACT_REQUEST | FACT_PUBLIC_KEY)
#define WITH_TEMPLATE (FACT_PUBLIC_KEY | FACT_TEMPLATE)

#define OTHER_KEY "create another key, and a new request with it"
#define NEW_KEY   "create another key, and revoke the certificates of this one"

const struct rule rules_public_key[] = {
	{ "request-ec-explicit", FINDING_FAIL, GATE, OF_REQUEST, ec_explicit,
	    "the EC key in the request has explicit curve parameters instead of a named curve",
	    "create the key on a named curve, such as P-256" },
	{ "request-rsa-pss", FINDING_FAIL, GATE, OF_REQUEST, rsa_pss,
	    "the key in the request is restricted to RSASSA-PSS", "create a plain RSA key (rsaEncryption)" },
	{ "request-encoding", FINDING_FAIL, GATE, OF_REQUEST, encoding,
	    "the key in the request is not encoded as X.509 software encodes it",
	    "create the request with software that writes DER: RSA with NULL parameters, EC with a named curve and "
	    "an uncompressed point" },
	{ "request-point", FINDING_FAIL, GATE, OF_REQUEST, point,
	    "the EC point of the key in the request is not on its curve, or is not a valid point", OTHER_KEY },
	{ "request-key-type", FINDING_FAIL, GATE, FACT_REQUEST | WITH_TEMPLATE, key_type,
	    "the template does not allow the key type of the request",
	    "create a key of an allowed type, or choose another template" },
	{ "request-key-size", FINDING_FAIL, GATE, FACT_REQUEST | WITH_TEMPLATE, key_size,
	    "the key in the request is shorter than the template allows", "create a longer key" },
	{ "request-exponent", FINDING_FAIL, GATE, OF_REQUEST, exponent,
	    "the public exponent of the RSA key is even, less than 65537 or greater than 2^256", OTHER_KEY },
	{ "request-roca", FINDING_FAIL, GATE, OF_REQUEST, roca, "the RSA key has the ROCA weakness (CVE-2017-15361)",
	    "update or replace the card or TPM, then create another key" },
	{ "request-close-primes", FINDING_FAIL, GATE, OF_REQUEST, close_primes,
	    "the two primes of the RSA key are too close together", OTHER_KEY },
	{ "request-small-factor", FINDING_FAIL, GATE, OF_REQUEST, small_factor,
	    "the RSA modulus has a small prime factor", OTHER_KEY },
	{ "key-ec-explicit", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, ec_explicit,
	    "the EC key has explicit curve parameters instead of a named curve",
	    "create another key on a named curve" },
	{ "key-rsa-pss", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, rsa_pss, "the key is restricted to RSASSA-PSS",
	    "create a plain RSA key (rsaEncryption)" },
	{ "key-encoding", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, encoding,
	    "the public key is not encoded as X.509 software encodes it", "create another key" },
	{ "key-point", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, point,
	    "the EC point of the public key is not on its curve, or is not a valid point", "create another key" },
	{ "key-type", FINDING_FAIL, KEY, WITH_TEMPLATE, key_type, "the template does not allow this key type",
	    "create a key of an allowed type, or choose another template" },
	{ "key-size", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, key_size,
	    "the RSA key is shorter than 2048 bits, or shorter than the template allows", "create a longer key" },
	{ "key-exponent", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, exponent,
	    "the public exponent of the RSA key is even, less than 65537 or greater than 2^256", "create another key" },
	{ "key-roca", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, roca, "the RSA key has the ROCA weakness (CVE-2017-15361)",
	    "update or replace the card or TPM, then create another key and revoke the certificates of this one" },
	{ "key-close-primes", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, close_primes,
	    "the two primes of the RSA key are too close together", NEW_KEY },
	{ "key-small-factor", FINDING_FAIL, KEY, FACT_PUBLIC_KEY, small_factor,
	    "the RSA modulus has a small prime factor", NEW_KEY },
	{ .id = NULL },
};
