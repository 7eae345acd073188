/* SPDX-License-Identifier: MIT */
/* proof.c - a key is what we say it is: both halves, attributes, a refused secret, a signature that verifies. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "tokens/internal.h"
#include "tokens/sign.h"

AUTO_DEFINE(EVP_MD_CTX, EVP_MD_CTX_free);

static int not_proved(struct err *e, const char *why)
{
	(void)err_set(e, ERR_TOKEN, "the key is not what was made: %s", why);
	e->code = "key-not-proved";
	e->hint = "do not use the key; see `p11ca token audit`";
	return -1;
}

static int refuse(struct err *e, const char *code, const char *why)
{
	(void)err_set(e, ERR_POLICY, "the key is refused: %s", why);
	e->code = code;
	e->hint = "make a new key; see `p11ca token audit` for the others";
	return -1;
}

static const struct fact {
	CK_ATTRIBUTE_TYPE type;
	size_t offset;
} facts[] = {
	{ CKA_LOCAL, offsetof(struct key_evidence, local) },
	{ CKA_SENSITIVE, offsetof(struct key_evidence, sensitive) },
	{ CKA_ALWAYS_SENSITIVE, offsetof(struct key_evidence, always_sensitive) },
	{ CKA_EXTRACTABLE, offsetof(struct key_evidence, extractable) },
	{ CKA_NEVER_EXTRACTABLE, offsetof(struct key_evidence, never_extractable) },
	{ CKA_ALWAYS_AUTHENTICATE, offsetof(struct key_evidence, always_authenticate) },
};

static int read_facts(struct key_evidence *out, struct token *t, CK_OBJECT_HANDLE private, struct err *e)
{
	static const enum evidence from_tri[] = {
		[TRI_NOT_STATED] = EVIDENCE_NOT_STATED, [TRI_NO] = EVIDENCE_NO, [TRI_YES] = EVIDENCE_YES,
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		enum tri stated;

		if (attr_read_tri(&stated, t, private, facts[i].type, e) < 0)
			return -1;
		memcpy((char *)out + facts[i].offset, &from_tri[stated], sizeof(from_tri[stated]));
	}
	return 0;
}

/* Asks how long the secret is, without a buffer: what answers that would answer with the secret. */
static int probe_value(enum evidence *out, struct token *t, CK_OBJECT_HANDLE private, struct err *e)
{
	const struct key_mech *mech;
	CK_ATTRIBUTE length_only = { 0, NULL, 0 };
	CK_ULONG type;
	CK_RV rv;

	if (attr_read_ulong(&type, t, private, CKA_KEY_TYPE, e) < 0)
		return -1;
	mech = key_mech_of(type);
	if (mech == NULL)
		return err_set(e, ERR_POLICY, "keys of type 0x%lx are not supported", type);
	length_only.type = mech->secret;
	rv = t->m->f->C_GetAttributeValue(t->session, private, &length_only, 1);
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
		*out = EVIDENCE_NOT_STATED;
	else if (rv == CKR_ATTRIBUTE_SENSITIVE ||
		 (rv == CKR_OK && length_only.ulValueLen == CK_UNAVAILABLE_INFORMATION))
		*out = EVIDENCE_YES;
	else if (rv == CKR_OK)
		*out = EVIDENCE_NO;
	else
		return token_fail(e, rv, "cannot ask how long the secret is");
	return 0;
}

static void name_module(struct key_evidence *out, const struct module_info *m)
{
	(void)snprintf(out->module_path, sizeof(out->module_path), "%s", m->path);
	(void)snprintf(out->module_name, sizeof(out->module_name), "%s (%s) %s", m->description, m->manufacturer,
	    m->version);
}

int token_read_evidence(struct key_evidence *out, struct token *t, const char *id, struct err *e)
{
	struct key_evidence evidence = { .at = 0 };
	struct key_ref key;

	if (token_find_key(&key, t, id, e) < 0 || read_facts(&evidence, t, key.object, e) < 0 ||
	    probe_value(&evidence.value_refused, t, key.object, e) < 0)
		return err_while(e, "asking token '%s' what key %s is", t->info.label, id);
	name_module(&evidence, &t->m->info);
	*out = evidence;
	return 0;
}

