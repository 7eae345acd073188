/* SPDX-License-Identifier: MIT */
/* script.c - quotes text for shell scripts and Bicep; see quote.h. */
#include <string.h>

#include "out/quote.h"
#include "out/recipe.h"
#include "util/text.h"

static int script_add(struct buf *out, const char *text, struct err *e)
{
	return buf_add(out, text, strlen(text), e);
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

int quote_sh(struct buf *out, const char *text, struct err *e)
{
	for (const char *at = text; *at != '\0'; at++)
		if (is_control(*at))
			return err_set(e, ERR_INPUT, "a control character (0x%02x) cannot be written there",
			    (unsigned)(unsigned char)*at);
	return shell_quote(out, (struct bytes){ (const unsigned char *)text, strlen(text) }, e);
}

static int add_bicep(struct buf *out, char c, struct err *e)
{
	char escape[12];

	if (is_control(c)) {
		(void)snprintf(escape, sizeof(escape), "\\u{%x}", (unsigned)(unsigned char)c);
		return script_add(out, escape, e);
	}
	if (strchr("\\'$", c) != NULL && script_add(out, "\\", e) < 0)
		return -1;
	return buf_add(out, &c, 1, e);
}

int quote_bicep(struct buf *out, const char *text, struct err *e)
{
	if (!text_is_utf8(text, strlen(text)))
		return err_set(e, ERR_INPUT, "text that is not UTF-8 cannot be written there");
	if (script_add(out, "'", e) < 0)
		return -1;
	for (; *text != '\0'; text++)
		if (add_bicep(out, *text, e) < 0)
			return -1;
	return script_add(out, "'", e);
}
