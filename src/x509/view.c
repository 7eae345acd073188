/* SPDX-License-Identifier: MIT */
/* view.c - see view.h. */
#include "x509/view.h"

#include <openssl/objects.h>
#include <string.h>

#include "x509/der.h"

/* Version ::= [0] EXPLICIT INTEGER DEFAULT v1 */
static bool take_version(struct bytes *in, unsigned *out)
{
	struct der_item explicit, number;

	*out = 1;
	if (!der_take(in, DER_CONTEXT_0, &explicit))
		return true;
	if (!der_take(&explicit.body, DER_INTEGER, &number) || explicit.body.len != 0 || number.body.len != 1 ||
	    number.body.data[0] > 2)
		return false;
	*out = number.body.data[0] + 1U;
	return true;
}

static bool view_take(struct bytes *in, enum der_tag tag, struct bytes *out)
{
	struct der_item item;

	if (!der_take(in, tag, &item))
		return false;
	*out = item.all;
	return true;
}

static bool take_time(struct bytes *in, struct bytes *out)
{
	return view_take(in, DER_UTC_TIME, out) || view_take(in, DER_GENERALIZED_TIME, out);
}

/* issuerUniqueID [1] and subjectUniqueID [2] are skipped: RFC 5280, 4.1.2.8 forbids them. */
static bool take_extensions(struct bytes *in, struct bytes *out)
{
	struct der_item item, list;

	while (der_next(in, &item)) {
		if (item.tag != DER_CONTEXT_3)
			continue;
		if (in->len != 0 || !der_take(&item.body, DER_SEQUENCE, &list) || item.body.len != 0)
			return false;
		*out = list.body;
		return list.body.len != 0;
	}
	return in->len == 0;
}

bool cert_view_tbs(struct cert_view *out, struct bytes tbs)
{
	struct cert_view v = { 0 };
	struct der_item all, validity;

	if (!der_take(&tbs, DER_SEQUENCE, &all) || tbs.len != 0 || !take_version(&all.body, &v.version) ||
	    !view_take(&all.body, DER_INTEGER, &v.serial) || !view_take(&all.body, DER_SEQUENCE, &v.alg) ||
	    !view_take(&all.body, DER_SEQUENCE, &v.issuer) || !der_take(&all.body, DER_SEQUENCE, &validity) ||
	    !take_time(&validity.body, &v.not_before) || !take_time(&validity.body, &v.not_after) ||
	    validity.body.len != 0 || !view_take(&all.body, DER_SEQUENCE, &v.subject) ||
	    !view_take(&all.body, DER_SEQUENCE, &v.spki) || !take_extensions(&all.body, &v.extensions))
		return false;
	*out = v;
	return true;
}

bool cert_view_cert(struct cert_view *out, struct bytes der)
{
	struct signed_view outer;
	struct cert_view v;

	if (!signed_parse(&outer, der) || !cert_view_tbs(&v, outer.tbs) || outer.alg.len != v.alg.len ||
	    memcmp(outer.alg.data, v.alg.data, v.alg.len) != 0)
		return false;
	*out = v;
	out->outer = outer;
	return true;
}

const char *cert_view_fault(struct bytes der)
{
	struct signed_view outer;
	struct der_item all, item, inner;
	struct cert_view v;
	struct bytes tbs, in;

	if (!signed_parse(&outer, der))
		return "its outermost structure does not have the elements of a certificate (RFC 5280, 4.1.1)";
	if (cert_view_tbs(&v, outer.tbs))
		return "its two algorithm identifiers differ (RFC 5280, 4.1.1.2)";
	tbs = outer.tbs;
	in = der_take(&tbs, DER_SEQUENCE, &all) ? all.body : tbs;
	if (der_take(&in, DER_CONTEXT_0, &item) && der_take(&item.body, DER_INTEGER, &inner) &&
	    (inner.body.len != 1 || inner.body.data[0] > 2))
		return "its version is not 1, 2 or 3 (RFC 5280, 4.1.2.1)";
	while (der_next(&in, &item)) {
		if (item.tag == DER_CONTEXT_3 && der_take(&item.body, DER_SEQUENCE, &inner) && inner.body.len == 0)
			return "its list of extensions is empty (RFC 5280, 4.1.2.9)";
	}
	return "an element is missing, of another type or in another place (RFC 5280, 4.1)";
}

bool ext_view_next(struct bytes *in, struct ext_view *out)
{
	struct der_item all, critical, octets;

	if (!der_take(in, DER_SEQUENCE, &all) || !der_take(&all.body, DER_OID, &out->oid))
		return false;
	out->is_critical = der_take(&all.body, DER_BOOLEAN, &critical) && critical.body.len == 1 &&
	    critical.body.data[0] != 0;
	if (!der_take(&all.body, DER_OCTET_STRING, &octets) || all.body.len != 0)
		return false;
	out->value = octets.body;
	return true;
}

bool cert_view_ski(struct bytes *out, const struct cert_view *v)
{
	struct bytes in = v->extensions;
	struct ext_view x;

	*out = (struct bytes){ 0 };
	while (ext_view_next(&in, &x)) {
		struct der_item id;

		if (der_oid_nid(&x.oid) != NID_subject_key_identifier)
			continue;
		if (!der_take(&x.value, DER_OCTET_STRING, &id) || x.value.len != 0)
			return false;
		*out = id.body;
	}
	return in.len == 0;
}
