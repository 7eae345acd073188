/* SPDX-License-Identifier: MIT */
/* key_value.c - see key_value.h. */
#include "x509/key/key_value.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#include "util/text.h"
#include "x509/alg.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "x509/key/spki.h"
#include "x509/view.h"

#define HEX_CHUNK 64
#define FIELD_MAX 72 /* bytes of a coordinate: OpenSSL's longest named curve has 571 bits */

static const unsigned char rsa_alg[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
	0x05, 0x00 };
static const unsigned char ed25519_alg[] = { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70 };

static bool is_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* The AlgorithmIdentifier and the BIT STRING of a SubjectPublicKeyInfo that spki_read() accepted. */
static bool key_value_split(struct bytes *alg, struct bytes *bits, struct bytes spki)
{
	struct der_item all, first;

	if (!der_take(&spki, DER_SEQUENCE, &all) || !der_take(&all.body, DER_SEQUENCE, &first))
		return false;
	*alg = first.all;
	*bits = all.body;
	return true;
}

/* BIT STRING { RSAPublicKey } in DER. */
static int add_rsa_bits(struct buf *out, const struct spki_facts *f, struct err *e)
{
	AUTO_VALUE(buf) numbers = { 0 };
	AUTO_VALUE(buf) body = { 0 };

	if (der_add_unsigned(&numbers, f->modulus, e) < 0 || der_add_unsigned(&numbers, f->exponent, e) < 0 ||
	    buf_add(&body, "", 1, e) < 0 || der_add(&body, DER_SEQUENCE, buf_bytes(&numbers), e) < 0)
		return -1;
	return der_add(out, DER_BIT_STRING, buf_bytes(&body), e);
}

static bool is_rsa_canonical(const struct spki_facts *f, struct bytes alg, struct bytes bits)
{
	AUTO_VALUE(buf) want = { 0 };
	struct err ignored = ERR_INIT;

	if (f->is_rsa_pss ? !alg_is_pss_key(alg) : !is_equal(alg, (struct bytes){ rsa_alg, sizeof(rsa_alg) }))
		return false;
	return add_rsa_bits(&want, f, &ignored) == 0 && is_equal(bits, buf_bytes(&want));
}

/* RFC 8032, 5.1.3: the y coordinate is below 2^255 - 19; the top bit of the last byte is the sign of x. */
static bool is_ed25519_reduced(struct bytes key)
{
	if ((key.data[31] & 0x7f) != 0x7f || key.data[0] < 0xed)
		return true;
	for (size_t i = 1; i < 31; i++)
		if (key.data[i] != 0xff)
			return true;
	return false;
}

/* OpenSSL must write the same bytes for the key that it reads; points in uncompressed form only. */
static bool key_value_is_encoded_again(const struct spki_facts *f, struct bytes spki)
{
	const unsigned char *at = spki.data;
	AUTO(EVP_PKEY) key = NULL;
	AUTO_VALUE(buf) again = { 0 };
	struct err ignored = ERR_INIT;
	bool is_same;

	(void)ERR_set_mark();
	key = d2i_PUBKEY(NULL, &at, (long)spki.len);
	is_same = key != NULL && spki_encode(&again, key, &ignored) == 0 && is_equal(spki, buf_bytes(&again)) &&
	    !f->is_ec_explicit && (!EVP_PKEY_is_a(key, "EC") || f->key_bits.data[0] == 4);
	(void)ERR_pop_to_mark();
	return is_same;
}

bool key_is_canonical(struct bytes spki)
{
	struct spki_facts f;
	struct bytes alg, bits;
	struct err ignored = ERR_INIT;

	if (spki_read(&f, spki, &ignored) < 0 || !der_is_strict(spki) || !key_value_split(&alg, &bits, spki))
		return false;
	if (f.modulus.len > 0)
		return is_rsa_canonical(&f, alg, bits);
	if (f.key.type == KEY_EC) /* with der_is_strict() and a named curve, only the form of the point can vary */
		return !f.is_ec_point_bad && f.key_bits.data[0] == 4;
	if (f.key.type == KEY_ED25519)
		return is_equal(alg, (struct bytes){ ed25519_alg, sizeof(ed25519_alg) }) &&
		    is_ed25519_reduced(f.key_bits);
	return key_value_is_encoded_again(&f, spki);
}

static int key_value_add_text(struct buf *out, const char *text, struct err *e)
{
	return buf_add(out, text, strlen(text), e);
}

