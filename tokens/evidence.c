/* SPDX-License-Identifier: MIT */
/* evidence.c - reads back every requested attribute of a key, and judges it. */
#include <string.h>

#include "tokens/internal.h"

#include "util/array.h"

/*
 * One row for each attribute of a key pair. wanted: the value that p11ca requests when it generates a key. is_hard:
 * another value is refused for every key, also for existing keys.
 */
static const struct fact {
	CK_ATTRIBUTE_TYPE type;
	bool is_public, is_hard;
	enum evidence wanted;        /* EVIDENCE_NOT_STATED: any value is accepted */
	size_t offset;
	const char *code, *why;
} facts[] = {
#define PRIVATE(type, member, wanted, code, why) \
	{ type, false, false, wanted, offsetof(struct key_evidence, member), code, why }
#define PRIVATE_HARD(type, member, wanted, code, why) \
	{ type, false, true, wanted, offsetof(struct key_evidence, member), code, why }
#define PUBLIC(type, member, wanted, code, why) \
	{ type, true, false, wanted, offsetof(struct key_evidence, member), code, why }
#define PUBLIC_HARD(type, member, wanted, code, why) \
	{ type, true, true, wanted, offsetof(struct key_evidence, member), code, why }
	PRIVATE_HARD(CKA_TOKEN, on_token, EVIDENCE_YES, "key-not-stored",
	    "the token does not store the private key (CKA_TOKEN is false)"),
	PUBLIC_HARD(CKA_TOKEN, public_on_token, EVIDENCE_YES, "key-not-stored",
	    "the token does not store the public key (CKA_TOKEN is false)"),
	PRIVATE_HARD(CKA_PRIVATE, private, EVIDENCE_YES, "key-not-private",
	    "the private key can be used without a PIN (CKA_PRIVATE is false)"),
	PRIVATE_HARD(CKA_EXTRACTABLE, extractable, EVIDENCE_NO, "key-extractable",
	    "the private key can be exported (CKA_EXTRACTABLE is true)"),
	PRIVATE(CKA_SENSITIVE, sensitive, EVIDENCE_YES, "key-not-sensitive",
	    "the private key is not sensitive (CKA_SENSITIVE is false)"),
	PRIVATE(CKA_ALWAYS_SENSITIVE, always_sensitive, EVIDENCE_YES, "key-was-not-sensitive",
	    "the private key was not sensitive before (CKA_ALWAYS_SENSITIVE is false)"),
	PRIVATE(CKA_NEVER_EXTRACTABLE, never_extractable, EVIDENCE_YES, "key-was-extractable",
	    "the private key could be exported before (CKA_NEVER_EXTRACTABLE is false)"),
	PRIVATE(CKA_LOCAL, local, EVIDENCE_YES, "key-not-local",
	    "the key was not generated on this token (CKA_LOCAL is false)"),
	PRIVATE(CKA_ALWAYS_AUTHENTICATE, always_authenticate, EVIDENCE_NOT_STATED, NULL, NULL),
	PRIVATE(CKA_SIGN, can_sign, EVIDENCE_YES, "key-cannot-sign",
	    "the private key must not sign (CKA_SIGN is false)"),
	PRIVATE(CKA_DECRYPT, can_decrypt, EVIDENCE_NO, "key-allows-more",
	    "the private key also decrypts (CKA_DECRYPT is true)"),
	PRIVATE(CKA_UNWRAP, can_unwrap, EVIDENCE_NO, "key-allows-more",
	    "the private key also unwraps keys (CKA_UNWRAP is true)"),
	PRIVATE(CKA_DERIVE, can_derive, EVIDENCE_NO, "key-allows-more",
	    "the private key also derives keys (CKA_DERIVE is true)"),
	PRIVATE(CKA_SIGN_RECOVER, can_sign_recover, EVIDENCE_NO, "key-allows-more",
	    "the private key also signs with message recovery (CKA_SIGN_RECOVER is true)"),
	PUBLIC(CKA_PRIVATE, public_private, EVIDENCE_NO, "key-public-hidden",
	    "the public key is hidden without a login (CKA_PRIVATE is true)"),
	PUBLIC(CKA_VERIFY, can_verify, EVIDENCE_YES, "key-cannot-sign",
	    "the public key must not verify (CKA_VERIFY is false)"),
	PUBLIC(CKA_ENCRYPT, can_encrypt, EVIDENCE_NO, "key-allows-more",
	    "the public key also encrypts (CKA_ENCRYPT is true)"),
	PUBLIC(CKA_WRAP, can_wrap, EVIDENCE_NO, "key-allows-more",
	    "the public key also wraps keys (CKA_WRAP is true)"),
	PUBLIC(CKA_DERIVE, public_can_derive, EVIDENCE_NO, "key-allows-more",
	    "the public key also derives keys (CKA_DERIVE is true)"),
	PUBLIC(CKA_VERIFY_RECOVER, can_verify_recover, EVIDENCE_NO, "key-allows-more",
	    "the public key also verifies with message recovery (CKA_VERIFY_RECOVER is true)"),
#undef PRIVATE
#undef PRIVATE_HARD
#undef PUBLIC
#undef PUBLIC_HARD
};
#define N_FACTS ARRAY_LEN(facts)

