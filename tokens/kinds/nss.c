/* SPDX-License-Identifier: MIT */
/* nss.c - NSS softokn (3.87): keys in a database of files; label and serial are the same in every database. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

/* Measured with 3.87: CKA_LOCAL is false for keys that it has generated. */
static const unsigned long key_states_otherwise[] = { CKA_LOCAL, 0 };

const struct token_kind token_kind_nss = {
	.name = "nss",
	.manufacturer = "Mozilla Foundation",
	.model = "NSS 3",
	.note = "keys are files, and it does not say that it made them; needs init in p11ca.conf",
	.cannot_unblock = true,
	.cannot_set_so_pin = true,
	.unblock_hint = "NSS has no security officer: change the PIN with the old one",
	.key_states_otherwise = key_states_otherwise,
	.refuses_secrets = true,
	.keeps_keys_in_files = true,
	.shares_identity = true,
	.has_chain_room = true,
};
