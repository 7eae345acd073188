/* SPDX-License-Identifier: MIT */
/* base64.c - see base64.h. */
#include "util/base64.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "util/array.h"

#define PEM_WIDTH 64             /* RFC 7468, 2 */
#define BASE64_MAX (INT_MAX / 2) /* OpenSSL counts in int */

/* EVP_EncodeBlock() writes a NUL, too, which is removed again. */
static int base64_add_block(struct buf *out, struct bytes data, struct err *e)
{
	const size_t before = out->len, len = 4 * ((data.len + 2) / 3);

	if (buf_add_zeros(out, len + 1, e) < 0)
		return -1;
	(void)EVP_EncodeBlock(out->data + before, data.data, (int)data.len);
	out->len = before + len;
	return 0;
}

int base64_encode(struct buf *out, struct bytes data, size_t width, const char *eol, struct err *e)
{
	const size_t step = width > 0 ? width / 4 * 3 : data.len;

	if (data.len > BASE64_MAX)
		return err_set(e, ERR_INTERNAL, "too large for base64: %zu bytes", data.len);
	for (size_t i = 0; i < data.len; i += step) {
		const struct bytes line = { data.data + i, data.len - i < step ? data.len - i : step };

		if (base64_add_block(out, line, e) < 0 || (width > 0 && buf_add(out, eol, strlen(eol), e) < 0))
			return -1;
	}
	return 0;
}

int base64_decode(struct buf *out, struct bytes text, struct err *e)
{
	EVP_ENCODE_CTX *ctx;
	const size_t before = out->len;
	int len = 0, last = 0, result = -1;

	if (text.len > BASE64_MAX)
		return err_set(e, ERR_INPUT, "the base64 text is too large");
	if (buf_add_zeros(out, text.len + 3, e) < 0)
		return -1;
	ctx = EVP_ENCODE_CTX_new();
	if (ctx != NULL) {
		EVP_DecodeInit(ctx);
		if (EVP_DecodeUpdate(ctx, out->data + before, &len, text.data, (int)text.len) >= 0 &&
		    EVP_DecodeFinal(ctx, out->data + before + len, &last) == 1)
			result = 0;
	}
	EVP_ENCODE_CTX_free(ctx);
	out->len = before + (result == 0 ? (size_t)(len + last) : 0);
	if (ctx == NULL)
		return err_oom(e);
	return result == 0 ? 0 : err_set(e, ERR_INPUT, "the base64 text is damaged");
}

static int base64_add_armour(struct buf *out, const char *word, const char *label, struct err *e)
{
	const char *const parts[] = { "-----", word, " ", label, "-----\n" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (buf_add(out, parts[i], strlen(parts[i]), e) < 0)
			return -1;
	return 0;
}

int pem_encode(struct buf *out, const char *label, struct bytes der, struct err *e)
{
	if (base64_add_armour(out, "BEGIN", label, e) < 0 || base64_encode(out, der, PEM_WIDTH, "\n", e) < 0)
		return -1;
	return base64_add_armour(out, "END", label, e);
}
