/* SPDX-License-Identifier: MIT */
/* profile_sign.h - signs an Apple profile with a key on a token whose certificate may sign. */
#ifndef PKI_PROFILE_PROFILE_SIGN_H
#define PKI_PROFILE_PROFILE_SIGN_H

#include "pki/pki.h"
#include "x509/signer.h"

#define SEAL_CHAIN_MAX 4

struct profile_seal {
	struct token *token;
	struct signer signer;        /* { 0 } until the login */
	struct buf cert;             /* DER: the signer's certificate, stored beside its key */
	struct buf chain[SEAL_CHAIN_MAX]; /* CA certificates of that token, included in the signature */
	size_t n_chain;
};

/*
 * Finds the certificate and the key on the token: the pair whose CKA_ID which names, else the only pair that is not a
 * CA's. Logs in with purpose "signer", unless dry_run. *s is zeroed before.
 * -1: ERR_NOT_FOUND (no such pair, or several: err.cause lists their ids), ERR_PIN, the token's.
 */
int profile_seal_open(struct profile_seal *s, struct pki *p, const struct token_uri *which, bool dry_run,
    struct err *e) MUST_CHECK;
/* Replaces the profile by the CMS SignedData (DER) that contains it. -1: as x509_sign_cms(). */
int profile_seal_file(const struct profile_seal *s, struct buf *content, struct err *e) MUST_CHECK;
void profile_seal_clear(struct profile_seal *s);
AUTO_VALUE_DEFINE(profile_seal, profile_seal_clear);

#endif
