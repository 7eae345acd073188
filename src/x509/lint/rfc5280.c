/* SPDX-License-Identifier: MIT */
/* rfc5280.c - rules of RFC 5280 for any certificate; roots of Azure's own recipes get warnings only. */
#include <openssl/x509v3.h>
#include <string.h>

#include "x509/lint/lint.h"
#include "x509/lint/role.h"
#include "x509/templates.h"

RULE_TEST(version_3)
{
	return f->cert->version == 3 ? 0 : finding_add(out, r, e, "it is version %u", f->cert->version);
}

static bool is_serial_positive(const struct cert_info *c)
{
	return c->serial[0] != '-' && c->serial_bits > 0;
}

RULE_TEST(serial_positive)
{
	if (f->cert->is_self_issued || is_serial_positive(f->cert))
		return 0;
	return finding_add(out, r, e, "the serial number is %s", f->cert->serial);
}

RULE_TEST(root_serial_positive)
{
	if (!f->cert->is_self_issued || is_serial_positive(f->cert))
		return 0;
	return finding_add(out, r, e, "the serial number is %s", f->cert->serial);
}

RULE_TEST(serial_length)
{
	if (f->cert->serial_bits < 160) /* 20 bytes and the sign bit */
		return 0;
	return finding_add(out, r, e, "the serial number has %u bits", f->cert->serial_bits);
}

RULE_TEST(validity_order)
{
	return f->cert->not_before <= f->cert->not_after ? 0 : finding_add(out, r, e, "it ends before it begins");
}

RULE_TEST(expired)
{
	if (f->now <= f->cert->not_after)
		return 0;
	return finding_add(out, r, e, "it expired %lld days ago", (long long)((f->now - f->cert->not_after) / 86400));
}

RULE_TEST(not_yet_valid)
{
	return f->now >= f->cert->not_before ? 0 : finding_add(out, r, e, "it is not valid yet");
}

RULE_TEST(subject_empty)
{
	const struct cert_info *c = f->cert;

	if (c->subject[0] != '\0' || (!role_is_ca(c) && c->n_sans > 0))
		return 0;
	return finding_add(out, r, e, "the subject is empty");
}

RULE_TEST(issuer_empty)
{
	return f->cert->issuer[0] != '\0' ? 0 : finding_add(out, r, e, "the issuer is empty");
}

RULE_TEST(san_empty)
{
	return !f->cert->has_san || f->cert->n_sans > 0 ? 0
							: finding_add(out, r, e, "subjectAltName has no name in it");
}

RULE_TEST(unknown_critical)
{
	return !f->cert->has_unknown_critical ? 0
					      : finding_add(out, r, e, "it has a critical extension that is not known");
}

RULE_TEST(duplicate_extension)
{
	return !f->cert->has_duplicate_ext ? 0 : finding_add(out, r, e, "it has an extension twice");
}

RULE_TEST(signature_weak)
{
	if (f->cert->is_self_issued || !f->cert->is_sig_weak)
		return 0;
	return finding_add(out, r, e, "it is signed with %s", f->cert->sig_alg);
}

RULE_TEST(root_signature_weak)
{
	if (!f->cert->is_self_issued || !f->cert->is_sig_weak)
		return 0;
	return finding_add(out, r, e, "the root is signed with %s", f->cert->sig_alg);
}

RULE_TEST(self_signature)
{
	if (!f->cert->is_self_issued || f->cert->is_self_signed || role_has_issuer_name(f->cert))
		return 0;
	return finding_add(out, r, e, "subject and issuer are the same, but its own key did not sign it");
}

RULE_TEST(issuer_name)
{
	if (role_is_ca(f->cert) || !role_has_issuer_name(f->cert))
		return 0;
	return finding_add(out, r, e, "subject and issuer are both '%.120s'", f->cert->subject);
}

RULE_TEST(ca_basic_constraints)
{
	if (!role_is_ca(f->cert) || f->cert->has_basic_constraints)
		return 0;
	return finding_add(out, r, e, "it issues certificates, but has no basicConstraints");
}

RULE_TEST(ca_basic_constraints_critical)
{
	if (!f->cert->is_ca || f->cert->is_bc_critical)
		return 0;
	return finding_add(out, r, e, "basicConstraints is not critical");
}

RULE_TEST(cert_sign_without_ca)
{
	const struct cert_info *c = f->cert;

	if (!c->has_basic_constraints || c->is_ca || !c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) == 0)
		return 0;
	return finding_add(out, r, e, "keyUsage has keyCertSign, basicConstraints says CA:FALSE");
}

RULE_TEST(ca_key_usage)
{
	if (!role_is_ca(f->cert) || f->cert->has_key_usage)
		return 0;
	return finding_add(out, r, e, "it issues certificates, but has no keyUsage");
}

RULE_TEST(ca_cert_sign)
{
	const struct cert_info *c = f->cert;

	if (!c->is_ca || !c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) != 0)
		return 0;
	return finding_add(out, r, e, "it is a CA, but its keyUsage has no keyCertSign");
}

