/* SPDX-License-Identifier: MIT */
/* rfc5280.c - rules of RFC 5280 for any certificate; roots of Azure's own recipes get warnings only. */
#include <openssl/x509v3.h>
#include <string.h>

#include "util/clock.h"
#include "x509/lint/lint.h"
#include "x509/lint/role.h"
#include "x509/templates.h"

RULE_TEST(version_3)
{
	return f->cert->version == 3 ? 0 : finding_add(out, r, e, "the certificate is version %u", f->cert->version);
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
	return f->cert->not_before <= f->cert->not_after ? 0
							 : finding_add(out, r, e, "notAfter is earlier than notBefore");
}

RULE_TEST(expired)
{
	if (f->now <= f->cert->not_after)
		return 0;
	return finding_add(
	    out, r, e, "the certificate expired %lld days ago", (long long)clock_days(f->cert->not_after, f->now));
}

RULE_TEST(not_yet_valid)
{
	return f->now >= f->cert->not_before ? 0 : finding_add(out, r, e, "the certificate is not valid yet");
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
							: finding_add(out, r, e, "the subjectAltName contains no name");
}

RULE_TEST(unknown_critical)
{
	return !f->cert->has_unknown_critical
		   ? 0
		   : finding_add(out, r, e, "the certificate has an unknown critical extension");
}

RULE_TEST(duplicate_extension)
{
	return !f->cert->has_duplicate_ext ? 0 : finding_add(out, r, e, "the certificate has an extension twice");
}

RULE_TEST(signature_weak)
{
	if (f->cert->is_self_issued || !f->cert->is_sig_weak)
		return 0;
	return finding_add(out, r, e, "the certificate is signed with %s", f->cert->sig_alg);
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
	return finding_add(
	    out, r, e, "subject and issuer are the same, but the signature does not verify with its own key");
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
	return finding_add(out, r, e, "the certificate is a CA without basicConstraints");
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
	return finding_add(out, r, e, "the certificate is a CA without keyUsage");
}

RULE_TEST(ca_cert_sign)
{
	const struct cert_info *c = f->cert;

	if (!c->is_ca || !c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) != 0)
		return 0;
	return finding_add(out, r, e, "the certificate is a CA without keyCertSign in its keyUsage");
}

RULE_TEST(ca_crl_sign)
{
	const struct cert_info *c = f->cert;

	if (!role_is_ca(c) || !c->has_key_usage || (c->key_usage & KU_CRL_SIGN) != 0)
		return 0;
	return finding_add(out, r, e, "the keyUsage has no cRLSign");
}

RULE_TEST(path_len)
{
	const struct cert_info *c = f->cert;

	if (c->path_len < 0 || (c->is_ca && (!c->has_key_usage || (c->key_usage & KU_KEY_CERT_SIGN) != 0)))
		return 0;
	return finding_add(out, r, e, "the certificate has a path length and no keyCertSign");
}

RULE_TEST(ski_missing)
{
	return f->cert->ski[0] != '\0' ? 0 : finding_add(out, r, e, "the certificate has no subject key identifier");
}

RULE_TEST(eku_key_usage)
{
	const struct cert_info *c = f->cert;

	if (!role_has_eku(c, OID_CLIENT_AUTH) || !c->has_key_usage ||
	    (c->key_usage & (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT)) != 0)
		return 0;
	return finding_add(out, r, e, "clientAuth needs digitalSignature, which the keyUsage lacks");
}

RULE_TEST(issuer_matches)
{
	struct bytes a = f->cert->issuer_der, b = f->root->subject_der;

	if (a.len == b.len && memcmp(a.data, b.data, a.len) == 0)
		return 0;
	return finding_add(out, r, e, "the certificate names the issuer '%.80s', the issuer's subject is '%.80s'",
	    f->cert->issuer, f->root->subject);
}

RULE_TEST(aki_matches)
{
	const char *aki = f->cert->aki, *ski = f->root->ski;

	if (aki[0] == '\0' || ski[0] == '\0' || strcmp(aki, ski) == 0)
		return 0;
	return finding_add(
	    out, r, e, "the certificate names the issuer's key %.40s, the issuer has key %.40s", aki, ski);
}

RULE_TEST(aki_missing)
{
	if (f->cert->is_self_issued || f->cert->aki[0] != '\0' || f->root->ski[0] == '\0')
		return 0;
	return finding_add(out, r, e, "the certificate has no authority key identifier");
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
	return finding_add(out, r, e, "the certificate is valid at a time when '%.100s' is not", f->root->subject);
}

#define ALL "rfc5280,azure,check"
#define ALL_CLIENTS ALL "," RULES_CLIENTS
#define CHAIN (FACT_CERT | FACT_CHAIN)
#define ISSUE_NEW     "issue the certificate again"
#define MAKE_NEW_ROOT "you do not need to replace the root only for this"

