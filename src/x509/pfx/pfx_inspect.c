/* SPDX-License-Identifier: MIT */
/* pfx_inspect.c - see pfx_inspect.h. */
#include "x509/pfx/pfx_inspect.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "util/hash.h"
#include "util/text.h"
#include "x509/der.h"
#include "x509/ossl.h"

#define ITERATIONS_MAX 10000000 /* of the MAC, some seconds; p11ca writes 100,000 */
#define DEPTH_MAX 4 /* nesting of SafeContents, which no program uses */
#define CERTS_MAX 32
#define KEY_ID_MAX 64 /* bytes; OpenSSL writes 20, Windows 4 */

AUTO_DEFINE(PKCS12, PKCS12_free);
AUTO_DEFINE(X509, X509_free);

typedef STACK_OF(PKCS7) safe_stack;
static inline void pfx_inspect_safes_free(safe_stack *s)
{
	sk_PKCS7_pop_free(s, PKCS7_free);
}
AUTO_DEFINE(safe_stack, pfx_inspect_safes_free);

typedef STACK_OF(PKCS12_SAFEBAG) bag_stack;
static inline void pfx_inspect_bags_free(bag_stack *s)
{
	sk_PKCS12_SAFEBAG_pop_free(s, PKCS12_SAFEBAG_free);
}
AUTO_DEFINE(bag_stack, pfx_inspect_bags_free);

/* localKeyID of a bag (RFC 7292, 4.2): equal for a key and its certificate; len 0 = not present. */
struct key_id {
	unsigned char data[KEY_ID_MAX];
	size_t len;
};

struct inspection {
	struct pfx_info info;
	struct bytes cert;           /* the client's */
	const struct secret *password;
	unsigned n_keys, n_certs;
	struct pfx_cert {
		struct key_id id;
		bool is_client, is_ca;
	} certs[CERTS_MAX];          /* readable certificates */
	bool has_sealed;             /* a part could not be read */
	struct key_id key_id;        /* of the private key */
};

static int format_fail(struct err *e, const char *what)
{
	(void)ossl_fail(e, ERR_INPUT, "%s", what);
	return err_rule(e, "pfx-format", "give a PKCS#12 file (.pfx, .p12), as `p11ca client bundle` writes it");
}

static int open_fail(struct err *e, const char *what)
{
	(void)err_set(e, ERR_POLICY, "%s", what);
	return err_rule(e, "pfx-not-encrypted",
	    "write the file with a password: `p11ca client bundle`, or `openssl pkcs12 -export`");
}

/* Accepted encryption of keys and certificates; RC2 for certificates only, as old Windows writes. */
enum { CIPHER_AES = 1, CIPHER_3DES = 2, CIPHER_RC2 = 4 };

/* PBES2 states its cipher in its parameters. */
static unsigned cipher_of(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	const void *value;
	int nid, type, aes;
	PBE2PARAM *pbe2;

	X509_ALGOR_get0(&oid, &type, &value, alg);
	nid = OBJ_obj2nid(oid);
	if (nid == NID_pbe_WithSHA1And3_Key_TripleDES_CBC)
		return CIPHER_3DES;
	if (nid == NID_pbe_WithSHA1And40BitRC2_CBC)
		return CIPHER_RC2;
	if (nid != NID_pbes2 || type != V_ASN1_SEQUENCE)
		return 0;
	pbe2 = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBE2PARAM));
	aes = pbe2 != NULL ? OBJ_obj2nid(pbe2->encryption->algorithm) : NID_undef;
	PBE2PARAM_free(pbe2);
	return aes == NID_aes_256_cbc || aes == NID_aes_192_cbc || aes == NID_aes_128_cbc ? CIPHER_AES : 0;
}

static int check_cipher(const X509_ALGOR *alg, unsigned allowed, const char *what, struct err *e)
{
	if ((cipher_of(alg) & allowed) != 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "%s in the PKCS#12 is encrypted with a method that is weak or unknown", what);
	return err_rule(e, "pfx-encryption",
	    "write the file again with AES-256 or 3DES: `p11ca client bundle`, or `openssl pkcs12 -export`");
}

static void read_key_id(struct key_id *out, const PKCS12_SAFEBAG *bag)
{
	const ASN1_TYPE *id = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
	const int len = id != NULL && id->type == V_ASN1_OCTET_STRING ? ASN1_STRING_length(id->value.octet_string) : 0;

	if (len <= 0 || len > KEY_ID_MAX)
		return;
	out->len = (size_t)len;
	memcpy(out->data, ASN1_STRING_get0_data(id->value.octet_string), out->len);
}

