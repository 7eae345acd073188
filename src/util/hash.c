/* SPDX-License-Identifier: MIT */
/* hash.c - see hash.h. */
#include "util/hash.h"

#include <openssl/evp.h>

#include "util/text.h"

static int hash_digest(unsigned char *out, const EVP_MD *md, struct bytes b, struct err *e)
{
	if (EVP_Digest(b.data != NULL ? b.data : (const unsigned char *)"", b.len, out, NULL, md, NULL) != 1)
		return err_set(e, ERR_INTERNAL, "cannot compute %s", EVP_MD_get0_name(md));
	return 0;
}

int hash_sha256(unsigned char out[SHA256_LEN], struct bytes b, struct err *e)
{
	return hash_digest(out, EVP_sha256(), b, e);
}

int hash_sha1(unsigned char out[SHA1_LEN], struct bytes b, struct err *e)
{
	return hash_digest(out, EVP_sha1(), b, e);
}

int hash_sha256_hex(char out[SHA256_HEX], struct bytes b, struct err *e)
{
	unsigned char raw[SHA256_LEN];

	if (hash_sha256(raw, b, e) < 0)
		return -1;
	text_hex(out, SHA256_HEX, (struct bytes){ raw, sizeof(raw) });
	return 0;
}

int hash_sha1_hex(char out[SHA1_HEX], struct bytes b, struct err *e)
{
	unsigned char raw[SHA1_LEN];

	if (hash_sha1(raw, b, e) < 0)
		return -1;
	text_hex(out, SHA1_HEX, (struct bytes){ raw, sizeof(raw) });
	return 0;
}
