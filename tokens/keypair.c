/* SPDX-License-Identifier: MIT */
/*
 * keypair.c - generates and destroys key pairs.
 *
 * Every relevant attribute is requested explicitly: by default some modules make keys that can be exported, or that
 * decrypt and unwrap.
 */
#include <string.h>

#include <openssl/objects.h>

#include "tokens/internal.h"

#include "util/array.h"

#define CURVE_MAX 32

/* Values that the templates borrow; must live as long as the templates. */
struct plan {
	struct attrs public, private;
	struct id id;
	CK_ULONG bits;
	unsigned char curve[CURVE_MAX];
};

static const unsigned char f4[] = { 0x01, 0x00, 0x01 }; /* 65537 */

static int add_curve(struct plan *p, const struct key_spec *spec, struct err *e)
{
	int nid = spec->bits == 256 ? NID_X9_62_prime256v1 : spec->bits == 384 ? NID_secp384r1 :
	    spec->bits == 521 ? NID_secp521r1 : NID_undef;
	const ASN1_OBJECT *oid = OBJ_nid2obj(nid);
	unsigned char *at = p->curve;
	int len = nid != NID_undef && oid != NULL ? i2d_ASN1_OBJECT(oid, NULL) : 0;

	if (len <= 0 || len > CURVE_MAX)
		return err_set(e, ERR_POLICY, "no EC key of %u bits is made", spec->bits);
	(void)i2d_ASN1_OBJECT(oid, &at);
	attrs_add(&p->public, CKA_EC_PARAMS, p->curve, (size_t)len);
	return 0;
}

static int add_parameters(struct plan *p, const struct token *t, const struct key_spec *spec, struct err *e)
{
	struct bytes curve = t->kind->has_curve_names ? ed25519_name : ed25519_oid;

	if (spec->type == KEY_EC)
		return add_curve(p, spec, e);
	if (spec->type == KEY_ED25519) {
		attrs_add(&p->public, CKA_EC_PARAMS, curve.data, curve.len);
		return 0;
	}
	p->bits = spec->bits; /* always given: without it some modules make 1024 bits */
	attrs_add(&p->public, CKA_MODULUS_BITS, &p->bits, sizeof(p->bits));
	attrs_add(&p->public, CKA_PUBLIC_EXPONENT, f4, sizeof(f4));
	return 0;
}

static void add_uses(struct attrs *a, const CK_ATTRIBUTE_TYPE no[], size_t n_no, CK_ATTRIBUTE_TYPE yes)
{
	attrs_add_bool(a, yes, true);
	for (size_t i = 0; i < n_no; i++)
		attrs_add_bool(a, no[i], false);
}

static int keypair_fill(struct plan *p, const struct token *t, const struct key_plan *want, struct err *e)
{
	static const CK_ATTRIBUTE_TYPE private_no[] = { CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE, CKA_SIGN_RECOVER };
	static const CK_ATTRIBUTE_TYPE public_no[] = { CKA_ENCRYPT, CKA_WRAP, CKA_DERIVE, CKA_VERIFY_RECOVER };
	struct attrs *const both[] = { &p->private, &p->public };

	memset(p, 0, sizeof(*p));
	if (id_parse(&p->id, want->id, e) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		attrs_add_bool(both[i], CKA_TOKEN, true);
		attrs_add_bool(both[i], CKA_PRIVATE, both[i] == &p->private);
		attrs_add(both[i], CKA_ID, p->id.data, p->id.len);
		attrs_add(both[i], CKA_LABEL, want->label, strlen(want->label));
	}
	attrs_add_bool(&p->private, CKA_SENSITIVE, true);
	attrs_add_bool(&p->private, CKA_EXTRACTABLE, false);
	add_uses(&p->private, private_no, ARRAY_LEN(private_no), CKA_SIGN);
	add_uses(&p->public, public_no, ARRAY_LEN(public_no), CKA_VERIFY);
	for (const unsigned long *type = t->kind->key_omits; type != NULL && *type != 0; type++)
		attrs_leave_out(*type, &p->private, &p->public);
	return add_parameters(p, t, &want->spec, e);
}