/* The one place that says what a kind may leave unsaid. */
static int judge(const struct key_evidence *v, const struct token_kind *kind, bool is_root, struct err *e)
{
	if (v->extractable == EVIDENCE_YES)
		return refuse(e, "key-extractable", "the token says that it may be exported (CKA_EXTRACTABLE)");
	if (v->value_refused == EVIDENCE_NO)
		return refuse(
		    e, "key-value-readable", "the token tells the length of the secret, so it would tell the secret");
	if (v->extractable == EVIDENCE_NOT_STATED && is_root && !kind->may_not_state)
		return refuse(e, "key-not-stated", "the token does not say whether it may be exported");
	return 0;
}

static int count_one(struct token *t, CK_OBJECT_CLASS class, const char *id, const char *none, const char *several,
    struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	if (objects_with_id(&handles, t, class, id, e) < 0)
		return -1;
	if (handles_count(&handles) != 1)
		return not_proved(e, handles.len == 0 ? none : several);
	return 0;
}

static int check_halves(struct token *t, const char *id, struct bytes spki, struct err *e)
{
	AUTO_VALUE(buf) have = { 0 };

	if (count_one(t, CKO_PRIVATE_KEY, id, "its private half is missing", "several private keys have its id", e) <
		0 ||
	    count_one(t, CKO_PUBLIC_KEY, id, "its public half is missing", "several public keys have its id", e) < 0 ||
	    token_read_spki(&have, t, id, e) < 0)
		return -1;
	if (have.len != spki.len || memcmp(have.at, spki.at, spki.len) != 0)
		return not_proved(e, "its public half is another key's");
	return 0;
}

static int sig_alg_of(enum sig_alg *out, EVP_PKEY *key, struct err *e)
{
	static const struct {
		const char *name;
		enum key_type type;
	} types[] = { { "RSA", KEY_RSA }, { "EC", KEY_EC }, { "ED25519", KEY_ED25519 } };
	struct key_spec spec = { KEY_OTHER, (unsigned)EVP_PKEY_get_bits(key) };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (EVP_PKEY_is_a(key, types[i].name))
			spec.type = types[i].type;
	return key_spec_sig_alg(out, &spec, e);
}

static bool verifies(EVP_PKEY *key, enum sig_alg alg, struct bytes message, struct bytes sig)
{
	AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	const struct sign_mech *mech = sign_mech_find(alg);
	const EVP_MD *digest = mech != NULL && mech->digest != NULL ? mech->digest() : NULL;
	bool good = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, sig.at, sig.len, message.at, message.len) == 1;

	ERR_clear_error();
	return good;
}

static int check_signature(struct token *t, const char *id, struct bytes spki, struct bytes challenge, struct err *e)
{
	const unsigned char *at = spki.at;
	AUTO(EVP_PKEY) public = d2i_PUBKEY(NULL, &at, (long)spki.len);
	AUTO_VALUE(buf) sig = { 0 };
	struct key_ref key;
	enum sig_alg alg;

	if (public == NULL) {
		ERR_clear_error();
		return err_set(e, ERR_INPUT, "the public key to prove is malformed");
	}
	if (sig_alg_of(&alg, public, e) < 0 || token_find_key(&key, t, id, e) < 0 ||
	    token_sign(t, &key, alg, challenge, &sig, e) < 0)
		return -1;
	if (!verifies(public, alg, challenge, buf_bytes(&sig)))
		return not_proved(e, "its signature does not verify");
	return 0;
}

bool token_key_is_broken(const struct err *e)
{
	static const CK_RV its_own[] = { CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_ATTRIBUTE_VALUE_INVALID,
		CKR_KEY_HANDLE_INVALID, CKR_KEY_TYPE_INCONSISTENT, CKR_OBJECT_HANDLE_INVALID };

	if (!e->has_rv)
		return e->status == ERR_NOT_FOUND || e->status == ERR_INPUT ||
		    (e->code != NULL && strcmp(e->code, "key-not-proved") == 0);
	for (size_t i = 0; i < sizeof(its_own) / sizeof(its_own[0]); i++)
		if (e->rv == its_own[i])
			return true;
	return false;
}

int token_prove(struct token *t, const char *id, struct bytes spki, struct bytes challenge, bool is_root,
    struct key_evidence *evidence, struct err *e)
{
	AUTO_STRUCT(token) fresh = NULL;
	struct key_evidence found;

	if (token_open_again(&fresh, t, e) < 0 || check_halves(fresh, id, spki, e) < 0 ||
	    token_read_evidence(&found, fresh, id, e) < 0 || judge(&found, fresh->kind, is_root, e) < 0 ||
	    check_signature(fresh, id, spki, challenge, e) < 0)
		return err_while(e, "proving key %s on token '%s'", id, t->info.label);
	found.is_challenge_signed = true;
	*evidence = found;
	return 0;
}
