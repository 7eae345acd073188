/* SPDX-License-Identifier: MIT */
/* mech.c - finds the mechanisms of mech.def, and whether a token supports them. */
#include "tokens/internal.h"

#include "util/array.h"

#define MECHANISMS_MAX 1024

/* DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2 note 1). */
static const unsigned char sha256_digest_info[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20
};
#define ALL_OF(array) { array, sizeof(array) }
#define NOTHING { NULL, 0 }

static const struct key_mech key_mechs[] = {
#define KEY_MECH(type, name, ckk, generate, secret, has_sizes) \
	{ KEY_##type, name, ckk, generate, #generate, secret, has_sizes },
#include "tokens/mech.def"
};

static const struct sign_mech sign_mechs[] = {
#define SIGN_MECH(alg, key, mechanism, digest, before, form) \
	{ SIG_##alg, KEY_##key, mechanism, #mechanism, digest, before, form },
#include "tokens/mech.def"
};

const struct key_mech *key_mech_find(enum key_type type)
{
	for (size_t i = 0; i < ARRAY_LEN(key_mechs); i++)
		if (key_mechs[i].type == type)
			return &key_mechs[i];
	return NULL;
}

const struct key_mech *key_mech_of(CK_KEY_TYPE ckk)
{
	for (size_t i = 0; i < ARRAY_LEN(key_mechs); i++)
		if (key_mechs[i].ckk == ckk)
			return &key_mechs[i];
	return NULL;
}

const struct sign_mech *sign_mech_find(enum sig_alg alg)
{
	for (size_t i = 0; i < ARRAY_LEN(sign_mechs); i++)
		if (sign_mechs[i].alg == alg)
			return &sign_mechs[i];
	return NULL;
}

/* The list decides, because SoftHSM describes mechanisms that its configuration removed from the list. */
static CK_RV mech_is_listed(bool *out, struct token *t, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_TYPE all[MECHANISMS_MAX];
	CK_ULONG n = MECHANISMS_MAX;
	CK_RV rv = t->m->f->C_GetMechanismList(t->slot, all, &n);

	*out = false;
	if (rv == CKR_OK && n > MECHANISMS_MAX)
		return CKR_GENERAL_ERROR;
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
		if (all[i] == type)
			*out = true;
	return rv;
}

CK_RV key_mech_generate(CK_MECHANISM_TYPE *out, struct token *t, const struct key_mech *key)
{
	bool listed = false;
	CK_RV rv;

	*out = key->generate;
	if (key->type != KEY_RSA || t->kind->rsa_generate == NULL)
		return CKR_OK;
	rv = mech_is_listed(&listed, t, key->generate);
	for (const unsigned long *m = t->kind->rsa_generate; rv == CKR_OK && !listed && *m != 0; m++) {
		rv = mech_is_listed(&listed, t, *m);
		if (listed)
			*out = *m;
	}
	return rv;
}

/* bits 0: any size. */
static int check_mechanism(struct token *t, CK_MECHANISM_TYPE type, const char *name, CK_FLAGS flag, unsigned bits,
    struct err *e)
{
	CK_MECHANISM_INFO info = { 0 };
	bool listed;
	CK_RV rv = mech_is_listed(&listed, t, type);

	if (rv == CKR_OK)
		rv = listed ? t->m->f->C_GetMechanismInfo(t->slot, type, &info) : CKR_MECHANISM_INVALID;
	if (rv != CKR_OK)
		return token_fail(e, rv, "token '%s' does not offer mechanism %s", t->info.label, name);
	if (!(info.flags & flag))
		return err_set(e, ERR_TOKEN, "token '%s' has mechanism %s, but not for this", t->info.label, name);
	/* 0: the token states no limit */
	if (bits != 0 && (bits < info.ulMinKeySize || (info.ulMaxKeySize != 0 && bits > info.ulMaxKeySize)))
		return err_set(e, ERR_TOKEN, "token '%s' takes keys of %lu to %lu bits with mechanism %s, not %u",
		    t->info.label, info.ulMinKeySize, info.ulMaxKeySize, name, bits);
	return 0;
}

static int check_generates(struct token *t, const struct key_mech *key, unsigned bits, struct err *e)
{
	CK_MECHANISM_TYPE mechanism;
	CK_RV rv = key_mech_generate(&mechanism, t, key);

	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot ask token '%s' for its mechanisms", t->info.label);
	return check_mechanism(t, mechanism, key->generate_name, CKF_GENERATE_KEY_PAIR, bits, e);
}

int token_check_can(struct token *t, const struct key_spec *spec, bool generate, struct err *e)
{
	const struct key_mech *key = key_mech_find(spec->type);
	const char *name = key_spec_name(spec);
	const struct sign_mech *sign;
	enum sig_alg alg;
	unsigned bits;

	if (key == NULL)
		return err_set(e, ERR_POLICY, "keys of this type are not supported");
	if (key_spec_sig_alg(&alg, spec, e) < 0)
		return -1;
	sign = sign_mech_find(alg);
	if (sign == NULL)
		return err_set(e, ERR_INTERNAL, "an algorithm has no row in mech.def");
	bits = key->has_sizes ? spec->bits : 0;
	if (generate && (check_fillable(t, e) < 0 || check_generates(t, key, bits, e) < 0))
		return err_while(e, "asking whether the token can make a key %s", name != NULL ? name : key->name);
	if (check_mechanism(t, sign->mechanism, sign->mechanism_name, CKF_SIGN, bits, e) < 0)
		return err_while(e, "asking whether the token can sign with a key %s", name != NULL ? name : key->name);
	return 0;
}

int token_ask_rsa_pss(struct token *t, struct err *e)
{
	CK_MECHANISM_INFO info = { 0 };
	bool listed;
	CK_RV rv = mech_is_listed(&listed, t, CKM_RSA_PKCS_PSS);

	if (rv == CKR_OK && listed)
		rv = t->m->f->C_GetMechanismInfo(t->slot, CKM_RSA_PKCS_PSS, &info);
	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot ask token '%s' for mechanism CKM_RSA_PKCS_PSS", t->info.label);
	t->info.rsa_pss = (info.flags & CKF_SIGN) != 0 ? TRI_YES : TRI_NO;
	return 0;
}