/* Checks the id before every try, because a failed try may have left an object. */
static int keypair_generate(CK_OBJECT_HANDLE *public, CK_OBJECT_HANDLE *private, struct token *t, struct plan *p,
    const struct key_plan *want, struct err *e)
{
	CK_MECHANISM mechanism = { .mechanism = 0 };
	unsigned rung = 0;
	CK_RV rv = key_mech_generate(&mechanism.mechanism, t, key_mech_find(want->spec.type));

	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot ask the token for its mechanisms");
	do {
		if (!want->replace && token_check_id_free(t, want->id, e) < 0)
			return -1;
		rv = t->m->f->C_GenerateKeyPair(t->session, &mechanism, p->public.all, p->public.n, p->private.all,
		    p->private.n, public, private);
		if (rv == CKR_OK)
			return 0;
	} while (attrs_step_down(t->kind->key_ladder, &rung, rv, &p->private, &p->public));
	return token_fail(e, rv, "the token did not make the key");
}

int token_generate(struct token *t, const struct key_plan *plan, char id_out[129], struct buf *spki, struct err *e)
{
	CK_OBJECT_HANDLE public = CK_INVALID_HANDLE, private = CK_INVALID_HANDLE;
	AUTO(EVP_PKEY) key = NULL;
	struct plan p;
	char id[129];

	if (key_mech_find(plan->spec.type) == NULL)
		return err_set(e, ERR_POLICY, "keys of this type are not made");
	if (keypair_fill(&p, t, plan, e) < 0 || token_take_key(t, plan->id, KEY_CACHE_GENERATED, e) < 0 ||
	    so_login(t, e) < 0 || keypair_generate(&public, &private, t, &p, plan, e) < 0)
		return err_while(e, "making key %s on token '%s'", plan->id, t->info.label);
	if (attr_read_id(id, t, private, e) < 0 || public_key_read(&key, t, public, e) < 0 ||
	    public_key_add_spki(spki, key, e) < 0 || so_logout(t, e) < 0) {
		(void)err_while(e, "reading back key %s, which token '%s' has made", plan->id, t->info.label);
		e->hint = "the key stays on the token; `p11ca ledger recover` shows it";
		return -1;
	}
	memcpy(id_out, id, sizeof(id));
	return 0;
}

static int keypair_destroy(unsigned *n, struct token *t, const struct buf *handles, struct err *e)
{
	for (size_t i = 0; i < handles_count(handles); i++) {
		CK_RV rv = t->m->f->C_DestroyObject(t->session, handle_at(handles, i));

		if (rv != CKR_OK)
			return token_fail(e, rv, "the token did not destroy an object");
		++*n;
	}
	return 0;
}

static int check_spki(struct token *t, CK_OBJECT_HANDLE public, struct bytes spki, struct err *e)
{
	AUTO(EVP_PKEY) key = NULL;
	AUTO_VALUE(buf) have = { 0 };

	if (public_key_read(&key, t, public, e) < 0 || public_key_add_spki(&have, key, e) < 0)
		return -1;
	if (!public_key_is_same(buf_bytes(&have), spki))
		return err_set(e, ERR_NOT_FOUND, "the key that has the id is another one");
	return 0;
}

static int check_target(struct token *t, const struct buf *private, const struct buf *public, struct bytes spki,
    struct err *e)
{
	size_t n_private = handles_count(private), n_public = handles_count(public);

	if (n_private + n_public == 0)
		return err_set(e, ERR_NOT_FOUND, "no key has the id");
	if (n_private > 1 || n_public > 1)
		return err_set(e, ERR_NOT_FOUND, "more than one key has the id");
	if (spki.len == 0)
		return n_private + n_public == 1
			   ? 0
			   : err_set(e, ERR_NOT_FOUND, "a whole key pair has the id, not half a one");
	if (n_public == 0)
		return err_set(e, ERR_NOT_FOUND, "there is no public half to know the key by");
	return check_spki(t, handle_at(public, 0), spki, e);
}

int token_destroy_key(unsigned *n, struct token *t, const char *id, struct bytes spki, struct err *e)
{
	AUTO_VALUE(buf) private = { 0 };
	AUTO_VALUE(buf) public = { 0 };
	unsigned done = 0;

	if (objects_with_id(&private, t, CKO_PRIVATE_KEY, id, e) < 0 ||
	    objects_with_id(&public, t, CKO_PUBLIC_KEY, id, e) < 0 || check_target(t, &private, &public, spki, e) < 0)
		return err_while(e, "looking for key %s on token '%s', to destroy it", id, t->info.label);
	/* Destroys the private key first: after a failure only a public key remains. */
	if (keypair_destroy(&done, t, &private, e) < 0 || keypair_destroy(&done, t, &public, e) < 0)
		return err_while(e, "destroying key %s on token '%s'", id, t->info.label);
	*n = done;
	return 0;
}
