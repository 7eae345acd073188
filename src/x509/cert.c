/* SPDX-License-Identifier: MIT */
/* cert.c - see cert.h; chain.c checks whether one certificate issued another. */
#include "x509/cert.h"

#include <stdio.h>
#include <string.h>

#include "x509/alg.h"
#include "x509/cert_ext.h"
#include "x509/dn.h"
#include "x509/key/key_value.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "x509/key/spki.h"
#include "x509/view.h"

/* RFC 5280, 4.1.2.5: only YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. */
static bool cert_read_time(int64_t *out, struct bytes der)
{
	AUTO(ASN1_TIME) t = der_to_item(der, ASN1_ITEM_rptr(ASN1_TIME));
	int len = t != NULL ? ASN1_STRING_length(t) : 0;

	return t != NULL && len == (ASN1_STRING_type(t) == V_ASN1_UTCTIME ? 13 : 15) &&
	    ASN1_STRING_get0_data(t)[len - 1] == 'Z' && der_time(out, t);
}

static void read_serial(struct cert_info *out, struct bytes der)
{
	AUTO(ASN1_INTEGER) integer = der_to_item(der, ASN1_ITEM_rptr(ASN1_INTEGER));
	AUTO(BIGNUM) number = integer != NULL ? ASN1_INTEGER_to_BN(integer, NULL) : NULL;

	out->serial_bits = number != NULL ? (unsigned)BN_num_bits(number) : 0;
	if (integer != NULL)
		der_integer_hex(out->serial, sizeof(out->serial), integer);
}

static int cert_read_names(struct cert_info *out, const struct cert_view *v, struct err *e)
{
	struct dn_facts facts;

	if (dn_read(&facts, out->issuer, sizeof(out->issuer), v->issuer, e) < 0 ||
	    dn_read(&facts, out->subject, sizeof(out->subject), v->subject, e) < 0)
		return -1;
	memcpy(out->cn, facts.cn, sizeof(out->cn));
	out->n_cn = facts.n_cn;
	out->subject_der = v->subject;
	out->issuer_der = v->issuer;
	out->is_self_issued = v->subject.len == v->issuer.len &&
	    memcmp(v->subject.data, v->issuer.data, v->subject.len) == 0;
	return 0;
}

static int cert_read_key(struct cert_info *out, const struct cert_view *v, struct err *e)
{
	struct spki_facts key;

	if (spki_read(&key, v->spki, e) < 0)
		return -1;
	out->key = key.key;
	memcpy(out->key_name, key.name, sizeof(out->key_name));
	out->is_key_canonical = key_is_canonical(v->spki);
	return hash_sha256_hex(out->spki_sha256, v->spki, e) < 0 ? -1 : key_value_sha256(out->key_sha256, v->spki, e);
}

static int cert_fill(struct cert_info *out, const struct cert_view *v, struct bytes der, struct err *e)
{
	out->der = der;
	out->version = v->version;
	if (!cert_read_time(&out->not_before, v->not_before) || !cert_read_time(&out->not_after, v->not_after))
		return ossl_fail(e, ERR_INPUT, "its validity is malformed");
	read_serial(out, v->serial);
	alg_read(out->sig_alg, sizeof(out->sig_alg), &out->is_sig_weak, v->alg);
	if (cert_read_names(out, v, e) < 0 || cert_read_key(out, v, e) < 0)
		return -1;
	return cert_ext_read(out, v->extensions, e);
}

static bool is_signed_by_itself(const struct cert_view *v)
{
	AUTO(EVP_PKEY) key = NULL;
	struct err ignored = ERR_INIT;

	return spki_parse(&key, v->spki, &ignored) == 0 && signed_verify(&v->outer, key);
}

int cert_read_known(struct cert_info *out, struct bytes der, struct err *e)
{
	struct cert_info c = { 0 };
	struct cert_view v;

	if (!cert_view_cert(&v, der))
		return err_set(e, ERR_INPUT, "it is not a certificate: %s", cert_view_fault(der));
	if (!der_is_strict(der))
		return err_set(e, ERR_INPUT, "the certificate is not in DER: one element is encoded differently "
		    "(X.690, 10)");
	if (cert_fill(&c, &v, der, e) < 0 || hash_sha1_hex(c.thumbprint, der, e) < 0 ||
	    hash_sha256_hex(c.fingerprint, der, e) < 0)
		return err_while(e, "reading a certificate");
	c.is_self_signed = c.is_self_issued && is_signed_by_itself(&v);
	*out = c;
	return 0;
}

int cert_read(struct cert_info *out, struct bytes der, struct err *e)
{
	struct cert_info c;

	if (cert_read_known(&c, der, e) < 0)
		return -1;
	if (!c.is_key_canonical) {
		(void)err_set(e, ERR_INPUT, "the public key in certificate '%.160s' is not in its canonical encoding",
		    c.subject);
		return err_rule(e, "key-encoding",
		    "issue it again with the key in DER (RSA with NULL parameters, EC with the uncompressed point)");
	}
	*out = c;
	return 0;
}

int cert_read_tbs(struct cert_info *out, struct bytes tbs, struct err *e)
{
	struct cert_info c = { 0 };
	struct cert_view v;

	if (!cert_view_tbs(&v, tbs) || !der_is_strict(tbs))
		return err_set(e, ERR_INPUT, "not one TBSCertificate in strict DER");
	if (cert_fill(&c, &v, tbs, e) < 0)
		return err_while(e, "reading a TBSCertificate");
	c.is_self_signed = c.is_self_issued;
	*out = c;
	return 0;
}

static int cert_view(struct cert_view *out, struct bytes der, struct err *e)
{
	return cert_view_cert(out, der) ? 0 : err_set(e, ERR_INPUT, "not one certificate in DER");
}

int cert_spki(struct buf *out, struct bytes der, struct err *e)
{
	struct cert_view v;

	return cert_view(&v, der, e) < 0 ? -1 : buf_add(out, v.spki.data, v.spki.len, e);
}

int cert_subject(struct buf *out, struct bytes der, struct err *e)
{
	struct cert_view v;

	return cert_view(&v, der, e) < 0 ? -1 : buf_add(out, v.subject.data, v.subject.len, e);
}

int cert_object_parts(struct buf *subject, struct buf *issuer, struct buf *serial, struct bytes der, struct err *e)
{
	struct cert_view v;

	if (cert_view(&v, der, e) < 0 || buf_add(subject, v.subject.data, v.subject.len, e) < 0 ||
	    buf_add(issuer, v.issuer.data, v.issuer.len, e) < 0)
		return -1;
	return buf_add(serial, v.serial.data, v.serial.len, e);
}
