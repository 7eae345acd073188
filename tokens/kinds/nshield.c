/* SPDX-License-Identifier: MIT */
/* nshield.c - Entrust (nCipher) nShield HSMs; written from documentation, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };

const struct token_kind token_kind_nshield = {
	.name = "nshield",
	.manufacturer = "nCipher Corp",
	.note = "written from documentation, not tested; the PIN is the passphrase of the operator card set or "
		"softcard whose name is the label; keys live as files in the security world: keep its backup",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.has_chain_room = true,
};
