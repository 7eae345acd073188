/* SPDX-License-Identifier: MIT */
/* chain.c - checks whether a certificate issued another (cert_verify() of cert.h). */
#include <stdlib.h>
#include <string.h>

#include "x509/cert.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "x509/view.h"
#include "util/array.h"

struct cert_issuer {
	struct cert_info info;
	EVP_PKEY *key;               /* NULL: OpenSSL cannot verify with this type of key */
};

struct link {
	const struct cert_info *cert, *issuer;
	struct cert_view cert_view;
	EVP_PKEY *issuer_key;
	bool is_verified;            /* the signature, by the caller */
	int64_t at;
};

static bool is_name_right(const struct link *l)
{
	struct bytes a = l->cert->issuer_der, b = l->issuer->subject_der;

	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static bool is_aki_right(const struct link *l)
{
	return l->cert->aki[0] == '\0' || l->issuer->ski[0] == '\0' || strcmp(l->cert->aki, l->issuer->ski) == 0;
}

/* Roots of Azure's PowerShell recipe have no basicConstraints, roots of its OpenSSL recipe no keyUsage. */
static bool is_issuer_ca(const struct link *l)
{
	return (!l->issuer->has_basic_constraints || l->issuer->is_ca) &&
	    (!l->issuer->has_key_usage || (l->issuer->key_usage & KU_KEY_CERT_SIGN) != 0);
}

static bool chain_is_signature_right(const struct link *l)
{
	return l->is_verified || (l->issuer_key != NULL && signed_verify(&l->cert_view.outer, l->issuer_key));
}

static bool is_begun(const struct link *l)
{
	return l->at == 0 || (l->at >= l->cert->not_before && l->at >= l->issuer->not_before);
}

static bool is_not_over(const struct link *l)
{
	return l->at == 0 || (l->at <= l->cert->not_after && l->at <= l->issuer->not_after);
}

#define OTHER_ROOT "give the root that signed it: `p11ca root list` lists the roots in the ledger"

static const struct link_check {
	const char *code;
	bool (*is_right)(const struct link *l);
	const char *why, *hint;
} checks[] = {
	{ "chain-issuer", is_name_right, "its issuer's name differs", OTHER_ROOT },
	{ "chain-aki", is_aki_right, "its authority key identifier is not the issuer's subject key identifier",
	    OTHER_ROOT },
	{ "chain-not-ca", is_issuer_ca, "the issuer may not sign certificates", OTHER_ROOT },
	{ "chain-signature", chain_is_signature_right, "the signature is not by the issuer's key", OTHER_ROOT },
	{ "chain-not-yet-valid", is_begun, "it, or its issuer, is not valid yet", "look at the clock" },
	{ "chain-expired", is_not_over, "it, or its issuer, has expired", "issue a new one from a root that is valid" },
};

int cert_issuer_open(struct cert_issuer **out, struct bytes der, struct err *e)
{
	AUTO_STRUCT(cert_issuer) issuer = calloc(1, sizeof(*issuer));
	struct cert_view view;
	struct err ignored = ERR_INIT;

	if (issuer == NULL)
		return err_oom(e);
	if (cert_read_known(&issuer->info, der, e) < 0)
		return -1;
	if (!cert_view_cert(&view, der))
		return err_set(e, ERR_INTERNAL, "a certificate reads differently the second time");
	if (spki_parse(&issuer->key, view.spki, &ignored) < 0)
		issuer->key = NULL;
	*out = STEAL(issuer);
	return 0;
}

void cert_issuer_close(struct cert_issuer *issuer)
{
	if (issuer == NULL)
		return;
	EVP_PKEY_free(issuer->key);
	free(issuer);
}

EVP_PKEY *cert_issuer_key(const struct cert_issuer *issuer)
{
	return issuer->key;
}

static int chain_check(const struct link *l, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		if (checks[i].is_right(l))
			continue;
		(void)err_set(e, ERR_POLICY, "certificate '%.100s' was not issued by '%.80s': %s", l->cert->subject,
		    l->issuer->subject, checks[i].why);
		e->code = checks[i].code;
		e->hint = checks[i].hint;
		return -1;
	}
	return 0;
}

int cert_verify_by(const struct cert_info *cert, const struct cert_issuer *issuer, int64_t at, struct err *e)
{
	struct link l = { .cert = cert, .issuer = &issuer->info, .issuer_key = issuer->key, .at = at };

	if (!cert_view_cert(&l.cert_view, cert->der))
		return err_set(e, ERR_INTERNAL, "a certificate reads differently the second time");
	return chain_check(&l, e);
}

int cert_check_issuer(const struct cert_info *cert, const struct cert_issuer *issuer, int64_t at, struct err *e)
{
	return chain_check(&(struct link){ .cert = cert, .issuer = &issuer->info, .is_verified = true, .at = at }, e);
}

int cert_verify(struct bytes der, struct bytes issuer_der, int64_t at, struct err *e)
{
	AUTO_STRUCT(cert_issuer) issuer = NULL;
	struct cert_info cert;

	if (cert_read_known(&cert, der, e) < 0 || cert_issuer_open(&issuer, issuer_der, e) < 0)
		return -1;
	return cert_verify_by(&cert, issuer, at, e);
}
