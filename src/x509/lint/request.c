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

FLAG_TEST(der, is_der_strict == false, "the request is not encoded as DER")
FLAG_TEST(signature, is_signature_good == false, "the signature does not verify with the key in the request")
FLAG_TEST(
    subject_text, is_subject_text_bad, "the subject has no text, or characters that are invisible or not in use today")

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
	return finding_add(
	    out, r, e, "the signature algorithm (%s) has parameters that its RFC does not allow", f->request->sig_alg);
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
	{ "request-der", FINDING_FAIL, GATE, FACT_REQUEST, der, "the request is not encoded as DER (X.690)",
	    "create the request with other software" },
	{ "request-signature", FINDING_FAIL, GATE, FACT_REQUEST, signature,
	    "the signature of the request does not verify with the key in the request",
	    "create the request again on the machine or card that contains the key" },
	{ "request-signature-weak", FINDING_FAIL, GATE, FACT_REQUEST, signature_weak,
	    "the request is signed with MD5 or SHA-1", "create the request again with SHA-256" },
	{ "request-signature-alg", FINDING_FAIL, GATE, FACT_REQUEST, signature_alg,
	    "the parameters of the signature algorithm in the request are not valid (RFC 4055, RFC 5758, RFC 8410)",
	    "create the request again with other software" },
	{ "request-subject-text", FINDING_FAIL, GATE, FACT_REQUEST, subject_text,
	    "the name in the request contains characters that are invisible or easily confused",
	    "create the request again with a plain name" },
	{ "request-cn-count", FINDING_FAIL, GATE, FACT_REQUEST, cn_count,
	    "the request contains more than one common name",
	    "create the request again with one common name, or without one" },
	{ "request-asked", FINDING_INFO, GATE, FACT_REQUEST, asked,
	    "the request asks for extensions that p11ca does not copy into the certificate",
	    "choose another template if the certificate needs the extensions" },
	{ .id = NULL },
};
