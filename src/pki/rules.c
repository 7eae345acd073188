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
	return f->ledger->is_root_key ? finding_add(out, r, e, "the key asked for is a root's own") : 0;
}

static int is_compromised(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->is_key_compromised ?
	    finding_add(out, r, e, "a certificate with this key was revoked for keyCompromise") : 0;
}

static int is_certified(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->is_key_certified ?
	    finding_add(out, r, e, "the key is certified already, for '%s'", f->ledger->key_name) : 0;
}

static int rules_has_certificate(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->ledger->n_live == 0 ?
	    0 :
	    finding_add(out, r, e, "'%s' has %s certificate, serial %s", f->ledger->live_name,
		f->ledger->is_live_unfinished ? "an unfinished" : "a live", f->ledger->live_serial);
}

const struct rule rules_ledger[] = {
	{ "key-is-root", FINDING_FAIL, "gate", FACT_LEDGER, is_root_key, "a root's key is never certified for a client",
	  "make a new key for the client" },
	{ "key-compromised", FINDING_FAIL, "gate", FACT_LEDGER, is_compromised,
	  "a key revoked for keyCompromise is never certified again", "make a new key for the client" },
	{ "key-certified", FINDING_FAIL, "gate", FACT_LEDGER, is_certified, "one key, one name",
	  "make a new key, or see `p11ca client list` for who has this one" },
	{ "client-has-certificate", FINDING_FAIL, "gate", FACT_LEDGER, rules_has_certificate,
	  "one live certificate per client and device",
	  "give the other machine a name with --device; an unfinished one is closed with `p11ca ledger recover`" },
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
	    "Azure offers TLS 1.3, which takes no RSA signature but RSA-PSS",
	    "use a token that has CKM_RSA_PKCS_PSS, or put `tls-version-max 1.2` into the .ovpn; this prevents a TLS "
	    "handshake that fails with CKR_MECHANISM_INVALID" },
	{ "strongswan-key-id", FINDING_WARN, "strongswan", FACT_CERT | FACT_KEY, key_id_differs,
	    "NetworkManager's smart-card mode takes the certificate whose subject key identifier is the key's CKA_ID",
	    "use swanctl or ipsec, which name the key, or a token that keeps the CKA_ID asked for; this prevents "
	    "NetworkManager's 'No usable smartcard certificate found'" },
	{ .id = NULL },
};
