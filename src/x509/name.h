/* SPDX-License-Identifier: MIT */
/* name.h - checks names that an operator gives, and converts distinguished names. */
#ifndef X509_NAME_H
#define X509_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

#define NAME_CN_MAX 64 /* characters: RFC 5280, A.1, ub-common-name */

enum cn_kind { CN_TEXT, CN_HOST, CN_EMAIL }; /* email: name@domain */

/*
 * Whether text may be a certificate's commonName: UTF-8, 1 to 64 characters (RFC 5280, ub-common-name), only those
 * that name_flaw_find() accepts. A pattern, an IP address and DOMAIN\user are refused with the reason that Azure
 * documents ("name-domain-user"). -1 (ERR_POLICY) with code "name-…".
 */
int name_check_cn(enum cn_kind *out, const char *cn, struct err *e) MUST_CHECK;

/*
 * Converts "CN=Contoso P2S Root,O=Contoso" (RFC 4514, most specific first) to a DER Name with UTF8String values.
 * -1 (ERR_USAGE): not a DN, unknown or repeated attribute, no CN, too long.
 */
int name_parse(struct buf *der, const char *text, struct err *e) MUST_CHECK;
/* Whether a subject as text (RFC 4514, of cert_info) has the attribute O=TEST, the mark of test homes. */
bool name_is_test(const char *subject);
/* Appends a Name with this CN only, or with O=TEST as well if is_test. */
int name_from_cn(struct buf *der, const char *cn, bool is_test, struct err *e) MUST_CHECK;
/* DER Name to RFC 4514 text in UTF-8; cut at size.  Untrusted: print through print_safe(). */
void name_format(char *out, size_t size, struct bytes der);

#endif
