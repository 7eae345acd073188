/* SPDX-License-Identifier: MIT */
/* soft_key.c - see soft_key.h. */
#include "x509/key/soft_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "x509/key/file_signer.h"
#include "x509/ossl.h"

#define HEAP_SIZE (256 * 1024)   /* some dozen copies of the longest key */
#define HEAP_MIN 32
#define PEM_BEGIN "-----BEGIN "
#define ITERATIONS 600000        /* PBKDF2: OWASP's recommendation for HMAC-SHA-256 */

AUTO_DEFINE(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free);
AUTO_DEFINE(X509_SIG, X509_SIG_free);

struct soft_key {
	unsigned char *der;          /* PrivateKeyInfo, in the secure heap */
	size_t len;
	struct key_spec spec;
};

/* The requested size is stored before each block, because malloc_usable_size(3) must not be used to wipe. */
struct block {
	size_t size;
	_Alignas(max_align_t) unsigned char at[];
};

static struct block *block_of(void *p)
{
	return (void *)((unsigned char *)p - offsetof(struct block, at));
}

/* Wipes freed memory, because OpenSSL's encoders free the plain DER of a key unchanged. */
static void free_wiped(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	if (p == NULL)
		return;
	explicit_bzero(p, block_of(p)->size);
	free(block_of(p));
}

static void *soft_key_allocate(size_t n, const char *file, int line)
{
	struct block *b = n == 0 || n > SIZE_MAX / 2 ? NULL : malloc(offsetof(struct block, at) + n);

	(void)file;
	(void)line;
	if (b == NULL)
		return NULL;
	b->size = n;
	return b->at;
}

/* Copies instead of realloc(3), which does not wipe the old block. */
static void *soft_key_reallocate(void *old, size_t n, const char *file, int line)
{
	void *p;

	if (n == 0) {
		free_wiped(old, file, line);
		return NULL;
	}
	p = soft_key_allocate(n, file, line);
	if (p == NULL || old == NULL)
		return p;
	memcpy(p, old, block_of(old)->size < n ? block_of(old)->size : n);
	free_wiped(old, file, line);
	return p;
}

static int open_heap(struct err *e)
{
	int made = CRYPTO_secure_malloc_initialized() == 1 ? 1 : CRYPTO_secure_malloc_init(HEAP_SIZE, HEAP_MIN);

	if (made == 1)
		return 0;
	(void)err_set(e, ERR_POLICY, "memory for a private key cannot be locked");
	return err_rule(e, "memory-not-locked", "raise the limit of locked memory (`ulimit -l`) to 1024 KiB or more");
}

int soft_key_protect(struct err *e)
{
	if (CRYPTO_set_mem_functions(soft_key_allocate, soft_key_reallocate, free_wiped) != 1)
		return err_set(e, ERR_INTERNAL, "OpenSSL was in use before its memory could be protected");
	return open_heap(e);
}

void soft_key_free(struct soft_key *k)
{
	if (k == NULL)
		return;
	OPENSSL_secure_clear_free(k->der, k->len);
	free(k);
}

static int soft_key_keep(struct soft_key **out, EVP_PKEY *key, struct err *e)
{
	AUTO_STRUCT(soft_key) k = calloc(1, sizeof(*k));
	AUTO(PKCS8_PRIV_KEY_INFO) info = EVP_PKEY2PKCS8(key);
	int len = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
	unsigned char *p;

	if (k == NULL || len <= 0)
		return ossl_fail(e, ERR_INTERNAL, "cannot keep the private key");
	k->der = p = OPENSSL_secure_malloc((size_t)len);
	if (k->der == NULL)
		return ossl_fail(e, ERR_INTERNAL, "no locked memory is left for the private key");
	k->len = (size_t)len;
	if (i2d_PKCS8_PRIV_KEY_INFO(info, &p) != len)
		return ossl_fail(e, ERR_INTERNAL, "cannot keep the private key");
	pkey_spec(&k->spec, key);
	*out = STEAL(k);
	return 0;
}

static EVP_PKEY *soft_key_load(const struct soft_key *k)
{
	const unsigned char *p = k->der;
	AUTO(PKCS8_PRIV_KEY_INFO) info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)k->len);

	return info == NULL ? NULL : EVP_PKCS82PKEY(info);
}

int soft_key_generate(struct soft_key **out, const struct key_spec *spec, struct err *e)
{
	static const char *const curves[] = { "P-256", "P-384", "P-521" };
	const char *curve = curves[spec->bits == 521 ? 2 : spec->bits == 384 ? 1 : 0];
	AUTO(EVP_PKEY) key = NULL;

	/*
	 * If the limit of locked memory is too low, the heap is an ordinary one; callers that need locked memory
	 * check before.
	 */
	if (CRYPTO_secure_malloc_initialized() != 1)
		(void)CRYPTO_secure_malloc_init(HEAP_SIZE, HEAP_MIN);
	if (spec->type == KEY_RSA)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)spec->bits);
	else if (spec->type == KEY_EC)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
	else if (spec->type == KEY_ED25519)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (key == NULL)
		return ossl_fail(e, ERR_INTERNAL, "cannot make a software key");
	return soft_key_keep(out, key, e);
}

struct asking {
	const struct secret *passphrase;
	bool was_asked;
};

static int give_passphrase(char *buf, int size, int is_writing, void *arg)
{
	struct asking *a = arg;

	(void)is_writing;
	a->was_asked = true;
	if (a->passphrase == NULL || a->passphrase->len > (size_t)size)
		return -1;
	memcpy(buf, a->passphrase->data, a->passphrase->len);
	return (int)a->passphrase->len;
}

