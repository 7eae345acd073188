/* SPDX-License-Identifier: MIT */
/* spki.c - see spki.h; also implements the public key functions of signer.h. */
#include "x509/key/spki.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>

#include "x509/der.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "util/array.h"

static const struct curve_row {
	int nid;
	unsigned bits;
} curves[] = {
	{ NID_X9_62_prime256v1, 256 },
	{ NID_secp384r1, 384 },
	{ NID_secp521r1, 521 },
};

/* The curve's key_spec; KEY_OTHER for curves that p11ca does not support. */
static struct key_spec curve_spec(int nid)
{
	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (curves[i].nid == nid)
			return (struct key_spec){ KEY_EC, curves[i].bits };
	return (struct key_spec){ KEY_OTHER, 0 };
}

static const char *curve_group(const struct key_spec *spec)
{
	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (curves[i].bits == spec->bits)
			return OBJ_nid2sn(curves[i].nid);
	return NULL;
}

static unsigned bit_length(struct bytes b)
{
	unsigned bits = b.len == 0 ? 0 : (unsigned)(8 * (b.len - 1));

	for (unsigned top = b.len == 0 ? 0 : b.data[0]; top > 0; top >>= 1)
		bits++;
	return bits;
}

static bool take_positive(struct bytes *in, struct bytes *out)
{
	struct der_item item;

	if (!der_take(in, DER_INTEGER, &item) || item.body.len == 0 || item.body.data[0] >= 0x80)
		return false;
	for (; item.body.len > 0 && item.body.data[0] == 0; item.body.len--)
		item.body.data++;
	*out = item.body;
	return item.body.len > 0;
}

/* RFC 8017, A.1.1: RSAPublicKey ::= SEQUENCE { modulus, publicExponent } */
static bool read_rsa(struct spki_facts *out, struct bytes parameters)
{
	struct bytes in = out->key_bits;
	struct der_item sequence;

	(void)parameters; /* key_is_canonical() compares them */
	if (!der_take(&in, DER_SEQUENCE, &sequence) || in.len != 0 ||
	    !take_positive(&sequence.body, &out->modulus) || !take_positive(&sequence.body, &out->exponent) ||
	    sequence.body.len != 0)
		return false;
	out->key = (struct key_spec){ KEY_RSA, bit_length(out->modulus) };
	(void)snprintf(out->name, sizeof(out->name), "rsa:%u", out->key.bits);
	return true;
}

static bool read_rsa_pss(struct spki_facts *out, struct bytes parameters)
{
	if (!read_rsa(out, parameters))
		return false;
	out->is_rsa_pss = true;
	out->key.type = KEY_OTHER;
	(void)snprintf(out->name, sizeof(out->name), "rsa-pss:%u", out->key.bits);
	return true;
}

/* SEC 1, 2.3.3: 04 x y, or 02 / 03 and x; X9.62 has 06 / 07 x y, too; a single 00 is the point at infinity. */
static bool is_point_bad(struct bytes point, unsigned bits)
{
	size_t len = (bits + 7) / 8;
	unsigned char form = point.len > 0 ? point.data[0] : 0;

	return !((form == 4 || form == 6 || form == 7) && point.len == 1 + 2 * len) &&
	    !((form == 2 || form == 3) && point.len == 1 + len);
}

static bool read_ec(struct spki_facts *out, struct bytes parameters)
{
	struct der_item curve;
	char name[64];

	out->is_ec = true;
	if (!der_next(&parameters, &curve) || parameters.len != 0)
		return false;
	out->is_ec_explicit = curve.tag == DER_SEQUENCE;
	if (out->is_ec_explicit) {
		(void)snprintf(out->name, sizeof(out->name), "ec:explicit");
		return true;
	}
	if (curve.tag != DER_OID)
		return false;
	out->key = curve_spec(der_oid_nid(&curve));
	if (out->key.type == KEY_EC) {
		out->is_ec_point_bad = is_point_bad(out->key_bits, out->key.bits);
		(void)snprintf(out->name, sizeof(out->name), "%s", key_spec_name(&out->key));
		return true;
	}
	der_oid_name(name, sizeof(name), &curve);
	(void)snprintf(out->name, sizeof(out->name), "ec:%.20s", name);
	return true;
}

static bool read_ed25519(struct spki_facts *out, struct bytes parameters)
{
	(void)parameters; /* key_is_canonical() wants none */
	if (out->key_bits.len != 32) /* RFC 8410, 4 */
		return false;
	out->key = (struct key_spec){ KEY_ED25519, 256 };
	(void)snprintf(out->name, sizeof(out->name), "%s", key_spec_name(&out->key));
	return true;
}

static const struct type_row {
	int nid;
	bool (*read)(struct spki_facts *out, struct bytes parameters);
} type_rows[] = {
	{ NID_rsaEncryption, read_rsa },
	{ NID_rsassaPss, read_rsa_pss },
	{ NID_X9_62_id_ecPublicKey, read_ec },
	{ NID_ED25519, read_ed25519 },
};

