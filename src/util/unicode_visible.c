/* SPDX-License-Identifier: MIT */
/* unicode_visible.c - which characters a reader can see.  Depends on no other file, because err.c prints through it. */
#include "util/unicode.h"

#include <unictype.h>

#define BRAILLE_BLANK 0x2800U /* a symbol in Unicode, but looks like a space */

bool unicode_is_visible(uint32_t c)
{
	if (c < 0x80)
		return c > 0x1f && c != 0x7f;
	return c != BRAILLE_BLANK && !uc_is_property_default_ignorable_code_point(c) &&
	    !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C & ~UC_CATEGORY_MASK_Cn) &&
	    !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Z);
}
