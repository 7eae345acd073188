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

/* OpenSSL decodes only points on the curve. */
static bool is_on_curve(struct bytes spki)
{
	AUTO(EVP_PKEY) key = NULL;
	struct err ignored = ERR_INIT;

	return spki_parse(&key, spki, &ignored) == 0;
}

int public_key_info_read(struct public_key_info *out, struct bytes spki, struct err *e)
{
	struct public_key_info info = { .is_encoding_bad = !key_is_canonical(spki) };
	struct spki_facts key;

	if (spki_read(&key, spki, e) < 0)
		return -1;
	info.spec = key.key;
	memcpy(info.name, key.name, sizeof(info.name));
	info.is_rsa_pss = key.is_rsa_pss;
	info.is_ec_explicit = key.is_ec_explicit;
	info.is_point_bad = key.is_ec_point_bad || (key.key.type == KEY_EC && !is_on_curve(spki));
	if (read_rsa_flaws(&info, &key, e) < 0 || hash_sha256_hex(info.spki_sha256, spki, e) < 0 ||
	    key_value_sha256(info.key_sha256, spki, e) < 0)
		return -1;
	*out = info;
	return 0;
}