static enum evidence evidence_get(const struct key_evidence *v, const struct fact *f)
{
	enum evidence value;

	memcpy(&value, (const char *)v + f->offset, sizeof(value));
	return value;
}

/* A byte that is neither CK_TRUE nor CK_FALSE counts as the opposite of the requested value. */
static int read_bool(enum evidence *out, struct token *t, CK_OBJECT_HANDLE object, const struct fact *f, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	bool is_stated;

	if (attr_read(&value, &is_stated, t, object, f->type, e) < 0)
		return -1;
	if (!is_stated || value.len != sizeof(CK_BBOOL))
		*out = EVIDENCE_NOT_STATED;
	else if (value.data[0] == CK_TRUE || value.data[0] == CK_FALSE)
		*out = value.data[0] == CK_TRUE ? EVIDENCE_YES : EVIDENCE_NO;
	else
		*out = f->wanted == EVIDENCE_YES ? EVIDENCE_NO : EVIDENCE_YES;
	return 0;
}

/* A missing public key object states nothing; token_prove() decides whether it may be missing. */
static int read_facts(struct key_evidence *out, struct token *t, const char *id, CK_OBJECT_HANDLE private,
    struct err *e)
{
	AUTO_VALUE(buf) public = { 0 };

	if (objects_with_id(&public, t, CKO_PUBLIC_KEY, id, e) < 0)
		return -1;
	for (size_t i = 0; i < N_FACTS; i++) {
		enum evidence value = EVIDENCE_NOT_STATED;

		if (facts[i].is_public && handles_count(&public) != 1)
			continue;
		if (read_bool(&value, t, facts[i].is_public ? handle_at(&public, 0) : private, &facts[i], e) < 0)
			return -1;
		memcpy((char *)out + facts[i].offset, &value, sizeof(value));
	}
	return 0;
}

/* Requests the length of one secret component, without a buffer: a module that returns it would return the value. */
static int probe_one(enum evidence *refused, struct token *t, CK_OBJECT_HANDLE private, CK_ATTRIBUTE_TYPE type,
    struct err *e)
{
	CK_ATTRIBUTE length_only = { type, NULL, 0 };
	CK_RV rv = t->m->f->C_GetAttributeValue(t->session, private, &length_only, 1);

	if (rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_KEY_UNEXTRACTABLE)
		*refused = EVIDENCE_YES;
	else if (rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	    (rv == CKR_OK && length_only.ulValueLen == CK_UNAVAILABLE_INFORMATION))
		*refused = EVIDENCE_NOT_STATED; /* an answer "no such attribute" is not a refusal */
	else if (rv == CKR_OK)
		*refused = EVIDENCE_NO;
	else
		return token_fail(e, rv, "cannot request the length of the secret");
	return 0;
}

