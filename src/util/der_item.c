/* SPDX-License-Identifier: MIT */
/* der_item.c - see der_item.h. */
#include "util/der_item.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

#define DER_ITEM_MAX (1L << 30)

bool der_next(struct bytes *in, struct der_item *out)
{
	const unsigned char *p = in->data;
	long len;
	int tag, class, flags;

	if (in->len == 0 || in->len > DER_ITEM_MAX)
		return false;
	/* Removes errors from OpenSSL's queue: "not DER" is a result here, not the cause of a later error. */
	(void)ERR_set_mark();
	flags = ASN1_get_object(&p, &len, &tag, &class, (long)in->len);
	(void)ERR_pop_to_mark();
	if ((flags & 0x81) != 0 || tag > 30)
		return false;
	out->tag = in->data[0];
	out->body = (struct bytes){ p, (size_t)len };
	out->all = (struct bytes){ in->data, (size_t)(p - in->data) + (size_t)len };
	in->data += out->all.len;
	in->len -= out->all.len;
	return true;
}

bool der_take(struct bytes *in, enum der_tag tag, struct der_item *out)
{
	struct bytes rest = *in;
	struct der_item item;

	if (!der_next(&rest, &item) || item.tag != tag)
		return false;
	*in = rest;
	*out = item;
	return true;
}

bool der_is_one(struct bytes der, enum der_tag tag)
{
	struct der_item item;

	return der_take(&der, tag, &item) && der.len == 0;
}
