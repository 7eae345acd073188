/* SPDX-License-Identifier: MIT */
/* issuer.h - the root that issues: from its name to a signer on whatever token holds its key. */
#ifndef PKI_ISSUER_H
#define PKI_ISSUER_H

#include "model/cert_info.h"
#include "pki/pki.h"
#include "x509/signer.h"

/* The issuing root: identified by the hash of its key, found on any token that holds the key. */
struct issuer {
	struct root_row row;
	struct key_row key;
	struct buf der;              /* its certificate */
	struct buf issuers;          /* issuers of cert (x509/issuers.h); empty if self-signed */
	struct cert_info info;       /* borrows der */
	struct cert_info top;        /* of the topmost issuer, which gateways trust; equals info if self-signed */
	struct token_info token_info;
	struct module *module;       /* of that token, borrowed; NULL until issuer_open() */
	struct token *token;         /* owned unless shared with the card */
	struct token_uri *where;     /* --root-token, or NULL */
	bool is_shared;              /* root and card are one token: card closes it */
	char key_id[129];            /* CKA_ID on that token, hex */
	struct signer signer;        /* after issuer_login() */
	bool asks_each_time;         /* CKA_ALWAYS_AUTHENTICATE: a PIN per signature, so one signature at a time */
};

/*
 * Finds the root called name (NULL: the only root), with its certificate and key row; uses no token.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "root-not-issued").
 */
int issuer_find(struct issuer *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* The same, including retired roots, whose certificates may have to be revoked. */
int issuer_find_any(struct issuer *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/*
 * Finds the root's key on a token, without login: --root-token, else the recorded token, else every token of the
 * module (several: ERR_NOT_FOUND, listed); the key must match. card: shared if it is the same token, which requires
 * same_token (ERR_POLICY "same-token"). -1 (ERR_NOT_FOUND): no present token holds the key.
 */
int issuer_open(struct issuer *r, struct pki *p, struct token *card, bool same_token, struct err *e) MUST_CHECK;
/*
 * Logs in, finds the private key, compares its public half with the certificate: fills r->signer.
 * purpose: see pin_ask; "root" beside another token, "issuer" if it is the only token.
 */
int issuer_login(struct issuer *r, const char *purpose, struct err *e) MUST_CHECK;
void issuer_clear(struct issuer *r);
AUTO_VALUE_DEFINE(issuer, issuer_clear);

#endif
