/* SPDX-License-Identifier: MIT */
/* text_decode.c - see text_decode.h. */
#include "util/text_decode.h"

#include <stdint.h>
#include <string.h>

#define MARK_UTF8 "\xef\xbb\xbf"

struct bytes text_skip_mark(struct bytes file)
{
	if (file.len < 3 || memcmp(file.data, MARK_UTF8, 3) != 0)
		return file;
	return (struct bytes){ file.data + 3, file.len - 3 };
}

bool text_is_utf16(struct bytes file)
{
	return file.len >= 2 && (memcmp(file.data, "\xff\xfe", 2) == 0 || memcmp(file.data, "\xfe\xff", 2) == 0);
}

static int text_decode_add_character(struct buf *out, uint32_t cp, struct err *e)
{
	const unsigned char tail[] = { 0x80 | (cp >> 12 & 0x3f), 0x80 | (cp >> 6 & 0x3f), 0x80 | (cp & 0x3f) };
	const size_t n = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
	static const unsigned char heads[] = { 0, 0xc0, 0xe0, 0xf0 };
	const unsigned char head = (unsigned char)(heads[n] | cp >> (6 * n));

	return buf_add(out, &head, 1, e) < 0 ? -1 : buf_add(out, tail + 3 - n, n, e);
}

/* Decodes one character and moves *at past it. */
static int take_character(uint32_t *cp, struct bytes file, size_t *at, bool is_big, struct err *e)
{
	uint32_t units[2] = { 0 };
	size_t n = 0;

	do {
		if (file.len - *at < 2)
			return err_set(e, ERR_INPUT, "the UTF-16 text ends within a character");
		units[n++] = is_big ? (uint32_t)(file.data[*at] << 8 | file.data[*at + 1])
				    : (uint32_t)(file.data[*at + 1] << 8 | file.data[*at]);
		*at += 2;
	} while (n == 1 && units[0] >= 0xd800 && units[0] < 0xdc00);
	*cp = units[0];
	if (n == 2)
		*cp = 0x10000 + ((units[0] - 0xd800) << 10) + (units[1] - 0xdc00);
	if ((n == 2 && (units[1] < 0xdc00 || units[1] > 0xdfff)) || (n == 1 && *cp >= 0xdc00 && *cp <= 0xdfff))
		return err_set(e, ERR_INPUT, "the UTF-16 text contains half a surrogate pair");
	return 0;
}

int text_decode(struct bytes *text, struct buf *store, struct bytes file, struct err *e)
{
	const size_t before = store->len;
	const bool is_big = file.len > 0 && file.data[0] == 0xfe;

	*text = text_skip_mark(file);
	if (!text_is_utf16(file))
		return 0;
	for (size_t at = 2; at < file.len;) {
		uint32_t cp = 0;

		if (take_character(&cp, file, &at, is_big, e) < 0 || text_decode_add_character(store, cp, e) < 0)
			return -1;
	}
	*text = (struct bytes){ store->data + before, store->len - before };
	return 0;
}