static int key_value_add_hex(struct buf *out, struct bytes b, struct err *e)
{
	char hex[2 * HEX_CHUNK + 1];

	for (size_t n; b.len > 0; b.data += n, b.len -= n) {
		n = b.len < HEX_CHUNK ? b.len : HEX_CHUNK;
		text_hex(hex, sizeof(hex), (struct bytes){ b.data, n });
		if (buf_add(out, hex, 2 * n, e) < 0)
			return -1;
	}
	return 0;
}

/* The name of the curve as in spki_facts; "" if OpenSSL has no name. */
static void curve_name(char *out, size_t size, const EVP_PKEY *key)
{
	struct key_spec spec;
	char group[64];
	size_t len;

	pkey_spec(&spec, key);
	out[0] = '\0';
	if (key_spec_name(&spec) != NULL)
		(void)snprintf(out, size, "%s", key_spec_name(&spec));
	else if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1)
		(void)snprintf(out, size, "ec:%.20s", group);
}

/* Writes 04 x y. False: the key is not such a point. */
static bool point_of(unsigned char *out, size_t *len, const EVP_PKEY *key)
{
	static const char *const names[] = { OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y };
	const int field = (EVP_PKEY_get_bits(key) + 7) / 8;

	if (field <= 0 || field > FIELD_MAX)
		return false;
	out[0] = 4;
	for (int i = 0; i < 2; i++) {
		BIGNUM *number = NULL;
		AUTO(BIGNUM) owned = NULL;

		if (EVP_PKEY_get_bn_param(key, names[i], &number) != 1)
			return false;
		owned = number;
		if (BN_bn2binpad(owned, out + 1 + i * field, field) != field)
			return false;
	}
	*len = 1 + 2 * (size_t)field;
	return true;
}

/* For a point in another form, or on a curve given by parameters, OpenSSL finds curve and coordinates. */
static int add_decoded_point(struct buf *out, struct bytes spki, struct err *e)
{
	unsigned char point[1 + 2 * FIELD_MAX];
	AUTO(EVP_PKEY) key = NULL;
	struct err ignored = ERR_INIT;
	char curve[24] = "";
	size_t len = 0;
	bool is_read;

	(void)ERR_set_mark();
	is_read = spki_parse(&key, spki, &ignored) == 0 && point_of(point, &len, key);
	if (is_read)
		curve_name(curve, sizeof(curve), key);
	(void)ERR_pop_to_mark();
	if (!is_read || curve[0] == '\0')
		return 0;
	return key_value_add_text(out, curve, e) < 0 || key_value_add_text(out, ":", e) < 0 ? -1 :
	    key_value_add_hex(out, (struct bytes){ point, len }, e);
}

static int key_value_add_value(struct buf *out, const struct spki_facts *f, struct bytes spki, struct err *e)
{
	if (f->modulus.len > 0)
		return key_value_add_text(out, "rsa:", e) < 0 ? -1 : key_value_add_hex(out, f->modulus, e);
	if (f->key.type == KEY_ED25519)
		return key_value_add_text(out, "ed25519:", e) < 0 ? -1 : key_value_add_hex(out, f->key_bits, e);
	if (f->key.type == KEY_EC && !f->is_ec_point_bad && f->key_bits.data[0] == 4)
		return key_value_add_text(out, f->name, e) < 0 || key_value_add_text(out, ":", e) < 0
			   ? -1
			   : key_value_add_hex(out, f->key_bits, e);
	return f->is_ec ? add_decoded_point(out, spki, e) : 0;
}

int key_value_sha256(char out[SHA256_HEX], struct bytes spki, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	struct err ignored = ERR_INIT;
	struct spki_facts f;

	if (spki_read(&f, spki, &ignored) == 0 && key_value_add_value(&text, &f, spki, e) < 0)
		return -1;
	if (text.len == 0 && (key_value_add_text(&text, "spki:", e) < 0 || key_value_add_hex(&text, spki, e) < 0))
		return -1;
	return hash_sha256_hex(out, buf_bytes(&text), e);
}

int key_value_of_cert(char out[SHA256_HEX], struct bytes der, struct err *e)
{
	struct cert_view v;

	out[0] = '\0';
	if (!cert_view_cert(&v, der) && !cert_view_tbs(&v, der))
		return 0;
	return key_value_sha256(out, v.spki, e);
}