const struct rule rules_rfc5280[] = {
	{ "rfc5280-version-3", FINDING_FAIL, ALL, FACT_CERT, version_3,
	    "the certificate has extensions, and its version is not 3", ISSUE_NEW },
	{ "rfc5280-serial-positive", FINDING_FAIL, ALL, FACT_CERT, serial_positive,
	    "the serial number is zero or negative", ISSUE_NEW },
	{ "rfc5280-root-serial", FINDING_WARN, ALL, FACT_CERT, root_serial_positive,
	    "the root's serial number is zero or negative", MAKE_NEW_ROOT },
	{ "rfc5280-serial-length", FINDING_FAIL, ALL, FACT_CERT, serial_length,
	    "the serial number has more than 20 bytes", ISSUE_NEW },
	{ "rfc5280-validity-order", FINDING_FAIL, ALL, FACT_CERT, validity_order, "notAfter is earlier than notBefore",
	    ISSUE_NEW },
	{ "rfc5280-expired", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, expired, "the certificate has expired",
	    "renew the certificate: `p11ca client renew NAME`" },
	{ "rfc5280-not-yet-valid", FINDING_WARN, ALL_CLIENTS, FACT_CERT, not_yet_valid,
	    "the certificate is not valid yet",
	    "wait until the certificate is valid, or correct the clock of this machine" },
	{ "rfc5280-subject-empty", FINDING_FAIL, ALL, FACT_CERT, subject_empty,
	    "the certificate has no subject, and no subjectAltName that replaces it", ISSUE_NEW },
	{ "rfc5280-issuer-empty", FINDING_FAIL, ALL, FACT_CERT, issuer_empty, "the issuer name is empty", ISSUE_NEW },
	{ "rfc5280-san-empty", FINDING_FAIL, ALL, FACT_CERT, san_empty, "the subjectAltName contains no name",
	    ISSUE_NEW },
	{ "rfc5280-unknown-critical", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, unknown_critical,
	    "the certificate has a critical extension that p11ca does not know",
	    "use a certificate without the extension, or ask its issuer what the extension means" },
	{ "rfc5280-duplicate-extension", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, duplicate_extension,
	    "an extension occurs more than once", ISSUE_NEW },
	{ "rfc5280-signature-weak", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, signature_weak,
	    "the certificate is signed with MD5 or SHA-1", "issue the certificate again with SHA-256" },
	{ "rfc5280-root-signature-weak", FINDING_WARN, ALL, FACT_CERT, root_signature_weak,
	    "the root is signed with MD5 or SHA-1", MAKE_NEW_ROOT },
	{ "rfc5280-self-signature", FINDING_FAIL, ALL, FACT_CERT, self_signature,
	    "the certificate names itself as issuer, and its signature does not verify with its own key",
	    "get the certificate again from its source" },
	{ "rfc5280-issuer-name", FINDING_FAIL, ALL, FACT_CERT, issuer_name,
	    "the certificate has the same name as its issuer", "issue the certificate again with another name" },
	{ "rfc5280-ca-basic-constraints", FINDING_WARN, "rfc5280,check", FACT_CERT, ca_basic_constraints,
	    "the CA certificate has no basicConstraints", MAKE_NEW_ROOT },
	{ "rfc5280-ca-basic-constraints-critical", FINDING_WARN, ALL, FACT_CERT, ca_basic_constraints_critical,
	    "the basicConstraints of the CA certificate are not critical", MAKE_NEW_ROOT },
	{ "rfc5280-cert-sign-without-ca", FINDING_FAIL, ALL, FACT_CERT, cert_sign_without_ca,
	    "the certificate has keyCertSign, and it is not a CA certificate", ISSUE_NEW },
	{ "rfc5280-ca-key-usage", FINDING_WARN, "rfc5280,check", FACT_CERT, ca_key_usage,
	    "the CA certificate has no keyUsage", MAKE_NEW_ROOT },
	{ "rfc5280-ca-cert-sign", FINDING_FAIL, ALL, FACT_CERT, ca_cert_sign,
	    "the keyUsage of the CA certificate lacks keyCertSign", "issue the CA certificate again" },
	{ "rfc5280-ca-crl-sign", FINDING_INFO, ALL, FACT_CERT, ca_crl_sign,
	    "the keyUsage of the CA certificate lacks cRLSign",
	    "revoke with the gateway's list of revoked certificates" },
	{ "rfc5280-path-len", FINDING_FAIL, ALL, FACT_CERT, path_len,
	    "the certificate has a path length and is not a CA certificate with keyCertSign", ISSUE_NEW },
	{ "rfc5280-ski-missing", FINDING_WARN, ALL ",strongswan", FACT_CERT, ski_missing,
	    "the certificate has no subject key identifier",
	    "issue the certificate again: certificates from p11ca have it" },
	{ "rfc5280-eku-key-usage", FINDING_FAIL, ALL_CLIENTS, FACT_CERT, eku_key_usage,
	    "the extended key usage does not match the keyUsage", ISSUE_NEW },
	{ "rfc5280-issuer-matches", FINDING_FAIL, ALL_CLIENTS, CHAIN, issuer_matches,
	    "the issuer name of the certificate differs from the subject of its issuer",
	    "use the root that issued the certificate" },
	{ "rfc5280-aki-matches", FINDING_FAIL, ALL_CLIENTS, CHAIN, aki_matches,
	    "the authority key identifier differs from the issuer's subject key identifier",
	    "use the root that issued the certificate" },
	{ "rfc5280-aki-missing", FINDING_WARN, ALL, CHAIN, aki_missing,
	    "the certificate has no authority key identifier", ISSUE_NEW },
	{ "rfc5280-issuer-ca", FINDING_FAIL, ALL_CLIENTS, CHAIN, issuer_is_ca,
	    "the issuer is not a CA certificate with keyCertSign", "use the root that issued the certificate" },
	{ "rfc5280-path-len-exceeded", FINDING_FAIL, ALL, CHAIN, path_len_exceeded,
	    "the issuer's path length does not allow a CA below it", "issue from a root that allows a CA below it" },
	{ "rfc5280-validity-within-issuer", FINDING_WARN, ALL_CLIENTS, CHAIN, validity_within_issuer,
	    "the certificate is valid at a time when its issuer is not",
	    "use a smaller number of --days, or renew the root first" },
	{ 0 }
};
