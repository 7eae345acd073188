/* SPDX-License-Identifier: MIT */
/* powershell.c - see powershell.h. */
#include "out/powershell.h"

#include <string.h>

#include "util/array.h"
#include "util/text.h"

/* The number of bytes of the character at text if it ends a single-quoted string; 0 = it does not. */
static size_t quote_length(const unsigned char *at, size_t len)
{
	static const char *const quotes[] = { "'", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a", "\xe2\x80\x9b" };

	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		size_t n = strlen(quotes[i]);

		if (n <= len && memcmp(at, quotes[i], n) == 0)
			return n;
	}
	return 0;
}

static int add_doubled(struct buf *out, struct bytes text, struct err *e)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t n = quote_length(text.data + i, text.len - i);

		if ((n > 0 && buf_add(out, text.data + i, n, e) < 0) || buf_add(out, text.data + i, 1, e) < 0)
			return -1;
	}
	return 0;
}

int powershell_quote(struct buf *out, struct bytes text, struct err *e)
{
	AUTO_VALUE(buf) quoted = { 0 };

	if (text.len > 0 && !text_is_harmless((const char *)text.data, text.len))
		return err_set(e, ERR_INPUT, "a value contains a character that a PowerShell script cannot contain");
	if (buf_add(&quoted, "'", 1, e) < 0 || add_doubled(&quoted, text, e) < 0 || buf_add(&quoted, "'", 1, e) < 0)
		return -1;
	return buf_add(out, quoted.data, quoted.len, e);
}
