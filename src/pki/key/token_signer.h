/* SPDX-License-Identifier: MIT */
/* token_signer.h - where a key on a token meets X.509: a struct signer over tokens/sign.h. */
#ifndef PKI_KEY_TOKEN_SIGNER_H
#define PKI_KEY_TOKEN_SIGNER_H

#include "tokens/token.h"
#include "x509/signer.h"

/* Borrows t, which must outlive the signer and be logged in; copies key. */
int token_signer_open(struct signer *out, struct token *t, const struct key_ref *key, struct err *e) MUST_CHECK;

#endif
