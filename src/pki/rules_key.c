/* SPDX-License-Identifier: MIT */
/* rules_key.c - rules for a token's statements about a key; `token audit` shows each rule's risks as letters. */
#include <string.h>

#include "model/evidence.h"
#include "model/key_ref.h"
#include "pki/request_check.h"

static int rules_key_extractable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->extractable == EVIDENCE_YES ?
	    finding_add(out, r, e, "key %s can be exported from the token", f->key->id) : 0;
}

static int rules_key_readable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->value_refused == EVIDENCE_NO
		   ? finding_add(out, r, e, "the token returns the private value of key %s", f->key->id)
		   : 0;
}

static int rules_key_not_stored(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->on_token == EVIDENCE_NO || f->evidence->public_on_token == EVIDENCE_NO ?
	    finding_add(out, r, e, "key %s is not stored on the token", f->key->id) : 0;
}

static int not_private(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->private == EVIDENCE_NO ?
	    finding_add(out, r, e, "key %s can be used without a PIN", f->key->id) : 0;
}

/* The allowed uses of both halves beside signing and verifying, as words. */
static void list_uses(char *out, size_t size, const struct key_evidence *v)
{
	const struct {
		enum evidence stated;
		const char *word;
	} uses[] = {
		{ v->can_decrypt, "decrypt" }, { v->can_unwrap, "unwrap" }, { v->can_derive, "derive" },
		{ v->can_sign_recover, "sign with recovery" }, { v->can_encrypt, "encrypt" }, { v->can_wrap, "wrap" },
		{ v->public_can_derive, "derive (public key)" }, { v->can_verify_recover, "verify with recovery" },
	};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (uses[i].stated == EVIDENCE_YES && used < size)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", uses[i].word);
}

static int allows_more(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	char uses[120];

	list_uses(uses, sizeof(uses), f->evidence);
	return uses[0] == '\0' ? 0 : finding_add(out, r, e, "key %.40s may also %s", f->key->id, uses);
}

static int cannot_sign(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->can_sign == EVIDENCE_NO || f->evidence->can_verify == EVIDENCE_NO
		   ? finding_add(out, r, e, "key %s may not sign, or its public key may not verify", f->key->id)
		   : 0;
}

static int not_sensitive(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->sensitive == EVIDENCE_NO ?
	    finding_add(out, r, e, "key %s is not sensitive", f->key->id) : 0;
}

static int was_not_sensitive(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->always_sensitive == EVIDENCE_NO && f->evidence->sensitive != EVIDENCE_NO
		   ? finding_add(out, r, e, "key %s was not always sensitive", f->key->id)
		   : 0;
}

static int was_extractable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->never_extractable == EVIDENCE_NO && f->evidence->extractable != EVIDENCE_YES
		   ? finding_add(out, r, e, "key %s was extractable: copies may exist", f->key->id)
		   : 0;
}

static int not_local(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->local == EVIDENCE_NO
		   ? finding_add(out, r, e, "key %s was not generated on this token: copies may exist", f->key->id)
		   : 0;
}

static int rules_key_not_proved(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return !f->evidence->is_challenge_signed
		   ? finding_add(out, r, e, "the signature of key %s does not verify with its public key", f->key->id)
		   : 0;
}

static int not_stated(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->extractable == EVIDENCE_NOT_STATED
		   ? finding_add(out, r, e, "the token does not state whether key %s is extractable", f->key->id)
		   : 0;
}

static int not_refused(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->value_refused == EVIDENCE_NOT_STATED
		   ? finding_add(out, r, e,
			 "the token does not refuse to read the private value of key %s: it answers that the value "
			 "does not exist",
			 f->key->id)
		   : 0;
}

static int public_hidden(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->evidence->public_private == EVIDENCE_YES
		   ? finding_add(out, r, e, "the public key of key %s is hidden without a login", f->key->id)
		   : 0;
}

static int several_certs(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->key->n_certs < 2 ? 0
				   : finding_add(out, r, e, "%u certificates on the token have the CKA_ID of key %s",
					 f->key->n_certs, f->key->id);
}

