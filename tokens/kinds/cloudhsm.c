/* SPDX-License-Identifier: MIT */
/* cloudhsm.c - AWS CloudHSM, client SDK 5; written from documentation, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };

const struct token_kind token_kind_cloudhsm = {
	.name = "cloudhsm",
	.manufacturer = "Marvell Semiconductors",
	.note = "written from documentation, not tested; the PIN is the crypto user and the password, "
		"USER:PASSWORD; it stores no certificates: keep them elsewhere",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
};
