/* SPDX-License-Identifier: MIT */
/* nss.c - NSS softokn (3.87): keys in a database of files; label and serial are the same in every database. */
#include <stddef.h>

#include "tokens/kinds/kind.h"

const struct token_kind token_kind_nss = {
	.name = "nss",
	.manufacturer = "Mozilla Foundation",
	.model = "NSS 3",
	.note = "keys are files, and it does not say that it made them; needs init in p11ca.conf",
	.cannot_unblock = true,
	.cannot_set_so_pin = true,
	.unblock_hint = "NSS has no security officer: change the PIN with the old one",
	.is_lookalike = true,
	.has_chain_room = true,
};
