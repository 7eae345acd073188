/* SPDX-License-Identifier: MIT */
/* issuers.c - see issuers.h. */
#include "x509/issuers.h"

#include <stdbool.h>
#include <string.h>

#include "x509/cert.h"
#include "x509/der.h"
#include "x509/encode.h"

size_t issuers_list(struct bytes out[ISSUERS_MAX], struct bytes issuers)
{
	struct der_item item;
	size_t n = 0;

	while (n < ISSUERS_MAX && der_take(&issuers, DER_SEQUENCE, &item))
		out[n++] = item.all;
	return n;
}

struct bytes issuers_top(struct bytes cert, struct bytes issuers)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);

	return n > 0 ? list[n - 1] : cert;
}

int issuers_encode(struct buf *out, struct bytes issuers, const char *format, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);

	for (size_t i = 0; i < n; i++) {
		if (der_encode(out, list[i], DER_CERT, format, e) < 0)
			return -1;
	}
	return 0;
}

int issuers_verify(struct bytes cert, struct bytes issuers, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);

	for (size_t i = 0; i < n; i++) {
		if (cert_verify(i > 0 ? list[i - 1] : cert, list[i], 0, e) < 0)
			return -1;
	}
	return 0;
}

static bool is_named(const struct cert_info *cert, const struct cert_info *issuer)
{
	const struct bytes a = cert->issuer_der, b = issuer->subject_der;

	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* Several CAs of one name are a renewed CA: the one that verifies is used; otherwise the last error is reported. */
static int find_one(struct cert_info *out, const struct cert_info *cert, struct bytes pool, int64_t at, struct err *e)
{
	struct der_item item;

	(void)err_set(e, ERR_POLICY, "the certificate of '%.200s', which signed '%.200s', is missing", cert->issuer,
	    cert->subject);
	(void)err_rule(e, "issuers-incomplete", "give the CA's whole chain, in the file or with --chain");
	while (der_take(&pool, DER_SEQUENCE, &item)) {
		struct err ignored = ERR_INIT;

		if (cert_read_known(out, item.all, &ignored) < 0 || !is_named(cert, out))
			continue;
		*e = (struct err)ERR_INIT;
		if (cert_verify(cert->der, out->der, at, e) == 0)
			return 0;
	}
	return -1;
}

int issuers_find(struct buf *out, struct bytes cert, struct bytes pool, int64_t at, struct err *e)
{
	struct cert_info below, issuer;
	int n_cas;                   /* number of CAs below the issuer being checked */

	if (cert_read_known(&below, cert, e) < 0)
		return -1;
	n_cas = below.is_ca ? 1 : 0;
	for (int n = 0; !below.is_self_signed; n++, n_cas++, below = issuer) {
		if (n == ISSUERS_MAX) {
			(void)err_set(e, ERR_POLICY, "there are more than %d CAs above it", ISSUERS_MAX);
			return err_rule(e, "issuers-incomplete", "give the CA's whole chain");
		}
		if (find_one(&issuer, &below, pool, at, e) < 0)
			return -1;
		if (issuer.path_len >= 0 && issuer.path_len < n_cas) {
			(void)err_set(e, ERR_POLICY, "'%.200s' allows %d subordinate CAs (path length), the chain "
			    "has %d", issuer.subject,
			    issuer.path_len, n_cas);
			return err_rule(e, "issuers-path-length", "ask a CA that may have another one below it");
		}
		if (buf_add(out, issuer.der.data, issuer.der.len, e) < 0)
			return -1;
	}
	return 0;
}
