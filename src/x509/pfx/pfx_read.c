/* SPDX-License-Identifier: MIT */
/* pfx_read.c - see pfx_read.h. */
#include "x509/pfx/pfx_read.h"

#include <limits.h>
#include <openssl/pkcs12.h>
#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"

AUTO_DEFINE(PKCS12, PKCS12_free);
AUTO_DEFINE(PBE2PARAM, PBE2PARAM_free);
typedef STACK_OF(PKCS7) safes_stack;
static inline void pfx_read_safes_free(safes_stack *s)
{
	sk_PKCS7_pop_free(s, PKCS7_free);
}
AUTO_DEFINE(safes_stack, pfx_read_safes_free);
typedef STACK_OF(PKCS12_SAFEBAG) bags_stack;
static inline void pfx_read_bags_free(bags_stack *s)
{
	sk_PKCS12_SAFEBAG_pop_free(s, PKCS12_SAFEBAG_free);
}
AUTO_DEFINE(bags_stack, pfx_read_bags_free);

static void pfx_read_add_name(struct pfx_encryption *out, const char *name)
{
	const size_t len = strlen(out->ciphers);

	if (strstr(out->ciphers, name) == NULL)
		(void)snprintf(out->ciphers + len, sizeof(out->ciphers) - len, "%s%s", len > 0 ? ", " : "", name);
}

static const char *name_of(const ASN1_OBJECT *object)
{
	const int nid = OBJ_obj2nid(object);

	return nid == NID_undef ? "an unknown algorithm" : OBJ_nid2sn(nid);
}

/* PBES2 (RFC 8018) is a container: its parameters state the cipher. */
static void add_pbes2(struct pfx_encryption *out, const X509_ALGOR *alg)
{
	AUTO(PBE2PARAM) param = alg->parameter == NULL ? NULL :
	    ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), alg->parameter);

	pfx_read_add_name(out, param == NULL ? "PBES2" : name_of(param->encryption->algorithm));
}

static void add_cipher(struct pfx_encryption *out, const X509_ALGOR *alg)
{
	switch (OBJ_obj2nid(alg->algorithm)) {
	case NID_pbe_WithSHA1And3_Key_TripleDES_CBC:
	case NID_pbe_WithSHA1And2_Key_TripleDES_CBC:
		pfx_read_add_name(out, name_of(alg->algorithm));
		return;
	case NID_pbe_WithSHA1And128BitRC2_CBC:
	case NID_pbe_WithSHA1And40BitRC2_CBC:
		out->has_rc = true;
		pfx_read_add_name(out, name_of(alg->algorithm));
		return;
	case NID_pbe_WithSHA1And128BitRC4:
	case NID_pbe_WithSHA1And40BitRC4:
		out->has_rc = true;
		break;
	default:
		break;
	}
	out->is_legacy = false;
	if (OBJ_obj2nid(alg->algorithm) == NID_pbes2)
		add_pbes2(out, alg);
	else
		pfx_read_add_name(out, name_of(alg->algorithm));
}

/* In a safe that is not encrypted as a whole, keys are encrypted individually, other bags are public. */
static void add_bags(struct pfx_encryption *out, const bags_stack *bags)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
		const X509_ALGOR *alg;

		if (PKCS12_SAFEBAG_get_nid(bag) == NID_pkcs8ShroudedKeyBag) {
			X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &alg, NULL);
			add_cipher(out, alg);
		} else if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag) {
			out->is_legacy = false;
			pfx_read_add_name(out, "none");
		}
	}
}

static int add_safe(struct pfx_encryption *out, PKCS7 *safe)
{
	AUTO(bags_stack) bags = NULL;

	if (PKCS7_type_is_encrypted(safe)) {
		add_cipher(out, safe->d.encrypted->enc_data->algorithm);
		return 0;
	}
	bags = PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe) : NULL;
	if (bags == NULL)
		return -1;
	add_bags(out, bags);
	return 0;
}

static void add_mac(struct pfx_encryption *out, const PKCS12 *p12)
{
	const X509_ALGOR *alg = NULL;

	if (PKCS12_mac_present(p12))
		PKCS12_get0_mac(NULL, &alg, NULL, NULL, p12);
	(void)snprintf(out->mac, sizeof(out->mac), "%s", alg == NULL ? "none" : name_of(alg->algorithm));
	out->is_legacy = out->is_legacy && alg != NULL && OBJ_obj2nid(alg->algorithm) == NID_sha1;
}

int pfx_read_encryption(struct pfx_encryption *out, struct bytes pfx, struct err *e)
{
	struct pfx_encryption got = { .is_legacy = true };
	const unsigned char *at = pfx.data;
	AUTO(PKCS12) p12 = pfx.len > LONG_MAX ? NULL : d2i_PKCS12(NULL, &at, (long)pfx.len);
	AUTO(safes_stack) safes = p12 == NULL ? NULL : PKCS12_unpack_authsafes(p12);
	bool is_read = safes != NULL;

	for (int i = 0; is_read && i < sk_PKCS7_num(safes); i++)
		is_read = add_safe(&got, sk_PKCS7_value(safes, i)) == 0;
	if (!is_read) {
		(void)err_set(e, ERR_INPUT, "it is not a PKCS#12 file that is protected by a password");
		return err_rule(e, "pfx-format", "give the .pfx or .p12 file itself, not its base64 or a PEM file");
	}
	add_mac(&got, p12);
	*out = got;
	return 0;
}
