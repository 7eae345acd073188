/* SPDX-License-Identifier: MIT */
/* der.c - see der.h. */
#include "x509/der.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>
#include <time.h>

#include "util/text.h"
#include "x509/ossl.h"

#define DER_MAX (1L << 30)
#define DEPTH_MAX 32 /* a certificate with every extension has 9 levels */
#define CONSTRUCTED 0x20

static bool is_minimal(const struct der_item *i)
{
	bool constructed = (i->tag & CONSTRUCTED) != 0;

	return ASN1_object_size(constructed, (int)i->body.len, i->tag & 0x1f) == (int)i->all.len;
}

static bool is_integer_strict(struct bytes b)
{
	return b.len == 1 ||
	       (b.len > 1 && !(b.data[0] == 0 && b.data[1] < 0x80) && !(b.data[0] == 0xff && b.data[1] >= 0x80));
}

static bool is_bits_strict(struct bytes b)
{
	return b.len > 0 && b.data[0] <= 7 &&
	    (b.len > 1 ? (b.data[b.len - 1] & ((1U << b.data[0]) - 1)) == 0 : b.data[0] == 0);
}

static bool is_body_strict(const struct der_item *i)
{
	switch (i->tag) {
	case DER_BOOLEAN:
		return i->body.len == 1 && (i->body.data[0] == 0 || i->body.data[0] == 0xff);
	case DER_INTEGER:
		return is_integer_strict(i->body);
	case DER_BIT_STRING:
		return is_bits_strict(i->body);
	default:
		return true;
	}
}

static bool is_before(struct bytes a, struct bytes b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order < 0 || (order == 0 && a.len <= b.len);
}

static bool is_strict(struct bytes in, bool is_set, unsigned depth)
{
	struct der_item item, before = { 0 };

	while (in.len > 0) {
		if (depth == 0 || !der_next(&in, &item) || !is_minimal(&item) || !is_body_strict(&item))
			return false;
		if (is_set && before.all.data != NULL && !is_before(before.all, item.all))
			return false;
		if ((item.tag & CONSTRUCTED) != 0 && !is_strict(item.body, item.tag == DER_SET, depth - 1))
			return false;
		before = item;
	}
	return true;
}

bool der_is_strict(struct bytes der)
{
	return der.len > 0 && is_strict(der, false, DEPTH_MAX);
}

int der_add_head(struct buf *out, enum der_tag tag, size_t len, struct err *e)
{
	unsigned char head[8];
	unsigned char *p = head;

	if (len > DER_MAX)
		return err_set(e, ERR_INTERNAL, "too large for an encoding: %zu bytes", len);
	ASN1_put_object(&p, (tag & CONSTRUCTED) != 0, (int)len, tag & 0x1f, tag & 0xc0);
	return buf_add(out, head, (size_t)(p - head), e);
}

int der_add(struct buf *out, enum der_tag tag, struct bytes body, struct err *e)
{
	return der_add_head(out, tag, body.len, e) < 0 ? -1 : buf_add(out, body.data, body.len, e);
}

void *der_to_item(struct bytes der, const ASN1_ITEM *it)
{
	const unsigned char *p = der.data;
	ASN1_VALUE *value;

	if (der.len == 0 || der.len > DER_MAX)
		return NULL;
	value = ASN1_item_d2i(NULL, &p, (long)der.len, it);
	if (value != NULL && p != der.data + der.len) {
		ASN1_item_free(value, it);
		value = NULL;
	}
	return value;
}

int der_add_item(struct buf *out, const void *value, const ASN1_ITEM *it, struct err *e)
{
	unsigned char *der = NULL;
	int len = value != NULL ? ASN1_item_i2d(value, &der, it) : -1;
	int result;

	if (len <= 0)
		return ossl_fail(e, ERR_INPUT, "cannot encode an ASN.1 structure");
	result = buf_add(out, der, (size_t)len, e);
	OPENSSL_free(der);
	return result;
}

void der_integer_hex(char *out, size_t size, const ASN1_INTEGER *integer)
{
	bool is_negative = (ASN1_STRING_type(integer) & V_ASN1_NEG) != 0;

	out[0] = '-';
	text_hex(out + is_negative, size - is_negative,
	    (struct bytes){ ASN1_STRING_get0_data(integer), (size_t)ASN1_STRING_length(integer) });
}

int der_add_integer(struct buf *out, struct bytes magnitude, bool is_negative, struct err *e)
{
	AUTO(BIGNUM) n = BN_bin2bn(magnitude.data, (int)magnitude.len, NULL);
	AUTO(ASN1_INTEGER) integer = NULL;

	if (n != NULL) {
		BN_set_negative(n, is_negative);
		integer = BN_to_ASN1_INTEGER(n, NULL);
	}
	return der_add_item(out, integer, ASN1_ITEM_rptr(ASN1_INTEGER), e);
}

int der_add_unsigned(struct buf *out, struct bytes number, struct err *e)
{
	return der_add_integer(out, number, false, e);
}

bool der_time(int64_t *out, const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

int der_add_time(struct buf *out, int64_t at, struct err *e)
{
	AUTO(ASN1_TIME) when = ASN1_TIME_set(NULL, at); /* chooses between the two */

	return der_add_item(out, when, ASN1_ITEM_rptr(ASN1_TIME), e);
}

int der_oid_nid(const struct der_item *oid)
{
	AUTO(ASN1_OBJECT) object = der_to_item(oid->all, ASN1_ITEM_rptr(ASN1_OBJECT));

	return object != NULL ? OBJ_obj2nid(object) : NID_undef;
}

void der_oid_name(char *out, size_t size, const struct der_item *oid)
{
	AUTO(ASN1_OBJECT) object = der_to_item(oid->all, ASN1_ITEM_rptr(ASN1_OBJECT));
	int nid = object != NULL ? OBJ_obj2nid(object) : NID_undef;

	if (nid != NID_undef)
		(void)snprintf(out, size, "%s", OBJ_nid2sn(nid));
	else if (object == NULL || OBJ_obj2txt(out, (int)size, object, 1) <= 0)
		(void)snprintf(out, size, "not an OID");
}