static int other_certs(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->key->n_other_certs == 0 ? 0 : finding_add(out, r, e,
	    "%u certificate(s) on the token have the CKA_ID of key %s, but belong to another key",
	    f->key->n_other_certs, f->key->id);
}

#define SET "audit"
#define SET_AND_CARD "audit,card"
#define ANOTHER "generate another key with p11ca and retire this one"

const struct rule rules_key[] = {
	{ "key-not-proved", FINDING_FAIL, SET, FACT_KEY, rules_key_not_proved,
	    "the key on the token did not create a signature that verifies with its public key",
	    "examine the token with the vendor's software, and remove an incomplete key pair with `p11ca token "
	    "clean`" },
	{ "key-extractable", FINDING_FAIL, SET, FACT_KEY, rules_key_extractable,
	    "the key is extractable (CKA_EXTRACTABLE)", ANOTHER },
	{ "key-value-readable", FINDING_FAIL, SET, FACT_KEY, rules_key_readable,
	    "the token returns the length of the private key's value", ANOTHER },
	{ "key-not-stored", FINDING_FAIL, SET, FACT_KEY, rules_key_not_stored,
	    "the key is a session object (CKA_TOKEN is false)",
	    "do not use this token or this module: it does not store the keys that it generates" },
	{ "key-not-private", FINDING_FAIL, SET, FACT_KEY, not_private,
	    "the key is not a private object (CKA_PRIVATE is false)", ANOTHER },
	{ "key-allows-more", FINDING_WARN, SET, FACT_KEY, allows_more,
	    "the key may be used for more than signatures, for example to decrypt or to unwrap keys", ANOTHER },
	{ "key-cannot-sign", FINDING_WARN, SET, FACT_KEY, cannot_sign,
	    "the token states that the key is not for signatures (CKA_SIGN or CKA_VERIFY is false)", ANOTHER },
	{ "key-not-sensitive", FINDING_WARN, SET, FACT_KEY, not_sensitive,
	    "the key is not sensitive (CKA_SENSITIVE is false)", ANOTHER },
	{ "key-was-not-sensitive", FINDING_WARN, SET, FACT_KEY, was_not_sensitive,
	    "the key was not always sensitive (CKA_ALWAYS_SENSITIVE is false)",
	    "treat the key as copied: generate another key and revoke the certificates of this one" },
	{ "key-was-extractable", FINDING_WARN, SET, FACT_KEY, was_extractable,
	    "the key was extractable at some time (CKA_NEVER_EXTRACTABLE is false)",
	    "treat the key as copied: generate another key and revoke the certificates of this one" },
	{ "key-not-local", FINDING_WARN, SET, FACT_KEY, not_local,
	    "the key was not generated on this token (CKA_LOCAL is false)",
	    "treat the key as copied, or generate another key on the token" },
	{ "key-not-stated", FINDING_INFO, SET, FACT_KEY, not_stated,
	    "the token does not state whether the key is extractable",
	    "check the vendor's documentation of this token" },
	{ "key-value-not-refused", FINDING_INFO, SET, FACT_KEY, not_refused,
	    "the token does not refuse to read the private key's value: it answers that the object has no value",
	    "check the vendor's documentation of this token" },
	{ "key-several-certificates", FINDING_WARN, SET_AND_CARD, FACT_KEY, several_certs,
	    "several certificates on the token have the CKA_ID of this key",
	    "remove the other certificate with the program that wrote it, or give that certificate another CKA_ID" },
	{ "key-other-certificate", FINDING_WARN, SET, FACT_KEY, other_certs,
	    "a certificate on the token has the CKA_ID of this key, but belongs to another key",
	    "remove the certificate with the program that wrote it, or install this key's certificate" },
	{ "key-public-hidden", FINDING_INFO, SET, FACT_KEY, public_hidden,
	    "the public key is a private object: it is visible only after a login",
	    "generate another key with p11ca and retire this one, if you want to find the token without a PIN" },
	{ .id = NULL },
};
