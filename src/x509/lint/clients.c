/* SPDX-License-Identifier: MIT */
/* clients.c - rules for certificates by the requirements of each VPN client that go beyond the gateway's. */
#include <openssl/x509v3.h>
#include <string.h>

#include "util/clock.h"
#include "x509/lint/lint.h"
#include "x509/lint/role.h"
#include "x509/name.h"
#include "x509/templates.h"

static bool clients_is_client(const struct facts *f)
{
	return !role_is_ca(f->cert);
}

RULE_TEST(is_a_ca)
{
	return clients_is_client(f) ? 0 : finding_add(out, r, e, "'%.100s' is a CA certificate", f->cert->subject);
}

/* Windows is stricter: azure-eku-first. */
RULE_TEST(eku_order)
{
	if (!clients_is_client(f) || !role_has_eku(f->cert, OID_CLIENT_AUTH) ||
	    strcmp(f->cert->eku[0], OID_CLIENT_AUTH) == 0)
		return 0;
	return finding_add(out, r, e, "the extendedKeyUsage begins with %s", f->cert->eku[0]);
}

/* keyAgreement satisfies RFC 5280's clientAuth, but RSA keys cannot do key agreement: only signing is left. */
RULE_TEST(key_usage)
{
	const struct cert_info *c = f->cert;
	bool is_said_by_rfc5280 = role_has_eku(c, OID_CLIENT_AUTH) && (c->key_usage & KU_KEY_AGREEMENT) == 0;

	if (!clients_is_client(f) || !c->has_key_usage || (c->key_usage & KU_DIGITAL_SIGNATURE) != 0 ||
	    is_said_by_rfc5280)
		return 0;
	return finding_add(out, r, e, "the keyUsage has no digitalSignature");
}

static bool has_identity(const struct cert_info *c)
{
	for (unsigned i = 0; i < c->n_sans; i++)
		if (c->sans[i].type != SAN_OTHER)
			return true;
	return false;
}

/* If the commonName can be written in a subjectAltName, azure-san-dns reports the fault. */
RULE_TEST(san_missing)
{
	struct err ignored = ERR_INIT;
	enum cn_kind kind;

	if (!clients_is_client(f) || has_identity(f->cert) ||
	    (name_check_cn(&kind, f->cert->cn, &ignored) == 0 && kind != CN_TEXT))
		return 0;
	return finding_add(out, r, e, "no subjectAltName is a host name or name@domain");
}

static bool lacks_issuer(const struct facts *f)
{
	return clients_is_client(f) && !f->cert->is_self_issued && (f->have & FACT_CHAIN) == 0;
}

RULE_TEST(issuer_missing)
{
	return !lacks_issuer(f) ? 0 : finding_add(out, r, e, "the issuer '%.100s' was not given", f->cert->issuer);
}

RULE_TEST(issuer_intermediate)
{
	if (!clients_is_client(f) || f->root->is_self_issued)
		return 0;
	return finding_add(out, r, e, "the issuer '%.80s' was issued by '%.80s'", f->root->subject, f->root->issuer);
}

RULE_TEST(root_expired)
{
	if (f->now <= f->root->not_after)
		return 0;
	return finding_add(out, r, e, "the issuer '%.80s' expired %lld days ago", f->root->subject,
	    (long long)clock_days(f->root->not_after, f->now));
}

#define CHAIN (FACT_CERT | FACT_CHAIN)

const struct rule rules_clients[] = {
	{ "client-is-ca", FINDING_FAIL, RULES_CLIENTS, FACT_CERT, is_a_ca,
	    "the certificate for the client is a CA certificate",
	    "issue a client certificate from this root: `p11ca client enroll NAME --token TOKEN --out FOLDER`" },
	{ "client-eku-first", FINDING_WARN, "apple,strongswan,openvpn", FACT_CERT, eku_order,
	    "clientAuth is not the first entry of the extended key usage",
	    "for Windows, issue the certificate again with clientAuth first" },
	{ "client-key-usage", FINDING_FAIL, RULES_CLIENTS ",check", FACT_CERT, key_usage,
	    "the keyUsage of the certificate lacks digitalSignature",
	    "issue the certificate again with digitalSignature" },
	{ "client-san-missing", FINDING_WARN, "apple,strongswan,check", FACT_CERT, san_missing,
	    "the certificate has no subjectAltName",
	    "issue the certificate again for a host name or a name of the form name@domain" },
	{ "client-issuer-missing", FINDING_FAIL, RULES_CLIENTS, FACT_CERT, issuer_missing,
	    "the issuer's certificate is missing beside the client's certificate",
	    "give the issuer's certificate, too" },
	{ "client-issuer-not-given", FINDING_INFO, "check", FACT_CERT, issuer_missing,
	    "the issuer's certificate was not given", "give a file with the whole chain, or the issuer with --root" },
	{ "client-issuer-intermediate", FINDING_WARN, RULES_CLIENTS, CHAIN, issuer_intermediate,
	    "the certificate was issued by an intermediate CA",
	    "upload the root, then the intermediate CA's certificate" },
	{ "client-root-expired", FINDING_FAIL, RULES_CLIENTS ",package,check", FACT_CHAIN, root_expired,
	    "the client's root has expired", "create another root, upload it, and issue from it" },
	{ 0 }
};
