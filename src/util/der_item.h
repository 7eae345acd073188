/* SPDX-License-Identifier: MIT */
/* der_item.h - takes DER (X.690) apart; items are borrowed pieces, every length is checked against its parent. */
#ifndef UTIL_DER_ITEM_H
#define UTIL_DER_ITEM_H

#include <stdbool.h>

#include "util/bytes.h"

/* Identifier octets (X.690, 8.1.2) used in X.509. */
enum der_tag {
	DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04, DER_NULL = 0x05,
	DER_OID = 0x06, DER_UTC_TIME = 0x17, DER_GENERALIZED_TIME = 0x18, DER_SEQUENCE = 0x30, DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0, DER_CONTEXT_3 = 0xa3
};

struct der_item {
	unsigned char tag;       /* the identifier octet */
	struct bytes all, body;  /* with and without identifier and length; borrowed */
};

/*
 * Takes the first item off in. False: no item left, truncated, indefinite length or a tag above 30; in is then
 * unchanged. Lengths that are not minimal are accepted.
 */
bool der_next(struct bytes *in, struct der_item *out);
/* The same, if the item has this tag. */
bool der_take(struct bytes *in, enum der_tag tag, struct der_item *out);
/* Whether der is one item with this tag and nothing after it. */
bool der_is_one(struct bytes der, enum der_tag tag);

#endif
