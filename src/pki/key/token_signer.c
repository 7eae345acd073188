/* SPDX-License-Identifier: MIT */
/* token_signer.c - see token_signer.h. */
#include "pki/key/token_signer.h"

#include <stdlib.h>

#include "tokens/sign.h"
#include "x509/ossl.h"

struct token_signer {
	struct token *token;         /* borrowed, or the same as own */
	struct token *own;           /* a clone's, or NULL */
	struct key_ref key;
	EVP_PKEY *public_key;
};

static int token_signer_make(struct signer *out, const struct token_signer *from, struct err *e);

static int token_signer_sign(void *self, enum sig_alg alg, struct bytes message, struct buf *out, struct err *e)
{
	struct token_signer *s = self;

	return token_sign(s->token, &s->key, alg, message, out, e);
}

static void close_signer(void *self)
{
	struct token_signer *s = self;

	EVP_PKEY_free(s->public_key);
	token_close(s->own);
	free(s);
}

static int clone_signer(void *self, struct signer *out, struct err *e)
{
	const struct token_signer *s = self;
	AUTO_STRUCT(token) own = NULL;
	struct token_signer copy = *s;

	if (token_open_again(&own, s->token, e) < 0)
		return -1;
	copy.token = copy.own = own;
	if (token_signer_make(out, &copy, e) < 0)
		return -1;
	(void)STEAL(own);
	(void)EVP_PKEY_up_ref(s->public_key);
	return 0;
}

/* Copies *from, and with it the ownership of its members. */
static int token_signer_make(struct signer *out, const struct token_signer *from, struct err *e)
{
	struct token_signer *s = malloc(sizeof(*s));

	if (s == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	*s = *from;
	*out = (struct signer){ s->public_key, token_signer_sign, clone_signer, close_signer, s };
	return 0;
}

int token_signer_open(struct signer *out, struct token *t, const struct key_ref *key, struct err *e)
{
	AUTO(EVP_PKEY) public_key = NULL;
	AUTO_VALUE(buf) spki = { 0 };

	if (token_read_spki(&spki, t, key->id, e) < 0 || spki_parse(&public_key, buf_bytes(&spki), e) < 0)
		return -1;
	if (token_signer_make(out, &(struct token_signer){ .token = t, .key = *key, .public_key = public_key }, e) < 0)
		return -1;
	(void)STEAL(public_key);
	return 0;
}
