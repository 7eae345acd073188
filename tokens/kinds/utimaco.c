/* SPDX-License-Identifier: MIT */
/* utimaco.c - Utimaco CryptoServer and SecurityServer; written from documentation, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };

const struct token_kind token_kind_utimaco = {
	.name = "utimaco",
	.manufacturer = "Utimaco",
	.note = "written from documentation, not tested; the SO sets the user PIN of each slot",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.has_chain_room = true,
};
