/* SPDX-License-Identifier: MIT */
/* opensc_piv.c - a PIV card behind OpenSC (0.23, on a simulated card): keys and certificates are read and used only. */
#include <stddef.h>

#include "tokens/kinds/kind.h"

const struct token_kind token_kind_opensc_piv = {
	.name = "opensc-piv",
	.library = "OpenSC smartcard framework",
	.manufacturer = "piv_II",
	.note = "a PIV card, to which OpenSC writes nothing: fill a YubiKey through libykcs11, other cards with their "
		"own program; its label is a certificate's CN, so it changes",
	.cannot_unblock = true,
	.cannot_set_so_pin = true,
	.unblock_hint =
		"the PUK unblocks the PIN: `pkcs15-tool --unblock-pin --auth-id 01`",
	.shares_identity = true,
	.is_read_only = true,
};