/* One readable component is enough to obtain the key; "yes" therefore needs all components refused. */
static int probe_value(enum evidence *out, struct token *t, CK_OBJECT_HANDLE private, struct err *e)
{
	static const CK_ATTRIBUTE_TYPE of_rsa[] = { CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1,
		CKA_EXPONENT_2, CKA_COEFFICIENT };
	static const CK_ATTRIBUTE_TYPE of_others[] = { CKA_VALUE };
	const struct key_mech *mech;
	bool is_rsa;
	CK_ULONG type;
	size_t n;

	if (attr_read_ulong(&type, t, private, CKA_KEY_TYPE, e) < 0)
		return -1;
	mech = key_mech_of(type);
	if (mech == NULL)
		return err_set(e, ERR_POLICY, "keys of type 0x%lx are not supported", type);
	is_rsa = mech->type == KEY_RSA;
	n = is_rsa ? ARRAY_LEN(of_rsa) : 1;
	*out = EVIDENCE_YES;
	for (size_t i = 0; i < n; i++) {
		enum evidence refused = EVIDENCE_NO;

		if (probe_one(&refused, t, private, is_rsa ? of_rsa[i] : of_others[i], e) < 0)
			return -1;
		if (refused == EVIDENCE_NO || (refused == EVIDENCE_NOT_STATED && *out == EVIDENCE_YES))
			*out = refused;
	}
	return 0;
}

int token_read_evidence(struct key_evidence *out, struct token *t, const char *id, struct err *e)
{
	const struct module_info *m = &t->m->info;
	struct key_evidence v = { .time = 0 };
	struct key_ref key;

	if (token_find_key(&key, t, id, e) < 0 || read_facts(&v, t, id, key.object, e) < 0 ||
	    probe_value(&v.value_refused, t, key.object, e) < 0)
		return err_while(e, "reading the attributes of key %s on token '%s'", id, t->info.label);
	(void)snprintf(v.module_path, sizeof(v.module_path), "%s", m->path);
	(void)snprintf(v.module_name, sizeof(v.module_name), "%s (%s) %s", m->description, m->manufacturer, m->version);
	*out = v;
	return 0;
}

static int evidence_refuse(struct err *e, const char *code, const char *why)
{
	(void)err_set(e, ERR_POLICY, "the key is refused: %s", why);
	e->code = code;
	e->hint = "generate another key; `p11ca token audit` shows what the token states of each key";
	return -1;
}

static bool evidence_is_listed(const unsigned long *types, CK_ATTRIBUTE_TYPE type)
{
	for (; types != NULL && *types != 0; types++)
		if (*types == type)
			return true;
	return false;
}

int evidence_judge(const struct key_evidence *v, const struct token_kind *kind, bool is_made, bool is_root,
    struct err *e)
{
	for (size_t i = 0; i < N_FACTS; i++) {
		const struct fact *f = &facts[i];
		const enum evidence value = evidence_get(v, f);

		if (value == EVIDENCE_NOT_STATED || f->wanted == EVIDENCE_NOT_STATED || value == f->wanted)
			continue;
		if (f->is_hard || (is_made && !evidence_is_listed(kind->key_states_otherwise, f->type)))
			return evidence_refuse(e, f->code, f->why);
	}
	if (v->value_refused == EVIDENCE_NO)
		return evidence_refuse(e, "key-value-readable",
		    "the token tells the length of the secret, so it would tell the secret");
	if (!is_root)
		return 0;
	if (v->extractable == EVIDENCE_NOT_STATED && !kind->may_not_state)
		return evidence_refuse(e, "key-not-stated", "the token does not state whether it can be exported");
	if (v->value_refused == EVIDENCE_NOT_STATED && kind->refuses_secrets)
		return evidence_refuse(e, "key-value-not-refused", "the token does not refuse to tell its secret");
	return 0;
}
