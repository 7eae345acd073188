/* SPDX-License-Identifier: MIT */
/* markdown.c - see markdown.h. */
#include "out/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static size_t markdown_longest_run(const char *text, size_t len)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < len; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static int markdown_add_fence(struct buf *out, size_t n, struct err *e)
{
	while (n-- > 0)
		if (buf_add(out, "`", 1, e) < 0)
			return -1;
	return 0;
}

int markdown_code(struct buf *out, struct bytes text, struct err *e)
{
	size_t size = 4 * text.len + 1; /* print_safe(): a byte becomes at most \xNN */
	char *safe = malloc(size);
	size_t len, fence;
	bool is_padded;
	int result;

	if (safe == NULL)
		return err_oom(e);
	len = print_safe(safe, size, text.len > 0 ? (const char *)text.data : "", text.len);
	fence = markdown_longest_run(safe, len) + 1;
	/*
	 * Markdown removes one space at each end, so a space is added where text begins or ends with a backtick or
	 * space.
	 */
	is_padded = len == 0 || fence > 1 || safe[0] == ' ' || safe[len - 1] == ' ';
	result = 0;
	if (markdown_add_fence(out, fence, e) < 0 || buf_add(out, " ", is_padded, e) < 0 ||
	    buf_add(out, safe, len, e) < 0 || buf_add(out, " ", is_padded, e) < 0 ||
	    markdown_add_fence(out, fence, e) < 0)
		result = -1;
	free(safe);
	return result;
}
