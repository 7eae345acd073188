/* SPDX-License-Identifier: MIT */
/* signed.c - see signed.h. */
#include "x509/signed.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "x509/der.h"
#include "x509/ossl.h"

bool signed_parse(struct signed_view *out, struct bytes der)
{
	struct der_item all, tbs, alg, sig;

	if (!der_take(&der, DER_SEQUENCE, &all) || der.len != 0 || !der_take(&all.body, DER_SEQUENCE, &tbs) ||
	    !der_take(&all.body, DER_SEQUENCE, &alg) || !der_take(&all.body, DER_BIT_STRING, &sig) ||
	    all.body.len != 0 || sig.body.len == 0 || sig.body.data[0] != 0)
		return false;
	*out = (struct signed_view){ tbs.all, alg.all, { sig.body.data + 1, sig.body.len - 1 } };
	return true;
}

int signed_build(struct buf *out, const struct signed_view *parts, struct err *e)
{
	AUTO_VALUE(buf) back = { 0 };

	if (buf_add(&back, parts->alg.data, parts->alg.len, e) < 0 ||
	    der_add_head(&back, DER_BIT_STRING, parts->sig.len + 1, e) < 0 ||
	    buf_add(&back, "", 1, e) < 0 || /* no unused bits, even if the last ones are zero */
	    buf_add(&back, parts->sig.data, parts->sig.len, e) < 0 ||
	    der_add_head(out, DER_SEQUENCE, parts->tbs.len + back.len, e) < 0 ||
	    buf_add(out, parts->tbs.data, parts->tbs.len, e) < 0)
		return -1;
	return buf_add(out, back.data, back.len, e);
}

/* The TBS as an ANY, which is encoded again as it stands. */
static ASN1_TYPE *any_of(struct bytes b)
{
	AUTO(ASN1_TYPE) any = ASN1_TYPE_new();
	AUTO(ASN1_STRING) s = ASN1_STRING_type_new(V_ASN1_SEQUENCE);

	if (any == NULL || s == NULL || ASN1_STRING_set(s, b.data, (int)b.len) != 1)
		return NULL;
	ASN1_TYPE_set(any, V_ASN1_SEQUENCE, STEAL(s));
	return STEAL(any);
}

bool signed_verify(const struct signed_view *v, EVP_PKEY *public_key)
{
	AUTO(ASN1_TYPE) tbs = any_of(v->tbs);
	AUTO(ASN1_BIT_STRING) sig = ASN1_BIT_STRING_new();
	AUTO(X509_ALGOR) alg = NULL;
	bool good;

	(void)ERR_set_mark();
	alg = der_to_item(v->alg, ASN1_ITEM_rptr(X509_ALGOR));
	good = tbs != NULL && sig != NULL && alg != NULL && ASN1_STRING_set(sig, v->sig.data, (int)v->sig.len) == 1 &&
	    ASN1_item_verify(ASN1_ITEM_rptr(ASN1_ANY), alg, sig, tbs, public_key) == 1;
	(void)ERR_pop_to_mark();
	return good;
}
