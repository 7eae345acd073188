/* SPDX-License-Identifier: MIT */
/* piv.c - a YubiKey's PIV applet behind ykcs11 (2.2.0, on a simulated card): fixed key slots, the SO makes keys. */
#include <stddef.h>

#include <p11-kit/pkcs11.h>

#include "tokens/kinds/kind.h"

/* NIST SP 800-73-4, part 1, table 4b: the key references. */
static const struct kind_slot slots[] = {
	{ "9a", "01" }, { "9c", "02" }, { "9d", "03" }, { "9e", "04" },
	{ "82", "05" }, { "83", "06" }, { "84", "07" }, { "85", "08" }, { "86", "09" }, { "87", "0a" }, { "88", "0b" },
	{ "89", "0c" }, { "8a", "0d" }, { "8b", "0e" }, { "8c", "0f" }, { "8d", "10" }, { "8e", "11" }, { "8f", "12" },
	{ "90", "13" }, { "91", "14" }, { "92", "15" }, { "93", "16" }, { "94", "17" }, { "95", "18" },
	{ NULL, NULL },
};
/* Refused in a template (CKR_ATTRIBUTE_VALUE_INVALID), whatever the value; the value read back is the wanted one. */
static const unsigned long key_omits[] = { CKA_EXTRACTABLE, CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, 0 };

/* Measured with 2.2.0: keys also decrypt, and only the session that made a key states CKA_LOCAL true. */
static const unsigned long key_states_otherwise[] = { CKA_DECRYPT, CKA_ENCRYPT, CKA_LOCAL, 0 };

const struct token_kind token_kind_piv = {
	.name = "piv",
	.library = "PKCS#11 PIV Library",
	.note = "ids are slots: 01 is 9a, 02 is 9c, which wants the PIN at every signature; the SO PIN is the "
		"management key in 48 hex digits",
	.key_omits = key_omits,
	.key_states_otherwise = key_states_otherwise,
	.slots = slots,
	.placeholder = "YubiKey PIV Slot",
	.so_hint = "the SO PIN is the management key, 48 hex digits; ykcs11 before 2.3 cannot use an AES "
		"management key, which firmware 5.7 comes with: change it to 3DES with "
		"`ykman piv access change-management-key`",
	.cannot_unblock = true,
	.unblock_hint =
		"the PUK unblocks the PIN: `ykman piv access unblock-pin`, or `pkcs15-tool --unblock-pin "
		"--auth-id 01`",
	.is_filled_by_so = true,
	.is_replaced_in_place = true,
	.shows_attestations = true,
	.is_so_pin_free = true,
};
