/* SPDX-License-Identifier: MIT */
/* schsm.c - SmartCard-HSM and Nitrokey HSM behind OpenSC; written from OpenSC's source and manual, not tested. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };

const struct token_kind token_kind_schsm = {
	.name = "schsm",
	.library = "OpenSC smartcard framework",
	.manufacturer = "www.CardContact.de",
	.note = "written from documentation, not tested; initialised by PKCS#11 its keys can never be backed up",
	.init_warning = "initialised by PKCS#11 this token's keys can never be backed up, and the first six characters "
			"of the SO PIN become the user PIN: where they shall be, stop here and initialise it with "
			"`sc-hsm-tool --initialize --dkek-shares N`",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.has_chain_room = true,
};
