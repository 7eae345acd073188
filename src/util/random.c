/* SPDX-License-Identifier: MIT */
/* random.c - see random.h. */
#include "util/random.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>
#include <sys/random.h>

int random_bytes(unsigned char *out, size_t len, struct err *e)
{
	while (len > 0) {
		ssize_t n = getrandom(out, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set_errno(e, ERR_INTERNAL, "no random bytes");
		out += n;
		len -= (size_t)n;
	}
	return 0;
}

void random_source_seed(struct random_source *s, const unsigned char seed[SHA256_LEN])
{
	s->is_seeded = true;
	memcpy(s->seed, seed, SHA256_LEN);
}

static int random_derive(
    unsigned char *out, size_t len, const struct random_source *s, const struct random_use *use, struct err *e)
{
	/* OSSL_PARAM has no const; OpenSSL only reads the bytes */
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)s->seed, sizeof(s->seed)),
		OSSL_PARAM_construct_octet_string(
		    OSSL_KDF_PARAM_SALT, (void *)(uintptr_t)use->label, strlen(use->label)),
		OSSL_PARAM_construct_octet_string(
		    OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)use->context.data, use->context.len),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *c = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	int done = c != NULL ? EVP_KDF_derive(c, out, len, params) : 0;

	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	return done == 1 ? 0 : err_set(e, ERR_INTERNAL, "cannot derive bytes from the seed");
}

int random_draw(unsigned char *out, size_t len, const struct random_source *s, const struct random_use *use,
    struct err *e)
{
	return s != NULL && s->is_seeded ? random_derive(out, len, s, use, e) : random_bytes(out, len, e);
}
