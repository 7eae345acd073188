/* SPDX-License-Identifier: MIT */
/* luna.c - Thales (SafeNet) Luna network and PCIe HSMs; written from documentation, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };
/* CKM_RSA_FIPS_186_3_AUX_PRIME_KEY_PAIR_GEN, CKM_RSA_FIPS_186_3_PRIME_KEY_PAIR_GEN: the vendor's. */
static const unsigned long rsa_generate[] = { CKM_VENDOR_DEFINED + 0x142, CKM_VENDOR_DEFINED + 0x143, 0 };

const struct token_kind token_kind_luna = {
	.name = "luna",
	.library = "Chrystoki",
	.note = "written from documentation, not tested; in FIPS mode it makes RSA keys by its own mechanisms; an "
		"HA group is a slot with another serial: name that slot's token, not a member's",
	.rsa_generate = rsa_generate,
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.has_chain_room = true,
};