RULE_TEST(ca_crl_sign)
{
	const struct cert_info *c = f->cert;

	if (!role_is_ca(c) || !c->has_key_usage || (c->key_usage & KU_CRL_SIGN) != 0)
		return 0;
	return finding_add(out, r, e, "its keyUsage has no cRLSign");
}

RULE_TEST(path_len)
{
	const struct cert_info *c = f->cert;

	if (c->path_len < 0 || (c->is_ca && (!c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) != 0)))
		return 0;
	return finding_add(out, r, e, "it has a path length, but may not sign certificates");
}

RULE_TEST(ski_missing)
{
	return f->cert->ski[0] != '\0' ? 0 : finding_add(out, r, e, "it has no subject key identifier");
}

RULE_TEST(eku_key_usage)
{
	const struct cert_info *c = f->cert;

	if (!role_has_eku(c, OID_CLIENT_AUTH) || !c->has_key_usage ||
	    (c->key_usage & (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT)) != 0)
		return 0;
	return finding_add(out, r, e, "clientAuth needs digitalSignature, which its keyUsage lacks");
}

RULE_TEST(issuer_matches)
{
	struct bytes a = f->cert->issuer_der, b = f->root->subject_der;

	if (a.len == b.len && memcmp(a.data, b.data, a.len) == 0)
		return 0;
	return finding_add(out, r, e, "its issuer is '%.80s', the issuer's name is '%.80s'", f->cert->issuer,
	    f->root->subject);
}

RULE_TEST(aki_matches)
{
	const char *aki = f->cert->aki, *ski = f->root->ski;

	if (aki[0] == '\0' || ski[0] == '\0' || strcmp(aki, ski) == 0)
		return 0;
	return finding_add(out, r, e, "it names the issuer's key %.40s, which is %.40s", aki, ski);
}

RULE_TEST(aki_missing)
{
	if (f->cert->is_self_issued || f->cert->aki[0] != '\0' || f->root->ski[0] == '\0')
		return 0;
	return finding_add(out, r, e, "it has no authority key identifier");
}

RULE_TEST(issuer_is_ca)
{
	const struct cert_info *i = f->root;

	if ((!i->has_basic_constraints || i->is_ca) && (!i->has_key_usage || (i->key_usage & KU_KEY_CERT_SIGN) != 0))
		return 0;
	return finding_add(out, r, e, "'%.100s' may not sign certificates", i->subject);
}

RULE_TEST(path_len_exceeded)
{
	if (f->cert->is_self_issued || !role_is_ca(f->cert) || f->root->path_len != 0)
		return 0;
	return finding_add(out, r, e, "'%.100s' allows no CA below it (path length 0)", f->root->subject);
}

RULE_TEST(validity_within_issuer)
{
	if (f->cert->not_before >= f->root->not_before && f->cert->not_after <= f->root->not_after)
		return 0;
	return finding_add(out, r, e, "it is valid when '%.100s' is not", f->root->subject);
}

#define ALL "rfc5280,azure,check"
#define ALL_CLIENTS ALL "," RULES_CLIENTS
#define CHAIN (FACT_CERT | FACT_CHAIN)
#define ISSUE_NEW "issue it again"
#define MAKE_NEW_ROOT "the root works as it is; a root that p11ca makes has it right, for the day it is replaced"

