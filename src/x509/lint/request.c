/* SPDX-License-Identifier: MIT */
/* request.c - rules that a request must pass before a root signs; public_key.c has the rules for its key. */
#include "model/request_info.h"
#include "x509/lint/lint.h"

/* Tests that consist of a flag of the request and a sentence. */
#define FLAG_TEST(name, flag, text)                                                                \
	RULE_TEST(name)                                                                            \
	{                                                                                          \
		return f->request->flag ? finding_add(out, r, e, text) : 0;                        \
	}

FLAG_TEST(der, is_der_strict == false, "the request is not strict DER")
FLAG_TEST(signature, is_signature_good == false, "the request is not signed by the key it is for")
FLAG_TEST(subject_text, is_subject_text_bad,
    "the subject has characters that cannot be seen or belong to no script in use, or no text in it")

RULE_TEST(signature_weak)
{
	return !f->request->is_sig_weak ? 0
					: finding_add(out, r, e, "the request is signed with %s", f->request->sig_alg);
}

/* A weak algorithm is reported by another rule. */
RULE_TEST(signature_alg)
{
	if (f->request->is_sig_weak || !f->request->is_sig_alg_bad)
		return 0;
	return finding_add(out, r, e,
	    "the AlgorithmIdentifier of the signature (%s) has other parameters than its RFC has",
	    f->request->sig_alg);
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

const struct rule rules_request[] = {
	{ "request-der", FINDING_FAIL, GATE, FACT_REQUEST, der,
	    "two readers may see two things in what is not DER (X.690)",
	    "make the request with other software" },
	{ "request-signature", FINDING_FAIL, GATE, FACT_REQUEST, signature,
	    "whoever asks must have the private key (RFC 2986, 3; proof of possession)",
	    "make the request again on the machine or card that has the key" },
	{ "request-signature-weak", FINDING_FAIL, GATE, FACT_REQUEST, signature_weak,
	    "requests are signed with SHA-256 or a longer hash; with MD5 or SHA-1 the signature proves nothing",
	    "make the request again with SHA-256" },
	{ "request-signature-alg", FINDING_FAIL, GATE, FACT_REQUEST, signature_alg,
	    "RSA has NULL parameters, ECDSA and Ed25519 have none, RSASSA-PSS has one digest throughout and a salt "
	    "as long as the digest (RFC 4055, RFC 5758, RFC 8410)",
	    "make the request again with other software" },
	{ "request-subject-text", FINDING_FAIL, GATE, FACT_REQUEST, subject_text,
	    "such a name looks like another one where it is shown", "make the request again with a plain name" },
	{ "request-cn-count", FINDING_FAIL, GATE, FACT_REQUEST, cn_count,
	    "with several commonNames nobody knows which one is asked for",
	    "make the request again with one commonName or none" },
	{ "request-asked", FINDING_INFO, GATE, FACT_REQUEST, asked,
	    "what the certificate contains is for the template to say; nothing that a request asks for is granted",
	    "choose the template that grants what is needed" },
	{ .id = NULL },
};