static EVP_PKEY *soft_key_decode(struct bytes file, struct asking *a)
{
	AUTO(BIO) bio = BIO_new_mem_buf(file.data, (int)file.len);
	EVP_PKEY *key = NULL;

	if (bio == NULL)
		return NULL;
	if (memmem(file.data, file.len, PEM_BEGIN, strlen(PEM_BEGIN)) != NULL)
		return PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, a);
	key = d2i_PKCS8PrivateKey_bio(bio, NULL, give_passphrase, a); /* encrypted; it asks first */
	if (key != NULL || BIO_reset(bio) != 1)
		return key;
	key = d2i_PrivateKey_bio(bio, NULL);
	if (key != NULL)
		a->was_asked = false;
	return key;
}

static bool soft_key_has(struct bytes file, const char *text)
{
	return memmem(file.data, file.len, text, strlen(text)) != NULL;
}

/*
 * Checks the type of PEM or the beginning of the file, because other text in a PEM file may mention a token. In DER
 * it is the first text of pkcs11-provider's structure.
 */
static bool points_to_token(struct bytes file)
{
	size_t at = 0;

	if (soft_key_has(file, PEM_BEGIN))
		return soft_key_has(file, PEM_BEGIN "PKCS#11 ") || soft_key_has(file, PEM_BEGIN "TSS2 ") ||
		       soft_key_has(file, PEM_BEGIN "TSS ");
	while (at < file.len && memchr(" \t\r\n\xef\xbb\xbf", file.data[at], 7) != NULL)
		at++;
	if (file.len - at >= 7 && memcmp(file.data + at, "pkcs11:", 7) == 0)
		return true;
	return soft_key_has(file, "PKCS#11 Provider URI");
}

static int refuse_token_key(struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the file contains no private key, but a reference to a key on a token or a TPM");
	return err_rule(e, "token-key", "p11ca exports no keys from tokens: name the token with --token");
}

int soft_key_parse(struct soft_key **out, bool *is_encrypted, struct bytes file, const struct secret *passphrase,
    struct err *e)
{
	struct asking a = { .passphrase = passphrase };
	AUTO(EVP_PKEY) key = NULL;

	if (points_to_token(file))
		return refuse_token_key(e);
	if (CRYPTO_secure_malloc_initialized() != 1)
		(void)CRYPTO_secure_malloc_init(HEAP_SIZE, HEAP_MIN);
	key = file.len > INT32_MAX ? NULL : soft_key_decode(file, &a);
	if (is_encrypted != NULL)
		*is_encrypted = a.was_asked;
	if (key != NULL)
		return soft_key_keep(out, key, e);
	if (a.was_asked)
		return ossl_fail(e, ERR_PIN, passphrase == NULL ? "the private key is encrypted"
							       : "the passphrase does not open the private key");
	return ossl_fail(e, ERR_INPUT, "the file contains no private key");
}

static int soft_key_read_back(
    struct bytes pem, const struct soft_key *k, const struct secret *passphrase, struct err *e)
{
	AUTO_STRUCT(soft_key) again = NULL;

	if (soft_key_parse(&again, NULL, pem, passphrase, e) < 0)
		return -1;
	if (again->len != k->len || CRYPTO_memcmp(again->der, k->der, k->len) != 0)
		return err_set(e, ERR_INTERNAL, "the encrypted key that was written is another");
	return 0;
}

int soft_key_encrypt(struct buf *out, const struct soft_key *k, const struct secret *passphrase, struct err *e)
{
	const unsigned char *p = k->der;
	AUTO(PKCS8_PRIV_KEY_INFO) info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)k->len);
	X509_ALGOR *how = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), ITERATIONS, NULL, 0, NULL, NID_hmacWithSHA256);
	AUTO(X509_SIG) sealed = NULL;
	AUTO(BIO) bio = BIO_new(BIO_s_mem());
	struct bytes pem;
	char *at;
	long len;

	if (passphrase->len == 0) {
		X509_ALGOR_free(how);
		return err_set(e, ERR_PIN, "a private key is not written without a passphrase");
	}
	if (info != NULL && how != NULL)
		sealed = PKCS8_set0_pbe((const char *)passphrase->data, (int)passphrase->len, info, how);
	if (sealed == NULL)
		X509_ALGOR_free(how);
	if (sealed == NULL || bio == NULL || PEM_write_bio_PKCS8(bio, sealed) != 1 ||
	    (len = BIO_get_mem_data(bio, &at)) <= 0)
		return ossl_fail(e, ERR_INTERNAL, "cannot encrypt the private key");
	pem = (struct bytes){ (const unsigned char *)at, (size_t)len };
	return soft_key_read_back(pem, k, passphrase, e) < 0 ? -1 : buf_add(out, pem.data, pem.len, e);
}

void soft_key_spec(struct key_spec *out, const struct soft_key *k)
{
	*out = k->spec;
}

int soft_key_spki(struct buf *out, const struct soft_key *k, struct err *e)
{
	AUTO(EVP_PKEY) key = soft_key_load(k);

	return key == NULL ? ossl_fail(e, ERR_INTERNAL, "the private key does not read back")
			   : spki_encode(out, key, e);
}

int soft_key_signer(struct signer *out, const struct soft_key *k, struct err *e)
{
	AUTO(EVP_PKEY) key = soft_key_load(k);

	if (key == NULL)
		return ossl_fail(e, ERR_INTERNAL, "the private key does not read back");
	file_signer_init(out, key);
	return 0;
}

int soft_key_pfx(struct buf *out, const struct soft_key *k, const struct pfx *what, struct err *e)
{
	AUTO(EVP_PKEY) key = soft_key_load(k);
	struct pfx p = *what;

	if (key == NULL)
		return ossl_fail(e, ERR_INTERNAL, "the private key does not read back");
	p.key = key;
	return pfx_write(out, &p, e);
}