const struct rule rules_rfc5280[] = { { "rfc5280-version-3", FINDING_FAIL, ALL, FACT_CERT, version_3,
					  "certificates with extensions are version 3 (4.1.2.1)", ISSUE_NEW },
	{ "rfc5280-serial-positive", FINDING_FAIL, ALL, FACT_CERT, serial_positive,
	    "serial numbers are positive (4.1.2.2)", ISSUE_NEW },
	{ "rfc5280-root-serial", FINDING_WARN, ALL, FACT_CERT, root_serial_positive,
	    "a root's serial number is positive, too (4.1.2.2); MakeCert's may not be", MAKE_NEW_ROOT },
	{ "rfc5280-serial-length", FINDING_FAIL, ALL, FACT_CERT, serial_length,
	    "serial numbers have at most 20 bytes (4.1.2.2)", ISSUE_NEW },
	{ "rfc5280-validity-order", FINDING_FAIL, ALL, FACT_CERT, validity_order,
	    "notBefore comes before notAfter (4.1.2.5)", ISSUE_NEW },
	{ "rfc5280-expired", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, expired,
	    "nobody accepts it after notAfter (4.1.2.5)", "renew it" },
	{ "rfc5280-not-yet-valid", FINDING_WARN, ALL_CLIENTS, FACT_CERT, not_yet_valid,
	    "nobody accepts it before notBefore (4.1.2.5)", "wait, or look at the clock of this machine" },
	{ "rfc5280-subject-empty", FINDING_FAIL, ALL, FACT_CERT, subject_empty,
	    "an issuer has a subject, and anybody else a subject or a subjectAltName (4.1.2.6)", ISSUE_NEW },
	{ "rfc5280-issuer-empty", FINDING_FAIL, ALL, FACT_CERT, issuer_empty, "the issuer has a name (4.1.2.4)",
	    ISSUE_NEW },
	{ "rfc5280-san-empty", FINDING_FAIL, ALL, FACT_CERT, san_empty,
	    "subjectAltName has at least one name (4.2.1.6)", ISSUE_NEW },
	{ "rfc5280-unknown-critical", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, unknown_critical,
	    "whoever does not know a critical extension must refuse the certificate (4.2)",
	    "use a certificate without it, or have its issuer say what it means" },
	{ "rfc5280-duplicate-extension", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, duplicate_extension,
	    "each extension is there once (4.2)", ISSUE_NEW },
	{ "rfc5280-signature-weak", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, signature_weak,
	    "MD5 and SHA-1 signatures can be forged", "issue it again with SHA-256" },
	{ "rfc5280-root-signature-weak", FINDING_WARN, ALL, FACT_CERT, root_signature_weak,
	    "a root is trusted because it was installed, not for its signature; some software refuses SHA-1 all the "
	    "same",
	    MAKE_NEW_ROOT },
	{ "rfc5280-self-signature", FINDING_FAIL, ALL, FACT_CERT, self_signature,
	    "a self-issued certificate is signed by its own key, unless it is for a key change (3.2)",
	    "get the certificate again from where it was made" },
	{ "rfc5280-issuer-name", FINDING_FAIL, ALL, FACT_CERT, issuer_name,
	    "a certificate with the name of its issuer is taken for a root by clients and gateways",
	    "issue it again with another name" },
	{ "rfc5280-ca-basic-constraints", FINDING_WARN, "rfc5280,check", FACT_CERT, ca_basic_constraints,
	    "issuers have basicConstraints (4.2.1.9); Azure's PowerShell recipe leaves it out", MAKE_NEW_ROOT },
	{ "rfc5280-ca-basic-constraints-critical", FINDING_WARN, ALL, FACT_CERT, ca_basic_constraints_critical,
	    "an issuer's basicConstraints is critical (4.2.1.9)", MAKE_NEW_ROOT },
	{ "rfc5280-cert-sign-without-ca", FINDING_FAIL, ALL, FACT_CERT, cert_sign_without_ca,
	    "keyCertSign is for CAs (4.2.1.9)", ISSUE_NEW },
	{ "rfc5280-ca-key-usage", FINDING_WARN, "rfc5280,check", FACT_CERT, ca_key_usage,
	    "issuers have keyUsage (4.2.1.3); Azure's OpenSSL recipe leaves it out", MAKE_NEW_ROOT },
	{ "rfc5280-ca-cert-sign", FINDING_FAIL, ALL, FACT_CERT, ca_cert_sign,
	    "a CA's keyUsage has keyCertSign (4.2.1.3)", ISSUE_NEW },
	{ "rfc5280-ca-crl-sign", FINDING_INFO, ALL, FACT_CERT, ca_crl_sign,
	    "only a key with cRLSign may sign a CRL (4.2.1.3); Azure itself reads none",
	    "revocation works by Azure's own list; for CRLs, make a new root" },
	{ "rfc5280-path-len", FINDING_FAIL, ALL, FACT_CERT, path_len,
	    "a path length is for CAs that sign certificates (4.2.1.9)", ISSUE_NEW },
	{ "rfc5280-ski-missing", FINDING_WARN, ALL ",strongswan", FACT_CERT, ski_missing,
	    "CAs must and others should have a subject key identifier (4.2.1.2); NetworkManager finds card keys by it",
	    "issue it again; p11ca's certificates have it" },
	{ "rfc5280-eku-key-usage", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, eku_key_usage,
	    "extendedKeyUsage and keyUsage must agree (4.2.1.12)", ISSUE_NEW },
	{ "rfc5280-issuer-matches", FINDING_FAIL, ALL_CLIENTS, CHAIN, issuer_matches,
	    "a certificate's issuer is its issuer's subject, byte for byte (4.1.2.4)", "use the root that issued it" },
	{ "rfc5280-aki-matches", FINDING_FAIL, ALL_CLIENTS, CHAIN, aki_matches,
	    "the authority key identifier is the issuer's subject key identifier (4.2.1.1)",
	    "use the root that issued it: it may have been made again under the same name" },
	{ "rfc5280-aki-missing", FINDING_WARN, ALL, CHAIN, aki_missing,
	    "certificates name their issuer's key (4.2.1.1)", ISSUE_NEW },
	{ "rfc5280-issuer-ca", FINDING_FAIL, ALL_CLIENTS, CHAIN, issuer_is_ca,
	    "only a CA with keyCertSign signs certificates (4.2.1.3, 4.2.1.9)", "use the root that issued it" },
	{ "rfc5280-path-len-exceeded", FINDING_FAIL, ALL, CHAIN, path_len_exceeded,
	    "a path length of 0 allows clients, but no CA, below it (4.2.1.9)", "issue from a root that allows it" },
	{ "rfc5280-validity-within-issuer", FINDING_WARN, ALL_CLIENTS, CHAIN, validity_within_issuer,
	    "outside its issuer's validity nobody accepts it (6.1.3)", "ask for fewer days, or renew the root first" },
	{ 0 } };
