/* SPDX-License-Identifier: MIT */
/* tpm2.c - tpm2-pkcs11 (1.9.0, with swtpm 0.7.1): a TPM's keys; its serial numbers are zeros. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

/*
 * If a template forbids decryption and encryption, the module forbids signing as well, and then fails over CKA_VERIFY
 * (CKR_GENERAL_ERROR). Without these attributes it makes keys that sign and decrypt.
 */
static const unsigned long key_omits[] = { CKA_DECRYPT, CKA_ENCRYPT, 0 };

/* Measured with 1.9.0: keys also decrypt, see above. */
static const unsigned long key_states_otherwise[] = { CKA_DECRYPT, CKA_ENCRYPT, 0 };

const struct token_kind token_kind_tpm2 = {
	.name = "tpm2",
	.library = "TPM2.0 Cryptoki",
	.note = "tested with a software TPM; its keys decrypt as well as sign; it is left and entered again for each "
		"key, as a TPM has room for three objects",
	/* Each used key stays loaded until C_Logout; C_InitToken leaves one of the three slots of the TPM occupied. */
	.keys_in_use = 1,
	.key_omits = key_omits,
	.key_states_otherwise = key_states_otherwise,
	.shares_identity = true,
	.has_chain_room = true,
};