static int bad_key(const char *what, struct err *e)
{
	(void)err_set(e, ERR_INPUT, "the public key is %s", what);
	return err_rule(e, "key-encoding",
	    "use software that writes DER: RSA with NULL parameters, EC with a named curve and the uncompressed point");
}

int spki_read(struct spki_facts *out, struct bytes spki, struct err *e)
{
	struct der_item all, alg, bits, oid;
	struct spki_facts facts = { 0 };
	int nid;

	if (!der_take(&spki, DER_SEQUENCE, &all) || spki.len != 0 || !der_take(&all.body, DER_SEQUENCE, &alg) ||
	    !der_take(&alg.body, DER_OID, &oid) || !der_take(&all.body, DER_BIT_STRING, &bits) ||
	    all.body.len != 0 || bits.body.len < 2 || bits.body.data[0] != 0)
		return bad_key("not a SubjectPublicKeyInfo", e);
	facts.key_bits = (struct bytes){ bits.body.data + 1, bits.body.len - 1 };
	der_oid_name(facts.name, sizeof(facts.name), &oid);
	nid = der_oid_nid(&oid);
	for (size_t i = 0; i < ARRAY_LEN(type_rows); i++)
		if (type_rows[i].nid == nid && !type_rows[i].read(&facts, alg.body))
			return bad_key("malformed", e);
	*out = facts;
	return 0;
}

static void ec_spec(struct key_spec *out, const EVP_PKEY *key)
{
	char group[64];
	size_t len;

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1)
		*out = curve_spec(OBJ_sn2nid(group));
}

void pkey_spec(struct key_spec *out, const EVP_PKEY *public_key)
{
	*out = (struct key_spec){ KEY_OTHER, (unsigned)EVP_PKEY_get_bits(public_key) };
	if (EVP_PKEY_is_a(public_key, "RSA"))
		out->type = KEY_RSA;
	else if (EVP_PKEY_is_a(public_key, "ED25519"))
		*out = (struct key_spec){ KEY_ED25519, 256 };
	else if (EVP_PKEY_is_a(public_key, "EC"))
		ec_spec(out, public_key);
}

/* The key that OpenSSL makes from parameters; NULL: invalid. */
static EVP_PKEY *spki_key_of(const char *type, OSSL_PARAM_BLD *bld)
{
	AUTO(OSSL_PARAM) parameters = OSSL_PARAM_BLD_to_param(bld);
	AUTO(EVP_PKEY_CTX) ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (parameters == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		return NULL;
	return key;
}

static EVP_PKEY *spki_rsa_key(const struct spki_facts *facts)
{
	AUTO(BIGNUM) n = BN_bin2bn(facts->modulus.data, (int)facts->modulus.len, NULL);
	AUTO(BIGNUM) e = BN_bin2bn(facts->exponent.data, (int)facts->exponent.len, NULL);
	AUTO(OSSL_PARAM_BLD) bld = OSSL_PARAM_BLD_new();

	if (n == NULL || e == NULL || bld == NULL || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		return NULL;
	return spki_key_of("RSA", bld);
}

static EVP_PKEY *spki_ec_key(const struct spki_facts *facts)
{
	AUTO(OSSL_PARAM_BLD) bld = OSSL_PARAM_BLD_new();
	const char *group = curve_group(&facts->key);

	if (group == NULL || bld == NULL || facts->is_ec_point_bad || facts->key_bits.data[0] != 4 ||
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, facts->key_bits.data,
		facts->key_bits.len) != 1)
		return NULL;
	return spki_key_of("EC", bld);
}

/* Builds the usual keys from their numbers: OpenSSL 3.0's decoder needs five to thirty times as long. */
static EVP_PKEY *usual_key(struct bytes spki)
{
	struct spki_facts facts;
	struct err ignored = ERR_INIT;

	if (spki_read(&facts, spki, &ignored) < 0)
		return NULL;
	if (facts.key.type == KEY_RSA)
		return spki_rsa_key(&facts);
	return facts.key.type == KEY_EC ? spki_ec_key(&facts) : NULL;
}

int spki_parse(EVP_PKEY **out, struct bytes spki, struct err *e)
{
	const unsigned char *p = spki.data;
	AUTO(EVP_PKEY) key = NULL;

	(void)ERR_set_mark();
	key = usual_key(spki);
	(void)ERR_pop_to_mark();
	if (key == NULL && der_is_one(spki, DER_SEQUENCE))
		key = d2i_PUBKEY(NULL, &p, (long)spki.len);
	if (key == NULL)
		return ossl_fail(e, ERR_INPUT, "the public key cannot be decoded");
	*out = STEAL(key);
	return 0;
}

int spki_encode(struct buf *out, const EVP_PKEY *public_key, struct err *e)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(public_key, &der);
	int result;

	if (len <= 0)
		return ossl_fail(e, ERR_INPUT, "the public key cannot be encoded");
	result = buf_add(out, der, (size_t)len, e);
	OPENSSL_free(der);
	return result;
}
