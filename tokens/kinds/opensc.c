/* SPDX-License-Identifier: MIT */
/* opensc.c - a PKCS#15 card behind OpenSC (0.23), which states wrong attributes for keys on the card. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

static const unsigned long key_ladder[] = {
	CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_DERIVE, CKA_UNWRAP, CKA_WRAP, CKA_DECRYPT, CKA_ENCRYPT, 0
};
static const unsigned long cert_ladder[] = { CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_ISSUER, 0 };

/*
 * Measured with 0.23: the first four attributes are false for keys that the card generated and never exports (0.24
 * and later state correct values), and RSA keys also have CKA_SIGN_RECOVER.
 */
static const unsigned long key_states_otherwise[] = {
	CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL, CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, 0
};

const struct token_kind token_kind_opensc = {
	.name = "opensc",
	.library = "OpenSC smartcard framework",
	.note = "a card that OpenSC has a driver for; a key's label becomes its certificate's",
	.key_ladder = key_ladder,
	.cert_ladder = cert_ladder,
	.key_states_otherwise = key_states_otherwise,
	.unblock_hint =
		"a card without an SO PIN has a PUK: `pkcs15-tool --list-pins`, `pkcs15-tool --unblock-pin`",
	.shares_identity = true,
	.has_chain_room = true,
};
