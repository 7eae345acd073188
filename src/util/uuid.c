/* SPDX-License-Identifier: MIT */
/* uuid.c - see uuid.h. */
#include "util/uuid.h"

#include "util/array.h"
#include "util/hash.h"
#include "util/text.h"

int uuid_from_name(char out[UUID_TEXT], struct bytes name, struct err *e)
{
	static const size_t groups[] = { 4, 2, 2, 2, 6 }; /* bytes */
	unsigned char h[SHA1_LEN], *from = h;

	if (hash_sha1(h, name, e) < 0)
		return -1;
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x50);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (i > 0)
			*out++ = '-';
		text_hex(out, 2 * groups[i] + 1, (struct bytes){ from, groups[i] });
		from += groups[i];
		out += 2 * groups[i];
	}
	return 0;
}
