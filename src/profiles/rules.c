/* SPDX-License-Identifier: MIT */
/* rules.c - rules for a certificate together with the profile to be written: combinations that cannot connect. */
#include <string.h>

#include "profiles/profile.h"

/* Compares without case, as host names and mail domains are compared. */
static int rules_local_id(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	if (strcasecmp(f->profile->local_id, f->cert->cn) == 0)
		return 0;
	return finding_add(
	    out, r, e, "the Local ID is '%.64s', the common name is '%.64s'", f->profile->local_id, f->cert->cn);
}

static int unsent_issuers(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->profile->n_issuers == 0
		   ? 0
		   : finding_add(out, r, e, "%u CAs are between the client and the root", f->profile->n_issuers);
}

static int smart_card(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->profile->key != PROFILE_KEY_TOKEN ? 0 : finding_add(out, r, e, "the key is on the token '%.32s'",
	    f->profile->token_label != NULL ? f->profile->token_label : "");
}

static int names_person(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return strchr(f->cert->cn, '@') == NULL
		   ? 0
		   : finding_add(out, r, e, "the certificate's name is '%.64s'", f->cert->cn);
}

static const struct pfx_encryption *rules_pfx_of(const struct facts *f)
{
	return f->profile->key == PROFILE_KEY_PFX ? f->profile->pfx_encryption : NULL;
}

static int apple_pfx(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct pfx_encryption *pfx = rules_pfx_of(f);

	return pfx == NULL || pfx->is_legacy
		   ? 0
		   : finding_add(
			 out, r, e, "the PKCS#12 file is encrypted with %s, its MAC is %s", pfx->ciphers, pfx->mac);
}

static int rc_pfx(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct pfx_encryption *pfx = rules_pfx_of(f);

	return pfx == NULL || !pfx->has_rc
		   ? 0
		   : finding_add(out, r, e, "the PKCS#12 file is encrypted with %s", pfx->ciphers);
}

const struct rule rules_profile[] = {
	{ "apple-local-id", FINDING_WARN, "apple", FACT_CERT | FACT_PROFILE,
	    rules_local_id, "the certificate's common name and its subjectAltName differ",
	    "issue the certificate again with the same name in both fields" },
	{ "networkmanager-issuers", FINDING_WARN, "networkmanager", FACT_PROFILE, unsent_issuers,
	    "there is an intermediate CA between the client's certificate and the root",
	    "write a profile for swanctl or ipsec for this client: `p11ca profile write PACKAGE --client NAME --for "
	    "swanctl --out FOLDER`" },
	{ "azurevpn-smart-card", FINDING_WARN, "azurevpn", FACT_PROFILE, smart_card,
	    "the client's key is on a smart card",
	    "write a profile for Windows' own VPN client: `p11ca profile write PACKAGE --client NAME --for windows "
	    "--out FOLDER`" },
	{ "windows-device-person", FINDING_WARN, "windows-device", FACT_CERT | FACT_PROFILE, names_person,
	    "the certificate of a device tunnel names a person",
	    "issue a certificate with the computer's DNS name for the tunnel, or write the profile with --for "
	    "windows" },
	{ "apple-pfx-encryption", FINDING_FAIL, "apple", FACT_PROFILE, apple_pfx,
	    "the PKCS#12 file is encrypted with a method that Apple's systems do not read",
	    "write the file with 3DES and a SHA-1 MAC: `p11ca client bundle … --compat legacy`" },
	{ "openvpn-pfx-rc2", FINDING_WARN, "openvpn", FACT_PROFILE, rc_pfx,
	    "the PKCS#12 file is encrypted with RC2 or RC4",
	    "write the file again with `p11ca client bundle`, or add the line `providers legacy default` to the "
	    "client's configuration" },
	{ 0 }
};
