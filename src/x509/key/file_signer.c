/* SPDX-License-Identifier: MIT */
/* file_signer.c - see file_signer.h. */
#include "x509/key/file_signer.h"

#include "x509/alg.h"
#include "x509/ossl.h"

static int file_signer_sign(void *self, enum sig_alg alg, struct bytes message, struct buf *out, struct err *e)
{
	AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	unsigned char sig[2048]; /* RSA 16384, the longest key of OpenSSL */
	size_t len = sizeof(sig);

	if (ctx == NULL || EVP_DigestSignInit(ctx, NULL, alg_digest(alg), NULL, self) != 1 ||
	    EVP_DigestSign(ctx, sig, &len, message.data, message.len) != 1)
		return ossl_fail(e, ERR_INTERNAL, "cannot sign with the software key");
	return buf_add(out, sig, len, e);
}

static int clone_key(void *self, struct signer *out, struct err *e)
{
	(void)e;
	file_signer_init(out, self);
	return 0;
}

static void close_key(void *self)
{
	EVP_PKEY_free(self);
}

void file_signer_init(struct signer *out, EVP_PKEY *key)
{
	(void)EVP_PKEY_up_ref(key);
	*out = (struct signer){
		.public_key = key, .sign = file_signer_sign, .clone = clone_key, .close = close_key, .self = key
	};
}
