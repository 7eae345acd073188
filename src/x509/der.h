/* SPDX-License-Identifier: MIT */
/* der.h - checks DER (X.690) that util/der_item.h takes apart, and writes it; conversions to and from OpenSSL. */
#ifndef X509_DER_H
#define X509_DER_H

#include <openssl/asn1.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"
#include "util/der_item.h"
#include "util/err.h"

/*
 * Whether, in all items, lengths and INTEGERs are minimal, BOOLEANs 00 or ff, unused bits zero, SETs in order (X.690,
 * 10, 11).
 */
bool der_is_strict(struct bytes der);

/* Appends identifier and length for a body of len bytes, which the caller appends. -1: as der_add(). */
int der_add_head(struct buf *out, enum der_tag tag, size_t len, struct err *e) MUST_CHECK;
/* Appends identifier, length and body. -1 (ERR_INTERNAL): no memory, or more than 1 GiB. */
int der_add(struct buf *out, enum der_tag tag, struct bytes body, struct err *e) MUST_CHECK;

/* Parses one OpenSSL structure of exactly these bytes; the caller frees it. NULL: invalid, or bytes follow. */
void *der_to_item(struct bytes der, const ASN1_ITEM *it);
/* Appends the structure's DER.  -1 (ERR_INPUT): it cannot be encoded. */
int der_add_item(struct buf *out, const void *value, const ASN1_ITEM *it, struct err *e) MUST_CHECK;

/* Appends a non-negative INTEGER from its big-endian bytes. -1 (ERR_INTERNAL). */
int der_add_unsigned(struct buf *out, struct bytes number, struct err *e) MUST_CHECK;
/* Seconds since 1970 of a Time. False: no valid time. */
bool der_time(int64_t *out, const ASN1_TIME *time);
/* Appends a Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). -1: out of range. */
int der_add_time(struct buf *out, int64_t at, struct err *e) MUST_CHECK;

/*
 * An INTEGER in the form of cert_info.serial: lower-case hex without leading zero bytes, '-' before a negative
 * number.
 */
void der_integer_hex(char *out, size_t size, const ASN1_INTEGER *integer);
/*
 * Appends an INTEGER from magnitude and sign (X.690, 8.3). RFC 5280 allows no negative serials, but MakeCert writes
 * them.
 */
int der_add_integer(struct buf *out, struct bytes magnitude, bool is_negative, struct err *e) MUST_CHECK;

int der_oid_nid(const struct der_item *oid);   /* OpenSSL's number, or NID_undef */
/* OpenSSL's short name of the OID, or its dotted form; cut at size. */
void der_oid_name(char *out, size_t size, const struct der_item *oid);

#endif
