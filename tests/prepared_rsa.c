/* SPDX-License-Identifier: MIT */
/*
 * prepared_rsa.c - preloaded into p11ca by tests/lib.sh: the first RSA key of 2048 bits that SoftHSM has OpenSSL
 * generate in a process is read from the PEM file P11CA_TEST_RSA_KEY.
 *
 * To search for primes takes longer than all else that a test of other things does.  SoftHSM stores and reports the
 * key as any that it generates.  Tests that are about the creation of keys do not preload this.
 */
#define OPENSSL_API_COMPAT 10101 /* SoftHSM's interface */
#include <dlfcn.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_bool is_used;

static RSA *prepared_key(void)
{
	const char *path = getenv("P11CA_TEST_RSA_KEY");
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	RSA *key = f != NULL ? PEM_read_RSAPrivateKey(f, NULL, NULL, NULL) : NULL;

	if (f != NULL)
		(void)fclose(f);
	return key;
}

/* RSA_set0_*() take over what they are given; only lack of memory makes them fail, and then the process ends. */
static void copy_key(RSA *to, const RSA *from)
{
	if (RSA_set0_key(to, BN_dup(RSA_get0_n(from)), BN_dup(RSA_get0_e(from)), BN_dup(RSA_get0_d(from))) != 1 ||
	    RSA_set0_factors(to, BN_dup(RSA_get0_p(from)), BN_dup(RSA_get0_q(from))) != 1 ||
	    RSA_set0_crt_params(to, BN_dup(RSA_get0_dmp1(from)), BN_dup(RSA_get0_dmq1(from)),
	        BN_dup(RSA_get0_iqmp(from))) != 1)
		abort();
}

int RSA_generate_key_ex(RSA *rsa, int bits, BIGNUM *e, BN_GENCB *cb)
{
	int (*generate)(RSA *, int, BIGNUM *, BN_GENCB *);
	RSA *key = NULL;

	if (bits == 2048 && BN_is_word(e, RSA_F4) && !atomic_exchange(&is_used, true))
		key = prepared_key();
	if (key == NULL) {
		*(void **)&generate = dlsym(RTLD_NEXT, "RSA_generate_key_ex");
		return generate != NULL ? generate(rsa, bits, e, cb) : 0;
	}
	copy_key(rsa, key);
	RSA_free(key);
	return 1;
}