static int pfx_inspect_take_key(struct inspection *x, const PKCS12_SAFEBAG *bag, struct err *e)
{
	const X509_ALGOR *alg;

	x->n_keys++;
	read_key_id(&x->key_id, bag);
	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &alg, NULL);
	return check_cipher(alg, CIPHER_AES | CIPHER_3DES, "the private key", e);
}

static int pfx_inspect_take_cert(struct inspection *x, const PKCS12_SAFEBAG *bag, struct err *e)
{
	AUTO(X509) cert = PKCS12_SAFEBAG_get1_cert(bag);
	AUTO_VALUE(buf) der = { 0 };
	struct pfx_cert *found = &x->certs[x->n_certs];

	if (cert == NULL)
		return format_fail(e, "a certificate in the PKCS#12 is damaged");
	if (x->n_certs == CERTS_MAX)
		return format_fail(e, "the PKCS#12 contains too many certificates for a chain");
	if (der_add_item(&der, cert, ASN1_ITEM_rptr(X509), e) < 0)
		return -1;
	x->n_certs++;
	read_key_id(&found->id, bag);
	found->is_client = der.len == x->cert.len && memcmp(der.data, x->cert.data, der.len) == 0;
	found->is_ca = X509_check_ca(cert) > 0;
	ERR_clear_error();
	return 0;
}

static int take_bags(struct inspection *x, const bag_stack *bags, unsigned depth, struct err *e)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
		int result = 0;

		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_keyBag:
			return open_fail(e, "the private key in the PKCS#12 is not encrypted");
		case NID_pkcs8ShroudedKeyBag:
			result = pfx_inspect_take_key(x, bag, e);
			break;
		case NID_certBag:
			result = pfx_inspect_take_cert(x, bag, e);
			break;
		case NID_safeContentsBag:
			result = depth < DEPTH_MAX ? take_bags(x, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, e) :
						     format_fail(e, "the PKCS#12 is nested too deeply");
			break;
		default:
			return format_fail(e, "the PKCS#12 contains an object that is neither a key nor a certificate");
		}
		if (result < 0)
			return -1;
	}
	return 0;
}

static int take_plain(struct inspection *x, PKCS7 *safe, struct err *e)
{
	AUTO(bag_stack) bags = PKCS12_unpack_p7data(safe);

	return bags != NULL ? take_bags(x, bags, 0, e) : format_fail(e, "the PKCS#12 is damaged");
}

static int take_encrypted(struct inspection *x, PKCS7 *safe, struct err *e)
{
	AUTO(bag_stack) bags = NULL;

	if (safe->d.encrypted == NULL || safe->d.encrypted->enc_data == NULL)
		return format_fail(e, "the PKCS#12 is damaged");
	if (check_cipher(safe->d.encrypted->enc_data->algorithm, CIPHER_AES | CIPHER_3DES | CIPHER_RC2,
		"the certificate", e) < 0)
		return -1;
	if (x->password == NULL) {
		x->has_sealed = true;
		return 0;
	}
	bags = PKCS12_unpack_p7encdata(safe, (const char *)x->password->data, (int)x->password->len);
	if (bags != NULL)
		return take_bags(x, bags, 0, e);
	ERR_clear_error();
	x->has_sealed = true; /* not every OpenSSL has RC2; the MAC already proved the password */
	return 0;
}

static int take_safes(struct inspection *x, const PKCS12 *p12, struct err *e)
{
	AUTO(safe_stack) safes = PKCS12_unpack_authsafes(p12);

	if (safes == NULL)
		return format_fail(e, "the PKCS#12 is damaged, or protected by a public key");
	for (int i = 0; i < sk_PKCS7_num(safes); i++) {
		PKCS7 *safe = sk_PKCS7_value(safes, i);
		int result;

		switch (OBJ_obj2nid(safe->type)) {
		case NID_pkcs7_data:
			result = take_plain(x, safe, e);
			break;
		case NID_pkcs7_encrypted:
			result = take_encrypted(x, safe, e);
			break;
		default:
			return format_fail(e, "the PKCS#12 is encrypted with a public key, not with a password");
		}
		if (result < 0)
			return -1;
	}
	return 0;
}

