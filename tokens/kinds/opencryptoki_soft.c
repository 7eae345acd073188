/* SPDX-License-Identifier: MIT */
/* opencryptoki_soft.c - the software token of openCryptoki 3.23: keys are files; it makes RSA and EC keys. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

const struct token_kind token_kind_opencryptoki_soft = {
	.name = "opencryptoki-soft",
	.library = "openCryptoki",
	.manufacturer = "IBM",
	.model = "Soft",
	.note = "keys are files; RSA and EC; it has no serial; PINs of 4 to 8 characters",
	.so_hint = "a token that was never initialised has the SO PIN 87654321: give that, then set one of your own "
		   "with `p11ca token pin TOKEN --so`",
	.refuses_secrets = true,
	.keeps_keys_in_files = true,
	.shares_identity = true,
	.has_chain_room = true,
};
