/* SPDX-License-Identifier: MIT */
/*
 * azure.c - rules for certificates by the requirements of Azure VPN Gateway and its clients, with Microsoft's error
 * numbers.
 */
#include <string.h>

#include "model/cert_info.h"
#include "util/clock.h"
#include "util/text.h"
#include "x509/lint/lint.h"
#include "x509/lint/role.h"
#include "x509/name.h"
#include "x509/templates.h"

#define MIN_RSA_BITS 2048
#define EXPIRING_DAYS 90
#define DAY 86400

static bool azure_is_client(const struct facts *f)
{
	return !role_is_ca(f->cert);
}

RULE_TEST(key_rsa)
{
	return f->cert->key.type == KEY_RSA ? 0 : finding_add(out, r, e, "the key is %s", f->cert->key_name);
}

RULE_TEST(key_size)
{
	if (f->cert->key.type != KEY_RSA || f->cert->key.bits >= MIN_RSA_BITS)
		return 0;
	return finding_add(out, r, e, "the key is %s", f->cert->key_name);
}

RULE_TEST(signature_sha256)
{
	if (f->cert->key.type != KEY_RSA || strcmp(f->cert->sig_alg, "sha256WithRSAEncryption") == 0)
		return 0;
	return finding_add(out, r, e, "the certificate is signed with %s", f->cert->sig_alg);
}

RULE_TEST(self_signed_client)
{
	if (!azure_is_client(f) || !f->cert->is_self_issued || role_has_issuer_name(f->cert))
		return 0;
	return finding_add(out, r, e, "the client certificate is self-signed");
}

RULE_TEST(eku_missing)
{
	return !azure_is_client(f) || f->cert->n_eku > 0
		   ? 0
		   : finding_add(out, r, e, "the certificate has no extendedKeyUsage");
}

RULE_TEST(eku_client_auth)
{
	if (!azure_is_client(f) || f->cert->n_eku == 0 || role_has_eku(f->cert, OID_CLIENT_AUTH))
		return 0;
	return finding_add(out, r, e, "the extendedKeyUsage has no clientAuth");
}

RULE_TEST(eku_first)
{
	if (!azure_is_client(f) || !role_has_eku(f->cert, OID_CLIENT_AUTH) ||
	    strcmp(f->cert->eku[0], OID_CLIENT_AUTH) == 0)
		return 0;
	return finding_add(out, r, e, "the extendedKeyUsage begins with %s", f->cert->eku[0]);
}

RULE_TEST(cn_missing)
{
	return !azure_is_client(f) || f->cert->n_cn > 0 ? 0 : finding_add(out, r, e, "the subject has no commonName");
}

RULE_TEST(cn_count)
{
	return f->cert->n_cn < 2 ? 0 : finding_add(out, r, e, "the subject has %u commonNames", f->cert->n_cn);
}

RULE_TEST(cn_length)
{
	size_t n = text_characters(f->cert->cn);

	return n <= NAME_CN_MAX ? 0 : finding_add(out, r, e, "the commonName has %zu characters", n);
}

RULE_TEST(cn_domain_user)
{
	if (!azure_is_client(f) || strchr(f->cert->cn, '\\') == NULL)
		return 0;
	return finding_add(out, r, e, "the commonName is '%.64s'", f->cert->cn);
}

static bool has_san(const struct cert_info *c, const char *text)
{
	for (unsigned i = 0; i < c->n_sans; i++)
		if (strcasecmp(c->sans[i].text, text) == 0)
			return true;
	return false;
}

/* A name that is neither a host name nor name@domain cannot be written in a subjectAltName. */
RULE_TEST(san_dns)
{
	struct err ignored = ERR_INIT;
	enum cn_kind kind;

	if (!azure_is_client(f) || name_check_cn(&kind, f->cert->cn, &ignored) < 0 || kind == CN_TEXT ||
	    has_san(f->cert, f->cert->cn))
		return 0;
	return finding_add(out, r, e, "no subjectAltName is '%.64s'", f->cert->cn);
}

RULE_TEST(root_expired)
{
	if (!role_is_ca(f->cert) || f->now <= f->cert->not_after)
		return 0;
	return finding_add(out, r, e, "the root expired %lld days ago",
	    (long long)clock_days(f->cert->not_after, f->now));
}