/* Some programs write an empty password as no password at all (RFC 7292, appendix B). */
static int check_mac(struct inspection *x, PKCS12 *p12, struct err *e)
{
	const X509_ALGOR *alg = NULL;
	const ASN1_INTEGER *iterations = NULL;
	const ASN1_OBJECT *oid = NULL;
	int nid;

	if (PKCS12_mac_present(p12) != 1)
		return open_fail(e, "the PKCS#12 has no MAC: changes cannot be detected");
	PKCS12_get0_mac(NULL, &alg, NULL, &iterations, p12);
	if (iterations != NULL && (ASN1_INTEGER_get(iterations) < 1 || ASN1_INTEGER_get(iterations) > ITERATIONS_MAX))
		return format_fail(e, "the PKCS#12 requires an unusual number of iterations");
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	nid = OBJ_obj2nid(oid);
	if (nid != NID_sha1 && nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512) {
		(void)err_set(e, ERR_POLICY, "the MAC of the PKCS#12 is weak or unknown");
		return err_rule(e, "pfx-encryption", "write the file again: `p11ca client bundle`");
	}
	if (PKCS12_verify_mac(p12, "", 0) == 1 || PKCS12_verify_mac(p12, NULL, 0) == 1)
		return open_fail(e, "the password of the PKCS#12 is empty");
	ERR_clear_error();
	if (x->password == NULL)
		return 0;
	x->info.is_opened = PKCS12_verify_mac(p12, (const char *)x->password->data, (int)x->password->len) == 1;
	ERR_clear_error();
	if (x->info.is_opened)
		return 0;
	(void)err_set(e, ERR_PIN, "the password does not open the PKCS#12");
	return err_rule(e, "pfx-password-wrong", "give the password with which the file was written");
}

static bool is_same_id(const struct key_id *a, const struct key_id *b)
{
	return a->len > 0 && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/*
 * Whether the key belongs to the client's certificate: programs use the certificate with the key's localKeyID, so the
 * client's own certificate beside another key and certificate proves nothing.
 */
static enum pfx_owner owner_of_certs(const struct inspection *x, bool is_named)
{
	bool has_client = false, is_tied = is_named, has_other_end = false;

	for (unsigned i = 0; i < x->n_certs; i++) {
		const struct pfx_cert *c = &x->certs[i];
		const bool is_same = is_same_id(&c->id, &x->key_id);

		if (c->is_client ? c->id.len > 0 && x->key_id.len > 0 && !is_same : is_same)
			return PFX_OWNER_OTHER;
		has_client = has_client || c->is_client;
		is_tied = is_tied || (c->is_client && is_same);
		has_other_end = has_other_end || (!c->is_client && !c->is_ca);
	}
	return has_client && (is_tied || !has_other_end) ? PFX_OWNER_CLIENT : PFX_OWNER_OTHER;
}

/* Without the password, by localKeyID: OpenSSL, NSS and p11ca use the SHA-1 of the key's certificate. */
static int pfx_inspect_find_owner(struct inspection *x, struct err *e)
{
	struct key_id sha1 = { .len = SHA1_LEN };
	bool is_named;

	if (hash_sha1(sha1.data, x->cert, e) < 0)
		return -1;
	is_named = is_same_id(&sha1, &x->key_id);
	if (x->n_certs > 0 && owner_of_certs(x, is_named) == PFX_OWNER_CLIENT)
		x->info.owner = PFX_OWNER_CLIENT;
	else if (x->has_sealed)
		x->info.owner = x->n_certs == 0 && is_named ? PFX_OWNER_CLIENT : PFX_OWNER_UNKNOWN;
	else
		x->info.owner = PFX_OWNER_OTHER;
	return 0;
}

int pfx_inspect(struct pfx_info *out, struct bytes file, struct bytes cert, const struct secret *password,
    struct err *e)
{
	struct inspection x = { .cert = cert, .password = password };
	AUTO(PKCS12) p12 = der_to_item(file, ASN1_ITEM_rptr(PKCS12));

	if (p12 == NULL)
		return format_fail(e, "it is not a PKCS#12");
	if (take_safes(&x, p12, e) < 0 || check_mac(&x, p12, e) < 0 || pfx_inspect_find_owner(&x, e) < 0)
		return -1;
	if (x.n_keys != 1) {
		(void)err_set(e, ERR_POLICY, "the PKCS#12 has %u unencrypted private keys, not one", x.n_keys);
		return err_rule(e, "pfx-keys", "give a file with the client's key and certificate");
	}
	*out = x.info;
	return 0;
}

int pfx_check_password(const struct secret *password, struct err *e)
{
	if (password == NULL || password->len == 0 || strlen((const char *)password->data) != password->len ||
	    !text_is_utf8((const char *)password->data, password->len)) {
		(void)err_set(e, ERR_POLICY, "a PFX needs a password of UTF-8 text");
		return err_rule(e, "pfx-password", "give a password: anyone can use the key in a PFX without a "
		    "password");
	}
	if (text_characters((const char *)password->data) >= PFX_PASSWORD_MIN)
		return 0;
	(void)err_set(e, ERR_POLICY, "the password of a PFX needs at least %d characters", PFX_PASSWORD_MIN);
	return err_rule(e, "pfx-password-short",
	    "choose a longer one, or let p11ca make one with --generate-password");
}
