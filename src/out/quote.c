/* SPDX-License-Identifier: MIT */
/* quote.c - see quote.h. */
#include "out/quote.h"

#include <stdlib.h>
#include <string.h>

#include "out/format.h"
#include "out/json_value.h"
#include "util/text.h"

static int quote_add_text(struct buf *out, const char *text, struct err *e)
{
	return buf_add(out, text, strlen(text), e);
}

static int refuse_control(const char *text, struct err *e)
{
	for (size_t i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return err_set(e, ERR_INPUT, "a control character (0x%02x) cannot be written there",
			    (unsigned)(unsigned char)text[i]);
	return 0;
}

static int refuse_not_utf8(const char *text, struct err *e)
{
	if (!text_is_utf8(text, strlen(text)))
		return err_set(e, ERR_INPUT, "text that is not UTF-8 cannot be written there");
	return 0;
}

/* Appends text in double quotes, with a backslash before each backslash and quote. */
static int add_quoted(struct buf *out, const char *text, struct err *e)
{
	if (refuse_control(text, e) < 0 || quote_add_text(out, "\"", e) < 0)
		return -1;
	for (; *text != '\0'; text++)
		if (((*text == '"' || *text == '\\') && quote_add_text(out, "\\", e) < 0) ||
		    buf_add(out, text, 1, e) < 0)
			return -1;
	return quote_add_text(out, "\"", e);
}

int quote_strongswan(struct buf *out, const char *text, struct err *e)
{
	return add_quoted(out, text, e);
}

int quote_openvpn(struct buf *out, const char *text, struct err *e)
{
	return add_quoted(out, text, e);
}

int quote_keyfile(struct buf *out, const char *text, struct err *e)
{
	size_t len = strlen(text);

	if (refuse_control(text, e) < 0 || refuse_not_utf8(text, e) < 0)
		return -1;
	for (size_t i = 0; i < len; i++) {
		bool is_edge = text[i] == ' ' && (i == 0 || i + 1 == len);
		int result = is_edge ? quote_add_text(out, "\\s", e) :
		    text[i] == '\\'  ? quote_add_text(out, "\\\\", e) :
				       buf_add(out, text + i, 1, e);

		if (result < 0)
			return -1;
	}
	return 0;
}

int quote_json(struct buf *out, const char *text, struct err *e)
{
	AUTO(json_t) j = NULL;
	char *quoted;
	int result;

	if (refuse_not_utf8(text, e) < 0)
		return -1;
	j = json_string(text);
	quoted = j != NULL ? json_dumps(j, JSON_ENCODE_ANY) : NULL;
	if (quoted == NULL)
		return err_oom(e);
	result = quote_add_text(out, quoted, e);
	free(quoted);
	return result;
}

int quote_pkcs11_helper(struct buf *out, const char *text, struct err *e)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=~^";
	static const char digits[] = "0123456789ABCDEF";

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		char escaped[] = { '\\', 'x', digits[c >> 4], digits[c & 0xf] };
		int result = strchr(plain, *text) != NULL ? buf_add(out, text, 1, e) :
							    buf_add(out, escaped, sizeof(escaped), e);

		if (result < 0)
			return -1;
	}
	return 0;
}