RULE_TEST(root_expiring)
{
	int64_t left = f->cert->not_after - f->now;

	if (!role_is_ca(f->cert) || left < 0 || left > EXPIRING_DAYS * (int64_t)DAY)
		return 0;
	return finding_add(out, r, e, "the root expires in %lld days",
	    (long long)clock_days(f->now, f->cert->not_after));
}

RULE_TEST(root_no_basic_constraints)
{
	if (!role_is_ca(f->cert) || f->cert->has_basic_constraints)
		return 0;
	return finding_add(out, r, e, "the root has no basicConstraints");
}

RULE_TEST(root_no_key_usage)
{
	if (!role_is_ca(f->cert) || f->cert->has_key_usage)
		return 0;
	return finding_add(out, r, e, "the root has no keyUsage");
}

#define BOTH "azure,check"
#define CLIENTS BOTH "," RULES_CLIENTS

const struct rule rules_azure[] = {
	{ "azure-key-rsa", FINDING_FAIL, CLIENTS, FACT_CERT, key_rsa,
	    "the certificate's key is not an RSA key",
	    "create an RSA key of 2048 bits or more" },
	{ "azure-key-size", FINDING_FAIL, CLIENTS, FACT_CERT, key_size, "the RSA key is shorter than 2048 bits",
	    "create an RSA key of 2048 bits or more" },
	{ "azure-signature-sha256", FINDING_WARN, CLIENTS, FACT_CERT, signature_sha256,
	    "the certificate is not signed with sha256WithRSAEncryption",
	    "issue the certificate again with SHA-256 from an RSA root" },
	{ "azure-self-signed-client", FINDING_FAIL, CLIENTS, FACT_CERT, self_signed_client,
	    "the client certificate is self-signed",
	    "issue a client certificate from the root that is on the gateway" },
	{ "azure-eku-missing", FINDING_WARN, CLIENTS, FACT_CERT, eku_missing,
	    "the certificate has no extended key usage", "issue the certificate again with clientAuth" },
	{ "azure-eku-client-auth", FINDING_FAIL, CLIENTS, FACT_CERT, eku_client_auth,
	    "the extended key usage lacks clientAuth (1.3.6.1.5.5.7.3.2)",
	    "issue the certificate again with clientAuth" },
	{ "azure-eku-first", FINDING_FAIL, BOTH ",windows", FACT_CERT, eku_first,
	    "clientAuth is not the first entry of the extended key usage",
	    "issue the certificate again with clientAuth first" },
	{ "azure-cn-missing", FINDING_FAIL, CLIENTS, FACT_CERT, cn_missing, "the certificate has no common name",
	    "issue the certificate again with a common name" },
	{ "azure-cn-count", FINDING_FAIL, CLIENTS, FACT_CERT, cn_count, "the certificate has more than one common name",
	    "issue the certificate again with one common name" },
	{ "azure-cn-length", FINDING_FAIL, CLIENTS, FACT_CERT, cn_length, "the common name has more than 64 characters",
	    "issue the certificate again with a shorter name" },
	{ "azure-cn-domain-user", FINDING_WARN, CLIENTS, FACT_CERT, cn_domain_user,
	    "the common name has the form DOMAIN\\user", "issue the certificate again with the name user@domain" },
	{ "azure-san-dns", FINDING_WARN, BOTH ",apple,strongswan", FACT_CERT, san_dns,
	    "the certificate has no subjectAltName that repeats the common name",
	    "issue the certificate again with p11ca, which writes the subjectAltName" },
	{ "azure-root-expired", FINDING_FAIL, BOTH, FACT_CERT, root_expired, "the root certificate has expired",
	    "upload another root, then remove this root from the gateway" },
	{ "azure-root-expiring", FINDING_WARN, BOTH, FACT_CERT, root_expiring, "the root certificate expires soon",
	    "renew or replace the root now: `p11ca root renew NAME`, or `p11ca root rollover OLD --to NEW`" },
	{ "azure-root-no-basic-constraints", FINDING_WARN, "azure", FACT_CERT, root_no_basic_constraints,
	    "the root certificate has no basicConstraints", "for Azure you do not need to do anything" },
	{ "azure-root-no-key-usage", FINDING_WARN, "azure", FACT_CERT, root_no_key_usage,
	    "the root certificate has no keyUsage", "for Azure you do not need to do anything" },
	{ 0 }
};
