/* SPDX-License-Identifier: MIT */
/* key_spec.c - type and size of a key on a token, from its public attributes. */
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "tokens/internal.h"

#include "util/array.h"

AUTO_DEFINE(ASN1_OBJECT, ASN1_OBJECT_free);

int curve_nid(struct bytes params)
{
	const unsigned char *at = params.data;
	AUTO(ASN1_OBJECT) oid = params.len > 0 ? d2i_ASN1_OBJECT(NULL, &at, (long)params.len) : NULL;

	return oid != NULL ? OBJ_obj2nid(oid) : NID_undef;
}

static unsigned modulus_bits(struct bytes n)
{
	unsigned bits;

	while (n.len > 0 && n.data[0] == 0) {
		n.data++;
		n.len--;
	}
	bits = (unsigned)n.len * 8;
	for (unsigned top = n.len > 0 ? n.data[0] : 0x80; !(top & 0x80); top <<= 1)
		bits--;
	return bits;
}

/* The named curves whose key specs have a size; the size does not identify other curves. */
static unsigned curve_bits(struct bytes params)
{
	static const struct {
		int nid;
		unsigned bits;
	} curves[] = { { NID_X9_62_prime256v1, 256 }, { NID_secp384r1, 384 }, { NID_secp521r1, 521 } };
	int nid = curve_nid(params);

	ERR_clear_error();
	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (curves[i].nid == nid)
			return curves[i].bits;
	return 0;
}

int public_key_spec(struct key_spec *out, struct token *t, CK_OBJECT_HANDLE object, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	const struct key_mech *mech;
	struct key_spec spec = { KEY_OTHER, 0 };
	bool is_stated;
	CK_ULONG ckk;

	if (attr_read_ulong(&ckk, t, object, CKA_KEY_TYPE, e) < 0)
		return -1;
	mech = key_mech_of(ckk);
	if (mech != NULL) {
		spec.type = mech->type;
		if (attr_read(&value, &is_stated, t, object, spec.type == KEY_RSA ? CKA_MODULUS : CKA_EC_PARAMS, e) < 0)
			return -1;
	}
	if (spec.type == KEY_RSA && is_stated)
		spec.bits = modulus_bits(buf_bytes(&value));
	else if (spec.type == KEY_EC)
		spec.bits = curve_bits(buf_bytes(&value));
	else if (spec.type == KEY_ED25519)
		spec.bits = 256;
	*out = spec;
	return 0;
}
