/* SPDX-License-Identifier: MIT */
/* piv.c - a YubiKey's PIV applet behind ykcs11 (2.2.0, on a simulated card): slots for ids, the SO makes keys. */
#include <stddef.h>

#include "tokens/kinds/kind.h"

const struct token_kind token_kind_piv = {
	.name = "piv",
	.library = "PKCS#11 PIV Library",
	.note = "ids are slots: 01 is 9a, 02 is 9c, which wants the PIN at every signature; keys are made and "
		"certificates written with its own programs",
	.has_fixed_ids = true,
	.generates_as_so = true,
	.is_so_pin_free = true,
};
