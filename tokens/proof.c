/* SPDX-License-Identifier: MIT */
/* proof.c - proves a key: both halves are stored, the attributes are as requested, a test signature verifies. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "tokens/internal.h"
#include "tokens/sign.h"
#include "util/array.h"

AUTO_DEFINE(EVP_MD_CTX, EVP_MD_CTX_free);

static int proof_not_proved(struct err *e, const char *why)
{
	(void)err_set(e, ERR_TOKEN, "the key is not what was made: %s", why);
	e->code = "key-not-proved";
	e->hint = "do not use the key; see `p11ca token audit`";
	return -1;
}

static int proof_not_stored(struct err *e, const char *half, bool is_gone)
{
	(void)err_set(e, ERR_POLICY, "the key is refused: the %s %s", half,
	    is_gone ? "was gone after C_Finalize and a new C_Initialize" :
		      "exists in this session only and is not stored on the token");
	e->code = "key-not-stored";
	e->hint = "do not use this token: its module loses the keys that it makes";
	return -1;
}

/* No such object is stored, although the session may have one. */
static int none_stored(struct token *t, CK_OBJECT_CLASS class, const char *id, const char *half, bool is_gone,
    struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	if (!is_gone && objects_with_id_any(&handles, t, class, id, e) < 0)
		return -1;
	if (is_gone || handles.len > 0)
		return proof_not_stored(e, half, is_gone);
	return proof_not_proved(
	    e, class == CKO_PRIVATE_KEY ? "its private half is missing" : "its public half is missing");
}

/* is_gone: if the object is missing now, it existed before the module was initialised again. */
static int count_one(struct token *t, CK_OBJECT_CLASS class, const char *id, bool is_gone, struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };
	const char *half = class == CKO_PRIVATE_KEY ? "private key" : "public key";

	if (objects_with_id(&handles, t, class, id, e) < 0)
		return -1;
	if (handles_count(&handles) == 1)
		return 0;
	if (handles.len == 0)
		return none_stored(t, class, id, half, is_gone, e);
	return proof_not_proved(e, class == CKO_PRIVATE_KEY ? "several private keys have its id" :
							"several public keys have its id");
}

static int check_halves(struct token *t, const char *id, struct bytes spki, bool is_again, struct err *e)
{
	AUTO_VALUE(buf) have = { 0 };

	if (count_one(t, CKO_PRIVATE_KEY, id, is_again, e) < 0 || count_one(t, CKO_PUBLIC_KEY, id, is_again, e) < 0 ||
	    token_read_spki(&have, t, id, e) < 0)
		return -1;
	if (!public_key_is_same(buf_bytes(&have), spki))
		return proof_not_proved(e, "its public half is another key's");
	return 0;
}

static int sig_alg_of(enum sig_alg *out, EVP_PKEY *key, struct err *e)
{
	static const struct {
		const char *name;
		enum key_type type;
	} types[] = { { "RSA", KEY_RSA }, { "EC", KEY_EC }, { "ED25519", KEY_ED25519 } };
	struct key_spec spec = { KEY_OTHER, (unsigned)EVP_PKEY_get_bits(key) };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (EVP_PKEY_is_a(key, types[i].name))
			spec.type = types[i].type;
	return key_spec_sig_alg(out, &spec, e);
}

static bool proof_verifies(EVP_PKEY *key, enum sig_alg alg, struct bytes message, struct bytes sig)
{
	AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	const struct sign_mech *mech = sign_mech_find(alg);
	const EVP_MD *digest = mech != NULL && mech->digest != NULL ? mech->digest() : NULL;
	bool good = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, sig.data, sig.len, message.data, message.len) == 1;

	ERR_clear_error();
	return good;
}

static int check_signature(struct token *t, const char *id, struct bytes spki, struct bytes challenge, struct err *e)
{
	const unsigned char *at = spki.data;
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
	if (!proof_verifies(public, alg, challenge, buf_bytes(&sig)))
		return proof_not_proved(e, "its signature does not verify");
	return 0;
}

