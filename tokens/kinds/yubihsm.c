/* SPDX-License-Identifier: MIT */
/* yubihsm.c - YubiHSM 2 behind yubihsm_pkcs11; written from its documentation, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, CKA_SUBJECT, 0 };

const struct token_kind token_kind_yubihsm = {
	.name = "yubihsm",
	.library = "YubiHSM PKCS#11",
	.note = "written from documentation, not tested; the PIN is the authentication key's id in four hex digits, "
		"then its password",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.has_chain_room = true,
};
