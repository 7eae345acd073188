/* SPDX-License-Identifier: MIT */
/* rules.c - rules that need the ledger or a token. */
#include <string.h>

#include "model/cert_info.h"
#include "model/key_ref.h"
#include "model/ledger_rows.h"
#include "model/token_info.h"
#include "pki/request_check.h"

static int is_root_key(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->is_root_key ? finding_add(out, r, e, "the key in the request is the key of a root") : 0;
}

static int is_compromised(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->is_key_compromised ?
	    finding_add(out, r, e, "a certificate with this key was revoked for keyCompromise") : 0;
}

static int is_certified(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->is_key_certified
		   ? finding_add(out, r, e, "the key already has a certificate for '%s'", f->ledger->key_name)
		   : 0;
}

static int rules_has_certificate(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->n_live == 0 ?
	    0 :
	    finding_add(out, r, e, "'%s' has %s certificate, serial %s", f->ledger->live_name,
		f->ledger->is_live_unfinished ? "an unfinished" : "a live", f->ledger->live_serial);
}

const struct rule rules_ledger[] = {
	{ "key-is-root", FINDING_FAIL, "gate", FACT_LEDGER, is_root_key,
	    "the request contains the public key of a root",
	    "create a new key for the client, and a new request with it" },
	{ "key-compromised", FINDING_FAIL, "gate", FACT_LEDGER, is_compromised,
	    "a certificate of this key was revoked with the reason keyCompromise", "create a new key for the client" },
	{ "key-certified", FINDING_FAIL, "gate", FACT_LEDGER, is_certified,
	    "the key already has a certificate for another client",
	    "create a new key, or find the client that has this key with `p11ca client list`" },
	{ "client-has-certificate", FINDING_FAIL, "gate", FACT_LEDGER, rules_has_certificate,
	    "the client already has a valid or unfinished certificate for this device",
	    "give the other machine a name with --device, or renew the certificate with `p11ca client renew NAME`" },
	{ .id = NULL },
};

/* The token was not asked, so there is no finding. */
static int no_rsa_pss(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	if (f->cert->key.type != KEY_RSA || f->token->rsa_pss != TRI_NO)
		return 0;
	return finding_add(out, r, e, "token '%.32s' does not offer CKM_RSA_PKCS_PSS", f->token->label);
}

static int key_id_differs(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	if (strcmp(f->cert->ski, f->key->id) == 0)
		return 0;
	return finding_add(out, r, e, "the CKA_ID is %.40s, the subject key identifier %.40s", f->key->id,
	    f->cert->ski[0] != '\0' ? f->cert->ski : "missing");
}

const struct rule rules_token[] = {
	{ "openvpn-token-rsa-pss", FINDING_WARN, "openvpn,doctor", FACT_CERT | FACT_TOKEN, no_rsa_pss,
	    "the token does not offer CKM_RSA_PKCS_PSS",
	    "use a token with CKM_RSA_PKCS_PSS, or add the line `tls-version-max 1.2` to the .ovpn file" },
	{ "strongswan-key-id", FINDING_WARN, "networkmanager", FACT_CERT | FACT_KEY, key_id_differs,
	    "the key's CKA_ID on the token differs from the certificate's subject key identifier",
	    "use swanctl or ipsec: their profiles name the key" },
	{ .id = NULL },
};
