/* SPDX-License-Identifier: MIT */
/* request.c - the gate: what a request must prove before any root signs for its key.  Its names decide nothing. */
#include "model/cert_template.h"
#include "model/request_info.h"
#include "x509/lint/lint.h"

/* Tests that are a flag of the request and a sentence. */
#define FLAG_TEST(name, flag, text)                                                                \
	RULE_TEST(name)                                                                            \
	{                                                                                          \
		return f->request->flag ? finding_add(out, r, e, text) : 0;                        \
	}

FLAG_TEST(der, is_der_strict == false, "the request is not strict DER")
FLAG_TEST(rsa_pss, is_rsa_pss, "the key is for RSA-PSS alone")
FLAG_TEST(ec_explicit, is_ec_explicit, "the key brings its own curve instead of naming one")
FLAG_TEST(point, is_point_bad, "the public key is not a point of its curve")
FLAG_TEST(signature, is_signature_good == false, "the request is not signed by the key it is for")
FLAG_TEST(roca, is_roca, "the key is one of those that ROCA finds (CVE-2017-15361)")
FLAG_TEST(close_primes, has_close_primes, "the primes of the key are close together")
FLAG_TEST(small_factor, has_small_factor, "the modulus of the key has a small factor")
FLAG_TEST(exponent, is_exponent_bad, "the public exponent is even, below 65537 or beyond 2^256")
FLAG_TEST(subject_text, is_subject_text_bad, "the subject has control or bidirectional characters, or no text in it")

RULE_TEST(signature_weak)
{
	return !f->request->is_sig_weak ? 0
					: finding_add(out, r, e, "the request is signed with %s", f->request->sig_alg);
}

RULE_TEST(key_type)
{
	const struct cert_template *t = f->template;

	if (f->request->key.type != KEY_OTHER && (t->key_types & 1U << f->request->key.type) != 0)
		return 0;
	return finding_add(out, r, e, "the key is %s; %s", f->request->key_name, t->why_not);
}

RULE_TEST(key_size)
{
	if (f->request->key.type != KEY_RSA || f->request->key.bits >= f->template->min_rsa_bits)
		return 0;
	return finding_add(out, r, e, "the key is %s, %u bits are the least", f->request->key_name,
	    f->template->min_rsa_bits);
}

RULE_TEST(cn_count)
{
	return f->request->n_cn < 2 ? 0 : finding_add(out, r, e, "the subject has %u commonNames", f->request->n_cn);
}

RULE_TEST(asked)
{
	for (unsigned i = 0; i < f->request->n_asked; i++)
		if (finding_add(out, r, e, "the request asks for %s", f->request->asked[i]) < 0)
			return -1;
	return 0;
}

#define GATE "gate,check"
#define WITH_TEMPLATE (FACT_REQUEST | FACT_TEMPLATE)
#define OTHER_KEY "make another key, and a new request with it; this one must never be certified"

const struct rule rules_request[] = { { "request-der", FINDING_FAIL, GATE, FACT_REQUEST, der,
					  "two readers may see two things in what is not DER (X.690)",
					  "make the request with other software" },
	{ "request-rsa-pss", FINDING_FAIL, GATE, FACT_REQUEST, rsa_pss,
	    "clients of VPN gateways sign with PKCS#1 v1.5, too", "make the key as plain RSA" },
	{ "request-ec-explicit", FINDING_FAIL, GATE, FACT_REQUEST, ec_explicit,
	    "a curve of one's own can be chosen so that signatures are forged (CVE-2020-0601; RFC 5480, 2.1.1)",
	    "make the key on a named curve such as P-256" },
	{ "request-point", FINDING_FAIL, GATE, FACT_REQUEST, point,
	    "a public key off its curve gives the private key away, or is none", OTHER_KEY },
	{ "request-key-type", FINDING_FAIL, GATE, WITH_TEMPLATE, key_type,
	    "the template says which types of key it certifies", "make such a key, or choose another template" },
	{ "request-key-size", FINDING_FAIL, GATE, WITH_TEMPLATE, key_size, "the template says how long a key must be",
	    "make a longer key" },
	{ "request-signature", FINDING_FAIL, GATE, FACT_REQUEST, signature,
	    "whoever asks must have the private key (RFC 2986, 3; proof of possession)",
	    "make the request anew on the machine or card that has the key" },
	{ "request-signature-weak", FINDING_FAIL, GATE, FACT_REQUEST, signature_weak,
	    "with MD5 or SHA-1 the signature proves nothing", "make the request anew with SHA-256" },
	{ "request-exponent", FINDING_FAIL, GATE, FACT_REQUEST, exponent,
	    "public exponents are odd, from 65537 up to 2^256 (NIST SP 800-56B)", OTHER_KEY },
	{ "request-roca", FINDING_FAIL, GATE, FACT_REQUEST, roca,
	    "the private key can be computed from the public one; cards and TPMs of before 2018 made such keys",
	    "update or replace the card or TPM, then make another key" },
	{ "request-close-primes", FINDING_FAIL, GATE, FACT_REQUEST, close_primes,
	    "Fermat's method finds the private key at once", OTHER_KEY },
	{ "request-small-factor", FINDING_FAIL, GATE, FACT_REQUEST, small_factor,
	    "the modulus is no product of two large primes", OTHER_KEY },
	{ "request-subject-text", FINDING_FAIL, GATE, FACT_REQUEST, subject_text,
	    "such a name looks like another one where it is shown", "make the request anew with a plain name" },
	{ "request-cn-count", FINDING_FAIL, GATE, FACT_REQUEST, cn_count,
	    "with several commonNames nobody knows which one is asked for",
	    "make the request anew with one commonName or none" },
	{ "request-asked", FINDING_INFO, GATE, FACT_REQUEST, asked,
	    "what the certificate contains is for the template to say; nothing that a request asks for is granted",
	    "choose the template that grants what is needed" },
	{ 0 } };
