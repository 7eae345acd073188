/* SPDX-License-Identifier: MIT */
/* crl_read.c - see crl_read.h. */
#include "x509/crl_read.h"

#include <string.h>

#include "model/revoke_reason.h"
#include "x509/der.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "x509/view.h"

AUTO_DEFINE(X509_CRL, X509_CRL_free);
AUTO_DEFINE(ISSUING_DIST_POINT, ISSUING_DIST_POINT_free);

#define NUMBER_MAX (INT64_C(1) << 62) /* room for the next numbers */

static bool crl_read_time(int64_t *out, const ASN1_TIME *at)
{
	return der_time(out, at) && *out > 0;
}

static int check_issuer(X509_CRL *crl, struct bytes der, struct bytes issuer, struct err *e)
{
	AUTO(EVP_PKEY) key = NULL;
	AUTO_VALUE(buf) name = { 0 };
	struct signed_view parts;
	struct cert_view view;

	if (!cert_view_cert(&view, issuer) || !signed_parse(&parts, der))
		return err_set(e, ERR_INPUT, "the CRL or its issuer's certificate is malformed");
	if (spki_parse(&key, view.spki, e) < 0 ||
	    der_add_item(&name, X509_CRL_get_issuer(crl), ASN1_ITEM_rptr(X509_NAME), e) < 0)
		return -1;
	if (name.len == view.subject.len && memcmp(name.data, view.subject.data, name.len) == 0 &&
	    signed_verify(&parts, key))
		return 0;
	(void)err_set(e, ERR_POLICY, "the CRL is not signed by this root");
	return err_rule(e, "crl-issuer", "name the root that signed it with --root");
}

/* Refuses unknown critical extensions of the list or an entry, which could change their meaning (RFC 5280, 5.2). */
static bool is_critical_known(X509_EXTENSION *x, int known)
{
	return X509_EXTENSION_get_critical(x) == 0 || OBJ_obj2nid(X509_EXTENSION_get_object(x)) == known;
}

static int check_extensions(const X509_CRL *crl, struct err *e)
{
	int critical = -1;
	AUTO(ISSUING_DIST_POINT) idp = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, NULL);

	if (idp == NULL && critical != -1)
		return ossl_fail(e, ERR_INPUT, "its issuing distribution point is malformed or there twice");
	if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
		return err_set(e, ERR_INPUT, "this is a delta CRL, which lists changes only: give the complete one");
	if (idp != NULL && idp->indirectCRL > 0)
		return err_set(e, ERR_INPUT, "this is an indirect CRL, which lists certificates of other issuers");
	if (idp != NULL && (idp->onlysomereasons != NULL || idp->onlyuser > 0 || idp->onlyCA > 0 || idp->onlyattr > 0))
		return err_set(e, ERR_INPUT, "this CRL is a part of one, for some reasons or certificates: give the"
					     " complete one");
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++)
		if (!is_critical_known(X509_CRL_get_ext(crl, i), NID_issuing_distribution_point))
			return err_set(e, ERR_INPUT, "the CRL has a critical extension that p11ca does not know");
	return 0;
}

static int read_number(int64_t *out, const X509_CRL *crl, struct err *e)
{
	int critical = -1;
	AUTO(ASN1_INTEGER) number = X509_CRL_get_ext_d2i(crl, NID_crl_number, &critical, NULL);

	*out = 0;
	if (number == NULL && critical == -1)
		return 0; /* no number: RFC 5280 requires it, `openssl ca` without crlnumber omits it */
	if (number != NULL && ASN1_INTEGER_get_int64(out, number) == 1 && *out >= 0 && *out <= NUMBER_MAX)
		return 0;
	return ossl_fail(e, ERR_INPUT, "its CRL number is malformed, or above %lld", (long long)NUMBER_MAX);
}

static int crl_read_info(struct crl_info *out, const X509_CRL *crl, struct bytes der, struct err *e)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	struct signed_view parts;

	if (!crl_read_time(&out->this_update, X509_CRL_get0_lastUpdate(crl)) ||
	    (next != NULL && !crl_read_time(&out->next_update, next)) || !signed_parse(&parts, der))
		return ossl_fail(e, ERR_INPUT, "its dates are malformed");
	if (read_number(&out->number, crl, e) < 0 || hash_sha256_hex(out->sha256, der, e) < 0)
		return -1;
	return hash_sha256_hex(out->tbs_sha256, parts.tbs, e);
}

static const char *read_reason(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	const int number = code != NULL ? (int)ASN1_ENUMERATED_get(code) : 0;
	const char *word = revoke_reason_word(number);

	ASN1_ENUMERATED_free(code);
	if (number == 8)
		return NULL;
	return word != NULL ? word : "unspecified";
}

static int crl_read_entry(const X509_REVOKED *entry, crl_revoked_fn *fn, void *arg, struct err *e)
{
	struct crl_revoked r = { .reason = read_reason(entry) };

	if (r.reason == NULL)
		return err_set(e, ERR_INPUT, "an entry has the reason removeFromCRL, which only delta CRLs have");
	for (int i = 0; i < X509_REVOKED_get_ext_count(entry); i++)
		if (!is_critical_known(X509_REVOKED_get_ext(entry, i), NID_undef))
			return err_set(e, ERR_INPUT, "an entry has a critical extension that p11ca does not know");
	if (!crl_read_time(&r.revoked_at, X509_REVOKED_get0_revocationDate(entry)))
		return ossl_fail(e, ERR_INPUT, "the date of an entry is malformed");
	der_integer_hex(r.serial, sizeof(r.serial), X509_REVOKED_get0_serialNumber(entry));
	return fn(&r, arg, e);
}

int crl_read(struct crl_info *out, struct bytes der, struct bytes issuer, crl_revoked_fn *fn, void *arg, struct err *e)
{
	AUTO(X509_CRL) crl = der_to_item(der, ASN1_ITEM_rptr(X509_CRL));
	const STACK_OF(X509_REVOKED) *list;
	struct crl_info info = { 0 };

	if (crl == NULL)
		return ossl_fail(e, ERR_INPUT, "this is not one CRL in DER");
	if (check_issuer(crl, der, issuer, e) < 0 || check_extensions(crl, e) < 0 ||
	    crl_read_info(&info, crl, der, e) < 0)
		return -1;
	list = X509_CRL_get_REVOKED(crl);
	for (int i = 0; i < sk_X509_REVOKED_num(list); i++, info.n_entries++)
		if (crl_read_entry(sk_X509_REVOKED_value(list, i), fn, arg, e) < 0)
			return -1;
	*out = info;
	return 0;
}
