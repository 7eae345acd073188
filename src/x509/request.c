/* SPDX-License-Identifier: MIT */
/* request.c - see request.h. */
#include "x509/request.h"

#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>

#include "x509/alg.h"
#include "x509/dn.h"
#include "x509/ossl.h"
#include "x509/key/public_key.h"
#include "x509/signer.h"
#include "x509/view.h"

/* CertificationRequestInfo (RFC 2986, 4.1) as borrowed pieces. */
struct request_view {
	struct signed_view outer;
	struct bytes subject, spki;
	struct bytes attributes;     /* one Attribute after the other */
};

/* Some software omits the [0] if there are no attributes; RFC 2986 requires it, but nothing depends on it. */
static bool request_view(struct request_view *out, struct bytes der)
{
	struct der_item info, version, subject, spki, attributes = { 0 };
	struct signed_view outer;
	struct bytes in;

	if (!signed_parse(&outer, der))
		return false;
	in = outer.tbs;
	if (!der_take(&in, DER_SEQUENCE, &info) || !der_take(&info.body, DER_INTEGER, &version) ||
	    version.body.len != 1 || version.body.data[0] != 0 || !der_take(&info.body, DER_SEQUENCE, &subject) ||
	    !der_take(&info.body, DER_SEQUENCE, &spki))
		return false;
	(void)der_take(&info.body, DER_CONTEXT_0, &attributes);
	*out = (struct request_view){ outer, subject.all, spki.all, attributes.body };
	return info.body.len == 0;
}

/* Why request_view() failed: static text. */
static const char *request_fault(struct bytes der)
{
	struct der_item info, version;
	struct signed_view outer;
	struct cert_view cert;

	if (der.len > REQUEST_MAX)
		return "it is too large";
	if (cert_view_cert(&cert, der))
		return "it is a certificate";
	if (!signed_parse(&outer, der))
		return "its outermost structure does not have the elements of a request (RFC 2986, 4.2)";
	if (der_take(&outer.tbs, DER_SEQUENCE, &info) && der_take(&info.body, DER_INTEGER, &version) &&
	    (version.body.len != 1 || version.body.data[0] != 0))
		return "its version is not 0, the only version of PKCS#10 (RFC 2986, 4.1)";
	return "an element is missing, of another type or in another place (RFC 2986, 4.1)";
}

static void request_add_name(char list[REQUEST_ASKED_MAX][64], unsigned *n, const struct der_item *oid)
{
	if (*n < REQUEST_ASKED_MAX)
		der_oid_name(list[(*n)++], sizeof(list[0]), oid);
}

static bool read_asked(struct request_info *out, struct bytes value)
{
	struct der_item list;
	struct ext_view x;

	if (!der_take(&value, DER_SEQUENCE, &list) || value.len != 0)
		return false;
	while (ext_view_next(&list.body, &x))
		request_add_name(out->asked, &out->n_asked, &x.oid);
	return list.body.len == 0;
}

/* Extensions are requested by RFC 2985, 5.4.2, or by Microsoft's older szOID_CERT_EXTENSIONS in the same form. */
static bool read_attribute(struct request_info *out, struct bytes *in)
{
	struct der_item attribute, oid, values;
	int nid;

	if (!der_take(in, DER_SEQUENCE, &attribute) || !der_take(&attribute.body, DER_OID, &oid) ||
	    !der_take(&attribute.body, DER_SET, &values) || attribute.body.len != 0)
		return false;
	nid = der_oid_nid(&oid);
	if (nid == NID_ext_req || nid == NID_ms_ext_req)
		return read_asked(out, values.body);
	request_add_name(out->ignored, &out->n_ignored, &oid);
	return true;
}

static int read_attributes(struct request_info *out, struct bytes in, struct err *e)
{
	while (in.len > 0)
		if (!read_attribute(out, &in))
			return err_set(e, ERR_INPUT, "an attribute of the request is malformed");
	return 0;
}

static int read_subject(struct request_info *out, struct bytes subject, struct err *e)
{
	struct dn_facts facts;

	if (dn_read(&facts, out->subject, sizeof(out->subject), subject, e) < 0)
		return -1;
	memcpy(out->cn, facts.cn, sizeof(out->cn));
	out->n_cn = facts.n_cn;
	out->is_subject_text_bad = facts.is_text_bad;
	return 0;
}

/* -1: invalid key. A signature that cannot be verified for any reason counts as wrong. */
static int request_read_key(struct request_info *out, const struct request_view *v, struct err *e)
{
	AUTO(EVP_PKEY) key = NULL;

	if (public_key_decode(&out->public_key, &key, v->spki, e) < 0)
		return -1;
	out->is_signature_good = key != NULL && signed_verify(&v->outer, key);
	return 0;
}

static int keep_bytes(struct request_info *out, const struct request_view *v, struct err *e)
{
	if (hash_sha256_hex(out->sha256, out->der, e) < 0)
		return -1;
	return buf_add(&out->spki, v->spki.data, v->spki.len, e);
}

int request_read(struct request_info *out, struct bytes der, struct err *e)
{
	AUTO_VALUE(request_info) r = { .der = der, .is_der_strict = der_is_strict(der) };
	struct request_view v;

	if (der.len > REQUEST_MAX || !request_view(&v, der)) {
		(void)err_set(e, ERR_INPUT, "it is not a certificate request: %s", request_fault(der));
		e->hint = "give the request (PKCS#10) that the client's software wrote";
		return -1;
	}
	alg_read(r.sig_alg, sizeof(r.sig_alg), &r.is_sig_weak, v.outer.alg);
	r.is_sig_alg_bad = !alg_is_standard(v.outer.alg);
	if (read_subject(&r, v.subject, e) < 0 || read_attributes(&r, v.attributes, e) < 0 ||
	    request_read_key(&r, &v, e) < 0 || keep_bytes(&r, &v, e) < 0)
		return err_while(e, "reading a certificate request");
	*out = r;
	r.spki = (struct buf){ 0 }; /* handed over */
	return 0;
}

void request_clear(struct request_info *r)
{
	buf_clear(&r->spki);
}
