/* SPDX-License-Identifier: MIT */
/* public_key.c - see public_key.h. */
#include "x509/key/public_key.h"

#include <string.h>

#include "x509/key/key_value.h"
#include "x509/ossl.h"
#include "x509/key/rsa_flaws.h"
#include "x509/signer.h"
#include "x509/key/spki.h"

static int read_rsa_flaws(struct public_key_info *out, const struct spki_facts *key, struct err *e)
{
	struct rsa_flaws flaws;

	if (key->modulus.len == 0)
		return 0;
	if (rsa_flaws_find(&flaws, key->modulus, key->exponent, e) < 0)
		return -1;
	out->is_exponent_bad = flaws.is_exponent_bad;
	out->is_roca = flaws.is_roca;
	out->has_close_primes = flaws.has_close_primes;
	out->has_small_factor = flaws.has_small_factor;
	return 0;
}

int public_key_decode(struct public_key_info *out, EVP_PKEY **key, struct bytes spki, struct err *e)
{
	struct public_key_info info = { .is_encoding_bad = !key_is_canonical(spki) };
	AUTO(EVP_PKEY) decoded = NULL;
	struct err ignored = ERR_INIT;
	struct spki_facts facts;

	if (spki_read(&facts, spki, e) < 0)
		return -1;
	if (spki_parse(&decoded, spki, &ignored) < 0)
		decoded = NULL;
	info.spec = facts.key;
	memcpy(info.name, facts.name, sizeof(info.name));
	info.is_rsa_pss = facts.is_rsa_pss;
	info.is_ec_explicit = facts.is_ec_explicit;
	/* OpenSSL decodes only points on the curve */
	info.is_point_bad = facts.is_ec_point_bad || (facts.key.type == KEY_EC && decoded == NULL);
	if (read_rsa_flaws(&info, &facts, e) < 0 || hash_sha256_hex(info.spki_sha256, spki, e) < 0 ||
	    key_value_sha256(info.key_sha256, spki, e) < 0)
		return -1;
	*out = info;
	*key = STEAL(decoded);
	return 0;
}

int public_key_info_read(struct public_key_info *out, struct bytes spki, struct err *e)
{
	AUTO(EVP_PKEY) key = NULL;

	return public_key_decode(out, &key, spki, e);
}
