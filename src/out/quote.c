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

/* Four characters for up to three bytes (RFC 4648, 4). */
static void encode_group(char out[4], const unsigned char *at, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long v =
	    (unsigned long)at[0] << 16 | (len > 1 ? (unsigned long)at[1] << 8 : 0) | (len > 2 ? at[2] : 0);

	for (size_t i = 0; i < 4; i++)
		out[i] = i > len ? '=' : digits[v >> (18 - 6 * i) & 0x3f];
}

int quote_base64(struct buf *out, struct bytes b, size_t width, const char *eol, struct err *e)
{
	char group[4];
	size_t column = 0;

	for (size_t i = 0; i < b.len; i += 3) {
		encode_group(group, b.data + i, b.len - i < 3 ? b.len - i : 3);
		if (buf_add(out, group, sizeof(group), e) < 0)
			return -1;
		column += sizeof(group);
		if (width > 0 && (column >= width || i + 3 >= b.len)) {
			if (quote_add_text(out, eol, e) < 0)
				return -1;
			column = 0;
		}
	}
	return 0;
}

int quote_pem(struct buf *out, const char *label, struct bytes der, struct err *e)
{
	return quote_add_text(out, "-----BEGIN ", e) < 0 || quote_add_text(out, label, e) < 0 ||
		       quote_add_text(out, "-----\n", e) < 0 || quote_base64(out, der, 64, "\n", e) < 0 ||
		       quote_add_text(out, "-----END ", e) < 0 || quote_add_text(out, label, e) < 0 ||
		       quote_add_text(out, "-----\n", e) < 0
		   ? -1
		   : 0;
}
