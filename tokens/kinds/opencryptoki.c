/* SPDX-License-Identifier: MIT */
/* opencryptoki.c - openCryptoki's software token (3.8.1): keys are files; it makes RSA keys only. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

const struct token_kind token_kind_opencryptoki = {
	.name = "opencryptoki",
	.library = "Meta PKCS11 LIBRARY",
	.manufacturer = "IBM",
	.model = "IBM SoftTok",
	.note = "keys are files; RSA only; its serial is 123 everywhere; PINs of 4 to 8 characters",
	.so_hint = "a token that was never initialised has the SO PIN 87654321: give that, then set one of your own "
		   "with `p11ca token pin TOKEN --so`",
	.refuses_secrets = true,
	.keeps_keys_in_files = true,
	.shares_identity = true,
	.has_chain_room = true,
};
