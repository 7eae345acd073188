/* SPDX-License-Identifier: MIT */
/* issuer.h - the root that issues: from its name to a signer on whatever token holds its key. */
#ifndef PKI_ISSUER_H
#define PKI_ISSUER_H

#include "model/cert_info.h"
#include "pki/pki.h"
#include "x509/signer.h"

/* The root that issues: known by the hash of its key, found on whatever token holds it. */
struct issuer {
	struct root_row row;
	struct key_row key;
	struct buf der;              /* its certificate */
	struct buf issuers;          /* the CAs above it (x509/issuers.h); empty where it signed itself */
	struct cert_info info;       /* borrows der */
	struct cert_info top;        /* of the topmost CA: what gateways trust; info, where it signed itself */
	struct token_info token_info;
	struct module *module;       /* of that token, borrowed; NULL until issuer_open() */
	struct token *token;         /* owned unless shared with the card */
	struct token_uri *where;     /* --root-token, or NULL */
	bool is_shared;              /* root and card are one token: card closes it */
	char key_id[129];            /* CKA_ID on that token, hex */
	struct signer signer;        /* after issuer_login() */
	bool asks_each_time;         /* always-authenticate: a PIN for every signature, so one at a time */
};

/*
 * The root called name (NULL: the only one), with its certificate and key row; no token is touched.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "root-not-issued").
 */
int issuer_find(struct issuer *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* The same, also where it is retired: what it issued may still have to be revoked. */
int issuer_find_any(struct issuer *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/*
 * Finds its key on a token, without login: --root-token, else the remembered place, else every token of the module
 * (several: ERR_NOT_FOUND, listed); what must match is the key.  card: shared where it is the same token, then
 * same_token must be set (ERR_POLICY "same-token").  -1 (ERR_NOT_FOUND): no token here holds the key.
 */
int issuer_open(struct issuer *r, struct pki *p, struct token *card, bool same_token, struct err *e) MUST_CHECK;
/*
 * Logs in, finds the private key, compares its public half with the certificate: fills r->signer.
 * purpose: see pin_ask; "root" beside a card, "issuer" where it is the only token.
 */
int issuer_login(struct issuer *r, const char *purpose, struct err *e) MUST_CHECK;
void issuer_clear(struct issuer *r);
AUTO_VALUE_DEFINE(issuer, issuer_clear);

#endif