bool token_key_is_refused(const struct err *e)
{
	return e->code != NULL && strncmp(e->code, "key-", 4) == 0;
}

bool token_key_is_broken(const struct err *e)
{
	static const CK_RV its_own[] = { CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_ATTRIBUTE_VALUE_INVALID,
		CKR_KEY_HANDLE_INVALID, CKR_KEY_TYPE_INCONSISTENT, CKR_OBJECT_HANDLE_INVALID };

	if (!e->has_rv)
		return e->status == ERR_NOT_FOUND || e->status == ERR_INPUT || token_key_is_refused(e);
	for (size_t i = 0; i < ARRAY_LEN(its_own); i++)
		if (e->rv == its_own[i])
			return true;
	return false;
}

/* A key that is listed without a login can be used without a login, whatever CKA_PRIVATE states. */
static int check_hidden(struct token *t, void *arg, struct err *e)
{
	const char *id = arg;
	AUTO_VALUE(buf) handles = { 0 };

	if (objects_with_id(&handles, t, CKO_PRIVATE_KEY, id, e) < 0)
		return -1;
	if (handles.len == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "the key is refused: token '%s' shows the private key without a login",
	    t->info.label);
	e->code = "key-not-private";
	e->hint = "generate another key; `p11ca token audit` shows what the token states of each key";
	return -1;
}

/* A copy of the id, because restarting the module frees the token's data. */
static int proof_restart(struct token *t, const char *id, struct err *e)
{
	char copy[129];

	(void)snprintf(copy, sizeof(copy), "%s", id);
	return token_restart(t, check_hidden, copy, e);
}

/*
 * Restarts the module as for a root, unless that needs a second PIN on the reader, which a client's card does not
 * justify.
 */
static bool is_read_again(const struct token *t, enum proof how)
{
	if (how != PROOF_CARD)
		return how == PROOF_ROOT || how == PROOF_FOUND;
	return t->kept_pin.len > 0 && token_can_restart(t);
}

static int proof_judge(const struct key_evidence *v, const struct token *t, enum proof how, struct err *e)
{
	const bool is_made = how == PROOF_ROOT || how == PROOF_CARD || how == PROOF_CARD_NOW;

	return evidence_judge(v, t->kind, is_made, how == PROOF_ROOT, e);
}

static int read_and_judge(struct key_evidence *out, struct token *t, const struct key_to_prove *key, bool is_again,
    struct err *e)
{
	if (check_halves(t, key->id, key->spki, is_again, e) < 0 || token_read_evidence(out, t, key->id, e) < 0)
		return -1;
	out->read_again = is_again ? EVIDENCE_YES : EVIDENCE_NO;
	return proof_judge(out, t, key->how, e);
}

int token_check_key(struct key_evidence *evidence, struct token *t, const struct key_to_prove *key, struct err *e)
{
	struct key_evidence found;

	if (check_halves(t, key->id, key->spki, false, e) < 0 || token_read_evidence(&found, t, key->id, e) < 0 ||
	    proof_judge(&found, t, key->how, e) < 0)
		return err_while(e, "checking key %s on token '%s'", key->id, t->info.label);
	*evidence = found;
	return 0;
}

int token_prove(struct key_evidence *evidence, struct token *t, const struct key_to_prove *key, struct bytes challenge,
    struct err *e)
{
	AUTO_STRUCT(token) fresh = NULL;
	const bool is_again = is_read_again(t, key->how);
	struct key_evidence found;

	if ((is_again && proof_restart(t, key->id, e) < 0) || token_open_again(&fresh, t, e) < 0 ||
	    read_and_judge(&found, fresh, key, is_again, e) < 0 ||
	    check_signature(fresh, key->id, key->spki, challenge, e) < 0)
		return err_while(e, "proving key %s on token '%s'", key->id, t->info.label);
	found.is_challenge_signed = true;
	*evidence = found;
	return 0;
}
